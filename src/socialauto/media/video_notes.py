"""What a camera wrote into a film beside its pictures; above all, where it was taken.

Phones put the place into `udta` (as `©xyz` or `loci`, 3GPP TS 26.244) or into QuickTime's `meta`
(QuickTime File Format, "location.ISO6709").
"""

from __future__ import annotations

from collections.abc import Iterator

from socialauto.media.boxes import Box, BrokenBoxes, boxes, inner_boxes

_NOTES = frozenset({"udta", "meta"})
_PLACES = (b"\xa9xyz", b"loci", b"location.ISO6709", b"GPSCoordinates")
_MOST = 1_000
"""Of tracks."""


def _notes(data: bytes, moov: Box) -> Iterator[Box]:
    tracks = 0
    for box in inner_boxes(data, moov.start, moov.end):
        if box.kind in _NOTES:
            yield box
        elif box.kind == "trak" and tracks < _MOST:
            tracks += 1
            inside = inner_boxes(data, box.start, box.end)
            yield from (inner for inner in inside if inner.kind in _NOTES)


def is_located(data: bytes, moov: Box) -> bool:
    """Whether the film says where it was taken."""
    try:
        return any(
            sign in data[box.start : box.end] for box in _notes(data, moov) for sign in _PLACES
        )
    except BrokenBoxes:
        return False


def without_notes(data: bytes) -> bytes:
    """The same film with its notes blotted out. Nothing moves, so nothing has to be adjusted."""
    changed = bytearray(data)
    for moov in (box for box in boxes(data) if box.kind == "moov"):
        for box in list(_notes(data, moov)):
            kind = data.rfind(box.kind.encode(), moov.start, box.start)
            changed[kind : kind + 4] = b"free"
            changed[box.start : box.end] = bytes(box.end - box.start)
    return bytes(changed)
