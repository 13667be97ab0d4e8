"""Instagram's rules on real files, through the probe, as `validate` sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from socialauto.adapters import instagram
from socialauto.adapters.instagram.rules import CAPABILITIES, REEL
from socialauto.adapters.registry import adapter
from socialauto.core.checks import check_message
from socialauto.core.message import MediaItem, Message, PostType, UserTag
from socialauto.media.probe import probe
from support import media_samples as make


def item(data: bytes, *, alt: str = "A door", **more: Any) -> MediaItem:
    return MediaItem("a.jpg", "0" * 40, probe(data), alt, **more)


def codes(kind: PostType, *media: MediaItem, text: str = "Hello", **more: Any) -> list[str]:
    message = Message("instagram", kind, text, media, **more)
    found = [*check_message(message, CAPABILITIES), *instagram.check(message)]
    return [complaint.code for complaint in found]


def image(data: bytes, **more: Any) -> list[str]:
    return codes(PostType.IMAGE, item(data), **more)


def reel(data: bytes, **more: Any) -> list[str]:
    return codes(PostType.REEL, item(data, alt=""), **more)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (make.jpeg(1080, 1350), []),
        (make.jpeg(1080, 566), []),
        (make.jpeg(320, 320), []),
        (make.jpeg(1440, 1440), []),
        (make.jpeg(320, 400, progressive=True), []),
        (make.jpeg(320, 400, mode="L"), []),
        (make.jpeg(1080, 1351), ["SA416"]),
        (make.jpeg(1080, 565), ["SA416"]),
        (make.jpeg(319, 319), ["SA417"]),
        (make.jpeg(1441, 1441), ["SA418"]),
        (make.jpeg(320, 400, mode="CMYK"), ["SA419"]),
        (make.jpeg(400, 320, orientation=6), ["SA421"]),
        (make.png(320, 400), ["SA414"]),
        (make.webp(), ["SA414"]),
        (make.gif(), ["SA414"]),
        (make.mpo(), ["SA414"]),
        (make.heic(1080, 1350), ["SA414"]),
        (make.jpeg()[:5_000], ["SA411"]),
        (make.png_bomb(), ["SA411"]),
        (b"", ["SA411"]),
    ],
)
def test_an_image_post_takes_a_jpeg_of_its_shape(data: bytes, expected: list[str]) -> None:
    assert image(data) == expected


@pytest.mark.parametrize(
    ("size", "expected"), [(8_000_000, []), (8_000_001, ["SA415"])], ids=["limit", "beyond"]
)
def test_an_image_has_at_most_8_000_000_bytes(size: int, expected: list[str]) -> None:
    assert image(make.jpeg(320, 400).ljust(size, b"\0")) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, []),
        ({"container": "mov"}, []),
        ({"codec": "hevc"}, []),
        ({"audio": None}, []),
        ({"channels": 1}, []),
        ({"audio_rate": 48_000}, []),
        ({"frame_rate": 23}, []),
        ({"frame_rate": 60}, []),
        ({"seconds": 2.9}, ["SA425"]),
        ({"frame_rate": 22}, ["SA424"]),
        ({"frame_rate": 61}, ["SA424"]),
        ({"moov_first": False}, ["SA430"]),
        ({"audio": "libmp3lame"}, ["SA428"]),
        ({"audio_rate": 96_000}, ["SA428"]),
        ({"channels": 6}, ["SA428"]),
        ({"chroma": "4:2:2"}, ["SA429"]),
        ({"interlaced": True}, ["SA429"]),
        ({"container": "mkv"}, ["SA422"]),
        ({"codec": "mpeg4", "container": "mp4"}, ["SA423"]),
    ],
    ids=str,
)
def test_a_reel_takes_an_mp4_made_for_it(options: dict[str, Any], expected: list[str]) -> None:
    assert reel(make.mp4(**options)) == expected


def test_a_reel_s_limits_are_those_of_the_platform_s_page() -> None:
    assert (REEL.max_bytes, REEL.min_seconds, REEL.max_seconds) == (300_000_000, 3, 900)
    assert (REEL.max_width, REEL.max_bit_rate) == (1_920, 25_000_000)


def test_a_reel_is_no_image_and_an_image_is_no_reel() -> None:
    assert reel(make.jpeg()) == ["SA412"]
    assert codes(PostType.IMAGE, item(make.mp4(), alt="")) == ["SA412"]


def test_a_reel_has_its_own_fields() -> None:
    options = {"share_to_feed": True, "cover_at": 2.9, "location": "7640348500"}
    assert reel(make.mp4(), options=options) == []
    assert reel(make.mp4(), options={"cover_at": 3.0}) == ["SA431"]
    assert reel(make.mp4(), cover=item(make.jpeg(1080, 1920))) == []
    assert reel(make.mp4(), cover=item(make.png(1080, 1920))) == ["SA414"]


@pytest.mark.parametrize(
    ("count", "expected"), [(1, ["SA413"]), (2, []), (10, []), (11, ["SA413"])]
)
def test_a_carousel_has_two_to_ten_items(count: int, expected: list[str]) -> None:
    assert codes(PostType.CAROUSEL, *[item(make.jpeg())] * count) == expected


def test_a_carousel_mixes_images_and_videos_of_one_shape() -> None:
    still, film = item(make.jpeg(1080, 1350)), item(make.mp4(216, 270), alt="")
    assert codes(PostType.CAROUSEL, still, film) == []
    assert codes(PostType.CAROUSEL, film, still) == []


def test_a_tall_video_in_a_carousel_is_refused_as_an_image_would_be() -> None:
    tall = item(make.mp4(), alt="")
    assert codes(PostType.CAROUSEL, item(make.jpeg()), tall) == ["SA416", "SA436"]


def test_items_that_the_first_one_s_shape_will_crop_are_warned_of() -> None:
    media = (item(make.jpeg(1080, 1350)), item(make.jpeg(1080, 1080)), item(make.jpeg(1080, 1345)))
    message = Message("instagram", PostType.CAROUSEL, "", media)
    (complaint,) = instagram.check(message)
    assert (complaint.field, complaint.severity) == ("media.1", "warning")
    assert complaint.message == (
        "a.jpg is 1080 × 1080, Instagram crops it to the shape of the carousel's first item, "
        "1080 × 1350"
    )


def test_a_carousel_whose_first_item_is_unreadable_is_not_judged_by_its_shape() -> None:
    assert codes(PostType.CAROUSEL, item(b""), item(make.jpeg())) == ["SA411"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a" * 2_200, []),
        ("a" * 2_201, ["SA501"]),
        ("🎉" * 1_101, ["SA501"]),
        ("#a " * 30, []),
        ("#a " * 31, ["SA502"]),
        ("@a " * 20, []),
        ("@a " * 21, ["SA503"]),
        ("an **old** friend", ["SA505"]),
    ],
    ids=["none", "2200", "2201", "emoji", "30 tags", "31 tags", "20 names", "21 names", "bold"],
)
def test_a_caption_is_counted_as_instagram_counts(text: str, expected: list[str]) -> None:
    assert image(make.jpeg(), text=text) == expected


@pytest.mark.parametrize(
    ("alt", "expected"), [("", ["SA434"]), ("a" * 1_000, []), ("a" * 1_001, ["SA433"])]
)
def test_alt_text_has_at_most_1000_characters(alt: str, expected: list[str]) -> None:
    assert codes(PostType.IMAGE, item(make.jpeg(), alt=alt)) == expected


@pytest.mark.parametrize(("count", "expected"), [(20, []), (21, ["SA435"])])
def test_an_image_has_at_most_twenty_tags(count: int, expected: list[str]) -> None:
    tags = tuple(UserTag(f"user{index}", 0.5, 0.5) for index in range(count))
    assert codes(PostType.IMAGE, item(make.jpeg(), tags=tags)) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"collaborators": ["a", "b", "c"]}, []),
        ({"collaborators": ["a", "b", "c", "d"]}, ["SA222"]),
        ({"collaborators": ["@a"]}, ["SA223"]),
        ({"location": "7640348500"}, []),
        ({"location": "Berlin"}, ["SA202"]),
        ({"first_comment": "Link in bio"}, []),
        ({"comments": False}, []),
        ({"comments": False, "first_comment": "Link in bio"}, ["SA224"]),
        ({"comments": True, "first_comment": "Link in bio"}, []),
        ({"ai_generated": True}, []),
        ({"audio_name": "Rain"}, ["SA210"]),
        ({"trial": {"graduation": "manual"}}, ["SA210"]),
        ({"share_to_feed": True}, ["SA210"]),
        ({"cover_at": 1.0}, ["SA210"]),
        ({"visibility": "private"}, ["SA210"]),
        ({"content_warning": "loud"}, ["SA210"]),
        ({"link": "https://example.org"}, ["SA210"]),
        ({"language": "de"}, ["SA210"]),
    ],
    ids=str,
)
def test_a_field_is_honoured_or_a_complaint(options: dict[str, Any], expected: list[str]) -> None:
    assert image(make.jpeg(), options=options) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(PostType.TEXT, ["SA221"]), (PostType.VIDEO, ["SA221"])],
)
def test_other_types_are_refused(kind: PostType, expected: list[str]) -> None:
    assert codes(kind, item(make.jpeg())) == expected


# stories


def story(data: bytes, *, alt: str = "", text: str = "", **more: Any) -> list[str]:
    media = item(data, alt=alt, **more.pop("media", {}))
    return codes(PostType.STORY, media, text=text, **more)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (make.jpeg(1080, 1920), []),
        (make.jpeg(300, 533), []),
        (make.jpeg(1080, 1350), ["SA437"]),
        (make.jpeg(1920, 300), ["SA437"]),
        (make.jpeg(1920, 1080, orientation=6), ["SA421"]),
        (make.jpeg(1080, 1920, mode="CMYK"), ["SA419"]),
        (make.png(1080, 1920), ["SA414"]),
        (make.mp4(), []),
        (make.mp4(320, 180), ["SA437"]),
        (make.mp4(seconds=2.9), ["SA425"]),
        (make.mp4(moov_first=False), ["SA430"]),
    ],
)
def test_a_story_takes_a_picture_or_a_film_for_a_phone(data: bytes, expected: list[str]) -> None:
    assert story(data) == expected


def test_a_story_s_limits_are_those_of_the_platform_s_page() -> None:
    rules = CAPABILITIES.types[PostType.STORY]
    assert rules.images
    assert rules.videos
    assert (rules.images.max_bytes, rules.images.min_ratio) == (8_000_000, None)
    assert (rules.videos.max_bytes, rules.videos.max_seconds) == (100_000_000, 60)
    assert (rules.videos.min_ratio, rules.videos.max_ratio) == (0.1, 10)


def test_the_shape_of_a_story_is_advice() -> None:
    message = Message("instagram", PostType.STORY, "", (item(make.jpeg(1080, 1080)),))
    (complaint,) = instagram.check(message)
    assert (complaint.field, complaint.severity) == ("media.0", "warning")
    assert complaint.message == (
        "a.jpg is 1080 × 1080, Instagram shows stories at 9:16 and crops it or leaves a margin"
    )


def test_a_story_has_one_of_one() -> None:
    two = [item(make.jpeg(1080, 1920), alt="")] * 2
    assert codes(PostType.STORY, *two, text="") == ["SA413"]
    assert codes(PostType.STORY, text="") == ["SA413"]


TALL = make.jpeg(1080, 1920)


@pytest.mark.parametrize("data", [TALL, make.mp4()], ids=["picture", "film"])
@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (UserTag("bob"), []),
        (UserTag("bob", 0.5, 0.5), []),
        (UserTag("bob", 0.5), ["SA435"]),
        (UserTag("bob", None, 0.5), ["SA435"]),
        (UserTag("@bob"), ["SA435"]),
    ],
    ids=str,
)
def test_a_tag_in_a_story_has_a_place_or_none(
    data: bytes, tag: UserTag, expected: list[str]
) -> None:
    assert story(data, media={"tags": (tag,)}) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"text": "Words"}, ["SA506"]),
        ({"alt": "A door"}, ["SA432"]),
        ({"cover": item(make.jpeg())}, ["SA210"]),
        ({"options": {"ai_generated": True}}, []),
        ({"options": {"first_comment": "Link in bio"}}, ["SA210"]),
        ({"options": {"comments": False}}, ["SA210"]),
        ({"options": {"collaborators": ["ann"]}}, ["SA210"]),
        ({"options": {"location": "7640348500"}}, ["SA210"]),
        ({"options": {"share_to_feed": True}}, ["SA210"]),
        ({"options": {"cover_at": 1.0}}, ["SA210"]),
        ({"options": {"audio_name": "Rain"}}, ["SA210"]),
        ({"options": {"trial": {"graduation": "manual"}}}, ["SA210"]),
    ],
    ids=str,
)
def test_a_story_has_few_fields(more: dict[str, Any], expected: list[str]) -> None:
    assert story(TALL, **more) == expected


# the first comment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 300, []),
        ("a" * 301, ["SA509"]),
        ("#a #b #c #d", []),
        ("#a #b #c #d #e", ["SA509"]),
        ("https://example.org", []),
        ("https://example.org and www.example.com", ["SA509"]),
        ("a" * 2_200, ["SA509"]),
        ("a" * 2_201, ["SA508"]),
        ("🎉" * 1_101, ["SA508"]),
    ],
    ids=["300", "301", "4 tags", "5 tags", "a link", "2 links", "2200", "2201", "emoji"],
)
def test_only_a_first_comment_that_is_surely_too_long_is_an_error(
    text: str, expected: list[str]
) -> None:
    media = (item(make.jpeg()),)
    message = Message("instagram", PostType.IMAGE, "", media, options={"first_comment": text})
    found = [*instagram.check(message)]
    assert [complaint.code for complaint in found] == expected
    assert {complaint.severity for complaint in found} <= (
        {"error"} if expected == ["SA508"] else {"warning"}
    )


# what is worth a word


def warnings(kind: PostType, *media: MediaItem, **more: Any) -> list[tuple[str, str, str]]:
    message = Message("instagram", kind, "", media, **more)
    found = list(instagram.check(message))
    assert {complaint.severity for complaint in found} <= {"warning"}
    return [(each.field, each.code, each.message) for each in found]


@pytest.mark.parametrize("name", ["bob", "Bob_the.baker", "a" * 30, "_", "1"])
def test_a_name_that_can_be_one_is_taken(name: str) -> None:
    still = item(make.jpeg(), tags=(UserTag(name, 0.5, 0.5),))
    assert warnings(PostType.IMAGE, still, options={"collaborators": [name]}) == []


@pytest.mark.parametrize("name", ["Bob Baker", "bob-baker", "a" * 31, "bob@acme", "bøb", "acme/"])
def test_a_name_that_cannot_be_one_is_worth_a_word(name: str) -> None:
    still = item(make.jpeg(), tags=(UserTag(name, 0.5, 0.5),))
    words = f'"{name}" does not look like the name of an account on Instagram'
    assert warnings(PostType.IMAGE, still, options={"collaborators": [name]}) == [
        ("collaborators.0", "SA223", words),
        ("media.0.tags.0", "SA435", words),
    ]


def test_a_cover_of_another_shape_is_cut() -> None:
    film, cover = item(make.mp4(), alt=""), item(make.jpeg(1080, 1080))
    assert warnings(PostType.REEL, film, cover=cover) == [
        (
            "cover",
            "SA437",
            "a.jpg is 1080 × 1080, Instagram shows covers at 9:16 and cuts its middle out",
        )
    ]


# the moment of a video in a carousel


@pytest.mark.parametrize(
    ("kind", "at", "expected"),
    [
        (PostType.CAROUSEL, 2.9, []),
        (PostType.CAROUSEL, 3.0, ["SA431"]),
        (PostType.REEL, 1.0, ["SA210"]),
        (PostType.STORY, 1.0, ["SA210"]),
    ],
)
def test_a_video_in_a_carousel_has_a_moment_of_its_own(
    kind: PostType, at: float, expected: list[str]
) -> None:
    film = item(make.mp4(216, 270), alt="", cover_at=at)
    media = (film, item(make.jpeg())) if kind is PostType.CAROUSEL else (film,)
    assert [each for each in codes(kind, *media, text="") if each != "SA437"] == expected


def test_a_picture_has_no_moment() -> None:
    still = item(make.jpeg(), cover_at=1.0)
    assert codes(PostType.CAROUSEL, still, item(make.jpeg())) == ["SA431"]


def test_the_adapter_has_the_protocol_s_names() -> None:
    found = adapter("instagram")
    assert found.platform == "instagram"
    assert found.capabilities.fetches_by_url
    assert found.capabilities.can_find


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (PostType.IMAGE, ["winter-blend.jpg"]),
        (PostType.CAROUSEL, ["two-ways.jpg", "pour-over.jpg", "espresso.mp4"]),
        (PostType.REEL, ["slow-mornings.mp4"]),
    ],
)
def test_the_example_team_s_media_keep_the_rules(
    kind: PostType, names: list[str], project_root: Path
) -> None:
    folder = project_root / "content/2026/12/media"
    media = [
        item((folder / name).read_bytes(), alt="" if name.endswith("mp4") else "A cup")
        for name in names
    ]
    assert codes(kind, *media) == []
