"""What has to be done to an image, from its facts alone.

What no reader can see is done in silence (upright, sRGB, smaller, without the camera's notes).
What one can see is done only as the post wishes; otherwise the image is refused, with its measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from socialauto.core.capability import ImageRules
from socialauto.core.check_images import Subject, image_complaints
from socialauto.core.finding import Complaint
from socialauto.core.framing import Rules, Size, cropped, frame_for, out_of_range
from socialauto.core.media_facts import ImageFacts
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

FORMATS = frozenset({"jpeg", "png", "webp", "gif", "mpo", "tiff", "avif", "heic"})
"""What `media.prepare_image` reads."""

_MODES = {
    "CMYK": "CMYK",
    "YCbCr": "YCbCr",
    "I": "16-bit grey",
    "I;16": "16-bit grey",
    "I;16B": "16-bit grey",
    "I;16L": "16-bit grey",
}
"""Colours that are converted, as people call them."""
_EASY_MODES = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX"})
"""Those that are sRGB once they are stored as JPEG."""

_COLORS = {"#ffffff": "white", "#000000": "black"}


def shape_hint(size: Size, rules: Rules) -> str:
    """What to write for a shape that is not taken."""
    limit = out_of_range(size, rules)
    assert limit is not None
    width, height = cropped(size, limit)
    return f'write "fit: crop" ({width} × {height} of it stay) or "fit: pad" (margins)'


def _unshapely(found: list[Complaint], size: Size, rules: ImageRules) -> Iterator[Complaint]:
    for complaint in found:
        if complaint.code == "SA416":
            yield replace(complaint, hint=shape_hint(size, rules))


def _too_small(
    subject: Subject, frame: Frame, rules: ImageRules, *, cut: bool
) -> Iterator[Complaint]:
    width = frame.canvas[0]
    if rules.min_width is not None and width < rules.min_width:
        left = " when it is cropped" if cut else ""
        message = (
            f"is {width} pixels wide{left}, {subject.platform} takes at least {rules.min_width}"
        )
        hint = 'take a larger picture, or write "fit: pad" (margins)'
        yield subject.complain("SA417", message, hint)


def _moves(facts: ImageFacts, rules: ImageRules) -> bool:
    """An MPO holds the same picture again: for the other eye, or as a preview."""
    if facts.format == "mpo" or facts.frames == 1:
        return False
    return not (rules.animated and facts.format in rules.formats)


def _moving(subject: Subject, facts: ImageFacts) -> Complaint:
    message = f"has {facts.frames:,} pictures, {subject.platform} takes images with one"
    hint = 'write "still: true" to send the first one, or export it as a video'
    return subject.complain("SA420", message, hint)


def _undecodable(
    subject: Subject, facts: ImageFacts, found: list[Complaint], means: Means
) -> Iterator[Complaint]:
    if facts.format not in FORMATS:
        yield from (one for one in found if one.code == "SA414")
    if facts.format == "heic" and not means.heic:
        message = "is a HEIC image, and the library that reads those is not installed"
        yield subject.complain("SA444", message, 'pip install "socialauto[heic]"')
    if facts.mode not in _MODES and facts.mode not in _EASY_MODES:
        message = f"has {facts.mode} colours, which cannot be converted"
        yield subject.complain("SA419", message, "export it as JPEG in sRGB")


def _blockers(
    subject: Subject, facts: ImageFacts, rules: ImageRules, profile: Profile, means: Means
) -> Iterator[Complaint]:
    wishes, size = profile.wishes, (facts.shown_width, facts.shown_height)
    found = list(image_complaints(subject, facts, rules))
    if wishes.fit is None:
        yield from _unshapely(found, size, rules)
    frame = frame_for(size, rules, wishes.fit)
    yield from _too_small(subject, frame, rules, cut=frame.cut != size)
    if _moves(facts, rules) and not wishes.still:
        yield _moving(subject, facts)
    if facts.format not in rules.formats or facts.mode not in rules.color_modes:
        yield from _undecodable(subject, facts, found, means)


def framed(frame: Frame, size: Size, color: str) -> Iterator[Done]:
    """What a frame does to a picture of this size."""
    if frame.cut != size:
        yield Done(Treatment.CROP, f"cropped to {frame.cut[0]} × {frame.cut[1]}")
    if frame.content != frame.cut:
        yield Done(Treatment.SCALE, f"scaled to {frame.content[0]} × {frame.content[1]}")
    if frame.canvas != frame.content:
        to = f"{frame.canvas[0]} × {frame.canvas[1]}"
        yield Done(Treatment.PAD, f"padded with {color_name(color)} to {to}")


def color_name(color: str) -> str:
    return _COLORS.get(color, color)


def _changes(
    facts: ImageFacts, rules: ImageRules, profile: Profile, frame: Frame
) -> Iterator[Done]:
    """All that needs the image to be stored anew."""
    if _moves(facts, rules):
        yield Done(Treatment.STILL, f"the first of {facts.frames:,} pictures taken")
    if facts.orientation != 1:
        yield Done(Treatment.UPRIGHT, "stored upright")
    odd = facts.format == "jpeg" and facts.mode not in rules.color_modes
    if facts.icc or facts.mode in _MODES or odd:
        of = facts.icc or _MODES.get(facts.mode, facts.mode)
        yield Done(Treatment.COLORS, f"converted from {of} to sRGB")
    size = (facts.shown_width, facts.shown_height)
    yield from framed(frame, size, profile.wishes.color)
    if facts.bytes > rules.max_bytes:
        yield Done(Treatment.SHRINK, f"made smaller than {rules.max_bytes:,} bytes")


def _steps(facts: ImageFacts, rules: ImageRules, profile: Profile, frame: Frame) -> Iterator[Done]:
    changes = list(_changes(facts, rules, profile, frame))
    yield from changes
    taken = facts.format in rules.formats and facts.mode in rules.color_modes
    if facts.format != "jpeg" and (changes or not taken):
        if facts.transparent:
            yield Done(Treatment.OPAQUE, f"put on {color_name(profile.wishes.color)}")
        yield Done(Treatment.FORMAT, "stored as JPEG")
    elif facts.notes:
        what = "the place where it was taken" if facts.located else "the camera's notes"
        yield Done(Treatment.STRIP, f"{what} removed")


def decide_image(
    subject: Subject, facts: ImageFacts, rules: ImageRules, profile: Profile, means: Means
) -> Decision:
    """Whether and how this image can be made one that the rules take."""
    blockers = tuple(_blockers(subject, facts, rules, profile, means))
    if blockers:
        return Impossible(blockers)
    size = (facts.shown_width, facts.shown_height)
    frame = frame_for(size, rules, profile.wishes.fit)
    steps = tuple(_steps(facts, rules, profile, frame))
    return Needed(steps, frame) if steps else Nothing()
