"""Headers of images that are read by hand: Pillow's plug-ins would decode or allocate for them."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice

from socialauto.core.media_facts import ImageFacts
from socialauto.media.boxes import boxes
from socialauto.media.exif import read_notes
from socialauto.media.icc import foreign_name

_MOST_SIZES = 10_000
"""Of pictures and tiles in a HEIC file."""

_MOST_PAGES = 1_000
_MOST_TAGS = 200
"""Of a TIFF."""

_TURNS = {0: 1, 1: 8, 2: 3, 3: 6}
"""EXIF orientation by quarter turns anticlockwise (ISO/IEC 23008-12, irot)."""


class Broken(Exception):  # noqa: N818 - carries the clause that ends a sentence
    pass


def cut_off(data: bytes) -> Broken:
    return Broken(f"is cut off after {len(data):,} bytes")


def _behind_blocks(data: bytes, at: int) -> int:
    """Behind the chain of data blocks that begins at `at`."""
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _table(flags: int) -> int:
    """Bytes of a colour table; bit 7 says whether there is one."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif(data: bytes) -> ImageFacts:
    """By a walk to the trailer (GIF89a, appendix B), which also counts the pictures."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at, frames, clear = 13 + _table(flags), 0, False
    try:
        while data[at] != 0x3B:
            if data[at] == 0x21:  # an extension; the graphic control one names the clear colour
                clear |= data[at + 1] == 0xF9 and bool(data[at + 3] & 1)
                at = _behind_blocks(data, at + 2)
            elif data[at] == 0x2C:  # a picture
                frames += 1
                at = _behind_blocks(data, at + 11 + _table(data[at + 9]))
            else:
                raise Broken(f"is broken after {at:,} bytes")
    except IndexError:
        raise cut_off(data) from None
    if not frames:
        raise Broken("has a header and no picture")
    return ImageFacts("gif", len(data), width, height, mode="P", frames=frames, transparent=clear)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Of a WebP file, in their order."""
    at = 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _webp(data: bytes) -> ImageFacts:
    kind = data[12:16]
    if kind == b"VP8X":
        return _extended_webp(data)
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        return ImageFacts("webp", len(data), width, height, transparent=bool(bits >> 28 & 1))
    width, height = struct.unpack_from("<HH", data, 26)
    return ImageFacts("webp", len(data), width & 0x3FFF, height & 0x3FFF)


def _extended_webp(data: bytes) -> ImageFacts:
    flags, chunks = data[20], dict(islice(_chunks(data), _MOST_SIZES))
    notes = read_notes(chunks.get(b"EXIF", b""))
    return ImageFacts(
        format="webp",
        bytes=len(data),
        width=1 + int.from_bytes(data[24:27], "little"),
        height=1 + int.from_bytes(data[27:30], "little"),
        orientation=notes.orientation,
        frames=max(1, data.count(b"ANMF")) if flags & 2 else 1,
        transparent=bool(flags & 0x10),
        icc=foreign_name(chunks.get(b"ICCP", b"")),
        notes=b"EXIF" in chunks or b"XMP " in chunks,
        located=notes.located,
    )


def _heif(data: bytes, kind: str) -> ImageFacts:
    """HEIC and AVIF: the largest picture that the index names; tiles are smaller."""
    meta = next((box for box in list(boxes(data)) if box.kind == "meta"), None)
    index = data[meta.start : meta.end] if meta else b""
    sizes = [
        struct.unpack_from(">II", index, found.end() + 4)
        for found in islice(re.finditer(b"ispe", index), _MOST_SIZES)
    ]
    if not sizes:
        raise Broken("has no index of its pictures")
    width, height = max(sizes)
    turn = index.find(b"irot")
    return ImageFacts(
        kind,
        len(data),
        width,
        height,
        orientation=_TURNS[index[turn + 4] & 3] if turn >= 0 else 1,
        transparent=b"auxid:1\0" in index or b"aux:alpha" in index,
        icc=_heif_colors(index),
        notes=b"Exif" in index,
    )


def _heif_colors(index: bytes) -> str:
    """The profile in the first `colr` box that holds a whole one (`prof`)."""
    found = re.search(rb"(....)colr(?:prof|rICC)", index, re.DOTALL)
    if found is None:
        return ""
    size = int.from_bytes(found[1], "big")
    return foreign_name(index[found.end() : found.start() + size])


def _tags(data: bytes, at: int, order: str) -> tuple[dict[int, tuple[int, int, int]], int]:
    """Type, count and value of each tag of a TIFF's page (TIFF 6.0, section 2), and the next."""
    (count,) = struct.unpack_from(f"{order}H", data, at)
    if count > _MOST_TAGS:
        raise Broken(f"has {count:,} tags on a page, at most {_MOST_TAGS} are read")
    found = {}
    for number in range(count):
        place = at + 2 + 12 * number
        tag, kind, amount = struct.unpack_from(f"{order}HHI", data, place)
        form = f"{order}H" if kind == 3 and amount == 1 else f"{order}I"
        found[tag] = kind, amount, int(struct.unpack_from(form, data, place + 8)[0])
    return found, int(struct.unpack_from(f"{order}I", data, at + 2 + 12 * count)[0])


def _pages(data: bytes, at: int, order: str) -> tuple[dict[int, tuple[int, int, int]], int]:
    """The tags of the first page, and how many pages there are."""
    seen = {at}
    first: dict[int, tuple[int, int, int]] = {}
    for number in range(1, _MOST_PAGES + 1):
        tags, at = _tags(data, at, order)
        first = first or tags
        if at == 0:
            return first, number
        if at in seen:
            raise Broken("has pages that lead back to each other")
        seen.add(at)
    raise Broken(f"has more than {_MOST_PAGES:,} pages")


_TIFF_MODES = {2: "RGB", 3: "P", 5: "CMYK", 6: "YCbCr", 8: "LAB"}
"""By photometric interpretation (TIFF 6.0, section 8); 0 and 1 are grey."""


def _tiff_mode(value: dict[int, int], depth: int, samples: int) -> str:
    photometric = value.get(262, 1)
    if photometric < 2:
        return {1: "1", 16: "I;16"}.get(depth, "L") if samples == 1 else "LA"
    mode = _TIFF_MODES.get(photometric, f"TIFF {photometric}")
    return "RGBA" if mode == "RGB" and samples == 4 else mode


def _tiff(data: bytes) -> ImageFacts:
    order = "<" if data[:2] == b"II" else ">"
    try:
        tags, pages = _pages(data, int(struct.unpack_from(f"{order}I", data, 4)[0]), order)
        value = {tag: parts[2] for tag, parts in tags.items()}
        _, amount, depth = tags.get(258, (3, 1, 1))
        if amount > 2:  # one number for each colour, elsewhere in the file
            (depth,) = struct.unpack_from(f"{order}H", data, depth)
    except struct.error:
        raise cut_off(data) from None
    icc = value.get(34675, 0)
    samples, turned = value.get(277, 1), value.get(274, 1)
    mode = "F" if value.get(339) == 3 else _tiff_mode(value, depth & 0xFFFF, samples)
    return ImageFacts(
        format="tiff",
        bytes=len(data),
        width=value.get(256, 0),
        height=value.get(257, 0),
        orientation=turned if 1 <= turned <= 8 else 1,
        mode=mode,
        frames=pages,
        transparent=mode in ("RGBA", "LA"),
        icc=foreign_name(data[icc : icc + tags[34675][1]]) if icc else "",
        notes=34665 in tags,
        located=34853 in tags,
    )


def read_header(data: bytes, kind: str) -> ImageFacts | None:
    """What the header says; None when it is of a kind that Pillow reads well."""
    if kind in ("heic", "avif"):
        return _heif(data, kind)
    own = {"webp": _webp, "gif": _gif, "tiff": _tiff}
    return own[kind](data) if kind in own else None
