"""The outermost boxes of an MP4, QuickTime or HEIC file (ISO/IEC 14496-12, section 4.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_BOXES = 10_000
"""Far above a 15 minute film in one second fragments; ends a file made of empty boxes early."""


class BrokenBoxes(Exception):  # noqa: N818 - the reason reads as a clause, not as an error's name
    """The boxes do not fill the file; the text is a clause that ends a sentence."""


@dataclass(frozen=True, slots=True)
class Box:
    kind: str
    start: int
    """Of the content, after the box's own header."""
    end: int


def _cut_off(kind: str, *, declared: int, present: int) -> BrokenBoxes:
    return BrokenBoxes(
        f"is cut off: its {kind} box says {declared:,} bytes and {present:,} are there"
    )


def _header(data: bytes, at: int) -> tuple[str, int, int]:
    """Kind, header size and whole size of the box at `at`."""
    size, raw = struct.unpack_from(">I4s", data, at)
    kind = raw.decode("latin-1")
    if size == 0:  # up to the end of the file
        return kind, 8, len(data) - at
    if size > 1:
        return kind, 8, size
    if at + 16 > len(data):
        raise _cut_off(kind, declared=16, present=len(data) - at)
    return kind, 16, struct.unpack_from(">Q", data, at + 8)[0]


def _box(data: bytes, at: int) -> Box:
    kind, header, size = _header(data, at)
    if not (kind.isprintable() and kind.isascii()) or size < header:
        raise BrokenBoxes(f"has something at byte {at:,} that is no box of a video")
    if at + size > len(data):
        raise _cut_off(kind, declared=size, present=len(data) - at)
    return Box(kind, at + header, at + size)


def _is_complete(seen: set[str]) -> bool:
    return {"moov", "mdat"} <= seen


def boxes(data: bytes) -> Iterator[Box]:
    """The outermost boxes in their order. Raises `BrokenBoxes` where the file is cut off.

    Stray bytes behind a complete film are ignored, as players do; some cameras leave them there.
    """
    at, seen = 0, set[str]()
    for _ in range(_MOST_BOXES):
        if at == len(data):
            return
        if len(data) - at < 8:
            if _is_complete(seen):
                return
            raise BrokenBoxes(f"is cut off after {len(data):,} bytes")
        try:
            box = _box(data, at)
        except BrokenBoxes as broken:
            if _is_complete(seen) and "no box" in str(broken):
                return
            raise
        seen.add(box.kind)
        yield box
        at = box.end
    raise BrokenBoxes(f"is split into more than {_MOST_BOXES:,} boxes")


def inner_boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill the content of another one. Raises `BrokenBoxes`."""
    at = start
    while at + 8 <= end:
        size, raw = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1 and at + 16 <= end:
            size, header = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif size == 0:
            size = end - at
        if size < header or at + size > end:
            raise BrokenBoxes("has an index that is broken")
        yield Box(raw.decode("latin-1"), at + header, at + size)
        at += size
