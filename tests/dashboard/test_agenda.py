"""The days in a terminal and in a log."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from socialauto.dashboard.agenda import print_text
from support.scenery import HOSTILE, busy, hostile


def printed(*, terminal: bool, scene: str = "busy") -> str:
    made = {"busy": busy, "hostile": hostile}[scene]()
    file = io.StringIO()
    console = Console(file=file, width=60, force_terminal=terminal, color_system=None)
    print_text(made, list(made.by_time), console)
    return file.getvalue()


def test_a_terminal_gets_a_line_a_post() -> None:
    assert max(map(len, printed(terminal=True).splitlines())) <= 60


def test_names_are_never_cut_however_narrow_the_terminal() -> None:
    made = busy()
    file = io.StringIO()
    print_text(
        made,
        list(made.by_time),
        Console(file=file, width=20, force_terminal=True, color_system=None),
    )
    shown = file.getvalue()
    assert all(item.key.name in shown for item in made.by_time)
    assert all(item.key.account in shown for item in made.by_time)


def test_a_log_gets_everything() -> None:
    assert "We are closed on 24 and 25 December. See you between the years!" in printed(
        terminal=False
    )


@pytest.mark.parametrize("terminal", [True, False])
def test_no_text_moves_the_cursor_or_turns_the_line(terminal: bool) -> None:
    shown = printed(terminal=terminal, scene="hostile")
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert HOSTILE["template"][:20] in shown or terminal
