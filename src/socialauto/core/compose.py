"""From a post to what one account would send: overrides, template, hashtags, type, options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from posixpath import splitext
from types import MappingProxyType
from typing import Any

from socialauto.core.accounts import overrides_of
from socialauto.core.config import Config
from socialauto.core.delivery import LateAction, LatePolicy
from socialauto.core.media_facts import ImageFacts, VideoFacts
from socialauto.core.message import MediaItem, PostType
from socialauto.core.post import Media, Post, Variant
from socialauto.core.reading import Source
from socialauto.core.wishes import Wishes

DEFAULT_GRACE = timedelta(hours=6)
DEFAULT_THEN: LateAction = "skip"

_VIDEO_SUFFIXES = frozenset({".mp4", ".mov", ".m4v", ".webm", ".avi", ".mkv"})
_OPTIONS = (
    "collaborators",
    "location",
    "share_to_feed",
    "audio_name",
    "ai_generated",
    "paid_partnership",
    "comments",
    "language",
    "visibility",
    "content_warning",
)


@dataclass(frozen=True, slots=True)
class Version:
    """A post as one account has it."""

    source: Source
    account: str
    variant: Variant
    own: Mapping[str, str]
    """Fields that an override sets, each with the account, group or platform that it names."""

    def field(self, field: str) -> str:
        """Where the post writes the field that this account uses."""
        top = field.partition(".")[0]
        return f"overrides.{self.own[top]}.{field}" if top in self.own else field

    @property
    def text(self) -> str:
        return (self.variant.text or "") if "text" in self.own else self.source.text


def version_for(source: Source, account: str) -> Version:
    """The post's fields, with those of the overrides in their place."""
    overrides = source.post.overrides
    keys = overrides_of(source, account) if overrides else []
    own = {name: key for key in keys for name in overrides[key].model_fields_set}
    values = {name: getattr(overrides[key], name) for name, key in own.items()}
    variant = source.post.model_copy(update=values) if values else source.post
    return Version(source, account, variant, own)


def variables(version: Version, config: Config) -> Mapping[str, Any]:
    """What templates can name. Of several values of one name the nearest counts: the override's,
    then the post's, the account's, and that of the configuration."""
    source = version.source
    account = config.accounts.get(version.account)
    overrides = [source.post.overrides[key] for key in overrides_of(source, version.account)]
    voices = [config.vars, account.vars if account else None, source.post.vars]
    voices += [one.vars for one in overrides]
    return {
        "vars": {name: value for voice in voices if voice for name, value in voice.items()},
        "id": version.source.id,
        "account": version.account,
    }


def _has_hashtag(text: str, tag: str) -> bool:
    return "#" in text and bool(re.search(rf"#{re.escape(tag)}(?!\w)", text, re.IGNORECASE))


def with_hashtags(text: str, hashtags: Iterable[str]) -> str:
    """The text, a blank line, and the hashtags that it does not have yet, each once."""
    tags: dict[str, str] = {}
    for tag in hashtags:
        tags.setdefault(tag.casefold(), tag)
    missing = [tag for tag in tags.values() if not _has_hashtag(text, tag)]
    line = " ".join(f"#{tag}" for tag in missing)
    return "\n\n".join(part for part in (text, line) if part)


def options(version: Version, first_comment: str, link: str | None = None) -> Mapping[str, Any]:
    """What is set beside text and media, as JSON-able values; `cover_at` in seconds."""
    variant = version.variant
    values: dict[str, Any] = {"first_comment": first_comment or None, "link": link}
    values.update((name, getattr(variant, name)) for name in _OPTIONS)
    if variant.cover_at is not None:
        values["cover_at"] = variant.cover_at.total_seconds()
    if variant.collaborators is not None:
        values["collaborators"] = list(variant.collaborators)
    if variant.music is not None:
        values["music"] = variant.music.model_dump(exclude_none=True)
    if variant.sponsors is not None:
        values["sponsors"] = list(variant.sponsors)
    if variant.trial is not None:
        values["trial"] = {"graduation": variant.trial.graduation}
    return MappingProxyType({name: value for name, value in values.items() if value is not None})


def wishes_for(media: Media, variant: Variant) -> Wishes:
    """What the entry wishes for, else the post."""
    return Wishes(
        fit=media.fit or variant.fit,
        background=media.background or variant.background or "",
        still=media.still,
    )


def _is_video(item: MediaItem) -> bool:
    if isinstance(item.facts, VideoFacts | ImageFacts):
        return isinstance(item.facts, VideoFacts)
    return splitext(item.path)[1].lower() in _VIDEO_SUFFIXES


def type_of(variant: Variant, media: tuple[MediaItem, ...], known: Iterable[PostType]) -> PostType:
    """As it is written, or what people would call it."""
    if variant.type is not None:
        return variant.type
    if not media:
        return PostType.TEXT
    if len(media) > 1:
        return PostType.CAROUSEL
    if not _is_video(media[0]):
        return PostType.IMAGE
    return PostType.REEL if PostType.REEL in known else PostType.VIDEO


def late_policy(post: Post, config: Config, account: str) -> LatePolicy:
    """The first who says something: post, account, configuration; each part on its own."""
    voices = [voice for voice in (post.late, config.accounts[account].late, config.late) if voice]
    grace = next((late.grace for late in voices if late.grace is not None), DEFAULT_GRACE)
    then = next((late.then for late in voices if late.then is not None), DEFAULT_THEN)
    return LatePolicy(grace, then)
