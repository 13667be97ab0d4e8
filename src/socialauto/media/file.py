"""A media file as a host uploads it: bytes that name themselves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from socialauto.core.media_facts import ImageFacts, MediaFacts, VideoFacts
from socialauto.core.message import MediaItem

_TYPES = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "gif": ("image/gif", "gif"),
    "mp4": ("video/mp4", "mp4"),
    "mov": ("video/quicktime", "mov"),
    "webm": ("video/webm", "webm"),
}
_UNKNOWN = ("application/octet-stream", "bin")

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """Made once, uploaded under its own hash: the same bytes never lie there twice."""

    body: bytes = field(repr=False)
    mime: str
    suffix: str
    sha256: str

    @property
    def name(self) -> str:
        return f"{self.sha256}.{self.suffix}"

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")


Making = Callable[[MediaItem], Awaitable[MediaFile]]
"""What an item is uploaded as: its bytes, or what was prepared from them."""


def media_file(body: bytes, facts: MediaFacts) -> MediaFile:
    """`facts` are those of `body`."""
    kind = ""
    if isinstance(facts, ImageFacts):
        kind = facts.format
    elif isinstance(facts, VideoFacts):
        kind = facts.container
    mime, suffix = _TYPES.get(kind, _UNKNOWN)
    return MediaFile(body, mime, suffix, hashlib.sha256(body).hexdigest())


def is_ours(name: str) -> bool:
    """Is this a name that an upload of ours has?"""
    return _NAME.fullmatch(name) is not None
