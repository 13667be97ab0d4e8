"""Small pictures of media: made once for each content, and never larger than a page can bear."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from socialauto.core.media_facts import ImageFacts
from socialauto.core.message import MediaItem

LARGEST = 40_000
"""Bytes of one."""
SIDE = 480
"""Pixels of its longer side."""
MOST_PIXELS = 60_000_000
"""A header may announce more than a machine can hold; such a picture is not decoded at all."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_SIZES = ((SIDE, 78), (SIDE, 60), (360, 60), (240, 50), (120, 40))
"""Longer side and JPEG quality, tried in this order until one is small enough."""


def can_be_small(item: MediaItem) -> bool:
    """Whether there is a picture to make a small one of; videos have none."""
    facts = item.facts
    return isinstance(facts, ImageFacts) and 0 < facts.width * facts.height <= MOST_PIXELS


def name_of(item: MediaItem) -> str:
    """The file of its small picture, by what it contains: an unchanged one is never made twice."""
    return f"media/{item.blob[:40]}.jpg"


def _flat(image: Image.Image) -> Image.Image:
    """Upright, on white, in colours that every browser knows."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return upright.convert("RGB")


def _encoded(image: Image.Image) -> bytes:
    data = b""
    for side, quality in _SIZES:
        small = image.copy()
        small.thumbnail((side, side))
        file = io.BytesIO()
        small.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        data = file.getvalue()
        if len(data) <= LARGEST:
            break
    return data


def small_picture(data: bytes) -> bytes | None:
    """A JPEG of at most `LARGEST` bytes; None when nobody can decode this."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a picture's notes look like is judged elsewhere
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                image.draft("RGB", (SIDE * 2, SIDE * 2))
                image.thumbnail((SIDE * 2, SIDE * 2))
                return _encoded(_flat(image))
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        return None
