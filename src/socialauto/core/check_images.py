"""Judges an image by a platform's rules. Each complaint says what was measured and the cure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from shlex import quote

from socialauto.core.capability import ImageRules, VideoRules
from socialauto.core.finding import Complaint
from socialauto.core.media_facts import ImageFacts, VideoFacts
from socialauto.core.suggest import one_of


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged, and for whom."""

    field: str
    path: str
    platform: str
    """As people write it: Instagram."""

    def complain(self, code: str, message: str, hint: str = "") -> Complaint:
        return Complaint(self.field, code, f"{self.path} {message}", hint)

    def warn(self, code: str, message: str, hint: str = "") -> Complaint:
        return Complaint(self.field, code, f"{self.path} {message}", hint, "warning")

    @property
    def quoted(self) -> str:
        """The path as a shell takes it."""
        return quote(self.path)

    def renamed(self, suffix: str) -> str:
        """A name beside the file for its mended copy: `clip.mov` → `clip-fixed.mp4`."""
        path = PurePosixPath(self.path)
        stem = path.stem if path.suffix != suffix else f"{path.stem}-fixed"
        return quote(str(path.with_name(stem + suffix)))


def ratio_words(width: int, height: int, limit: float) -> tuple[str, str]:
    """A ratio and its limit, with as many digits as it takes to see the difference."""
    for digits in (2, 3, 4, 6):
        ratio, shown = f"{width / height:.{digits}f}", f"{limit:.{digits}f}"
        if ratio != shown:
            break
    return ratio, shown


def size_complaints(subject: Subject, size: int, limit: int) -> Iterator[Complaint]:
    if size > limit:
        message = f"has {size:,} bytes, {subject.platform} takes at most {limit:,}"
        yield subject.complain("SA415", message)


def ratio_complaints(
    subject: Subject, width: int, height: int, rules: ImageRules | VideoRules
) -> Iterator[Complaint]:
    """The shape as shown, width divided by height, against `rules`."""
    lowest, highest = rules.min_ratio, rules.max_ratio
    if lowest is not None and width / height < lowest:
        ratio, limit = ratio_words(width, height, lowest)
        word, fit = "narrower", (width, int(width / lowest))
    elif highest is not None and width / height > highest:
        ratio, limit = ratio_words(width, height, highest)
        word, fit = "wider", (int(height * highest), height)
    else:
        return
    allowed = rules.ratio_words or f"{lowest} to {highest}"
    message = (
        f"is {width} × {height} ({ratio}), {word} than {limit}; {subject.platform} takes {allowed}"
    )
    yield subject.complain("SA416", message, f"crop it, {fit[0]} × {fit[1]} fits")


def _format(subject: Subject, facts: ImageFacts, rules: ImageRules) -> Iterator[Complaint]:
    if facts.format in rules.formats:
        return
    allowed = one_of(sorted(name.upper() for name in rules.formats))
    message = (
        f"is a {facts.format.upper()} image by its content, {subject.platform} takes {allowed}"
    )
    yield subject.complain("SA414", message)


def _width(subject: Subject, facts: ImageFacts, rules: ImageRules) -> Iterator[Complaint]:
    width = facts.shown_width
    if rules.min_width is not None and width < rules.min_width:
        message = f"is {width} pixels wide, {subject.platform} takes at least {rules.min_width}"
        yield subject.complain("SA417", message)
    if rules.max_width is not None and width > rules.max_width:
        message = f"is {width} pixels wide, {subject.platform} scales it down to {rules.max_width}"
        yield subject.warn("SA418", message)


def _colors(subject: Subject, facts: ImageFacts, rules: ImageRules) -> Iterator[Complaint]:
    if facts.format in rules.formats and facts.mode not in rules.color_modes:
        message = f"has {facts.mode} colours, {subject.platform} takes sRGB"
        yield subject.complain("SA419", message)


def _still(subject: Subject, facts: ImageFacts, rules: ImageRules) -> Iterator[Complaint]:
    if facts.format in rules.formats and facts.frames > 1 and not rules.animated:
        message = f"has {facts.frames} pictures, {subject.platform} takes images with one"
        yield subject.complain("SA420", message, "export it as a video")


def _upright(subject: Subject, facts: ImageFacts) -> Iterator[Complaint]:
    if facts.orientation != 1:
        message = (
            f"is stored as {facts.width} × {facts.height} and turned by its EXIF orientation "
            f"{facts.orientation}, which not every viewer follows"
        )
        yield subject.warn("SA421", message)


def place_complaints(subject: Subject, facts: ImageFacts | VideoFacts) -> Iterator[Complaint]:
    if facts.located:
        yield subject.warn(
            "SA442", "tells where it was taken, and whoever gets the file can read it"
        )


def image_complaints(subject: Subject, facts: ImageFacts, rules: ImageRules) -> Iterator[Complaint]:
    """Every rule that the image breaks."""
    yield from _format(subject, facts, rules)
    yield from size_complaints(subject, facts.bytes, rules.max_bytes)
    yield from ratio_complaints(subject, facts.shown_width, facts.shown_height, rules)
    yield from _width(subject, facts, rules)
    yield from _colors(subject, facts, rules)
    yield from _still(subject, facts, rules)
    yield from _upright(subject, facts)
    yield from place_complaints(subject, facts)
