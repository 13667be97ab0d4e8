"""A post as people write it: the front matter of a Markdown file, or a YAML document."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from socialauto.core.config import Duration, Late, Name, Strict, Zone
from socialauto.core.message import PostType


def _bare_path(value: Any) -> Any:
    """`- media/one.jpg` is short for `- {path: media/one.jpg}`."""
    return {"path": value} if isinstance(value, str) else value


class Tag(Strict):
    """A person in a picture."""

    user: str = Field(min_length=1)
    x: float | None = Field(default=None, ge=0, le=1)
    y: float | None = Field(default=None, ge=0, le=1)


class Media(Strict):
    """A media file of a post."""

    path: str = Field(
        min_length=1,
        description="Relative to the post's file, or from the repository's root with a leading /.",
    )
    alt: str | None = Field(default=None, description="What people who cannot see it are told.")
    tags: tuple[Tag, ...] = ()


MediaEntry = Annotated[Media, BeforeValidator(_bare_path, json_schema_input_type=str | Media)]


class Variant(Strict):
    """What an account can have of its own: every field that is left out is the post's."""

    text: str | None = None
    type: PostType | None = None
    media: tuple[MediaEntry, ...] | None = None
    hashtags: tuple[str, ...] | None = None
    first_comment: str | None = None
    collaborators: tuple[str, ...] | None = None
    location: str | None = None
    cover: str | None = None
    cover_at: Duration | None = None
    share_to_feed: bool | None = None
    language: str | None = None
    visibility: str | None = None
    content_warning: str | None = None
    link: str | None = None


class Post(Variant):
    """One desired publication."""

    id: str | None = Field(
        default=None,
        description="Names the post for ever; default: its path below content/ without suffix.",
    )
    account: Name | None = None
    accounts: tuple[Name, ...] = ()
    time: str | None = Field(
        default=None,
        description="Wall clock in `timezone`, `2026-12-01 09:00`, or with an explicit offset.",
    )
    timezone: Zone | None = None
    late: Late | None = None
    draft: bool = False
    vars: dict[str, Any] = Field(default_factory=dict)
    overrides: dict[Name, Variant] = Field(default_factory=dict)
