"""Broken posts and configurations, each with what people read about it.

After a change of words, SOCIALAUTO_UPDATE=1 writes the golden files anew; read every line of the
difference before it is committed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.unusual import GOOD, UNUSUAL
from socialauto.core.finding import Finding
from socialauto.engine.foresight import foresee
from socialauto.engine.load import Loaded, load
from socialauto.repository.worktree import WorkTree

HERE = Path(__file__).parent
CASES = HERE / "cases"
NAMES = sorted({folder.name for folder in CASES.iterdir()} | UNUSUAL.keys())
UPDATE = "SOCIALAUTO_UPDATE" in os.environ
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

Repository = Callable[[], Path]


def _loaded(root: Path) -> Loaded:
    return load(WorkTree(root), now=NOW)


def _findings(name: str, root: Path) -> list[Finding]:
    """With what `validate` says about the time to come, where a case is about that."""
    loaded = _loaded(root)
    ahead = foresee(loaded, now=NOW) if name.startswith("ahead_") else []
    return sorted([*loaded.findings, *ahead])


def _text(findings: Iterable[Finding]) -> str:
    mark = {"error": "", "warning": " (warning)", "info": " (info)"}
    return "".join(f"{finding}{mark[finding.severity]}\n" for finding in findings)


def _put_case(name: str, root: Path) -> None:
    for file in sorted((CASES / name).rglob("*")):
        if file.is_file() and file.name != "findings.txt":
            target = root / file.relative_to(CASES / name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    if name in UNUSUAL:
        UNUSUAL[name](root)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_has_exactly_these_findings(name: str, repository: Repository) -> None:
    root = repository()
    _put_case(name, root)
    found = _text(_findings(name, root))
    golden = CASES / name / "findings.txt"
    if UPDATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found)
    assert found == golden.read_text()
    assert found


def test_a_sound_repository_has_no_findings(repository: Repository) -> None:
    root = repository()
    (root / "content" / "post.md").write_text(GOOD)
    loaded = _loaded(root)
    assert (loaded.findings, loaded.posts, len(loaded.deliveries)) == ((), 1, 1)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(repository: Repository) -> None:
    root = repository()
    (root / "content" / "post.md").write_text(GOOD)
    plain = _loaded(root)
    text = "\ufeff" + GOOD.replace("\n", "\r\n")
    (root / "content" / "post.md").write_bytes(text.encode())
    (root / "socialauto.yaml").write_bytes(
        ("\ufeff" + (root / "socialauto.yaml").read_text().replace("\n", "\r\n")).encode()
    )
    windows = _loaded(root)
    assert windows == plain
    assert windows.findings == ()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_with_an_error_can_go_out(name: str, repository: Repository) -> None:
    root = repository()
    _put_case(name, root)
    loaded = _loaded(root)
    errors = {finding.path for finding in loaded.findings if finding.severity == "error"}
    sound = [delivery for delivery in loaded.deliveries if not delivery.invalid]
    assert [delivery.path for delivery in sound if delivery.path in errors] == []
    if "socialauto.yaml" in errors:
        assert (loaded.config, sound) == (None, [])


def test_there_are_enough_cases() -> None:
    assert len(NAMES) >= 60
