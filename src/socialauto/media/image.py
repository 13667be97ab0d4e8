"""What an image is: its header by Pillow, its completeness by a walk over its outer structure.

Nothing is ever decoded. A file that ends where its format says it ends was not cut off in transit,
which is what happens to real files; a full decode finds hardly more (libjpeg fills what is
missing with grey and only warns) and costs a hundred times as much: 10 ms against 0.1 ms for
1080 × 1350.
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING

from socialauto.core.media_facts import ImageFacts, UnreadableMedia
from socialauto.media.boxes import BrokenBoxes, boxes

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MAX_PIXELS = 50_000_000
"""Larger ones are no photograph for a social network; a 20 kB PNG can claim 169 million."""

MAX_BYTES = 50_000_000
"""Six times what any platform takes; what a larger file is made of nobody needs to know."""

_MOST_SEGMENTS = 500
"""Of a JPEG. Phones write some dozens; Pillow's time grows with their square."""

_MOST_CHUNKS = 10_000
"""Of a PNG."""

_MOST_SIZES = 10_000
"""Of pictures and tiles in a HEIC file."""

_ORIENTATION = 0x0112
"""The EXIF tag."""

_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""In entropy-coded data 0xFF is followed by 0, a restart marker or fill; anything else ends it."""


class _Broken(Exception):  # noqa: N818 - carries the clause that ends a sentence
    pass


def _cut_off(data: bytes) -> _Broken:
    return _Broken(f"is cut off after {len(data):,} bytes")


def _end_of_segment(data: bytes, at: int) -> int:
    if at + 4 > len(data):
        raise _cut_off(data)
    return at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])


def _end_of_scan(data: bytes, at: int) -> int:
    found = _SCAN_END.search(data, at)
    if found is None:
        raise _cut_off(data)
    return found.start()


def _check_jpeg(data: bytes) -> None:
    """Walk the markers to the end of the image (ITU T.81, annex B). Bytes behind it are fine."""
    at, scans = 2, 0
    for _ in range(_MOST_SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise _cut_off(data)
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
        elif marker == 0xD9:
            if not scans:
                raise _Broken("has a header and no picture")
            return
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:  # markers without a length
            at += 2
        else:
            at = _end_of_segment(data, at)
            if marker == 0xDA:
                scans, at = scans + 1, _end_of_scan(data, at)
    raise _Broken(f"is split into more than {_MOST_SEGMENTS:,} segments")


def _check_png(data: bytes) -> None:
    """Walk the chunks to IEND (PNG 3, section 5.3)."""
    at = 8
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(data):
            raise _cut_off(data)
        size, kind = struct.unpack_from(">I4s", data, at)
        at += 12 + size
        if kind == b"IEND":
            return
    raise _Broken(f"is split into more than {_MOST_CHUNKS:,} chunks")


def _check_webp(data: bytes) -> None:
    if len(data) < 8 + int(struct.unpack_from("<I", data, 4)[0]):
        raise _cut_off(data)


_COMPLETE: Mapping[str, Callable[[bytes], None]] = {
    "jpeg": _check_jpeg,
    "png": _check_png,
    "webp": _check_webp,
}


def _open(data: bytes, kind: str) -> ImageFile:
    """One plug-in of Pillow, and not `Image.open`: that one loads five and warns of many pixels
    before it says how many."""
    if kind == "jpeg":
        from PIL.JpegImagePlugin import jpeg_factory

        return jpeg_factory(BytesIO(data))
    from PIL.PngImagePlugin import PngImageFile

    return PngImageFile(BytesIO(data))


def _orientation(image: ImageFile) -> int:
    """From the header alone: Pillow's own `getexif` would decode a PNG in search of it."""
    from PIL.Image import Exif

    exif = Exif()
    try:
        exif.load(image.info.get("exif") or b"")
        value = exif.get(_ORIENTATION, 1)
    except Exception:  # a broken EXIF block takes nothing from the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _by_pillow(data: bytes, kind: str) -> ImageFacts:
    image = _open(data, kind)
    return ImageFacts(
        format=(image.format or kind).lower(),
        bytes=len(data),
        width=image.width,
        height=image.height,
        orientation=_orientation(image),
        mode=image.mode,
        frames=int(getattr(image, "n_frames", 1)),
    )


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
    at, frames = 13 + _table(flags), 0
    try:
        while data[at] != 0x3B:
            if data[at] == 0x21:  # an extension
                at = _behind_blocks(data, at + 2)
            elif data[at] == 0x2C:  # a picture
                frames += 1
                at = _behind_blocks(data, at + 11 + _table(data[at + 9]))
            else:
                raise _Broken(f"is broken after {at:,} bytes")
    except IndexError:
        raise _cut_off(data) from None
    if not frames:
        raise _Broken("has a header and no picture")
    return ImageFacts("gif", len(data), width, height, mode="P", frames=frames)


def _webp(data: bytes) -> ImageFacts:
    """By hand: Pillow's plug-in makes a decoder with two whole canvases to read a header."""
    kind = data[12:16]
    if kind == b"VP8X":
        flags = data[20]
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
        frames = max(1, data.count(b"ANMF")) if flags & 2 else 1
        return ImageFacts("webp", len(data), width, height, frames=frames)
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return ImageFacts("webp", len(data), 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    width, height = struct.unpack_from("<HH", data, 26)
    return ImageFacts("webp", len(data), width & 0x3FFF, height & 0x3FFF)


def _heif(data: bytes, kind: str) -> ImageFacts:
    """HEIC and AVIF: the largest picture that the index names; tiles are smaller."""
    meta = next((box for box in list(boxes(data)) if box.kind == "meta"), None)
    sizes = [
        struct.unpack_from(">II", data, found.end() + 4)
        for found in islice(re.finditer(b"ispe", data[: meta.end] if meta else b""), _MOST_SIZES)
    ]
    if not sizes:
        raise _Broken("has no index of its pictures")
    width, height = max(sizes)
    return ImageFacts(kind, len(data), width, height)


def _read(data: bytes, kind: str) -> ImageFacts:
    if kind in ("heic", "avif"):
        return _heif(data, kind)
    own = {"webp": _webp, "gif": _gif}
    return own[kind](data) if kind in own else _by_pillow(data, kind)


def _judge(facts: ImageFacts) -> ImageFacts | UnreadableMedia:
    pixels = facts.width * facts.height
    size = f"{facts.width:,} × {facts.height:,}"
    if pixels > MAX_PIXELS:
        limit = f"at most {MAX_PIXELS // 1_000_000} million are taken"
        return UnreadableMedia(
            facts.bytes, f"has {pixels / 1e6:,.0f} million pixels ({size}), {limit}"
        )
    if pixels == 0:
        return UnreadableMedia(facts.bytes, f"has no pixels ({size})")
    return facts


def probe_image(data: bytes, kind: str) -> ImageFacts | UnreadableMedia:
    """What the image in `data` is; `kind` is what its first bytes say. Never raises."""
    if len(data) > MAX_BYTES:
        words = f"has {len(data):,} bytes, images have at most {MAX_BYTES:,}"
        return UnreadableMedia(len(data), words)
    try:
        if kind in _COMPLETE:  # first: it also bounds what Pillow gets to see
            _COMPLETE[kind](data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns on stderr of what we judge ourselves
            facts = _judge(_read(data, kind))
    except (_Broken, BrokenBoxes) as broken:
        return UnreadableMedia(len(data), str(broken))
    except Exception:  # whatever a crafted header makes a reader do, it is a broken file
        return UnreadableMedia(len(data), f"has a broken {kind.upper()} header")
    return facts
