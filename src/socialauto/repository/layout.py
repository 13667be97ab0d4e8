"""Where a delivery's entry lies on the ledger branch, and the bytes it is written as.

A file's name uses only `a-z 0-9 _ - % ~ @` and one `.json` at its end, whatever an id holds: no id
can leave its account's folder, and no two ids meet on a disk that ignores case or rewrites accents.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import FORMAT, Entry, Header

FOLDER = "ledger"
HEADER_PATH = f"{FOLDER}/ledger.json"

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_OCCURRENCE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)", re.ASCII)
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""Windows takes these names for devices, in every folder and with every suffix."""

_MAX_SEGMENT = 120
"""Twice that, an occurrence being one too, stays below the 255 bytes that file systems allow."""
_HASH_DIGITS = 32


def entry_path(key: DeliveryKey) -> str:
    """The file of a delivery's entry, from the root of the ledger branch."""
    segments = [_segment(part) for part in key.post.split("/")]
    occurrence = f"@{_occurrence(key.occurrence)}" if key.occurrence else ""
    part = f"@{key.part}" if key.part else ""
    return f"{FOLDER}/{_segment(key.account)}/{'/'.join(segments)}{occurrence}{part}.json"


def _segment(text: str) -> str:
    escaped = _escape(text)
    if len(escaped) <= _MAX_SEGMENT:
        return escaped
    digest = hashlib.sha256(escaped.encode()).hexdigest()
    # "~" is never written otherwise, so a shortened name meets no name that was not shortened.
    return f"{_whole_escapes(escaped[: _MAX_SEGMENT - _HASH_DIGITS - 1])}~{digest[:_HASH_DIGITS]}"


def _escape(text: str) -> str:
    """Percent-encoded; the empty text, which no folder can be called, is a lone percent sign."""
    normal = unicodedata.normalize("NFC", text)
    if not normal:
        return "%"
    if normal in _DEVICES:
        return f"%{ord(normal[0]):02x}{normal[1:]}"
    return "".join(char if char in _PLAIN else _percent(char) for char in normal)


def _percent(char: str) -> str:
    # A lone surrogate is no text, but it must not stop the ledger either.
    return "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))


def _whole_escapes(text: str) -> str:
    """Without an escape that was cut in the middle."""
    start = text.rfind("%", -2)
    return text if start < 0 else text[:start]


def _occurrence(text: str) -> str:
    """`2026-12-07T09:00` → `2026-12-07t0900`; other texts begin with "%", which this one cannot."""
    if match := _OCCURRENCE.fullmatch(text):
        date, hour, minute = match.groups()
        return f"{date}t{hour}{minute}"
    return f"%{_segment(text)}"


def to_bytes(record: Entry | Header) -> bytes:
    """Sorted keys, one field a line, only what differs from the default: small, readable diffs."""
    fields = record.model_dump(mode="json", exclude_defaults=True)
    return (json.dumps(fields, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()


def parse_entry(data: bytes) -> Entry:
    """The entry in a file's bytes. Raises `ValueError` with a clause that says what is wrong."""
    return _parse(Entry, data)


def parse_header(data: bytes) -> Header:
    """The header in a file's bytes. Raises `ValueError` with a clause that says what is wrong."""
    header = _parse(_AnyFormat, data)
    if header.format > FORMAT:
        raise ValueError(
            f"has format {header.format}, and this version knows formats up to {FORMAT}: "
            "install a newer socialauto"
        )
    return _parse(Header, data)


class _AnyFormat(BaseModel):
    """What the headers of all formats, also future ones, have in common."""

    format: int


_Record = TypeVar("_Record", bound=BaseModel)


def _parse(model: type[_Record], data: bytes) -> _Record:
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"is damaged: {place + ': ' if place else ''}{first['msg']}") from None
