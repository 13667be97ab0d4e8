"""A message: exactly what would be sent, and its digest."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from socialauto.core.media_facts import ImageFacts, MediaFacts
from socialauto.core.wishes import NO_WISHES, Wishes

if TYPE_CHECKING:
    from socialauto.core.profile import Profile

Options = Mapping[str, Any]
"""Platform options under the names of the post's fields; values are JSON-able."""

_WORDS = re.compile(r"[^\W_]+")
"""Letters and digits, as `str.isalnum` counts them."""


AFTERWARDS = frozenset({"comments", "first_comment"})
"""Options that a platform is told once the post is public: an upload does not know them."""


class PostType(StrEnum):
    IMAGE = "image"
    CAROUSEL = "carousel"
    REEL = "reel"
    STORY = "story"
    VIDEO = "video"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class UserTag:
    user: str
    x: float | None = None
    """0 is the left edge, 1 the right one."""
    y: float | None = None
    """0 is the upper edge, 1 the lower one."""


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A media file of a message, named by what it contains."""

    path: str
    """From the repository's root, with forward slashes."""
    blob: str
    """Git blob id of its bytes: the digest follows the content and needs no read at a commit."""
    facts: MediaFacts
    alt: str = ""
    tags: tuple[UserTag, ...] = ()
    cover_at: float | None = None
    """Seconds into a video whose frame stands for it."""
    wishes: Wishes = NO_WISHES
    profile: Profile | None = field(default=None, compare=False)
    """What the file must become for this message. The same post has the same digest whatever a
    later version makes of it, so this takes no part there."""

    @property
    def is_image(self) -> bool:
        return isinstance(self.facts, ImageFacts)


@dataclass(frozen=True, slots=True)
class Message:
    """What one account would send, rendered and with every default filled in."""

    platform: str
    type: PostType
    text: str
    media: tuple[MediaItem, ...] = ()
    cover: MediaItem | None = None
    options: Options = field(default_factory=lambda: MappingProxyType({}))
    below: str = ""
    """The remote id of the post that this is a comment on, or changes; empty for a post."""

    @property
    def digest(self) -> str:
        """Stable across versions: only what is set takes part, so a new option changes nothing."""
        canonical = json.dumps(_content(self), sort_keys=True, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def upload_digest(self) -> str:
        """The digest of what has to be known before it is public."""
        before = {name: value for name, value in self.options.items() if name not in AFTERWARDS}
        return replace(self, options=MappingProxyType(before)).digest

    @property
    def fingerprint(self) -> str:
        """What a reader would call the same post: words and pictures, not case, accents of
        spelling, spacing or punctuation."""
        folded = unicodedata.normalize("NFKC", self.text).casefold()
        content = [" ".join(_WORDS.findall(folded)), *sorted(item.blob for item in self.media)]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:32]


def _content(message: Message) -> dict[str, Any]:
    return {
        "type": message.type.value,
        "text": message.text,
        "media": [_media_content(item) for item in message.media],
        **({"cover": message.cover.blob} if message.cover else {}),
        **({"options": dict(message.options)} if message.options else {}),
    }


def _media_content(item: MediaItem) -> dict[str, Any]:
    content: dict[str, Any] = {"blob": item.blob}
    if item.alt:
        content["alt"] = item.alt
    if item.tags:
        content["tags"] = [[tag.user, tag.x, tag.y] for tag in item.tags]
    if item.cover_at is not None:
        content["cover_at"] = item.cover_at
    if wishes := item.wishes.content():
        content["wishes"] = wishes
    return content
