from __future__ import annotations

import re
from pathlib import Path

from socialauto.core.codes import CODES

_CODE = re.compile(r"\bSA\d{3}\b")


def _codes_in(folder: Path, *suffixes: str) -> set[str]:
    files = (file for suffix in suffixes for file in folder.rglob(f"*{suffix}"))
    return {
        code
        for file in files
        if file.name not in ("codes.py", "test_codes.py")
        for code in _CODE.findall(file.read_text(encoding="utf-8", errors="ignore"))
    }


def test_every_code_in_the_source_has_a_title_and_every_title_a_use(project_root: Path) -> None:
    assert _codes_in(project_root / "src", ".py") == set(CODES)


def test_every_code_is_reached_by_a_test(project_root: Path) -> None:
    tested = _codes_in(project_root / "tests", ".py", "findings.txt")
    assert sorted(set(CODES) - tested) == []


def test_every_code_is_explained_in_the_documentation(project_root: Path) -> None:
    page = (project_root / "docs" / "findings.md").read_text()
    rows = dict(re.findall(r"^\| (SA\d{3}) \| ([^|]+) \|", page, re.MULTILINE))
    assert rows == CODES


def test_titles_are_short_and_have_no_full_stop() -> None:
    assert [title for title in CODES.values() if len(title) > 75 or title.endswith(".")] == []
