"""A drift for people and programs: the difference of the texts, and what else is different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from socialauto.core.drift import Drift
from socialauto.core.suggest import visible
from socialauto.report.markdown import cell, code

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def as_fields(drift: Drift | None) -> dict[str, Any] | None:
    """For JSON: `commit`, `exact`, `missing`, `fields`, `text` (a unified diff) and `changes`."""
    if drift is None:
        return None
    return {
        "commit": drift.commit or None,
        "exact": drift.exact,
        "missing": drift.missing or None,
        "fields": list(drift.fields),
        "text": "\n".join(drift.text) or None,
        "changes": [
            {"field": edit.name, "published": edit.was, "file": edit.now} for edit in drift.edits
        ],
    }


def _value(text: str) -> str:
    return visible(" ".join(text.split())) or "none"


def lines(drift: Drift) -> Iterator[Text]:
    """For a terminal; nothing in it moves the cursor."""
    if drift.missing:
        yield Text(f"changed since it was published: {drift.missing}")
        return
    yield Text(f"changed since it was published from commit {drift.commit[:10]}:")
    if not drift.exact:
        yield Text("(this version makes another message of that commit than was published)")
    for line in drift.text:
        yield Text(visible(line), style=_STYLES.get(line[:1], ""))
    for edit in drift.edits:
        yield Text(f"{edit.name}: {_value(edit.was)} → {_value(edit.now)}")


def markdown(name: str, drift: Drift) -> Iterator[str]:
    """A heading and the differences, in which nothing of a text is Markdown."""
    yield f"#### {cell(name)}: changed since it was published\n"
    # Each line is code of its own: no text can end it.
    yield from (f"- {code(line)}" for line in drift.text)
    for edit in drift.edits:
        yield f"- {cell(edit.name)}: {cell(_value(edit.was))} → {cell(_value(edit.now))}"
    yield ""
