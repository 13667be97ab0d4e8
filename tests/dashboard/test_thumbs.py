"""Small pictures: small, upright, and of nothing that could hurt."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from socialauto.core.media_facts import ImageFacts
from socialauto.core.message import MediaItem
from socialauto.dashboard.thumbs import LARGEST, MOST_PIXELS, SIDE, can_be_small, small_picture
from support.scenery import film, image, picture


def encoded(made: Image.Image, kind: str, **more: object) -> bytes:
    file = io.BytesIO()
    made.save(file, kind, **more)
    return file.getvalue()


def noise(side: int = 900) -> Image.Image:
    data = random.Random(7).randbytes(side * side * 3)
    return Image.frombytes("RGB", (side, side), data)


@pytest.mark.parametrize(
    "data",
    [
        picture(1),
        encoded(noise(), "PNG"),
        encoded(noise(), "JPEG", quality=100),
        encoded(Image.new("RGBA", (2000, 40), (255, 0, 0, 0)), "PNG"),
        encoded(Image.new("CMYK", (500, 500)), "JPEG"),
        encoded(Image.new("P", (500, 500)), "GIF"),
        encoded(Image.new("I;16", (300, 300)), "PNG"),
        encoded(Image.new("RGB", (1, 1)), "WEBP"),
    ],
)
def test_it_is_a_small_jpeg(data: bytes) -> None:
    small = small_picture(data)
    assert small is not None
    assert len(small) <= LARGEST
    with Image.open(io.BytesIO(small)) as made:
        assert (made.format, made.mode) == ("JPEG", "RGB")
        assert max(made.size) <= SIDE


def test_it_is_upright() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6
    data = encoded(Image.new("RGB", (600, 300)), "JPEG", exif=notes.tobytes())
    small = small_picture(data)
    assert small is not None
    with Image.open(io.BytesIO(small)) as made:
        assert made.size == (240, 480)
        assert not made.getexif()


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", picture(1)[:500], b"<svg xmlns='http://www.w3.org/2000/svg'/>",
     b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"],
)  # fmt: skip
def test_what_is_no_picture_has_no_small_one(data: bytes) -> None:
    assert small_picture(data) is None


def test_a_bomb_is_not_decoded() -> None:
    facts = ImageFacts("png", 20_000, 20_000, 20_000)
    assert not can_be_small(MediaItem("bomb.png", "b" * 40, facts))
    # The header tells the same when the facts were lies.
    assert MOST_PIXELS < 9_000 * 9_000
    assert small_picture(encoded(Image.new("1", (9_000, 9_000)), "PNG")) is None


def test_videos_have_none() -> None:
    assert not can_be_small(film(1))
    assert can_be_small(image(1))
