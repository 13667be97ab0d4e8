"""Bytes of a file to text: UTF-8 only, one kind of line break, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8

from socialauto.core.finding import Finding

MAX_BYTES = 256 * 1024
"""Larger than any post or configuration a person writes, small enough to be read in no time."""

_INVISIBLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML forbids, and the three line breaks that editors do not count as lines."""

_BYTE_ORDER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def first_invisible(text: str) -> int | None:
    """Index of the first character that must not stand in a file, or None."""
    match = None if text.isprintable() else _INVISIBLE.search(text)
    return match.start() if match else None


def character_name(char: str) -> str:
    """`U+2028 (line separator)`."""
    name = unicodedata.name(char, "control character").lower()
    return f"U+{ord(char):04X} ({name})"


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _no_utf8(data: bytes, error: UnicodeDecodeError, path: str) -> Finding:
    for mark, name in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            message = f"the file is {name}, not UTF-8"
            break
    else:
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
    before = _unify(data[: error.start].decode())
    line, column = _place(before, len(before))
    return Finding(path, line, column, "SA102", message, "save the file as UTF-8")


def _unify(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def decode(data: bytes, path: str) -> str | Finding:
    """The text with `\\n` as its only line break and without a byte order mark."""
    if len(data) > MAX_BYTES:
        size, limit = f"{len(data):,}", f"{MAX_BYTES:,}"
        return Finding(path, 1, 1, "SA104", f"the file has {size} bytes, at most {limit}")
    try:
        # Not "utf-8-sig": the places of its errors do not count the mark.
        data = data.removeprefix(BOM_UTF8)
        text = _unify(data.decode())
    except UnicodeDecodeError as error:
        return _no_utf8(data, error, path)
    index = first_invisible(text)
    if index is not None:
        line, column = _place(text, index)
        message = f"there is an invisible {character_name(text[index])} here"
        return Finding(path, line, column, "SA103", message, "delete it")
    return text
