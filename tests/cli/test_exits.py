"""One place turns errors into messages and exit codes."""

from __future__ import annotations

import click
import pytest

from socialauto.cli.exits import run
from socialauto.core.errors import SocialautoError


def ending(error: BaseException) -> int:
    @click.command()
    def command() -> None:
        raise error

    return run(command, [])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SocialautoError("no git", "install it"), 1),
        (click.UsageError("what?"), 2),
        (KeyError("bug"), 3),
        (KeyboardInterrupt(), 130),
        (BaseExceptionGroup("tasks", [KeyboardInterrupt()]), 130),
        (BaseExceptionGroup("tasks", [KeyboardInterrupt(), KeyError("bug")]), 3),
        (ExceptionGroup("tasks", [ExceptionGroup("inner", [KeyError("bug")])]), 3),
        (BrokenPipeError(), 0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_kind_of_error_has_its_exit_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.close", lambda: None)
    assert ending(error) == code


def test_a_problem_of_the_world_is_a_sentence_and_a_cure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ending(SocialautoError("no git", "install it"))
    assert capsys.readouterr().err == "error: no git\n  cure: install it\n"


def test_our_bug_is_a_report_to_paste(capsys: pytest.CaptureFixture[str]) -> None:
    ending(KeyError("surprise"))
    report = capsys.readouterr().err
    assert report.startswith("This is a bug in socialauto")
    assert "KeyError: 'surprise'" in report
