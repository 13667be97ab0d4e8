"""What a colour profile calls itself (ICC.1:2022, sections 7.3 and 10)."""

from __future__ import annotations

import struct

_MOST_TAGS = 100
_LONGEST = 60

_SRGB = ("srgb", "c2", "urgb")
"""How profiles that are sRGB, or so near that nobody sees a difference, begin their names; the
last two are the tiny ones that social networks and Android write."""


def _description(profile: bytes) -> str:
    count = min(int(struct.unpack_from(">I", profile, 128)[0]), _MOST_TAGS)
    for number in range(count):
        tag, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        if tag == b"desc":
            return _text(profile[at : at + size])
    return ""


def _text(element: bytes) -> str:
    """Of type `desc` (version 2) or `mluc` (version 4)."""
    if element[:4] == b"mluc":
        size, at = struct.unpack_from(">II", element, 20)
        return element[at : at + size].decode("utf-16-be", "replace")
    size = int(struct.unpack_from(">I", element, 8)[0])
    return element[12 : 12 + size].split(b"\0")[0].decode("latin-1")


def foreign_name(profile: bytes) -> str:
    """What the profile is called; empty when there is none, when it is sRGB or cannot be read."""
    if not profile:
        return ""
    try:
        name = " ".join(_description(profile).replace("\0", "").split())
    except struct.error:
        return ""
    if name.casefold().startswith(_SRGB):
        return ""
    shown = "".join(char for char in name if char.isprintable())[:_LONGEST]
    return shown or "an embedded profile"
