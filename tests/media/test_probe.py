from __future__ import annotations

import random
import struct
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from socialauto.core.media_facts import ImageFacts, UnreadableMedia, VideoFacts
from socialauto.media.probe import probe
from support import media_samples as make


def image(data: bytes) -> ImageFacts:
    facts = probe(data)
    assert isinstance(facts, ImageFacts), facts
    return facts


def video(data: bytes) -> VideoFacts:
    facts = probe(data)
    assert isinstance(facts, VideoFacts), facts
    return facts


def reason(data: bytes) -> str:
    facts = probe(data)
    assert isinstance(facts, UnreadableMedia), facts
    assert facts.bytes == len(data)
    return facts.reason


@pytest.mark.parametrize(
    ("data", "format_", "size", "mode", "frames"),
    [
        (make.jpeg(), "jpeg", (1080, 1350), "RGB", 1),
        (make.jpeg(progressive=True), "jpeg", (1080, 1350), "RGB", 1),
        (make.jpeg(mode="CMYK"), "jpeg", (1080, 1350), "CMYK", 1),
        (make.jpeg(mode="L"), "jpeg", (1080, 1350), "L", 1),
        (make.mpo(), "mpo", (320, 400), "RGB", 2),
        (make.png(mode="RGBA"), "png", (1080, 1350), "RGBA", 1),
        (make.webp(), "webp", (320, 400), "RGB", 1),
        (make.webp(lossless=True), "webp", (320, 400), "RGB", 1),
        (make.webp(frames=3), "webp", (320, 400), "RGB", 3),
        (make.gif(), "gif", (320, 400), "P", 1),
        (make.gif(frames=3), "gif", (320, 400), "P", 3),
        (make.heic(), "heic", (3024, 4032), "RGB", 1),
    ],
)
def test_an_image_is_known_by_its_content(
    data: bytes, format_: str, size: tuple[int, int], mode: str, frames: int
) -> None:
    facts = image(data)
    assert (facts.format, facts.width, facts.height) == (format_, *size)
    assert (facts.mode, facts.frames, facts.bytes) == (mode, frames, len(data))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_jpeg_says_so(orientation: int) -> None:
    facts = image(make.jpeg(640, 480, orientation=orientation))
    shown = (480, 640) if orientation >= 5 else (640, 480)
    assert facts.orientation == orientation
    assert (facts.width, facts.height) == (640, 480)
    assert (facts.shown_width, facts.shown_height) == shown


def test_an_orientation_that_does_not_exist_counts_as_upright() -> None:
    assert image(make.jpeg(640, 480, orientation=9)).orientation == 1


def test_a_broken_exif_block_takes_nothing_from_the_picture() -> None:
    data = make.jpeg(640, 480, orientation=6)
    broken = data.replace(b"Exif\0\0MM", b"Exif\0\0??")
    assert broken != data
    assert image(broken).orientation == 1


def test_bytes_behind_the_end_of_a_jpeg_are_fine() -> None:
    assert image(make.jpeg(640, 480) + b"the camera's own notes").format == "jpeg"


@pytest.mark.parametrize("part", range(1, 11))
@pytest.mark.parametrize(
    "sample",
    [make.jpeg, lambda: make.jpeg(progressive=True), make.png, make.webp, make.gif, make.heic],
    ids=["jpeg", "progressive", "png", "webp", "gif", "heic"],
)
def test_an_image_cut_off_anywhere_is_unreadable(sample: Callable[[], bytes], part: int) -> None:
    data = sample()
    assert reason(data[: len(data) * part // 11])
    assert reason(data[:-part])


def test_a_tiff_whose_pages_lead_in_a_circle_is_broken() -> None:
    data = bytearray(make.tiff())
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    struct.pack_into("<I", data, at + 2 + 12 * count, at)
    assert reason(bytes(data)) == "has pages that lead back to each other"


@pytest.mark.parametrize(
    ("mode", "shown", "transparent"),
    [("RGB", "RGB", False), ("RGBA", "RGBA", True), ("L", "L", False), ("1", "1", False),
     ("CMYK", "CMYK", False), ("P", "P", False), ("I;16", "I;16", False), ("F", "F", False)],
)  # fmt: skip
def test_a_tiff_is_read_by_its_tags(mode: str, shown: str, transparent: bool) -> None:
    facts = image(make.tiff(mode=mode))
    assert (facts.format, facts.width, facts.height) == ("tiff", 320, 400)
    assert (facts.mode, facts.frames, facts.transparent) == (shown, 1, transparent)


def test_what_a_camera_wrote_into_a_jpeg_is_seen() -> None:
    plain, placed = image(make.jpeg()), image(make.with_notes(make.jpeg()))
    named = image(make.with_notes(make.jpeg(), located=False))
    assert [(one.notes, one.located) for one in (plain, named, placed)] == [
        (False, False), (True, False), (True, True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "transparent"),
    [
        (make.png(mode="RGBA"), True),
        (make.png(mode="LA"), True),
        (make.png(), False),
        (make.gif(), False),
        (make.webp(), False),
    ],
)
def test_what_may_shine_through_is_seen(data: bytes, transparent: bool) -> None:
    assert image(data).transparent is transparent


def test_a_cut_off_jpeg_says_where() -> None:
    assert reason(make.jpeg()[:10_000]) == "is cut off after 10,000 bytes"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xd8" + b"\xff\xe0\0\2" * 2_000_000, "is split into more than 500 segments"),
        (
            b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0teXt0000" * 500_000,
            "is split into more than 10,000 chunks",
        ),
    ],
    ids=["jpeg", "png"],
)
def test_a_file_of_countless_tiny_parts_is_given_up_early(data: bytes, words: str) -> None:
    start = time.process_time()
    assert reason(data) == words
    assert time.process_time() - start < 0.1


def test_a_jpeg_with_a_header_and_no_picture_is_unreadable() -> None:
    data = make.jpeg(640, 480)
    start_of_scan = data.index(b"\xff\xda")
    assert reason(data[:start_of_scan] + b"\xff\xd9") == "has a header and no picture"


def test_a_bomb_is_refused_by_its_header_and_never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make.png_bomb()
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("decoded"))
    start = time.process_time()
    assert reason(data) == (
        "has 169 million pixels (13,000 × 13,000), at most 50 million are taken"
    )
    assert len(data) < 25_000
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(("size", "readable"), [((10_000, 5_000), True), ((10_000, 5_001), False)])
def test_fifty_million_pixels_are_the_limit(size: tuple[int, int], readable: bool) -> None:
    data = bytearray(make.png())
    data[16:24] = struct.pack(">II", *size)
    data[29:33] = struct.pack(">I", make.zlib.crc32(bytes(data[12:29])))
    assert isinstance(probe(bytes(data)), ImageFacts) is readable


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"This is a letter.\n", "is text, no image or video"),
        ("Grüße aus Köln".encode(), "is text, no image or video"),
        (
            b"\xef\xbb\xbf<!DOCTYPE html><title>Not found</title>",
            "is a web page (HTML), no image or video",
        ),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG drawing, export it as JPEG"),
        (b"<?xml version='1.0'?><svg/>", "is an SVG drawing, export it as JPEG"),
        (b"%PDF-1.7\n", "is a PDF document"),
        (b"PK\x03\x04rest", "is a ZIP archive or an office document"),
        (b"II*\0rest", "is cut off after 8 bytes"),
        (b"BM\x10\0\0\0\0\0", "is a BMP image, export it as JPEG"),
        (b"\0" * 1000, "is neither an image nor a video"),
        (b"\xff\xd8", "is neither an image nor a video"),
        (b"\xff\xd8\xff", "is cut off after 3 bytes"),
        (b"\x89PNG\r\n\x1a\n", "is cut off after 8 bytes"),
        (b"\xff\xd8\xff\xda\0\2\xff\xd9", "has a broken JPEG header"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0IEND1234", "has a broken PNG header"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "is cut off after 16 bytes"),
        (b"RIFF\x04\0\0\0WEBP", "has a broken WEBP header"),
        (b"GIF89a" + bytes(7) + b";", "has a header and no picture"),
        (b"GIF89a" + bytes(7) + b"?", "is broken after 13 bytes"),
        (b"GIF89a;", "has a broken GIF header"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "is neither an image nor a video"),
        (b"a" * 4095 + "ü".encode(), "is text, no image or video"),
    ],
)
def test_what_is_no_media_is_named(data: bytes, words: str) -> None:
    assert reason(data) == words


def test_a_reel_is_read_in_full(film: bytes) -> None:
    assert video(film) == VideoFacts(
        container="mp4",
        bytes=len(film),
        width=180,
        height=320,
        duration=3.0,
        frame_rate=30.0,
        video_codec="h264",
        bit_rate=len(film) * 8 // 3,
        chroma="4:2:0",
        scan="progressive",
        audio_codec="aac",
        audio_rate=44_100,
        audio_channels=2,
        moov_first=True,
    )


@pytest.mark.parametrize(
    ("options", "facts"),
    [
        ({"codec": "hevc"}, {"video_codec": "hevc"}),
        ({"audio": None}, {"audio_codec": None, "audio_rate": None, "audio_channels": None}),
        ({"audio": "libmp3lame"}, {"audio_codec": "mp3"}),
        ({"audio_rate": 96_000}, {"audio_rate": 96_000}),
        ({"channels": 6}, {"audio_channels": 6}),
        ({"channels": 1}, {"audio_channels": 1}),
        ({"container": "mov"}, {"container": "mov", "moov_first": True}),
        ({"container": "mkv"}, {"container": "mkv", "moov_first": False}),
        ({"chroma": "4:2:2"}, {"chroma": "4:2:2"}),
        ({"interlaced": True, "seconds": 3}, {"scan": "interlaced"}),
        ({"frame_rate": 15}, {"frame_rate": 15.0}),
        ({"seconds": 1}, {"duration": 1.0}),
        (
            {"codec": "vp9", "container": "webm", "audio": "libopus", "audio_rate": 48_000},
            {"container": "webm", "video_codec": "vp9", "audio_codec": "opus"},
        ),
        (
            {"codec": "mpeg4", "container": "avi", "audio": "libmp3lame"},
            {"container": "avi", "video_codec": "mpeg4"},
        ),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_a_video_is_known_by_its_content(
    options: dict[str, object], facts: dict[str, object]
) -> None:
    found = video(make.mp4(**({"seconds": 0.5} | options)))  # type: ignore[arg-type]  # a table
    assert {name: getattr(found, name) for name in facts} == facts


def test_an_index_behind_the_pictures_is_seen(film_with_index_last: bytes) -> None:
    assert video(film_with_index_last).moov_first is False


def test_a_video_that_is_stored_lying_is_measured_as_shown(film: bytes) -> None:
    upright = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 320 << 16, 0, 1 << 30)
    track = film.index(b"tkhd")
    data = film[:track] + film[track:].replace(upright, turned, 1)
    assert (video(data).width, video(data).height) == (320, 180)


@pytest.mark.parametrize("part", range(1, 11))
@pytest.mark.parametrize("name", ["film", "film_with_index_last"])
def test_a_video_cut_off_anywhere_is_unreadable(
    name: str, part: int, request: pytest.FixtureRequest
) -> None:
    data: bytes = request.getfixturevalue(name)
    assert reason(data[: len(data) * part // 11])
    assert reason(data[:-part])


def test_a_video_without_an_index_says_so(film_with_index_last: bytes) -> None:
    index = film_with_index_last.rindex(b"moov") - 4
    assert reason(film_with_index_last[:index]) == (
        "has no moov box (index), so nobody can play it; export it again"
    )


def test_a_video_without_pictures_says_so(film: bytes) -> None:
    pictures = film.index(b"mdat") - 4
    assert reason(film[:pictures]).startswith("has no mdat box")


def test_a_sound_file_is_no_video() -> None:
    index = make.box("moov", b"")
    data = make.box("ftyp", b"M4A \0\0\0\0") + index + make.box("mdat", b"")
    assert reason(data) == "has no video track"


def test_a_text_with_a_film_s_name_is_told_by_its_content() -> None:
    assert reason(b"launch.mp4 comes next week") == "is text, no image or video"


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\xff\0\0\0WEBP",
            b"\x1a\x45\xdf\xa3",
        ]
        + [b"\0\0\0\x10ftyp" + brand + bytes(4) for brand in (b"isom", b"qt  ", b"heic", b"avif")]
    ),
    rest=st.binary(max_size=400),
)
def test_random_bytes_never_break_the_probe(start: bytes, rest: bytes) -> None:
    assert probe(start + rest).bytes == len(start + rest)


def test_damaged_files_never_break_the_probe(film: bytes) -> None:
    """Flipped bytes go deeper into the readers than random ones do."""
    dice = random.Random(7)
    samples = [make.jpeg(320, 400), make.mpo(), make.png(), make.webp(frames=3), make.gif(frames=3)]
    for data in [*samples, make.heic(), film, film, film]:
        for _ in range(10):
            damaged = bytearray(data)
            for _ in range(8):
                damaged[dice.randrange(min(len(data), 5_000))] = dice.randrange(256)
            assert probe(bytes(damaged)).bytes == len(data)


def test_an_image_larger_than_any_platform_takes_is_not_looked_at() -> None:
    assert reason(b"\xff\xd8\xff".ljust(50_000_001, b"x")) == (
        "has 50,000,001 bytes, images have at most 50,000,000"
    )


def test_probing_never_loads_the_video_library_here(film: bytes) -> None:
    code = (
        "import sys\nfrom socialauto.media.probe import probe\n"
        "assert probe(sys.stdin.buffer.read()).video_codec == 'h264'\n"
        "assert 'pymediainfo' not in sys.modules and 'PIL' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], input=film, check=True)
