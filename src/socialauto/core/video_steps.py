"""What has to be done to a video, from its facts alone.

Its index is moved to the front without touching a picture. Encoding it anew costs quality and time,
so that is done only where `media.transcode` allows it; otherwise the video is refused, with the
measure and the command that a person can run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from socialauto.core.capability import VideoRules
from socialauto.core.check_images import Subject
from socialauto.core.check_videos import video_complaints
from socialauto.core.finding import Complaint
from socialauto.core.framing import even_frame
from socialauto.core.image_steps import framed, shape_hint
from socialauto.core.media_facts import VideoFacts
from socialauto.core.profile import (
    Decision,
    Done,
    Frame,
    Impossible,
    Means,
    Needed,
    Nothing,
    Profile,
    Treatment,
)

_ENCODED = frozenset(
    {"SA415", "SA422", "SA423", "SA424", "SA426", "SA427", "SA428", "SA429", "SA443"}
)
"""What encoding a video anew mends."""

_SOUND = "SA428"
_SHAPE = "SA416"
_PLACE = "SA442"
_INDEX = "SA430"

_KEPT = {"mp4": frozenset({"h264", "hevc"}), "mov": frozenset({"h264", "hevc"})}
"""Codecs, by container, whose pictures can be kept while the sound is encoded anew."""

_LEAST_BIT_RATE = 500_000
"""Bits a second below which a video is no pleasure to look at."""
_ROOM = 0.9
"""Of the bytes a platform takes, what is aimed at: encoders overshoot."""


def bit_rate_for(facts: VideoFacts, rules: VideoRules) -> int:
    """Bits a second that keep the whole file within the rules."""
    by_size = int(rules.max_bytes * 8 * _ROOM / facts.duration)
    by_rate = int(rules.max_bit_rate * _ROOM) if rules.max_bit_rate is not None else by_size
    return min(by_size, by_rate)


def _unencodable(
    subject: Subject,
    facts: VideoFacts,
    rules: VideoRules,
    reasons: list[Complaint],
    profile: Profile,
    means: Means,
) -> Iterator[Complaint]:
    if not profile.transcode:
        yield from reasons
    elif not means.video:
        message = f"must be encoded anew for {subject.platform}, which is not installed"
        yield subject.complain("SA444", message, 'pip install "socialauto[video]"')
    elif bit_rate_for(facts, rules) < _LEAST_BIT_RATE:
        message = (
            f"lasts {facts.duration:,.0f} s, too long for {rules.max_bytes:,} bytes, "
            f"which is all that {subject.platform} takes"
        )
        yield subject.complain("SA415", message, "make it shorter")


def _shaped(
    complaint: Complaint, facts: VideoFacts, rules: VideoRules, profile: Profile
) -> Complaint:
    """A wrong shape, with what helps: a wish, or the leave to fulfil it."""
    if profile.wishes.fit is None:
        return replace(complaint, hint=shape_hint((facts.width, facts.height), rules))
    hint = "let it be encoded anew: media: {transcode: true} in socialauto.yaml"
    return replace(complaint, hint=hint)


def _anew(facts: VideoFacts, rules: VideoRules, profile: Profile, frame: Frame) -> Iterator[Done]:
    yield from framed(frame, (facts.width, facts.height), profile.wishes.color)
    sound = " and AAC" if facts.audio_codec else ""
    yield Done(Treatment.TRANSCODE, f"encoded anew as H.264{sound}")


def _with_leave(
    facts: VideoFacts, rules: VideoRules, profile: Profile, reasons: list[Complaint]
) -> Needed:
    """Encoding anew as little as possible."""
    kept = facts.video_codec in _KEPT.get(facts.container, ())
    if kept and all(reason.code == _SOUND for reason in reasons):
        size = (facts.width, facts.height)
        step = Done(Treatment.SOUND, "its sound encoded anew as AAC")
        return Needed((step,), Frame(size, size, size))
    frame = even_frame((facts.width, facts.height), rules, profile.wishes.fit)
    return Needed(tuple(_anew(facts, rules, profile, frame)), frame)


def _moves(found: list[Complaint]) -> Iterator[Done]:
    """What leaves every picture and every sound as it is."""
    codes = {complaint.code for complaint in found}
    if _PLACE in codes:
        yield Done(Treatment.STRIP, "the place where it was taken removed")
    if _INDEX in codes:
        yield Done(Treatment.INDEX, "its index moved to the front")


def decide_video(
    subject: Subject, facts: VideoFacts, rules: VideoRules, profile: Profile, means: Means
) -> Decision:
    """Whether and how this video can be made one that the rules take."""
    found = list(video_complaints(subject, facts, rules))
    reasons = [
        one
        for one in found
        if one.code in _ENCODED and (one.severity == "error" or profile.transcode)
    ]
    shapes = [_shaped(one, facts, rules, profile) for one in found if one.code == _SHAPE]
    blockers = [one for one in found if one.code not in _ENCODED | {_SHAPE, _INDEX, _PLACE}]
    if profile.wishes.fit and profile.transcode:
        reasons += shapes
    else:
        blockers += shapes
    if reasons:
        blockers += _unencodable(subject, facts, rules, reasons, profile, means)
    if blockers:
        return Impossible(tuple(blockers))
    if reasons:
        return _with_leave(facts, rules, profile, reasons)
    steps = tuple(_moves(found))
    size = (facts.width, facts.height)
    return Needed(steps, Frame(size, size, size)) if steps else Nothing()
