"""Decides what has to be done to a media file so that its platform takes it; nothing is opened."""

from __future__ import annotations

from dataclasses import replace

from socialauto.core.capability import Capabilities, ImageRules, TypeRules, VideoRules
from socialauto.core.check_images import Subject
from socialauto.core.framing import frame_for
from socialauto.core.image_steps import decide_image
from socialauto.core.media_facts import ImageFacts, MediaFacts, UnreadableMedia, VideoFacts
from socialauto.core.message import MediaItem, Message
from socialauto.core.profile import Decision, Impossible, Means, Profile
from socialauto.core.video_steps import decide_video

RECIPE = 1
"""To be raised when the same file and profile become another file than before."""


_SLACK = 0.005
"""Of an advised shape: pixels are whole, and nobody sees less than a hundredth."""


def _rules(types: TypeRules, item: MediaItem, *, cover: bool) -> ImageRules | VideoRules | None:
    match item.facts:
        case ImageFacts():
            return types.cover if cover else types.images
        case VideoFacts():
            return None if cover else types.videos
        case UnreadableMedia():
            return None


def profile_for(
    capabilities: Capabilities, message: Message, item: MediaItem, *, transcode: bool = False
) -> Profile | None:
    """What `item` must become as a part of `message`; None when its type takes no such media."""
    types = capabilities.types.get(message.type)
    rules = _rules(types, item, cover=item is message.cover) if types else None
    if rules is None:
        return None
    if rules.advised_ratio is not None and item.wishes.fit:
        # No shape is refused there, but who asks for one gets the one that is shown whole.
        rules = replace(
            rules,
            min_ratio=rules.advised_ratio * (1 - _SLACK),
            max_ratio=rules.advised_ratio * (1 + _SLACK),
            ratio_words=f"{rules.advised_ratio:.2f} with this fit",
        )
    return Profile(rules, capabilities.name, item.wishes, transcode)


def with_profiles(message: Message, capabilities: Capabilities, *, transcode: bool) -> Message:
    """The message, each of its media knowing what it must become."""

    def known(item: MediaItem) -> MediaItem:
        profile = profile_for(capabilities, message, item, transcode=transcode)
        return replace(item, profile=profile)

    cover = known(message.cover) if message.cover else None
    return replace(message, media=tuple(known(item) for item in message.media), cover=cover)


def decide(
    facts: MediaFacts, profile: Profile, means: Means, subject: Subject | None = None
) -> Decision:
    """What has to be done to a file with these facts; `subject` names it in complaints."""
    about = subject or Subject("media", "the file", profile.platform)
    rules = profile.rules
    if isinstance(facts, ImageFacts) and isinstance(rules, ImageRules):
        return decide_image(about, facts, rules, profile, means)
    if isinstance(facts, VideoFacts) and isinstance(rules, VideoRules):
        return decide_video(about, facts, rules, profile, means)
    reason = facts.reason if isinstance(facts, UnreadableMedia) else "is another kind of media"
    return Impossible((about.complain("SA411", reason),))


def outgoing_shape(item: MediaItem) -> tuple[int, int] | None:
    """Width and height as they are shown once the item has gone out; None for what is no media."""
    match item.facts:
        case ImageFacts() as image:
            size = image.shown_width, image.shown_height
        case VideoFacts() as video:
            size = video.width, video.height
        case UnreadableMedia():
            return None
    if item.profile is None or item.wishes.fit is None:
        return size
    return frame_for(size, item.profile.rules, item.wishes.fit).canvas
