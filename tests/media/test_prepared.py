"""Real files of every odd kind: what goes out is looked at again, pixels included, or refused."""

from __future__ import annotations

import hashlib
import io
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from socialauto.adapters.instagram.rules import IMAGE, STORY_IMAGE
from socialauto.core.capability import ImageRules, VideoRules
from socialauto.core.errors import MediaHostError
from socialauto.core.media_facts import ImageFacts
from socialauto.core.message import MediaItem
from socialauto.core.preparing import decide
from socialauto.core.profile import NO_MEANS, Needed, Profile
from socialauto.core.wishes import Wishes
from socialauto.media import prepared
from socialauto.media.making import NotMadeError
from socialauto.media.prepare_image import prepare_image
from socialauto.media.prepared import Prepared, PreparedFile
from socialauto.media.probe import probe
from socialauto.sandbox.judge import judge_image
from support import media_samples as make
from support import oddities as odd
from support.oddities import corners, four_colors, near, opened, saved

PATH = "content/media/door.jpg"


def item(data: bytes) -> MediaItem:
    return MediaItem(PATH, hashlib.sha1(data).hexdigest(), probe(data))


def go(
    data: bytes,
    rules: ImageRules | VideoRules = IMAGE,
    *,
    folder: Path | None = None,
    **wishes: Any,
) -> PreparedFile:
    """The file as it goes out to Instagram."""
    profile = Profile(rules, "Instagram", Wishes(**wishes))
    return Prepared(lambda path: data, folder).of(item(data), profile)


def refusal(data: bytes, rules: ImageRules | VideoRules = IMAGE, **wishes: Any) -> str:
    with pytest.raises(MediaHostError) as raised:
        go(data, rules, **wishes)
    assert not raised.value.passing
    return raised.value.message


def picture(file: PreparedFile) -> Image.Image:
    """The JPEG that went out: sound, upright, without a single note, and the sandbox takes it."""
    assert file.mime == "image/jpeg"
    assert file.suffix == "jpg"
    assert isinstance(file.facts, ImageFacts)
    assert (file.facts.format, file.facts.orientation) == ("jpeg", 1)
    assert (file.facts.notes, file.facts.located, file.facts.icc) == (False, False, "")
    assert file.facts == probe(file.data)
    judged = judge_image(file.data, check_ratio=True)
    assert (judged.width, judged.height) == (file.facts.width, file.facts.height)
    assert file.sha256 == hashlib.sha256(file.data).hexdigest()
    image = opened(file.data)
    assert image.mode in ("RGB", "L")
    assert not image.getexif()
    assert "comment" not in image.info
    return image


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_is_taken_goes_out_byte_for_byte(progressive: bool) -> None:
    data = make.jpeg(progressive=progressive)
    assert go(data).data == data
    assert go(data).steps == ()


PAINTED: dict[str, Callable[[Image.Image], bytes]] = {
    "png": lambda image: saved(image, "PNG"),
    "interlaced gif": lambda image: saved(image, "GIF", interlace=1),
    "webp": lambda image: saved(image, "WEBP", quality=95),
    "lossless webp": lambda image: saved(image, "WEBP", lossless=True),
    "avif": lambda image: saved(image, "AVIF", quality=90),
    "heic": odd.heic,
    "tiff": lambda image: saved(image, "TIFF"),
    "deflated tiff": lambda image: saved(image, "TIFF", compression="tiff_deflate"),
    "big endian tiff": lambda image: saved(image, "TIFF", big_endian=True),
    "mpo": lambda image: saved(image, "MPO", save_all=True, append_images=[image.rotate(180)]),
    "palette png": lambda image: saved(image.quantize(16), "PNG"),
    "cmyk jpeg": lambda image: saved(image.convert("CMYK"), "JPEG", quality=95),
    "cmyk tiff": lambda image: saved(image.convert("CMYK"), "TIFF"),
    "ycbcr tiff": lambda image: saved(image.convert("YCbCr"), "TIFF"),
}


@pytest.mark.parametrize("kind", PAINTED)
def test_a_picture_of_any_format_looks_the_same_as_a_jpeg(kind: str) -> None:
    file = go(PAINTED[kind](four_colors()))
    made = picture(file)
    assert made.size == (640, 520)
    assert near(corners(made), odd.CORNERS, most=14)
    assert file.steps


def test_16_bit_grey_keeps_its_greys() -> None:
    made = picture(go(odd.grey_16(40_000)))
    assert near(corners(made), [(156, 156, 156)] * 4)


def test_one_bit_is_black_and_white() -> None:
    image = Image.new("1", (400, 400), 1)
    image.paste(0, (0, 0, 200, 400))
    made = picture(go(saved(image, "PNG")))
    assert near(corners(made), [(0, 0, 0), (255, 255, 255)] * 2)


@pytest.mark.parametrize(
    ("image", "see_through"),
    [
        (Image.new("RGBA", (400, 400), (200, 0, 0, 0)), True),
        (Image.new("LA", (400, 400), (60, 0)), True),
        (Image.new("RGBA", (400, 400), (200, 10, 10, 255)), False),
    ],
)
def test_what_is_transparent_shows_the_background(image: Image.Image, see_through: bool) -> None:
    data = saved(image, "PNG")
    below = [(255, 255, 255), (16, 32, 48)] if see_through else [(200, 10, 10)] * 2
    assert near(corners(picture(go(data))), [below[0]] * 4)
    assert near(corners(picture(go(data, background="#102030"))), [below[1]] * 4)
    assert "put on white" in go(data).steps


def test_half_transparent_pixels_are_mixed_with_the_background() -> None:
    data = saved(Image.new("RGBA", (400, 400), (0, 0, 0, 128)), "PNG")
    assert near(corners(picture(go(data))), [(127, 127, 127)] * 4)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_colour_of_a_palette_shows_the_background(kind: str) -> None:
    image = Image.new("P", (400, 400), 1)
    image.putpalette([0, 0, 0, 200, 10, 10])
    image.paste(0, (0, 0, 200, 400))
    made = picture(go(saved(image, kind, transparency=0)))
    assert near(corners(made), [(255, 255, 255), (200, 10, 10)] * 2)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_stored_as_it_is_seen(orientation: int) -> None:
    exif = Image.Exif()
    exif[make.ORIENTATION] = orientation
    data = saved(four_colors(), "JPEG", exif=exif, quality=95)
    made = picture(go(data))
    seen = ImageOps.exif_transpose(opened(data))
    assert made.size == seen.size
    assert near(corners(made), corners(seen))


@pytest.mark.parametrize("orientation", [3, 6, 8])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_other_formats_are_turned_as_well(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[make.ORIENTATION] = orientation
    data = saved(four_colors(), kind, exif=exif)
    made = picture(go(data))
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270,
             8: Image.Transpose.ROTATE_90}  # fmt: skip
    seen = four_colors().transpose(turns[orientation])
    assert made.size == seen.size
    assert near(corners(made), corners(seen), most=14)


@pytest.mark.parametrize(
    ("name", "primaries"), [("Display P3", odd.DISPLAY_P3), ("Adobe RGB (1998)", odd.ADOBE_RGB)]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colours_of_another_profile_are_the_same_colours_in_srgb(
    name: str, primaries: odd.Matrix, kind: str
) -> None:
    options: dict[str, Any] = {"icc_profile": odd.icc_profile(name, primaries)}
    options |= {"PNG": {}, "JPEG": {"quality": 95}, "WEBP": {"lossless": True}}[kind]
    color = (180, 90, 60)
    file = go(saved(Image.new("RGB", (400, 400), color), kind, **options))
    expected = odd.in_srgb(color, primaries)
    assert max(abs(a - b) for a, b in zip(expected, color, strict=True)) > 6, "nothing is tested"
    assert near(corners(picture(file)), [expected] * 4, most=3)
    assert f"converted from {name} to sRGB" in file.steps


def test_a_picture_in_srgb_is_not_converted_for_saying_so() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(four_colors(), "JPEG", icc_profile=profile)
    assert go(data).data == data


def test_a_profile_for_other_colours_than_the_picture_has_is_not_followed() -> None:
    odd_one = odd.icc_profile("Display P3", odd.DISPLAY_P3)
    data = saved(Image.new("L", (400, 400), 90), "PNG", icc_profile=odd_one)
    assert near(corners(picture(go(data))), [(90, 90, 90)] * 4)


def test_the_place_and_the_camera_are_removed_and_no_pixel_changes() -> None:
    data = make.with_notes(saved(four_colors(), "JPEG", comment=b"my house"))
    facts = probe(data)
    assert isinstance(facts, ImageFacts)
    assert (facts.notes, facts.located) == (True, True)
    file = go(data)
    made = picture(file)
    assert made.tobytes() == opened(data).tobytes()
    assert file.steps == ("the place where it was taken removed",)
    assert b"Camera" not in file.data
    assert b"my house" not in file.data


def test_a_huge_exif_block_is_removed_too() -> None:
    exif = Image.Exif()
    exif[0x927C] = b"\x07" * 60_000
    data = saved(four_colors(), "JPEG", exif=exif)
    assert len(data) > 60_000
    assert len(go(data).data) < 20_000


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_no_note_survives_in_other_formats(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    file = go(saved(four_colors(), kind, exif=exif))
    picture(file)
    assert b"Camera" not in file.data


def test_a_comment_in_a_gif_stays_at_home() -> None:
    data = saved(four_colors(), "GIF", comment=b"my house")
    assert opened(data).info["comment"] == b"my house"
    file = go(data)
    picture(file)
    assert b"my house" not in file.data


def test_bytes_behind_the_picture_are_left_behind() -> None:
    """Phones hang a film of two seconds behind it."""
    data = make.with_notes(make.jpeg()) + make.mp4()
    assert len(go(data).data) < len(make.jpeg()) + 100


def test_a_large_picture_is_scaled_down() -> None:
    file = go(saved(four_colors(4000, 5000), "JPEG"))
    made = picture(file)
    assert made.size == (1440, 1800)
    assert near(corners(made), odd.CORNERS)
    assert file.steps == ("scaled to 1440 × 1800",)


def test_a_turned_large_picture_is_scaled_as_it_is_seen() -> None:
    exif = Image.Exif()
    exif[make.ORIENTATION] = 6
    data = saved(four_colors(4000, 3200), "JPEG", exif=exif)
    made = picture(go(data))
    assert made.size == (1440, 1800)
    assert near(corners(made), corners(four_colors().transpose(Image.Transpose.ROTATE_270)))


def test_a_heavy_picture_is_made_lighter_until_it_is_taken() -> None:
    data = saved(odd.noise(1440, 1440), "PNG")
    light = replace(IMAGE, max_bytes=800_000)
    file = go(data, light)
    assert 400_000 < len(file.data) < 800_000
    assert picture(file).size == (1440, 1440)


def test_a_picture_that_no_quality_makes_light_enough_becomes_smaller() -> None:
    data = saved(odd.noise(800, 800), "PNG")
    file = go(data, replace(STORY_IMAGE, max_bytes=60_000))
    assert len(file.data) < 60_000
    assert picture(file).width < 800


@pytest.mark.parametrize(
    ("size", "fit", "result"),
    [
        ((1080, 1920), "crop", (1080, 1350)),
        ((1080, 1920), "pad", (1440, 1800)),
        ((3000, 600), "crop", (1146, 600)),
        ((3000, 600), "pad", (1440, 754)),
        ((6000, 500), "pad", (1440, 754)),
        ((200, 200), "pad", (320, 320)),
        ((100, 400), "pad", (320, 400)),
        ((401, 1999), "crop", (401, 501)),
        ((401, 1999), "pad", (1440, 1799)),
    ],
)
def test_a_shape_is_mended_as_the_post_wishes(
    size: tuple[int, int], fit: str, result: tuple[int, int]
) -> None:
    made = picture(go(saved(Image.new("RGB", size, (10, 200, 10)), "JPEG"), fit=fit))
    assert made.size == result


def test_the_middle_stays_when_a_picture_is_cropped() -> None:
    image = Image.new("RGB", (800, 2000), (200, 0, 0))
    image.paste((0, 0, 200), (0, 500, 800, 1500))
    made = picture(go(saved(image, "JPEG"), fit="crop"))
    assert made.size == (800, 1000)
    assert near(corners(made), [(0, 0, 200)] * 4)


def test_margins_have_the_colour_that_the_post_names() -> None:
    data = saved(Image.new("RGB", (400, 2000), (200, 0, 0)), "JPEG")
    made = picture(go(data, fit="pad", background="#102030")).convert("RGB")
    assert near([made.getpixel((5, 5))], [(16, 32, 48)])  # type: ignore[list-item]
    assert near([made.getpixel((made.width // 2, 50))], [(200, 0, 0)])  # type: ignore[list-item]


def test_a_small_picture_is_padded_and_never_scaled_up() -> None:
    image = Image.new("RGB", (200, 200), (200, 0, 0))
    made = picture(go(saved(image, "PNG"), fit="pad")).convert("RGB")
    row = [made.getpixel((x, 160)) for x in range(made.width)]
    red = sum(pixel[0] > 150 and pixel[1] < 90 for pixel in row if isinstance(pixel, tuple))
    assert (made.width, red) == (320, pytest.approx(200, abs=3))


@pytest.mark.parametrize("moving", [make.webp(frames=3), make.gif(frames=3)])
def test_the_first_picture_of_a_moving_one_goes_out_when_the_post_says_so(moving: bytes) -> None:
    assert "has 3 pictures, Instagram takes images with one" in refusal(moving)
    made = picture(go(moving, still=True))
    assert near(corners(made), [(0, 90, 120)] * 4)


def test_a_tiff_of_two_pages_is_refused_too() -> None:
    pages = saved(four_colors(), "TIFF", save_all=True, append_images=[four_colors()])
    assert "has 2 pictures" in refusal(pages)
    assert near(corners(picture(go(pages, still=True))), odd.CORNERS)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"This is no picture.\n", "is text, no image or video"),
        (make.jpeg()[:9_000], "is cut off after 9,000 bytes"),
        (make.png_bomb(), "has 169 million pixels (13,000 × 13,000), at most 50 million are taken"),
        (make.jpeg(300, 300), "is 300 pixels wide, Instagram takes at least 320"),
        (make.jpeg(1080, 1920), "is 1080 × 1920 (0.56), narrower than 0.80"),
        (make.png(3000, 400), "is 3000 × 400 (7.50), wider than 1.91"),
        (saved(Image.new("F", (400, 400)), "TIFF"), "has F colours, which cannot be converted"),
        (make.mp4(), "is another kind of media"),
    ],
)
def test_what_cannot_be_prepared_is_refused_with_its_measure(data: bytes, words: str) -> None:
    assert words in refusal(data)
    assert refusal(data).startswith(PATH)


def test_a_narrow_picture_that_is_cropped_may_be_too_small() -> None:
    words = refusal(make.jpeg(300, 2000), fit="crop")
    assert "is 300 pixels wide when it is cropped, Instagram takes at least 320" in words


def test_108_million_pixels_are_counted_and_not_decoded() -> None:
    image = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(image, "PNG")
    assert "has 108 million pixels (12,000 × 9,000)" in refusal(image.getvalue())


def test_a_picture_that_is_broken_inside_is_refused() -> None:
    data = bytearray(saved(odd.noise(400, 400), "PNG"))
    data[60_000:60_040] = bytes(40)
    assert "cannot be decoded" in refusal(bytes(data))


def test_a_picture_of_another_size_than_its_header_says_is_refused() -> None:
    data = saved(four_colors(), "PNG")
    facts = ImageFacts("png", len(data), 520, 640, orientation=1)
    decision = decide(facts, Profile(STORY_IMAGE, "Instagram"), NO_MEANS)
    assert isinstance(decision, Needed)
    with pytest.raises(NotMadeError, match="is 640 × 520 when it is decoded, its header says 520"):
        prepare_image(data, facts, decision, Wishes(), 8_000_000)


def test_a_picture_that_hides_its_size_is_refused() -> None:
    """The index says 320 × 260, and the picture inside is four times as large."""
    data = odd.heic(four_colors())
    size, small = (struct.pack(">II", *one) for one in ((640, 520), (320, 260)))
    assert size in data
    words = refusal(data.replace(size, small))
    assert "cannot be decoded" in words


def test_a_wrong_suffix_changes_nothing() -> None:
    assert go(saved(four_colors(), "PNG")).mime == "image/jpeg"
    assert go(make.jpeg()).mime == "image/jpeg"


def test_an_item_without_a_profile_goes_out_as_it_is() -> None:
    data = make.png()
    file = Prepared(lambda path: data).of(item(data))
    assert (file.data, file.mime, file.suffix) == (data, "image/png", "png")


def test_an_item_knows_its_own_profile() -> None:
    data = make.png()
    known = replace(item(data), profile=Profile(IMAGE, "Instagram"))
    assert Prepared(lambda path: data).of(known).mime == "image/jpeg"


def test_the_same_bytes_come_out_every_time() -> None:
    data = saved(four_colors(2000, 2000), "PNG")
    assert go(data).data == go(data).data


def test_a_result_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(four_colors(), "PNG")
    first = go(data, folder=tmp_path / "kept")
    monkeypatch.setattr(prepared, "_make", None)
    assert go(data, folder=tmp_path / "kept") == first
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.suffix == ".jpg"


def test_another_wish_is_another_result(tmp_path: Path) -> None:
    data = saved(Image.new("RGBA", (400, 400)), "PNG")
    white = go(data, folder=tmp_path)
    black = go(data, folder=tmp_path, background="#000000")
    assert white.sha256 != black.sha256
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b""])
def test_a_damaged_memory_is_made_again(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    data = saved(four_colors(), "PNG")
    first = go(data, folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert go(data, folder=tmp_path) == first
    assert kept.read_bytes() == first.data


def test_a_memory_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert go(make.png(), folder=tmp_path / "file" / "kept").mime == "image/jpeg"


def test_nothing_is_sent_that_was_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_make", lambda *parts: make.jpeg(1080, 1920))
    assert "was made something that is not taken either" in refusal(make.png())


def test_bytes_are_not_shown_where_values_are() -> None:
    assert "data" not in repr(go(make.jpeg()))


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photograph_of_an_iphone_is_stored_as_it_is_seen(orientation: int) -> None:
    exif = Image.Exif()
    exif[make.ORIENTATION] = orientation
    exif[0x010F] = "Camera"
    data = odd.heic(four_colors(), exif=exif.tobytes())
    assert b"irot" in data
    file = go(data)
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270,
             8: Image.Transpose.ROTATE_90}  # fmt: skip
    seen = four_colors().transpose(turns[orientation])
    assert picture(file).size == seen.size
    assert near(corners(picture(file)), corners(seen), most=14)
    assert b"Camera" not in file.data


def test_the_wide_colours_of_an_iphone_are_the_same_colours_in_srgb() -> None:
    color = (180, 90, 60)
    profile = odd.icc_profile("Display P3", odd.DISPLAY_P3)
    data = odd.heic(Image.new("RGB", (400, 400), color), icc_profile=profile)
    file = go(data)
    expected = odd.in_srgb(color, odd.DISPLAY_P3)
    assert near(corners(picture(file)), [expected] * 4, most=4)
    assert "converted from Display P3 to sRGB" in file.steps


def test_an_installation_without_the_library_for_heic_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    assert 'pip install "socialauto[heic]"' in refusal(odd.heic(four_colors()))
