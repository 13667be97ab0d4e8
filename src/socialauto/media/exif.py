"""What an EXIF block says that matters: which way is up, and whether it tells the place."""

from __future__ import annotations

from dataclasses import dataclass

_ORIENTATION = 0x0112
_GPS = 0x8825
_LATITUDE = 2
"""In the block of the place; cameras without reception write the block without it."""


@dataclass(frozen=True, slots=True)
class Notes:
    orientation: int = 1
    located: bool = False


def read_notes(block: bytes) -> Notes:
    """From the block alone: Pillow's own `getexif` would decode a PNG in search of it."""
    if not block:
        return Notes()
    from PIL.Image import Exif

    exif = Exif()
    try:
        exif.load(block)
        value = exif.get(_ORIENTATION, 1)
        located = _GPS in exif and _LATITUDE in exif.get_ifd(_GPS)
    except Exception:  # a broken EXIF block takes nothing from the picture
        return Notes()
    known = isinstance(value, int) and 1 <= value <= 8
    return Notes(value if known else 1, located)
