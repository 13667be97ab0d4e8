"""Edit lists of MP4 and QuickTime files: instructions to cut, delay or repeat what is stored.

Nearly every file has one that skips the few hundredths of a second with which encoders begin
(ISO/IEC 14496-12, section 8.6.6 elst). That one does nothing a viewer would notice.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from socialauto.media.boxes import Box, BrokenBoxes, inner_boxes

_NOTICED = 0.1
"""Seconds."""
_PLAIN_RATE = 0x10000
_MOST = 1_000
"""Of tracks, and of edits in one."""


@dataclass(frozen=True, slots=True)
class _Edit:
    length: float
    """Seconds."""
    start: int
    """In units of the track; -1 is a pause."""
    rate: int


def _child(data: bytes, box: Box, *path: str) -> Box | None:
    for kind in path:
        found = (one for one in inner_boxes(data, box.start, box.end) if one.kind == kind)
        inner = next(found, None)
        if inner is None:
            return None
        box = inner
    return box


def _clock(data: bytes, box: Box | None) -> tuple[int, int]:
    """Units a second and length, of an mvhd or mdhd box; (0, 0) when it has none."""
    if box is None:
        return 0, 0
    wide = data[box.start] == 1
    form, at = (">IQ", 20) if wide else (">II", 12)
    units, length = struct.unpack_from(form, data, box.start + at)
    return units, length


def _edits(data: bytes, box: Box, units: int) -> list[_Edit]:
    form, size = (">QqI", 20) if data[box.start] == 1 else (">IiI", 12)
    (count,) = struct.unpack_from(">I", data, box.start + 4)
    found = []
    for number in range(min(count, _MOST)):
        length, start, rate = struct.unpack_from(form, data, box.start + 8 + number * size)
        found.append(_Edit(length / units, start, rate))
    return found


def _is_noticed(edits: list[_Edit], units: int, length: int) -> bool:
    pause = sum(edit.length for edit in edits if edit.start == -1)
    played = [edit for edit in edits if edit.start != -1]
    if len(played) != 1 or played[0].rate != _PLAIN_RATE:
        return bool(played)
    skipped = played[0].start / units
    left_out = length / units - skipped - played[0].length if length else 0.0
    return max(pause, skipped, left_out) > _NOTICED


def _track_is_edited(data: bytes, track: Box, movie_units: int) -> bool:
    box = _child(data, track, "edts", "elst")
    units, length = _clock(data, _child(data, track, "mdia", "mdhd"))
    if box is None or not units or not movie_units:
        return False
    edits = _edits(data, box, movie_units)
    return bool(edits) and _is_noticed(edits, units, length)


def is_edited(data: bytes, moov: Box) -> bool:
    """Whether a track is cut, delayed or repeated in a way that is seen or heard."""
    try:
        units, _ = _clock(data, _child(data, moov, "mvhd"))
        tracks = [one for one in inner_boxes(data, moov.start, moov.end) if one.kind == "trak"]
        return any(_track_is_edited(data, track, units) for track in tracks[:_MOST])
    except (BrokenBoxes, struct.error, IndexError):
        return False
