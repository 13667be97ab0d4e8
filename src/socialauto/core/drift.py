"""What a file says now beside what was published of it, as people read a difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from socialauto.core.message import MediaItem, Message

_AROUND = 2
"""Lines of unchanged text beside a change."""
MOST_LINES = 400
"""Of a text, or of a difference; longer ones are cut, because comparing them costs time."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing beside the text, as it went out and as the file has it; empty: not there."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Drift:
    """How a published post and its file differ."""

    commit: str = ""
    """The content commit that it was published from."""
    text: tuple[str, ...] = ()
    """A unified diff of the texts, line by line; empty when they are the same."""
    edits: tuple[Edit, ...] = ()
    exact: bool = True
    """False when this version makes another message of that commit than was published."""
    missing: str = ""
    """Why nobody can say."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*(("text",) if self.text else ()), *(edit.name for edit in self.edits))


def _item(item: MediaItem | None) -> str:
    return f"{item.path} ({item.blob[:10]})" if item else ""


def _json(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _said(item: MediaItem) -> dict[str, str]:
    """What is said about a file, under the names of its fields."""
    tags = [(tag.user, tag.x, tag.y) for tag in item.tags]
    return {
        "alt": item.alt,
        "tags": _json(tags or None),
        "cover_at": _json(item.cover_at),
        **{name: _json(value) for name, value in item.wishes.content().items()},
    }


def _media(before: Message, after: Message) -> Iterator[Edit]:
    if [item.blob for item in before.media] != [item.blob for item in after.media]:
        was, now = (", ".join(map(_item, one.media)) for one in (before, after))
        yield Edit("media", was, now)
        return
    for number, (old, new) in enumerate(zip(before.media, after.media, strict=True), 1):
        was_said, now_said = _said(old), _said(new)
        for name in dict.fromkeys((*was_said, *now_said)):
            was, now = was_said.get(name, ""), now_said.get(name, "")
            if was != now:
                place = f" of media {number}" if len(after.media) > 1 else ""
                yield Edit(f"{name}{place}", was, now)


def _edits(before: Message, after: Message) -> Iterator[Edit]:
    if before.type != after.type:
        yield Edit("type", before.type.value, after.type.value)
    yield from _media(before, after)
    if (before.cover and before.cover.blob) != (after.cover and after.cover.blob):
        yield Edit("cover", _item(before.cover), _item(after.cover))
    for name in sorted({*before.options, *after.options}):
        was, now = _json(before.options.get(name)), _json(after.options.get(name))
        if was != now:
            yield Edit(name, was, now)


def _text(before: str, after: str) -> tuple[str, ...]:
    if before == after:
        return ()
    lines = unified_diff(
        before.split("\n")[:MOST_LINES],
        after.split("\n")[:MOST_LINES],
        "published",
        "file",
        n=_AROUND,
        lineterm="",
    )
    found = list(lines) or ["…"]
    return (*found[:MOST_LINES], "…") if len(found) > MOST_LINES else tuple(found)


def drift_of(before: Message, after: Message, commit: str, *, exact: bool = True) -> Drift:
    """What is different in `after`."""
    edits = tuple(_edits(before, after))
    return Drift(commit, _text(before.text, after.text), edits, exact)


def drift_words(drift: Drift) -> str:
    """The one line that a plan has for it."""
    if drift.missing:
        return f"changed after it was published: {drift.missing}; nothing is sent"
    fields = ", ".join(drift.fields) or "how it is put together"
    differ = "differs" if len(drift.fields) <= 1 else "differ"
    return f"changed after it was published: {fields} {differ}; nothing is sent"
