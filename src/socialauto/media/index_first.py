"""Moves the index (moov) of an MP4 or QuickTime file to its front; nothing else changes.

The index says where in the file each chunk of pictures and sound begins, so these numbers move
along (ISO/IEC 14496-12, sections 8.7.5 stco and co64).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from socialauto.media.boxes import Box, BrokenBoxes, boxes, inner_boxes
from socialauto.media.making import NotMadeError

_FOLDERS = frozenset({"trak", "mdia", "minf", "stbl"})
"""Boxes of boxes on the way to the tables of chunks."""

_ELSEWHERE = (b"cmov", b"iloc")
"""Boxes inside moov that name places in the file in ways that are not followed: a compressed
index, and still pictures."""


def _tables(moov: bytearray, start: int, end: int) -> Iterator[Box]:
    for box in inner_boxes(moov, start, end):
        if box.kind in _FOLDERS:
            yield from _tables(moov, box.start, box.end)
        elif box.kind in ("stco", "co64"):
            yield box


def _shift(moov: bytearray, table: Box, behind: int, by: int) -> None:
    """Add `by` to the offsets of chunks that begin at or behind `behind`."""
    (count,) = struct.unpack_from(">I", moov, table.start + 4)
    form, width, most = (">I", 4, 2**32) if table.kind == "stco" else (">Q", 8, 2**63)
    if table.start + 8 + count * width > table.end:
        raise NotMadeError("has an index that is broken")
    for number in range(count):
        place = table.start + 8 + number * width
        (offset,) = struct.unpack_from(form, moov, place)
        if offset < behind:
            continue
        if offset + by >= most:
            raise NotMadeError("is too large to have its index moved")
        struct.pack_into(form, moov, place, offset + by)


def _moved(data: bytes, moov_at: int, moov: Box, front: int) -> bytes:
    size = moov.end - moov_at
    index = bytearray(data[moov_at : moov.end])
    for table in _tables(index, moov.start - moov_at, size):
        _shift(index, table, front, size)
    return b"".join([data[:front], index, data[front:moov_at], data[moov.end :]])


def index_first(data: bytes) -> bytes:
    """`data` with its index before its pictures. Raises `NotMadeError`."""
    try:
        found = list(boxes(data))
    except BrokenBoxes as broken:
        raise NotMadeError(str(broken)) from None
    begins = [0, *(box.end for box in found)]
    kinds = [box.kind for box in found]
    if "moof" in kinds:
        raise NotMadeError("is in fragments, which have no single index")
    if "moov" not in kinds or "mdat" not in kinds:
        raise NotMadeError("has no index or no pictures")
    number, first = kinds.index("moov"), kinds.index("mdat")
    moov = found[number]
    if number < first:
        return data
    if any(name in data[moov.start : moov.end] for name in _ELSEWHERE):
        raise NotMadeError("has an index of an unusual kind")
    try:
        return _moved(data, begins[number], moov, begins[first])
    except (BrokenBoxes, struct.error):
        raise NotMadeError("has an index that is broken") from None
