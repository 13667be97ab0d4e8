"""What an import did, or would do, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from socialauto.core.importing import RowFinding
from socialauto.report.findings import fields_of, line_of

JSON_VERSION = 1

_LISTED = 20
"""More new files than that are counted, and not listed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome."""

    file: str
    kind: str
    rows: int
    folder: str
    posts: Mapping[str, tuple[int, str]]
    """Path → the row's number and the post's id: written, or to be written."""
    present: Mapping[str, int]
    """Id → row of what was there already."""
    left_out: Sequence[int]
    rejected: Sequence[int]
    rejected_file: str
    """Where the rejected rows were put; empty when nowhere."""
    findings: Sequence[RowFinding]
    written: bool
    word: str = "row"


def _some(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _outcome(one: Imported) -> str:
    parts = [
        f"{_some(len(one.posts), 'new post')}",
        f"{len(one.present):,} there already" if one.present else "",
        f"{len(one.left_out):,} left out" if one.left_out else "",
        f"{len(one.rejected):,} rejected" if one.rejected else "",
    ]
    return f"{_some(one.rows, one.word)}: {', '.join(filter(None, parts))}"


def _ending(one: Imported) -> str:
    if one.written:
        rejected = f"; the rejected {one.word}s are in {one.rejected_file}, with the reasons"
        return f"written below {one.folder}{rejected if one.rejected_file else ''}"
    if one.rejected and one.posts:
        return "nothing was written: mend the file, or say --keep-going to import the others"
    return "nothing was written"


def print_text(one: Imported, console: Console) -> None:
    """The findings, the new files when they are few, and what it comes to."""
    for found in one.findings:
        console.print(line_of(found.finding), soft_wrap=True)
    if len(one.posts) <= _LISTED and (one.written or not one.rejected):
        for path in one.posts:
            word = "created" if one.written else "would create"
            console.print(f"{word} {path}", soft_wrap=True)
    outcome = f"{_outcome(one)}; " if one.rows else ""
    console.print(f"{outcome}{_ending(one)}", soft_wrap=True)


def as_json(one: Imported) -> str:
    """Stable: `version` changes when a field changes its meaning or goes; new ones may come."""
    content = {
        "version": JSON_VERSION,
        "file": one.file,
        "from": one.kind,
        "rows": one.rows,
        "written": one.written,
        "posts": [{"row": row, "id": id, "path": path} for path, (row, id) in one.posts.items()],
        "present": [{"row": row, "id": id} for id, row in one.present.items()],
        "left_out": list(one.left_out),
        "rejected": list(one.rejected),
        "rejected_file": one.rejected_file or None,
        "findings": [
            {"row": found.row or None, "name": found.column or None, **fields_of(found.finding)}
            for found in one.findings
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
