"""A profile says what a media file must become; a decision says what has to be done for that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from socialauto.core.capability import ImageRules, VideoRules
from socialauto.core.finding import Complaint
from socialauto.core.wishes import NO_WISHES, Wishes


@dataclass(frozen=True, slots=True)
class Profile:
    """What one media file of one message must become. `core.preparing.profile_for` makes it."""

    rules: ImageRules | VideoRules
    platform: str
    """As people write it: Instagram."""
    wishes: Wishes = NO_WISHES
    transcode: bool = False
    """Videos may be encoded anew."""


@dataclass(frozen=True, slots=True)
class Means:
    """What can be done where the post goes out."""

    uploads: bool = False
    """The media host takes bytes. One that serves the repository's files cannot serve others."""
    sends_videos: bool = False
    """Videos go to the platform without a media host."""
    heic: bool = True
    """The library that reads photographs of iPhones is installed."""
    video: bool = True
    """The library that encodes videos is installed."""


NO_MEANS = Means()


class Treatment(StrEnum):
    """One thing that is done to a media file."""

    STILL = "still"
    UPRIGHT = "upright"
    COLORS = "colors"
    OPAQUE = "opaque"
    CROP = "crop"
    PAD = "pad"
    SCALE = "scale"
    FORMAT = "format"
    SHRINK = "shrink"
    STRIP = "strip"
    INDEX = "index"
    SOUND = "sound"
    TRANSCODE = "transcode"


NOTICEABLE = frozenset(
    {
        Treatment.STILL,
        Treatment.OPAQUE,
        Treatment.CROP,
        Treatment.PAD,
        Treatment.FORMAT,
        Treatment.SOUND,
        Treatment.TRANSCODE,
    }
)
"""What a reader may see the difference of; the rest only makes a file be what it shows."""


@dataclass(frozen=True, slots=True)
class Done:
    """A treatment with the words for people, in the past tense."""

    what: Treatment
    words: str

    @property
    def noticeable(self) -> bool:
        return self.what in NOTICEABLE


@dataclass(frozen=True, slots=True)
class Frame:
    """How a picture is brought into shape, in pixels as shown (width, height)."""

    cut: tuple[int, int]
    """The middle of the source that stays; all of it unless it is cropped."""
    content: tuple[int, int]
    """What that is scaled to."""
    canvas: tuple[int, int]
    """The whole result; larger than `content` when it is padded."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The file can go out as it is."""


@dataclass(frozen=True, slots=True)
class Needed:
    """The file goes out after this."""

    steps: tuple[Done, ...]
    frame: Frame

    def has(self, *what: Treatment) -> bool:
        """Whether one of these is among the steps."""
        return any(step.what in what for step in self.steps)

    @property
    def words(self) -> str:
        """`put on white, stored as JPEG`."""
        return ", ".join(step.words for step in self.steps)


@dataclass(frozen=True, slots=True)
class Impossible:
    """The file cannot go out; each complaint says what was measured and the cure."""

    complaints: tuple[Complaint, ...]


Decision = Nothing | Needed | Impossible
