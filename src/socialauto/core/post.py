"""A post as people write it: the front matter of a Markdown file, or a YAML document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from socialauto.core.config import Late
from socialauto.core.message import PostType
from socialauto.core.policies import Allow
from socialauto.core.text_settings import Markup, Overflow
from socialauto.core.values import AccountRef, Color, Duration, Flag, Hashtag, PostId, Strict, Zone
from socialauto.core.wishes import Fit

TIME_PATTERN = (
    r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ Tt]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?"
    r"(\s*([Zz]|[+-][0-9]{2}:?[0-9]{2}))?$"
)
"""For editors; `core.when` reads it and explains what is wrong."""


def _bare_path(value: Any) -> Any:
    """`- media/one.jpg` is short for `- {path: media/one.jpg}`."""
    return {"path": value} if isinstance(value, str) else value


class Tag(Strict):
    """A person in a picture."""

    user: str = Field(min_length=1, description="The person's name on the platform.")
    x: float | None = Field(
        default=None, ge=0, le=1, description="0 is the left edge, 1 the right."
    )
    y: float | None = Field(
        default=None, ge=0, le=1, description="0 is the upper edge, 1 the lower."
    )


class Media(Strict):
    """A media file of a post."""

    path: str = Field(
        min_length=1,
        description="Relative to the post's file, or from the repository's root with a leading /.",
        examples=["media/one.jpg", "/media/logo.jpg"],
    )
    alt: str | None = Field(default=None, description="What people who cannot see it are told.")
    tags: tuple[Tag, ...] = Field(
        default=(),
        description="People in the picture or the video.",
        examples=[[{"user": "bob", "x": 0.4, "y": 0.6}]],
    )
    cover_at: Duration | None = Field(
        default=None,
        description="The moment of a carousel's video that stands for it.",
        examples=["1.5s"],
    )
    fit: Fit | None = Field(default=None, description="`fit` for this file alone.")
    background: Color | None = Field(
        default=None, description="`background` for this file alone.", examples=["black"]
    )
    still: Flag = Field(
        default=False, description="true: an animated image goes out as its first picture."
    )


MediaEntry = Annotated[Media, BeforeValidator(_bare_path, json_schema_input_type=str | Media)]


class Music(Strict):
    """A song or a sound of the platform's own library."""

    id: str = Field(
        pattern=r"^[0-9]+$", description="The platform's id of it.", examples=["1234567890"]
    )
    volume: int | None = Field(
        default=None, ge=0, le=100, description="How loud it is, 0 to 100; 100 when left out."
    )
    video_volume: int | None = Field(
        default=None, ge=0, le=100, description="How loud the video's own sound is beside it."
    )


class Trial(Strict):
    """A reel that only people who do not follow the account are shown at first."""

    graduation: Literal["manual", "ss_performance"] = Field(
        description="How followers come to see it: manual (somebody decides in the app) or "
        "ss_performance (when it does well with strangers).",
        examples=["manual"],
    )


class Variant(Strict):
    """What an account can have of its own: every field that is left out is the post's."""

    text: str | None = Field(
        default=None,
        description="The caption; in a Markdown file it is the body instead. A Jinja template.",
    )
    template: str | None = Field(
        default=None,
        min_length=1,
        description="The text of templates/NAME.j2 around it, which knows this one as {{ text }}.",
        examples=["product"],
    )
    markup: Markup | None = Field(
        default=None,
        description="markdown: the text is Markdown, and goes out as people type it; plain: as it "
        "is written. Default: the account's, else that of socialauto.yaml.",
    )
    overflow: Overflow | None = Field(
        default=None,
        description="What becomes of a text that is too long for the platform: refuse, or truncate "
        "(cut behind a word, hashtags are kept). Default: socialauto.yaml.",
    )
    type: PostType | None = Field(
        default=None, description="What it becomes; taken from the media when it is left out."
    )
    media: tuple[MediaEntry, ...] | None = Field(
        default=None,
        description="Images and videos, in their order.",
        examples=[["media/one.jpg", {"path": "media/two.jpg", "alt": "A red door"}]],
    )
    hashtags: tuple[Hashtag, ...] | None = Field(
        default=None,
        description="Appended to the text, with or without #.",
        examples=[["launch", "acme"]],
    )
    first_comment: str | None = Field(
        default=None, description="Written below the post at once. A Jinja template."
    )
    collaborators: tuple[str, ...] | None = Field(
        default=None, description="Accounts that are invited to be its authors too."
    )
    location: str | None = Field(default=None, description="The platform's id of a place.")
    cover: str | None = Field(
        default=None, description="An image file that stands for the video, as a path."
    )
    cover_at: Duration | None = Field(
        default=None, description="The moment of the video that stands for it.", examples=["1.5s"]
    )
    fit: Fit | None = Field(
        default=None,
        description="What becomes of media whose shape the platform does not take: crop keeps "
        "their middle, pad adds margins.",
        examples=["crop"],
    )
    background: Color | None = Field(
        default=None,
        description="The colour of margins and below transparent pictures; white when it is left "
        "out.",
        examples=["'#f4eee2'"],
    )
    share_to_feed: Flag | None = Field(
        default=None, description="Whether a reel is shown in the feed as well."
    )
    audio_name: str | None = Field(
        default=None,
        min_length=1,
        description="What a reel's own sound is called.",
        examples=["Rain on the roof"],
    )
    music: Music | None = Field(
        default=None,
        description="A song or sound of the platform's library for a reel.",
        examples=[{"id": "1234567890", "video_volume": 20}],
    )
    trial: Trial | None = Field(
        default=None,
        description="A reel that is tried out on people who do not follow the account.",
        examples=[{"graduation": "manual"}],
    )
    ai_generated: Flag | None = Field(
        default=None, description="true: says that it was made with artificial intelligence."
    )
    paid_partnership: Flag | None = Field(
        default=None, description="true: says that somebody paid for it."
    )
    sponsors: tuple[str, ...] | None = Field(
        default=None,
        description="The platform's ids of who paid, with paid_partnership.",
        examples=[["17841400000000009"]],
    )
    comments: Flag | None = Field(default=None, description="false: nobody can comment on it.")
    language: str | None = Field(
        default=None,
        description="The text's language, as a BCP 47 tag; dates and numbers are written in it.",
        examples=["en", "de-AT"],
    )
    visibility: str | None = Field(default=None, description="Who can see it.")
    content_warning: str | None = Field(
        default=None, description="Shown in its place until the reader asks for it."
    )
    link: str | None = Field(
        default=None, description="A web page shown as a card.", examples=["https://example.org"]
    )
    vars: dict[str, Any] | None = Field(
        default=None, description="Values for templates, as {{ vars.name }}."
    )
    delete: Flag | None = Field(
        default=None, description="true: deletes what was published, once and for ever."
    )


class Override(Variant):
    """What is different on one account, on those of a group, or on a platform."""

    time: str | None = Field(
        default=None,
        description="Goes out at this time there, in the post's time zone.",
        examples=["2026-12-01 17:30"],
        json_schema_extra={"pattern": TIME_PATTERN},
    )


class Post(Variant):
    """One desired publication."""

    id: PostId | None = Field(
        default=None,
        description="Names the post for ever; default: its path below content/ without suffix.",
        examples=["launch-2026"],
    )
    account: AccountRef | None = Field(
        default=None, description="The account it goes out on.", examples=["acme-instagram"]
    )
    accounts: tuple[AccountRef, ...] | None = Field(
        default=None, description="Several accounts, instead of `account`."
    )
    time: str | None = Field(
        default=None,
        description="Wall clock in `timezone`, or with an explicit offset.",
        examples=["2026-12-01 09:00", "2026-12-01T09:00+01:00"],
        json_schema_extra={"pattern": TIME_PATTERN},
    )
    schedule: str | None = Field(
        default=None,
        min_length=1,
        description="The id of slots in schedules/, instead of `time`: it goes out in the next one "
        "that is free.",
        examples=["mornings"],
    )
    order: int = Field(
        default=0,
        ge=-9999,
        le=9999,
        description="Its place in the queue of `schedule`: small numbers first, then by path.",
    )
    timezone: Zone | None = Field(
        default=None, description="IANA name of the zone of `time`; default: socialauto.yaml."
    )
    late: Late | None = Field(default=None, description="What happens when it is late.")
    draft: Flag = Field(default=False, description="true: checked and never published.")
    allow: Allow | None = Field(
        default=None,
        description="Policies of socialauto.yaml that this post does not follow, with the reason.",
        examples=[{"require_alt": "decorative"}],
    )
    overrides: dict[AccountRef, Override] = Field(
        default_factory=dict,
        description="Fields that differ on an account, a group or a platform.",
    )


NOT_YET = {
    "thread": "threads",
    "products": "product tags",
}
"""Fields that are planned: better named than called unknown."""
