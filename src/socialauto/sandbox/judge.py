"""Decides about fetched bytes as the platform does: refused at once, or failing in processing."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from socialauto.sandbox.errors import (
    BROKEN_VIDEO,
    IMAGE_FORMAT,
    IMAGE_RATIO,
    IMAGE_TOO_LARGE,
    NOT_A_MEDIA_FILE,
    RefusedError,
)
from socialauto.sandbox.mp4 import BrokenFileError, Film, Track, looks_like_film, read_film
from socialauto.sandbox.state import Shape

MAX_IMAGE_BYTES = 8 * 1024 * 1024
"""The error text says 8 MiB, the specification 8 MB."""
MAX_VIDEO_BYTES = 300_000_000
_MAX_PIXELS = 80_000_000
_MIN_RATIO = 4 / 5
_MAX_RATIO = 1.91
_ORIENTATION = 0x0112
_VIDEO_CODECS = (b"avc1", b"avc3", b"hvc1", b"hev1")
_AUDIO_CODEC = b"mp4a"
_AAC_FRAME = 1024
"""Audio samples in one sample of the file."""
_IMAGE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    """As shown, after EXIF rotation."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """About a video; a problem shows only when processing ends."""

    width: int
    height: int
    seconds: float | None
    problem: int | None


@dataclass(frozen=True, slots=True)
class _VideoLimits:
    max_bytes: int
    max_seconds: float
    min_ratio: float


_REEL = _VideoLimits(MAX_VIDEO_BYTES, 15 * 60, 0.01)
_STORY = _VideoLimits(100_000_000, 60, 0.1)


@lru_cache(maxsize=32)
def _decode(body: bytes) -> Picture:
    """The size as shown. Raises for what is no complete JPEG."""
    try:
        with Image.open(io.BytesIO(body)) as image:
            if image.format != "JPEG":
                raise RefusedError(IMAGE_FORMAT)
            if image.width * image.height > _MAX_PIXELS:
                raise RefusedError(IMAGE_TOO_LARGE)
            turned = image.getexif().get(_ORIENTATION, 1) >= 5
            width, height = image.size
            image.draft(None, (width // 8, height // 8))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError(IMAGE_TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise RefusedError(NOT_A_MEDIA_FILE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise RefusedError(IMAGE_FORMAT) from error
    return Picture(height, width) if turned else Picture(width, height)


def judge_image(body: bytes, *, check_ratio: bool) -> Picture:
    """Raises `RefusedError` with what the platform says about this image."""
    if looks_like_film(body):
        raise RefusedError(IMAGE_FORMAT if body[8:12] in _IMAGE_BRANDS else NOT_A_MEDIA_FILE)
    if len(body) > MAX_IMAGE_BYTES:
        raise RefusedError(IMAGE_TOO_LARGE)
    picture = _decode(body)
    if check_ratio and not _MIN_RATIO <= picture.width / picture.height <= _MAX_RATIO:
        raise RefusedError(IMAGE_RATIO)
    return picture


def _is_fine_picture(track: Track, limits: _VideoLimits) -> bool:
    if not track.seconds or not track.height or track.codec not in _VIDEO_CODECS:
        return False
    return (
        3 <= track.seconds <= limits.max_seconds
        # A hair of tolerance: 23.976 is written as 24000/1001, and lengths are rounded.
        and 22.9 <= track.samples / track.seconds <= 60.1
        and track.width <= 1920
        and limits.min_ratio <= track.width / track.height <= 10
    )


def _is_fine_sound(track: Track) -> bool:
    if track.codec != _AUDIO_CODEC or not track.seconds:
        return False
    # The field for the rate has 16 bits, and writers put 48000 there for anything faster.
    heard = track.samples * _AAC_FRAME / track.seconds
    return track.rate <= 48_000 and heard <= 48_000 * 1.02 and track.channels <= 2


def _is_fine(film: Film, picture: Track, size: int, limits: _VideoLimits) -> bool:
    sound = film.track(b"soun")
    return (
        film.moov_first
        and size <= limits.max_bytes
        and _is_fine_picture(picture, limits)
        and (sound is None or _is_fine_sound(sound))
    )


def judge_video(body: bytes, shape: Shape) -> Verdict:
    """Raises `RefusedError` only for what is no video; all else fails later, in processing."""
    if not looks_like_film(body) or body[8:12] in _IMAGE_BRANDS:
        raise RefusedError(NOT_A_MEDIA_FILE)
    try:
        film = read_film(body)
    except BrokenFileError:
        return Verdict(0, 0, None, BROKEN_VIDEO)
    picture = film.track(b"vide")
    if picture is None:
        return Verdict(0, 0, None, BROKEN_VIDEO)
    fine = _is_fine(film, picture, len(body), _STORY if shape == "story" else _REEL)
    problem = None if fine else BROKEN_VIDEO
    return Verdict(picture.width, picture.height, picture.seconds, problem)
