"""Takes the notes of cameras and programs out of a JPEG; not one pixel changes."""

from __future__ import annotations

import re
import struct

_KEPT = frozenset({0xE0, 0xEE})
"""APP0 (JFIF) and APP14 (Adobe) say how colours are stored; all other APPn and COM only talk."""

_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _is_note(marker: int) -> bool:
    return marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _KEPT)


def _after_scan(data: bytes, at: int) -> int:
    found = _SCAN_END.search(data, at)
    return found.start() if found else len(data)


def without_notes(data: bytes) -> bytes:
    """`data` up to the end of its image, without notes; it must be a complete JPEG."""
    parts, at = [data[:2]], 2
    while at + 4 <= len(data):
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
        elif marker == 0xD9:
            break
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            parts.append(data[at : at + 2])
            at += 2
        else:
            end = at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])
            if marker == 0xDA:
                end = _after_scan(data, end)
            if not _is_note(marker):
                parts.append(data[at:end])
            at = end
    return b"".join([*parts, b"\xff\xd9"])
