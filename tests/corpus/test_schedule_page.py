"""The page of schedules says what the code does. SOCIALAUTO_UPDATE=1 writes its tables anew."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from corpus.pages import field_rows
from socialauto.cli import socialauto
from socialauto.cli.exits import run
from socialauto.core.post import Post
from socialauto.core.recurrence_words import parse_words
from socialauto.core.schedule import Change, Recurring, Slots
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree

UPDATE = "SOCIALAUTO_UPDATE" in os.environ
FENCES = r"^```(?:yaml|markdown)\n(.*?)^```$"
SHARED = set(Post.model_fields) - {"id", "timezone"}
TABLES: dict[str, tuple[type[BaseModel], set[str]]] = {
    "series": (Recurring, SHARED),
    "change": (Change, set()),
    "slots": (Slots, set()),
}


@pytest.fixture
def page(project_root: Path) -> Path:
    return project_root / "docs" / "schedules.md"


@pytest.mark.parametrize("name", TABLES)
def test_the_page_has_every_field(name: str, page: Path) -> None:
    model, skip = TABLES[name]
    start, end = f"<!-- {name} -->\n", "<!-- end -->"
    before, _, rest = page.read_text().partition(start)
    expected = f"{before}{start}{field_rows(model, skip)}{end}{rest.partition(end)[2]}"
    if UPDATE:
        page.write_text(expected)
    assert page.read_text() == expected


def test_every_example_is_sound(page: Path, repository: Callable[[], Path]) -> None:
    root = repository()
    (root / "schedules").mkdir()
    examples = re.findall(FENCES, page.read_text(), re.MULTILINE | re.DOTALL)
    for number, text in enumerate(examples):
        name = re.match(r"# (schedules/\S+)\n", text)
        folder = "content" if text.startswith("---") else "schedules"
        suffix = "md" if text.startswith("---") else "yaml"
        path = name[1] if name else f"{folder}/example-{number}.{suffix}"
        (root / path).write_text(text)
    loaded = load(WorkTree(root))
    assert [str(finding) for finding in loaded.findings if finding.severity == "error"] == []
    assert (len(loaded.series), len(loaded.waiting), len(examples)) == (4, 1, 6)


def test_every_phrase_is_read(page: Path) -> None:
    rows = re.findall(r"^\| (`[^|]*\d\d:\d\d`[^|]*) \|", page.read_text(), re.MULTILINE)
    phrases = [phrase for row in rows for phrase in re.findall(r"`([^`]+)`", row)]
    assert len(phrases) >= 10
    assert all(parse_words(phrase).times for phrase in phrases)


def test_the_dates_shown_are_those_of_the_example(
    page: Path, repository: Callable[[], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository()
    (root / "schedules").mkdir()
    text = page.read_text()
    (example,) = (one for one in re.findall(FENCES, text, re.M | re.S) if "friday-cake" in one)
    (root / "schedules" / "cake.yaml").write_text(example)
    arguments = ["show", "friday-cake", "--dates", "4", "--now", "2026-12-01 09:00"]
    assert run(socialauto, [*arguments, "-C", str(root)]) == 0
    shown = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    block = text.partition("--dates 4\n\n")[2].partition("\n\n")[0]
    rows = [line.removeprefix("    ") for line in block.splitlines()]
    at = shown.index(rows[0])
    assert shown[at : at + len(rows)] == rows
