"""Reads what an MP4 or QuickTime file says about itself, by walking its boxes.

Written apart from the validator's own probe, so that one can catch the other's mistakes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_BRANDS = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")


class BrokenFileError(Exception):
    """The boxes do not add up."""


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    start: int
    """Of its content."""
    end: int


@dataclass(frozen=True, slots=True)
class Track:
    kind: bytes
    """`vide`, `soun`, …"""
    codec: bytes
    seconds: float
    samples: int
    width: int
    height: int
    """As shown: a rotated track has them swapped."""
    rate: int
    """Of audio, samples a second."""
    channels: int


@dataclass(frozen=True, slots=True)
class Film:
    moov_first: bool
    tracks: tuple[Track, ...]

    def track(self, kind: bytes) -> Track | None:
        return next((track for track in self.tracks if track.kind == kind), None)


def looks_like_film(body: bytes) -> bool:
    return body[4:8] in _BRANDS


def _boxes(body: bytes, start: int, end: int) -> Iterator[Box]:
    while start < end:
        if end - start < 8:
            raise BrokenFileError("a box has no room for its header")
        size, kind = struct.unpack_from(">I4s", body, start)
        header = 8
        if size == 1 and end - start >= 16:
            (size,) = struct.unpack_from(">Q", body, start + 8)
            header = 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            raise BrokenFileError(f"box {kind!r} is {size} bytes long, {end - start} are left")
        yield Box(kind, start + header, start + size)
        start += size


def _find(body: bytes, box: Box, *path: bytes) -> Box:
    for kind in path:
        found = next((b for b in _boxes(body, box.start, box.end) if b.kind == kind), None)
        if found is None:
            raise BrokenFileError(f"there is no box {kind!r}")
        box = found
    return box


def _number(body: bytes, box: Box, offset: int, form: str = ">I") -> int:
    if box.start + offset + struct.calcsize(form) > box.end:
        raise BrokenFileError(f"box {box.kind!r} is too short")
    (value,) = struct.unpack_from(form, body, box.start + offset)
    return int(value)


def _times(body: bytes, stts: Box) -> tuple[int, int]:
    """Number of samples, and how long they last in the track's time scale."""
    entries = _number(body, stts, 4)
    if stts.start + 8 + entries * 8 > stts.end:
        raise BrokenFileError("the table of sample times is too short")
    table = struct.iter_unpack(">II", body[stts.start + 8 : stts.start + 8 + entries * 8])
    samples = total = 0
    for count, length in table:
        samples += count
        total += count * length
    return samples, total


def _shown_size(body: bytes, tkhd: Box) -> tuple[int, int]:
    shift = 12 if _number(body, tkhd, 0, ">B") == 1 else 0
    width = _number(body, tkhd, 76 + shift) >> 16
    height = _number(body, tkhd, 80 + shift) >> 16
    is_turned = _number(body, tkhd, 40 + shift) == 0 and _number(body, tkhd, 56 + shift) == 0
    return (height, width) if is_turned else (width, height)


def _track(body: bytes, trak: Box) -> Track:
    mdia = _find(body, trak, b"mdia")
    kind = _number(body, _find(body, mdia, b"hdlr"), 8).to_bytes(4, "big")
    mdhd = _find(body, mdia, b"mdhd")
    scale = _number(body, mdhd, 20 if _number(body, mdhd, 0, ">B") == 1 else 12)
    tables = _find(body, mdia, b"minf", b"stbl")
    samples, total = _times(body, _find(body, tables, b"stts"))
    described = _find(body, tables, b"stsd")
    width, height = _shown_size(body, _find(body, trak, b"tkhd"))
    is_sound = kind == b"soun"
    return Track(
        kind=kind,
        codec=_number(body, described, 12).to_bytes(4, "big"),
        seconds=total / scale if scale else 0.0,
        samples=samples,
        width=width,
        height=height,
        rate=_number(body, described, 40) >> 16 if is_sound else 0,
        channels=_number(body, described, 32, ">H") if is_sound else 0,
    )


def read_film(body: bytes) -> Film:
    """Raises `BrokenFileError` when the file is cut off or is no film at all."""
    top = list(_boxes(body, 0, len(body)))
    moov = next((box for box in top if box.kind == b"moov"), None)
    if moov is None:
        raise BrokenFileError("there is no box b'moov'")
    data = next((box for box in top if box.kind == b"mdat"), None)
    if data is None:
        raise BrokenFileError("there is no box b'mdat'")
    tracks = [box for box in _boxes(body, moov.start, moov.end) if box.kind == b"trak"]
    return Film(
        moov_first=moov.start < data.start,
        tracks=tuple(_track(body, box) for box in tracks),
    )
