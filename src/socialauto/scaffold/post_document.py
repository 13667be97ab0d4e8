"""Writes any post as a file: front matter and a body, or YAML. What it writes is read as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from socialauto.scaffold.yaml_text import block, scalar

Format = Literal["md", "yaml"]

_ORDER = ("id", "account", "accounts", "type", "time", "schedule", "timezone", "media")
"""What comes first in a file; everything else follows in the order in which it was given."""

_FLOW = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_SHORT = 72
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def _inline(value: str) -> str:
    """A time and a yes or no read best without quotes; our reader takes every value for a text, and
    editors want a real `true`."""
    return value if value in ("true", "false") or _TIME.fullmatch(value) else scalar(value)


def _short_list(key: str, values: list[Any]) -> str | None:
    """`hashtags: [launch, acme]`, when it fits and nothing in it needs quotes."""
    if not all(isinstance(value, str) and _FLOW.fullmatch(value) for value in values):
        return None
    line = f"{key}: [{', '.join(map(scalar, values))}]"
    return line if len(line) <= _SHORT else None


def _value(key: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield f"{indent}{key}:" if value else f"{indent}{key}: {{}}"
        for name, inner in value.items():
            yield from _value(scalar(name), inner, f"{indent}  ")
    elif isinstance(value, list):
        short = _short_list(key, value) if key != "media" else None
        yield indent + (short or (f"{key}:" if value else f"{key}: []"))
        for item in () if short else value:
            yield from _item(item, f"{indent}  ")
    else:
        yield f"{indent}{key}: {_inline(value)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    """One entry of a list: its first line has the dash, the others stand below its text."""
    if isinstance(value, Mapping) and value:
        lines = [line for name, inner in value.items() for line in _value(scalar(name), inner, "")]
    elif isinstance(value, Mapping):
        lines = ["{}"]
    elif isinstance(value, list):
        lines = [line for inner in value for line in _item(inner, "")] or ["[]"]
    else:
        lines = [_inline(value)]
    yield f"{indent}- {lines[0]}"
    yield from (f"{indent}  {line}" for line in lines[1:])


def _fields(values: Mapping[str, Any]) -> Iterator[str]:
    first = [name for name in _ORDER if name in values]
    for name in (*first, *(name for name in values if name not in first)):
        yield from _value(scalar(name), values[name], "")


def document_text(values: Mapping[str, Any], text: str, format: Format = "md") -> str:
    """A post's file. `values` are texts, lists and mappings, without the caption, which is `text`
    and loses the white space around it, as it does when it goes out."""
    fields = "\n".join(_fields(values))
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if format == "md":
        return f"---\n{fields}\n---\n{text}\n" if text else f"---\n{fields}\n---\n"
    if not text:
        return f"{fields}\n"
    return f"{fields}\ntext: |-\n{block(text, '  ')}\n"
