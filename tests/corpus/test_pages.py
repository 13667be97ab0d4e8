"""The reference pages say what the code does. SOCIALAUTO_UPDATE=1 writes their tables anew."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from corpus.pages import examples, field_rows, findings_page
from socialauto.core.config import Late
from socialauto.core.post import Media, Post, Tag, Trial
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree

CASES = Path(__file__).parent / "cases"
UPDATE = "SOCIALAUTO_UPDATE" in os.environ
TABLES: dict[str, type[BaseModel]] = {
    "post": Post,
    "media": Media,
    "tag": Tag,
    "trial": Trial,
    "late": Late,
}


def _with_table(page: str, name: str, rows: str) -> str:
    start, end = f"<!-- {name} -->\n", "<!-- end -->"
    before, _, rest = page.partition(start)
    return f"{before}{start}{rows}{end}{rest.partition(end)[2]}"


def test_the_page_of_findings_is_up_to_date(project_root: Path) -> None:
    page = project_root / "docs" / "findings.md"
    expected = findings_page(CASES)
    if UPDATE:
        page.write_text(expected)
    assert page.read_text() == expected


def test_the_examples_of_explain_are_what_the_cases_give(project_root: Path) -> None:
    file = project_root / "src" / "socialauto" / "report" / "examples.json"
    expected = json.dumps(examples(CASES), indent=1, ensure_ascii=False) + "\n"
    if UPDATE:
        file.write_text(expected)
    assert file.read_text() == expected


@pytest.mark.parametrize("name", TABLES)
def test_the_page_of_posts_has_every_field(name: str, project_root: Path) -> None:
    page = project_root / "docs" / "posts.md"
    expected = _with_table(page.read_text(), name, field_rows(TABLES[name]))
    if UPDATE:
        page.write_text(expected)
    assert page.read_text() == expected


def _examples(page: str) -> list[tuple[str, str]]:
    return re.findall(r"^```(markdown|yaml)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_every_example_on_the_page_of_posts_is_sound(
    project_root: Path, repository: Callable[[], Path]
) -> None:
    root = repository()
    examples = _examples((project_root / "docs" / "posts.md").read_text())
    for number, (kind, text) in enumerate(examples):
        suffix = {"markdown": "md", "yaml": "yaml"}[kind]
        (root / "content" / f"example-{number}.{suffix}").write_text(text)
    loaded = load(WorkTree(root))
    assert [str(finding) for finding in loaded.findings] == []
    assert loaded.posts >= len(examples) >= 4
