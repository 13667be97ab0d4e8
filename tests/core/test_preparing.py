from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialauto.adapters.instagram.rules import CAPABILITIES, CAROUSEL_VIDEO, COVER, IMAGE, REEL
from socialauto.core.capability import ImageRules, VideoRules
from socialauto.core.check_images import Subject, image_complaints
from socialauto.core.check_media import media_complaints
from socialauto.core.finding import Complaint
from socialauto.core.framing import even_frame, frame_for, out_of_range
from socialauto.core.media_facts import ImageFacts, MediaFacts, UnreadableMedia, VideoFacts
from socialauto.core.message import MediaItem, Message, PostType
from socialauto.core.preparing import decide, outgoing_shape, profile_for, with_profiles
from socialauto.core.profile import Impossible, Means, Needed, Nothing, Profile
from socialauto.core.wishes import Fit, Wishes

PHOTO = ImageFacts("jpeg", 1_000, 1080, 1350)
FILM = VideoFacts(
    container="mp4", bytes=1_000_000, width=1080, height=1920, duration=10, frame_rate=30,
    video_codec="h264", bit_rate=800_000, chroma="4:2:0", scan="progressive", audio_codec="aac",
    audio_rate=48_000, audio_channels=2, moov_first=True,
)  # fmt: skip
UPLOADS = Means(uploads=True)
SERVED = Means()
SUBJECT = Subject("media.0", "a.jpg", "Instagram")


def profile(
    rules: ImageRules | VideoRules = IMAGE, *, transcode: bool = False, **wishes: Any
) -> Profile:
    return Profile(rules, "Instagram", Wishes(**wishes), transcode)


def steps(facts: MediaFacts, wanted: Profile) -> list[str]:
    decision = decide(facts, wanted, UPLOADS)
    assert isinstance(decision, Needed), decision
    return [step.words for step in decision.steps]


def complaints(facts: MediaFacts, wanted: Profile, means: Means = UPLOADS) -> list[Complaint]:
    return list(media_complaints(SUBJECT, facts, wanted, means))


def codes(facts: MediaFacts, wanted: Profile, means: Means = UPLOADS) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in complaints(facts, wanted, means)]


@pytest.mark.parametrize(
    ("change", "wishes", "words"),
    [
        ({"format": "png"}, {}, ["stored as JPEG"]),
        ({"format": "png", "mode": "RGBA", "transparent": True}, {},
         ["put on white", "stored as JPEG"]),
        ({"format": "webp", "transparent": True}, {"background": "#102030"},
         ["put on #102030", "stored as JPEG"]),
        ({"format": "webp", "transparent": True}, {"background": "#000000"},
         ["put on black", "stored as JPEG"]),
        ({"format": "gif", "frames": 1_200}, {"still": True},
         ["the first of 1,200 pictures taken", "stored as JPEG"]),
        ({"format": "mpo", "frames": 2}, {}, ["stored as JPEG"]),
        ({"mode": "CMYK"}, {}, ["converted from CMYK to sRGB"]),
        ({"format": "png", "mode": "I;16"}, {},
         ["converted from 16-bit grey to sRGB", "stored as JPEG"]),
        ({"icc": "Display P3"}, {}, ["converted from Display P3 to sRGB"]),
        ({"width": 1350, "height": 1080, "orientation": 6}, {}, ["stored upright"]),
        ({"width": 4000, "height": 5000}, {}, ["scaled to 1440 × 1800"]),
        ({"width": 1080, "height": 1920}, {"fit": "crop"}, ["cropped to 1080 × 1350"]),
        ({"width": 1080, "height": 1920}, {"fit": "pad", "background": "#000000"},
         ["scaled to 1012 × 1800", "padded with black to 1440 × 1800"]),
        ({"bytes": 9_000_000}, {}, ["made smaller than 8,000,000 bytes"]),
        ({"notes": True}, {}, ["the camera's notes removed"]),
        ({"notes": True, "located": True}, {}, ["the place where it was taken removed"]),
    ],
)  # fmt: skip
def test_an_image_is_made_what_is_taken(
    change: dict[str, Any], wishes: dict[str, Any], words: list[str]
) -> None:
    assert steps(replace(PHOTO, **change), profile(**wishes)) == words


@pytest.mark.parametrize(
    ("change", "wishes"),
    [
        ({}, {}),
        ({"mode": "L"}, {}),
        ({}, {"fit": "crop"}),
        ({}, {"fit": "pad", "background": "#000000", "still": True}),
    ],
)
def test_what_is_taken_stays_as_it_is(change: dict[str, Any], wishes: dict[str, Any]) -> None:
    assert decide(replace(PHOTO, **change), profile(**wishes), UPLOADS) == Nothing()


@pytest.mark.parametrize(
    ("change", "wishes", "code", "hint"),
    [
        ({"width": 1080, "height": 1920}, {}, "SA416",
         'write "fit: crop" (1080 × 1350 of it stay) or "fit: pad" (margins)'),
        ({"width": 300, "height": 300}, {}, "SA417",
         'take a larger picture, or write "fit: pad" (margins)'),
        ({"width": 300, "height": 2000}, {"fit": "crop"}, "SA417",
         'take a larger picture, or write "fit: pad" (margins)'),
        ({"format": "webp", "frames": 3}, {}, "SA420",
         'write "still: true" to send the first one, or export it as a video'),
        ({"mode": "LAB"}, {}, "SA419", "export it as JPEG in sRGB"),
        ({"format": "psd"}, {}, "SA414", ""),
    ],
)  # fmt: skip
def test_an_image_that_cannot_be_made_what_is_taken_is_refused(
    change: dict[str, Any], wishes: dict[str, Any], code: str, hint: str
) -> None:
    decision = decide(replace(PHOTO, **change), profile(**wishes), UPLOADS, SUBJECT)
    assert isinstance(decision, Impossible)
    (complaint,) = decision.complaints
    assert (complaint.code, complaint.hint) == (code, hint)
    assert complaint.severity == "error"


def test_heic_needs_its_library() -> None:
    photo = replace(PHOTO, format="heic")
    decision = decide(photo, profile(), Means(uploads=True, heic=False), SUBJECT)
    assert isinstance(decision, Impossible)
    (complaint,) = decision.complaints
    assert (complaint.code, complaint.hint) == ("SA444", 'pip install "socialauto[heic]"')
    assert decide(PHOTO, profile(), Means(uploads=True, heic=False)) == Nothing()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"moov_first": False}, ["its index moved to the front"]),
        ({"video_codec": "vp9"}, ["encoded anew as H.264 and AAC"]),
        ({"video_codec": "vp9", "moov_first": False}, ["encoded anew as H.264 and AAC"]),
        ({"container": "webm", "audio_codec": None}, ["encoded anew as H.264"]),
        ({"audio_rate": 96_000}, ["its sound encoded anew as AAC"]),
        ({"audio_codec": "mp3", "container": "mov"}, ["its sound encoded anew as AAC"]),
        ({"audio_codec": "mp3", "container": "avi"}, ["encoded anew as H.264 and AAC"]),
        ({"audio_channels": 6, "frame_rate": 12}, ["encoded anew as H.264 and AAC"]),
        ({"edited": True}, ["encoded anew as H.264 and AAC"]),
        ({"bytes": 400_000_000}, ["encoded anew as H.264 and AAC"]),
        ({"width": 3840, "height": 2160},
         ["scaled to 1920 × 1080", "encoded anew as H.264 and AAC"]),
    ],
)  # fmt: skip
def test_a_video_is_made_what_is_taken(change: dict[str, Any], words: list[str]) -> None:
    assert steps(replace(FILM, **change), profile(REEL, transcode=True)) == words


def test_the_place_of_a_video_is_removed_where_bytes_are_sent() -> None:
    film = replace(FILM, located=True)
    assert steps(film, profile(REEL)) == ["the place where it was taken removed"]
    assert codes(film, profile(REEL)) == []
    (served,) = complaints(film, profile(REEL), SERVED)
    assert (served.code, served.severity) == ("SA442", "warning")
    assert served.hint.startswith('run "socialauto prepare a.jpg"')


def test_a_video_is_cropped_only_where_it_may_be_encoded() -> None:
    wide = profile(CAROUSEL_VIDEO, fit="crop", transcode=True)
    words = ["cropped to 1080 × 1350", "encoded anew as H.264 and AAC"]
    assert steps(FILM, wide) == words
    (complaint,) = complaints(FILM, profile(CAROUSEL_VIDEO, fit="crop"))
    assert complaint.code == "SA416"
    assert "media: {transcode: true}" in complaint.hint
    (complaint,) = complaints(FILM, profile(CAROUSEL_VIDEO, transcode=True))
    assert complaint.hint.startswith('write "fit: crop"')


@pytest.mark.parametrize(
    ("change", "transcode", "means", "code"),
    [
        ({"video_codec": "vp9"}, False, UPLOADS, "SA423"),
        ({"video_codec": "vp9"}, True, Means(uploads=True, video=False), "SA444"),
        ({"duration": 2.0}, True, UPLOADS, "SA425"),
        ({"duration": 901.0}, True, UPLOADS, "SA425"),
    ],
)
def test_a_video_that_cannot_be_made_what_is_taken_is_refused(
    change: dict[str, Any], transcode: bool, means: Means, code: str
) -> None:
    found = complaints(replace(FILM, **change), profile(REEL, transcode=transcode), means)
    assert [(one.code, one.severity) for one in found] == [(code, "error")]


def test_a_video_too_long_for_its_bytes_is_not_made_ugly() -> None:
    small = replace(REEL, max_bytes=1_000_000)
    film = replace(FILM, duration=100.0, bytes=2_000_000)
    (complaint,) = complaints(film, profile(small, transcode=True))
    assert complaint.code == "SA415"
    assert "lasts 100 s, too long for 1,000,000 bytes" in complaint.message


def test_an_edit_list_is_a_warning_where_nothing_is_encoded() -> None:
    film = replace(FILM, edited=True)
    assert codes(film, profile(REEL)) == [("SA443", "warning")]
    assert codes(film, profile(REEL), SERVED) == [("SA443", "warning")]
    assert codes(film, profile(REEL, transcode=True)) == [("SA441", "warning")]


@pytest.mark.parametrize(
    ("change", "uploaded", "served"),
    [
        ({}, [], []),
        ({"format": "png"}, ["SA441"], ["SA414"]),
        ({"mode": "CMYK"}, [], ["SA419"]),
        ({"icc": "Display P3"}, [], []),
        ({"bytes": 9_000_000}, [], ["SA415"]),
        ({"width": 4000, "height": 5000}, [], ["SA418"]),
        ({"width": 1350, "height": 1080, "orientation": 6}, [], ["SA421"]),
        ({"notes": True}, [], []),
        ({"notes": True, "located": True}, [], ["SA442"]),
        ({"width": 1080, "height": 1920}, ["SA416"], ["SA416"]),
        ({"format": "png", "width": 1080, "height": 1920}, ["SA416"], ["SA414", "SA416"]),
    ],
)
def test_what_is_mended_on_the_way_is_no_finding(
    change: dict[str, Any], uploaded: list[str], served: list[str]
) -> None:
    photo = replace(PHOTO, **change)
    assert [one.code for one in complaints(photo, profile())] == uploaded
    assert [one.code for one in complaints(photo, profile(), SERVED)] == served


def test_what_a_reader_may_see_the_difference_of_is_announced() -> None:
    (complaint,) = complaints(replace(PHOTO, format="png", transparent=True), profile())
    assert (complaint.code, complaint.severity) == ("SA441", "warning")
    assert complaint.message == (
        "a.jpg goes out prepared for Instagram: put on white, stored as JPEG"
    )


def test_where_files_are_served_people_are_told_how_to_prepare_them() -> None:
    tall = replace(PHOTO, width=1080, height=1920)
    (asked,) = complaints(tall, profile(fit="crop"), SERVED)
    assert asked.code == "SA416"
    assert asked.hint.startswith('run "socialauto prepare a.jpg"')
    (unasked,) = complaints(tall, profile(), SERVED)
    assert unasked.hint.startswith('write "fit: crop"')


# properties

SIDES = st.integers(1, 9_000)


@given(width=SIDES, height=SIDES, fit=st.sampled_from([None, "crop", "pad"]))
def test_a_frame_is_in_range_and_never_larger_than_the_picture(
    width: int, height: int, fit: Fit | None
) -> None:
    frame = frame_for((width, height), IMAGE, fit)
    assert frame.cut[0] <= width
    assert frame.cut[1] <= height
    assert frame.content[0] <= min(frame.cut[0], frame.canvas[0])
    assert frame.content[1] <= min(frame.cut[1] + 1, frame.canvas[1])
    assert frame.canvas[0] <= 1440
    if fit and min(width, height) > 20:
        assert out_of_range(frame.canvas, IMAGE) is None


def test_rounding_does_not_spoil_a_ratio() -> None:
    rules = replace(IMAGE, min_ratio=0.7, max_width=1_000)
    canvas = frame_for((7_000, 10_000), rules, None).canvas
    assert canvas == (1_000, 1_428)
    assert out_of_range(canvas, rules) is None


@given(width=st.integers(40, 9_000), height=st.integers(40, 9_000),
       fit=st.sampled_from(["crop", "pad"]))  # fmt: skip
def test_the_frame_of_a_video_is_even_and_in_range(width: int, height: int, fit: Fit) -> None:
    frame = even_frame((width, height), CAROUSEL_VIDEO, fit)
    sides = (*frame.content, *frame.canvas)
    assert [side for side in sides if side % 2 or side < 2] == []
    assert out_of_range(frame.canvas, CAROUSEL_VIDEO) is None
    assert frame.content[0] <= frame.canvas[0]
    assert frame.content[1] <= frame.canvas[1]


PHOTOS = st.builds(
    ImageFacts,
    format=st.sampled_from(["jpeg", "png", "gif", "mpo", "heic", "psd"]),
    bytes=st.sampled_from([1, 8_000_000, 8_000_001]),
    width=st.sampled_from([100, 319, 320, 1080, 1440, 1441, 5000]),
    height=st.sampled_from([100, 320, 1080, 1350, 1351, 5000]),
    orientation=st.integers(1, 8),
    mode=st.sampled_from(["RGB", "L", "CMYK", "LAB", "P"]),
    frames=st.integers(1, 3),
)


@given(facts=PHOTOS)
def test_what_needs_nothing_breaks_no_rule_and_what_breaks_one_needs_something(
    facts: ImageFacts,
) -> None:
    broken = list(image_complaints(SUBJECT, facts, IMAGE))
    assert isinstance(decide(facts, profile(), UPLOADS), Nothing) == (broken == [])


@given(facts=PHOTOS, fit=st.sampled_from([None, "crop", "pad"]), still=st.booleans())
def test_an_error_is_shown_exactly_for_what_cannot_be_prepared(
    facts: ImageFacts, fit: Fit | None, still: bool
) -> None:
    wanted = profile(fit=fit, still=still)
    errors = [one for one in complaints(facts, wanted) if one.severity == "error"]
    assert bool(errors) == isinstance(decide(facts, wanted, UPLOADS), Impossible)


# profiles


def item(facts: MediaFacts, **more: Any) -> MediaItem:
    return MediaItem("a.jpg", "0" * 40, facts, **more)


def test_each_item_of_a_message_knows_its_own_rules() -> None:
    cover = item(PHOTO)
    reel = Message("instagram", PostType.REEL, "", (item(FILM),), cover)
    known = with_profiles(reel, CAPABILITIES, transcode=True)
    assert known.digest == reel.digest
    assert known == reel
    assert known.cover is not None
    assert known.cover.profile == Profile(COVER, "Instagram", transcode=True)
    assert known.media[0].profile == Profile(REEL, "Instagram", transcode=True)


def test_media_that_a_type_does_not_take_have_no_profile() -> None:
    post = Message("instagram", PostType.IMAGE, "", (item(FILM), item(UnreadableMedia(0, "is"))))
    assert [profile_for(CAPABILITIES, post, one) for one in post.media] == [None, None]
    text = Message("instagram", PostType.TEXT, "", (item(PHOTO),))
    assert profile_for(CAPABILITIES, text, text.media[0]) is None


def test_a_story_gets_the_shape_of_a_phone_when_it_may_be_changed() -> None:
    plain = Message("instagram", PostType.STORY, "", (item(PHOTO),))
    wished = Message("instagram", PostType.STORY, "", (item(PHOTO, wishes=Wishes("crop")),))
    shapes = [
        outgoing_shape(with_profiles(one, CAPABILITIES, transcode=False).media[0])
        for one in (plain, wished)
    ]
    assert shapes[0] == (1080, 1350)
    assert shapes[1] is not None
    assert shapes[1][0] / shapes[1][1] == pytest.approx(9 / 16, rel=0.01)


def test_wishes_are_part_of_what_a_message_is() -> None:
    plain = Message("instagram", PostType.IMAGE, "", (item(PHOTO),))
    wished = Message("instagram", PostType.IMAGE, "", (item(PHOTO, wishes=Wishes("crop")),))
    assert plain.digest != wished.digest
    assert Wishes().content() == {}
