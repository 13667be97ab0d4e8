"""The docs cannot rot: generated pages are fresh, links lead somewhere, words are the program's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialauto.cli import VERBS
from socialauto.core.plan import Kind
from support.reference import PAGES

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if path.name != "CHANGELOG.md"
)


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_fresh(name: str) -> None:
    script = ROOT / "tests" / "support" / "reference.py"
    made = subprocess.run(
        [sys.executable, str(script), name],
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made.stdout, "run make docs"


def links(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield from (
        target.split("#")[0]
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not target.startswith(("http", "#", "mailto:"))
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    assert [link for link in links(path) if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_the_docs_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"`socialauto ([a-z]+)", text)
    named += re.findall(r"^ *(?:\$ )?socialauto ([a-z]+)", text, re.MULTILINE)
    assert set(named) - set(VERBS) == set()


def test_every_step_of_a_plan_is_explained() -> None:
    text = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z]+)` \|", text, re.MULTILINE))
    assert explained == {kind.value for kind in Kind}
