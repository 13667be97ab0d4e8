"""The judge and its reading of MP4 boxes, on bytes that only bytes can show."""

from __future__ import annotations

import struct

import pytest

from socialauto.sandbox.errors import RefusedError
from socialauto.sandbox.judge import judge_image, judge_video
from socialauto.sandbox.mp4 import BrokenFileError, read_film
from support.media_samples import jpeg, mp4, png_bomb


def test_a_film_says_what_is_in_it():
    film = read_film(mp4(180, 320, seconds=4, frame_rate=25))
    picture, sound = film.track(b"vide"), film.track(b"soun")
    assert film.moov_first
    assert (picture.width, picture.height, picture.codec) == (180, 320, b"avc1")
    assert picture.samples / picture.seconds == pytest.approx(25)
    assert (sound.codec, sound.rate, sound.channels) == (b"mp4a", 44_100, 2)


def test_a_turned_film_has_its_sides_swapped():
    body = bytearray(mp4())
    matrix = body.index(b"tkhd") + 4 + 40
    struct.pack_into(">9i", body, matrix, 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    assert (judge_video(bytes(body), "reel").width, read_film(mp4()).tracks[0].width) == (320, 180)


@pytest.mark.parametrize("at", range(0, 600, 13))
def test_no_cut_brings_the_judge_down(at):
    body = mp4()
    assert judge_video(body[: max(at, 8)], "reel").problem == 2207026


@pytest.mark.parametrize("kind", [b"moov", b"trak", b"mdia", b"stts", b"stsd", b"mdhd", b"tkhd"])
def test_no_wrong_size_brings_the_reader_down(kind):
    broken = 0
    for size in (0, 1, 7, 9, 2**31, 2**32 - 1):
        body = bytearray(mp4())
        struct.pack_into(">I", body, body.index(kind) - 4, size)
        try:
            read_film(bytes(body))
        except BrokenFileError:
            broken += 1
    assert broken > 0


def test_a_film_of_either_quality_is_fine():
    assert judge_video(mp4(), "reel").problem is None
    assert judge_video(mp4(audio=None), "reel").problem is None
    assert judge_video(mp4(codec="hevc"), "reel").problem is None
    assert judge_video(mp4(container="mov"), "reel").problem is None


def test_a_bomb_is_not_decoded():
    with pytest.raises(RefusedError) as refused:
        judge_image(png_bomb(), check_ratio=True)
    assert refused.value.refusal.code in (36000, 36001)


def test_the_size_of_an_image_is_as_shown():
    picture = judge_image(jpeg(1350, 1080, orientation=6), check_ratio=True)
    assert (picture.width, picture.height) == (1080, 1350)
