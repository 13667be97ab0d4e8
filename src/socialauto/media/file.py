"""Names of uploaded media: the same bytes never lie anywhere twice."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from socialauto.core.message import MediaItem
from socialauto.media.prepared import PreparedFile

Making = Callable[[MediaItem], Awaitable[PreparedFile]]
"""What an item is uploaded as: its bytes, or what was prepared from them."""

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{2,5}")


def name_of(file: PreparedFile) -> str:
    return f"{file.sha256}.{file.suffix}"


def is_image(file: PreparedFile) -> bool:
    return file.mime.startswith("image/")


def is_ours(name: str) -> bool:
    """Is this a name that an upload of ours has?"""
    return _NAME.fullmatch(name) is not None
