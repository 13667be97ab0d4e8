"""Judges a video by a platform's rules. What a file does not say about itself is not judged."""

from __future__ import annotations

from collections.abc import Iterator

from socialauto.core.capability import VideoRules
from socialauto.core.check_images import (
    Subject,
    place_complaints,
    ratio_complaints,
    size_complaints,
)
from socialauto.core.finding import Complaint
from socialauto.core.media_facts import VideoFacts
from socialauto.core.suggest import one_of

_NAMES = {"h264": "H.264", "hevc": "HEVC", "aac": "AAC", "mp3": "MP3", "mp4": "MP4", "mov": "MOV"}
_NAMES |= {"vp8": "VP8", "vp9": "VP9", "av1": "AV1", "webm": "WebM", "mkv": "Matroska"}


def _name(word: str) -> str:
    return _NAMES.get(word, word.upper())


def _names(words: frozenset[str]) -> str:
    return one_of(sorted(map(_name, words)))


def _seconds(value: float) -> str:
    """`2.97 s`, `15 min`, `15 min 0.1 s`; never rounded onto a limit it misses."""
    if value < 60:
        return f"{value:.3f}".rstrip("0").rstrip(".") + " s"
    minutes, rest = divmod(round(value, 3), 60)
    return f"{minutes:.0f} min" + (f" {_seconds(round(rest, 3))}" if rest else "")


def _ffmpeg(subject: Subject, options: str) -> str:
    return f"ffmpeg -i {subject.quoted} {options} {subject.renamed('.mp4')}"


def _reencode(subject: Subject, options: str = "") -> str:
    extra = f"{options} " if options else ""
    codecs = "-c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart"
    return _ffmpeg(subject, extra + codecs)


def _container(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    if facts.container not in rules.containers:
        message = (
            f"is a {_name(facts.container)} file by its content, "
            f"{subject.platform} takes {_names(rules.containers)}"
        )
        yield subject.complain("SA422", message, _reencode(subject))
    elif rules.moov_first and not facts.moov_first:
        message = "has its index (moov) behind the pictures (mdat)"
        yield subject.complain("SA430", f"{message}, {subject.platform} needs it first")


def _codec(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    if facts.video_codec not in rules.video_codecs:
        message = (
            f"holds {_name(facts.video_codec)} video, "
            f"{subject.platform} takes {_names(rules.video_codecs)}"
        )
        yield subject.complain("SA423", message, _reencode(subject))


def _frame_rate(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    lowest, highest = rules.min_frame_rate, rules.max_frame_rate
    if facts.frame_rate is not None and not lowest <= facts.frame_rate <= highest:
        message = (
            f"has {facts.frame_rate:g} frames a second, "
            f"{subject.platform} takes {lowest:g} to {highest:g}"
        )
        yield subject.complain("SA424", message, _reencode(subject, "-r 30"))


def _duration(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    if not rules.min_seconds <= facts.duration <= rules.max_seconds:
        message = (
            f"lasts {_seconds(facts.duration)}, {subject.platform} takes "
            f"{_seconds(rules.min_seconds)} to {_seconds(rules.max_seconds)}"
        )
        yield subject.complain("SA425", message)


def _columns(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    if rules.max_width is not None and facts.width > rules.max_width:
        message = (
            f"is {facts.width} pixels wide, {subject.platform} takes at most {rules.max_width}"
        )
        yield subject.complain("SA426", message, _reencode(subject, "-vf scale=1080:-2"))


def _bit_rate(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    limit = rules.max_bit_rate
    if limit is not None and facts.bit_rate is not None and facts.bit_rate > limit:
        message = (
            f"has {facts.bit_rate / 1e6:,.3f} Mbit/s, "
            f"{subject.platform} takes at most {limit / 1e6:g}"
        )
        yield subject.complain("SA427", message, _reencode(subject, "-maxrate 20M -bufsize 40M"))


def _sound(facts: VideoFacts, rules: VideoRules) -> Iterator[str]:
    """What is wrong with the sound, and what would be right."""
    codec, rate, channels = facts.audio_codec, facts.audio_rate, facts.audio_channels
    if codec is not None and codec not in rules.audio_codecs:
        yield f"has {_name(codec)} sound, {{}} takes {_names(rules.audio_codecs)}"
    if rate is not None and rules.max_audio_rate is not None and rate > rules.max_audio_rate:
        yield f"has sound at {rate:,} Hz, {{}} takes at most {rules.max_audio_rate:,}"
    limit = rules.max_audio_channels
    if channels is not None and limit is not None and channels > limit:
        yield f"has {channels} sound channels, {{}} takes at most {limit}"


def _audio(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    hint = _ffmpeg(subject, "-c:v copy -c:a aac -ar 48000 -ac 2 -movflags +faststart")
    for message in _sound(facts, rules):
        yield subject.complain("SA428", message.format(subject.platform), hint)


def _pictures(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    if rules.progressive and facts.scan not in (None, "progressive"):
        message = f"is {facts.scan}, {subject.platform} takes progressive video"
        yield subject.complain("SA429", message, _reencode(subject, "-vf yadif"))
    if rules.chroma and facts.chroma is not None and facts.chroma not in rules.chroma:
        allowed = one_of(sorted(rules.chroma))
        message = f"has {facts.chroma} chroma subsampling, {subject.platform} takes {allowed}"
        yield subject.complain("SA429", message, _reencode(subject))


def _edits(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    if facts.edited and not rules.edit_lists:
        message = f"is cut or delayed by an edit list, which {subject.platform} may not follow"
        yield subject.warn("SA443", message, _reencode(subject))


def video_complaints(subject: Subject, facts: VideoFacts, rules: VideoRules) -> Iterator[Complaint]:
    """Every rule that the video breaks."""
    yield from _container(subject, facts, rules)
    yield from size_complaints(subject, facts.bytes, rules.max_bytes)
    yield from _codec(subject, facts, rules)
    yield from _frame_rate(subject, facts, rules)
    yield from _duration(subject, facts, rules)
    yield from _columns(subject, facts, rules)
    yield from ratio_complaints(subject, facts.width, facts.height, rules)
    yield from _bit_rate(subject, facts, rules)
    yield from _audio(subject, facts, rules)
    yield from _pictures(subject, facts, rules)
    yield from _edits(subject, facts, rules)
    yield from place_complaints(subject, facts)
