"""The `fields` parameter: `id,caption,children{id,media_type}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from socialauto.sandbox.errors import INVALID, RefusedError

_TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)((?:\.[a-z]+\([^()]*\))*)\s*")
_LIMIT = re.compile(r"\.limit\((\d{1,5})\)")
_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    inner: tuple[Field, ...] = ()
    limit: int | None = None


def _refused(text: str, position: int) -> RefusedError:
    return RefusedError(
        INVALID.saying(f"(#100) Syntax error in fields at position {position}: {text}")
    )


def _read(text: str, position: int, depth: int) -> tuple[tuple[Field, ...], int]:
    if depth > _MAX_DEPTH:
        raise _refused(text, position)
    found: list[Field] = []
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            raise _refused(text, position)
        position = match.end()
        inner: tuple[Field, ...] = ()
        if text[position : position + 1] == "{":
            inner, position = _read(text, position + 1, depth + 1)
            if text[position : position + 1] != "}":
                raise _refused(text, position)
            position += 1
        limit = _LIMIT.search(match[2])
        found.append(Field(match[1], inner, int(limit[1]) if limit else None))
        if text[position : position + 1] != ",":
            return tuple(found), position
        position += 1


def parse_fields(text: str) -> tuple[Field, ...]:
    """The fields asked for; empty text asks for none. Raises `RefusedError` with code 100."""
    if not text.strip():
        return ()
    found, position = _read(text, 0, 0)
    if text[position:].strip():
        raise _refused(text, position)
    return found
