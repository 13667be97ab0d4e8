"""What a platform takes, as data: so that checks are offline and one place decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from socialauto.core.api_versions import ApiVersions
from socialauto.core.message import PostType

TextUnit = Literal["code_points", "utf16"]


@dataclass(frozen=True, slots=True)
class TextRules:
    max_length: int
    unit: TextUnit
    max_hashtags: int | None = None
    max_mentions: int | None = None
    required: bool = False
    markdown: bool = False
    """The platform formats Markdown; otherwise `**bold**` is shown as typed, worth a warning."""


@dataclass(frozen=True, slots=True)
class ImageRules:
    formats: frozenset[str]
    max_bytes: int
    min_ratio: float | None = None
    """Width divided by height, as shown."""
    max_ratio: float | None = None
    ratio_words: str = ""
    """How people write the range: "4:5 to 1.91:1"."""
    advised_ratio: float | None = None
    """What is shown whole, where other shapes are taken too; media that may be cropped get it."""
    min_width: int | None = None
    max_width: int | None = None
    """Wider ones are scaled down by the platform; a warning, not an error."""
    color_modes: frozenset[str] = frozenset({"RGB", "L"})
    animated: bool = False


@dataclass(frozen=True, slots=True)
class VideoRules:
    containers: frozenset[str]
    video_codecs: frozenset[str]
    audio_codecs: frozenset[str]
    max_bytes: int
    min_seconds: float
    max_seconds: float
    min_frame_rate: float
    max_frame_rate: float
    max_width: int | None = None
    min_ratio: float | None = None
    max_ratio: float | None = None
    ratio_words: str = ""
    max_bit_rate: int | None = None
    max_audio_rate: int | None = None
    max_audio_channels: int | None = None
    chroma: frozenset[str] | None = None
    progressive: bool = False
    moov_first: bool = False
    edit_lists: bool = True
    advised_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class TypeRules:
    """What one post type takes on one platform."""

    min_media: int
    max_media: int
    images: ImageRules | None = None
    """None: no images in this type."""
    videos: VideoRules | None = None
    """None: no videos in this type."""
    text: TextRules | None = None
    """None: no text in this type."""
    free_tags: bool = False
    """A tag may have a position or none, in images and in videos."""
    cover: ImageRules | None = None
    """What a cover image must be; asked when the field `cover` is honoured."""
    fields: frozenset[str] = frozenset()
    """Optional post fields that are honoured here; any other one that is set is a finding.
    Media fields are written `media.alt`, `media.tags`, `media.cover_at`."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    types: Mapping[PostType, TypeRules]
    name: str = ""
    """As people write it: Instagram."""
    max_alt_length: int | None = None
    video_alt: bool = False
    """Videos can have alternative text too."""
    max_collaborators: int | None = None
    max_tags: int | None = None
    """People in one image or video."""
    placed_tags: bool = False
    """A tag in an image needs x and y, one in a video has neither."""
    fetches_by_url: bool = False
    """The platform downloads media itself, so a media host is needed."""
    can_find: bool = False
    """`find` can tell whether a handle was published."""
    can_delete: bool = False
    """What was published can be deleted; `one_login` may say with which log-in alone."""
    daily_cap: int | None = None
    """Posts per account in 24 hours that we count on unless the platform says otherwise."""
    one_login: Mapping[str, str] = field(default_factory=dict)
    """Fields that only one of the platform's log-ins has, and which: `login:` of the account."""
    default_login: str = ""
    versions: ApiVersions | None = None
    """None: the platform's API has no versions, or nobody here knows their ends."""
    not_yet: Mapping[str, str] = field(default_factory=dict)
    """Fields or types that the platform has and this version does not serve, with a sentence."""
