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
from typing import TYPE_CHECKING

from socialauto.core.media_facts import ImageFacts, UnreadableMedia
from socialauto.media.boxes import BrokenBoxes
from socialauto.media.exif import read_notes
from socialauto.media.headers import Broken, cut_off, read_header
from socialauto.media.icc import foreign_name

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

_NOTES = frozenset({"APP1", "APP13", "COM"})
"""Where EXIF, XMP, IPTC and comments stand."""

_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""In entropy-coded data 0xFF is followed by 0, a restart marker or fill; anything else ends it."""


def _end_of_segment(data: bytes, at: int) -> int:
    if at + 4 > len(data):
        raise cut_off(data)
    return at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])


def _end_of_scan(data: bytes, at: int) -> int:
    found = _SCAN_END.search(data, at)
    if found is None:
        raise cut_off(data)
    return found.start()


def _check_jpeg(data: bytes) -> None:
    """Walk the markers to the end of the image (ITU T.81, annex B). Bytes behind it are fine."""
    at, scans = 2, 0
    for _ in range(_MOST_SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise cut_off(data)
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
        elif marker == 0xD9:
            if not scans:
                raise Broken("has a header and no picture")
            return
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:  # markers without a length
            at += 2
        else:
            at = _end_of_segment(data, at)
            if marker == 0xDA:
                scans, at = scans + 1, _end_of_scan(data, at)
    raise Broken(f"is split into more than {_MOST_SEGMENTS:,} segments")


def _check_png(data: bytes) -> None:
    """Walk the chunks to IEND (PNG 3, section 5.3)."""
    at = 8
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(data):
            raise cut_off(data)
        size, kind = struct.unpack_from(">I4s", data, at)
        at += 12 + size
        if kind == b"IEND":
            return
    raise Broken(f"is split into more than {_MOST_CHUNKS:,} chunks")


def _check_webp(data: bytes) -> None:
    if len(data) < 8 + int(struct.unpack_from("<I", data, 4)[0]):
        raise cut_off(data)


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


def _is_transparent(image: ImageFile) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _has_notes(image: ImageFile) -> bool:
    """Only asked of JPEGs, which go out with them; Pillow lists their segments."""
    segments = getattr(image, "applist", ())
    return any(name in _NOTES for name, _ in segments)


def _by_pillow(data: bytes, kind: str) -> ImageFacts:
    image = _open(data, kind)
    notes = read_notes(image.info.get("exif") or b"")
    return ImageFacts(
        format=(image.format or kind).lower(),
        bytes=len(data),
        width=image.width,
        height=image.height,
        orientation=notes.orientation,
        mode=image.mode,
        frames=int(getattr(image, "n_frames", 1)),
        transparent=_is_transparent(image),
        icc=foreign_name(image.info.get("icc_profile") or b""),
        notes=_has_notes(image),
        located=notes.located,
    )


def _read(data: bytes, kind: str) -> ImageFacts:
    return read_header(data, kind) or _by_pillow(data, kind)


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
    except (Broken, BrokenBoxes) as broken:
        return UnreadableMedia(len(data), str(broken))
    except Exception:  # whatever a crafted header makes a reader do, it is a broken file
        return UnreadableMedia(len(data), f"has a broken {kind.upper()} header")
    return facts
