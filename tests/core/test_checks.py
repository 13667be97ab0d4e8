from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from socialauto.core.capability import Capabilities, ImageRules, TextRules, TypeRules, VideoRules
from socialauto.core.check_text import hashtags_in, length_of, mentions_in
from socialauto.core.checks import check_message
from socialauto.core.codes import CODES
from socialauto.core.finding import Complaint
from socialauto.core.media_facts import ImageFacts, MediaFacts, UnreadableMedia, VideoFacts
from socialauto.core.message import MediaItem, Message, PostType, UserTag

IMAGES = ImageRules(
    formats=frozenset({"jpeg"}),
    max_bytes=1_000,
    min_ratio=0.8,
    max_ratio=1.91,
    ratio_words="4:5 to 1.91:1",
    min_width=320,
    max_width=1_440,
)
VIDEOS = VideoRules(
    containers=frozenset({"mp4", "mov"}),
    video_codecs=frozenset({"h264", "hevc"}),
    audio_codecs=frozenset({"aac"}),
    max_bytes=1_000,
    min_seconds=3,
    max_seconds=900,
    min_frame_rate=23,
    max_frame_rate=60,
    max_width=1_920,
    min_ratio=0.01,
    max_ratio=10,
    max_bit_rate=25_000_000,
    max_audio_rate=48_000,
    max_audio_channels=2,
    chroma=frozenset({"4:2:0"}),
    progressive=True,
    moov_first=True,
)
TEXT = TextRules(max_length=20, unit="utf16", max_hashtags=2, max_mentions=1)
CAPABILITIES = Capabilities(
    name="Photogram",
    types={
        PostType.IMAGE: TypeRules(
            1,
            1,
            images=IMAGES,
            text=TEXT,
            fields=frozenset({"media.alt", "media.tags", "collaborators"}),
        ),
        PostType.CAROUSEL: TypeRules(
            2,
            10,
            images=IMAGES,
            videos=VIDEOS,
            text=TEXT,
            fields=frozenset({"media.alt", "media.tags"}),
        ),
        PostType.REEL: TypeRules(
            1, 1, videos=VIDEOS, text=TEXT, cover=IMAGES, fields=frozenset({"cover", "cover_at"})
        ),
        PostType.VIDEO: TypeRules(1, 1, videos=VIDEOS, text=replace(TEXT, required=True)),
    },
    max_alt_length=10,
    max_collaborators=3,
    max_tags=2,
    placed_tags=True,
    not_yet={"story": "stories come later", "first_comment": "comments come later"},
)
PHOTO = ImageFacts("jpeg", 1_000, 1080, 1350)
FILM = VideoFacts(
    container="mp4",
    bytes=1_000,
    width=1080,
    height=1920,
    duration=3,
    frame_rate=30,
    video_codec="h264",
    bit_rate=25_000_000,
    chroma="4:2:0",
    scan="progressive",
    audio_codec="aac",
    audio_rate=48_000,
    audio_channels=2,
    moov_first=True,
)


def item(facts: MediaFacts = PHOTO, path: str = "a.jpg", **more: Any) -> MediaItem:
    return MediaItem(path, "0" * 40, facts, **({"alt": "A door"} | more))


def post(kind: PostType, *media: MediaItem, **more: Any) -> Message:
    return Message("photogram", kind, **({"text": "Hello", "media": media} | more))


def image(facts: ImageFacts = PHOTO, **more: Any) -> Message:
    return post(PostType.IMAGE, item(facts), **more)


def reel(facts: VideoFacts = FILM, **more: Any) -> Message:
    return post(PostType.REEL, item(facts, "b.mp4", alt=""), **more)


def complaints(message: Message, capabilities: Capabilities = CAPABILITIES) -> list[Complaint]:
    found = list(check_message(message, capabilities))
    assert {complaint.code for complaint in found} <= CODES.keys()
    return found


def codes(message: Message, capabilities: Capabilities = CAPABILITIES) -> list[str]:
    return [complaint.code for complaint in complaints(message, capabilities)]


def only(message: Message) -> Complaint:
    (complaint,) = complaints(message)
    return complaint


def cure(path: str) -> str:
    """What people type where nothing is prepared on the way."""
    return (
        f'run "socialauto prepare {path}", '
        "or use a media host that uploads (media_host: s3 or branch)"
    )


def test_what_keeps_every_rule_has_no_complaints() -> None:
    assert complaints(image()) == []
    assert complaints(reel()) == []
    assert complaints(post(PostType.CAROUSEL, item(), item(FILM, "b.mp4", alt=""))) == []


@pytest.mark.parametrize(
    ("at_limit", "beyond", "code"),
    [
        ({"bytes": 1_000}, {"bytes": 1_001}, "SA415"),
        ({"width": 1080, "height": 1350}, {"width": 1080, "height": 1351}, "SA416"),
        ({"width": 1910, "height": 1000}, {"width": 1911, "height": 1000}, "SA416"),
        ({"width": 320, "height": 320}, {"width": 319, "height": 319}, "SA417"),
        ({"width": 1440, "height": 1440}, {"width": 1441, "height": 1441}, "SA418"),
        ({"mode": "L"}, {"mode": "CMYK"}, "SA419"),
        ({"frames": 1}, {"frames": 2}, "SA420"),
        ({"orientation": 1}, {"orientation": 2}, "SA421"),
        ({"format": "jpeg"}, {"format": "png"}, "SA414"),
        ({"format": "jpeg"}, {"format": "mpo", "frames": 2}, "SA414"),
    ],
)
def test_an_image_is_taken_at_the_limit_and_not_beyond(
    at_limit: dict[str, Any], beyond: dict[str, Any], code: str
) -> None:
    assert code not in codes(image(replace(PHOTO, **at_limit)))
    assert code in codes(image(replace(PHOTO, **beyond)))


@pytest.mark.parametrize(
    ("at_limit", "beyond", "code"),
    [
        ({"bytes": 1_000}, {"bytes": 1_001}, "SA415"),
        ({"container": "mov"}, {"container": "webm"}, "SA422"),
        ({"video_codec": "hevc"}, {"video_codec": "vp9"}, "SA423"),
        ({"frame_rate": 23}, {"frame_rate": 22.999}, "SA424"),
        ({"frame_rate": 60}, {"frame_rate": 60.001}, "SA424"),
        ({"frame_rate": None}, {"frame_rate": 15}, "SA424"),
        ({"duration": 3}, {"duration": 2.999}, "SA425"),
        ({"duration": 900}, {"duration": 900.001}, "SA425"),
        ({"width": 1920}, {"width": 1921}, "SA426"),
        ({"width": 19, "height": 1900}, {"width": 18, "height": 1900}, "SA416"),
        ({"bit_rate": 25_000_000}, {"bit_rate": 25_000_001}, "SA427"),
        ({"bit_rate": None}, {"bit_rate": 26_000_000}, "SA427"),
        ({"audio_codec": None}, {"audio_codec": "mp3"}, "SA428"),
        ({"audio_rate": 48_000}, {"audio_rate": 48_001}, "SA428"),
        ({"audio_channels": 2}, {"audio_channels": 3}, "SA428"),
        ({"audio_rate": None, "audio_channels": None}, {"audio_channels": 6}, "SA428"),
        ({"scan": None}, {"scan": "interlaced"}, "SA429"),
        ({"chroma": None}, {"chroma": "4:2:2"}, "SA429"),
        ({"moov_first": True}, {"moov_first": False}, "SA430"),
    ],
)
def test_a_video_is_taken_at_the_limit_and_not_beyond(
    at_limit: dict[str, Any], beyond: dict[str, Any], code: str
) -> None:
    assert codes(reel(replace(FILM, **at_limit))) == []
    assert codes(reel(replace(FILM, **beyond))) == [code]


@pytest.mark.parametrize(
    ("at_limit", "beyond", "code"),
    [
        ("a" * 20, "a" * 21, "SA501"),
        ("☕" * 20, "🎉" * 11, "SA501"),
        ("#a #b", "#a #b #c", "SA502"),
        ("@a", "@a @b", "SA503"),
        ("mail a@b.c", "@a, @b", "SA503"),
    ],
)
def test_a_text_is_taken_at_the_limit_and_not_beyond(at_limit: str, beyond: str, code: str) -> None:
    assert codes(image(text=at_limit)) == []
    assert codes(image(text=beyond)) == [code]


@pytest.mark.parametrize(
    ("count", "expected"), [(1, ["SA413"]), (2, []), (10, []), (11, ["SA413"])]
)
def test_a_carousel_has_two_to_ten_items(count: int, expected: list[str]) -> None:
    assert codes(post(PostType.CAROUSEL, *[item()] * count)) == expected


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (
            image(replace(PHOTO, width=1080, height=1920)),
            Complaint(
                "media.0",
                "SA416",
                "a.jpg is 1080 × 1920 (0.56), narrower than 0.80; Photogram takes 4:5 to 1.91:1",
                'write "fit: crop" (1080 × 1350 of it stay) or "fit: pad" (margins)',
            ),
        ),
        (
            image(replace(PHOTO, width=1080, height=1351)),
            Complaint(
                "media.0",
                "SA416",
                "a.jpg is 1080 × 1351 (0.799), narrower than 0.800; Photogram takes 4:5 to 1.91:1",
                'write "fit: crop" (1080 × 1350 of it stay) or "fit: pad" (margins)',
            ),
        ),
        (
            image(replace(PHOTO, width=1350, height=600)),
            Complaint(
                "media.0",
                "SA416",
                "a.jpg is 1350 × 600 (2.25), wider than 1.91; Photogram takes 4:5 to 1.91:1",
                'write "fit: crop" (1146 × 600 of it stay) or "fit: pad" (margins)',
            ),
        ),
        (
            image(replace(PHOTO, bytes=1_204)),
            Complaint(
                "media.0",
                "SA415",
                "a.jpg has 1,204 bytes, Photogram takes at most 1,000",
                cure("a.jpg"),
            ),
        ),
        (
            image(replace(PHOTO, format="heic")),
            Complaint(
                "media.0",
                "SA414",
                "a.jpg is a HEIC image by its content, Photogram takes JPEG",
                cure("a.jpg"),
            ),
        ),
        (
            image(replace(PHOTO, mode="CMYK")),
            Complaint(
                "media.0",
                "SA419",
                "a.jpg has CMYK colours, Photogram takes sRGB",
                cure("a.jpg"),
            ),
        ),
        (
            image(replace(PHOTO, width=1350, height=1080, orientation=6)),
            Complaint(
                "media.0",
                "SA421",
                "a.jpg is stored as 1350 × 1080 and turned by its EXIF orientation 6, "
                "which not every viewer follows",
                cure("a.jpg"),
                "warning",
            ),
        ),
        (
            image(replace(PHOTO, width=2000, height=2000)),
            Complaint(
                "media.0",
                "SA418",
                "a.jpg is 2000 pixels wide, Photogram scales it down to 1440",
                "",
                "warning",
            ),
        ),
        (
            reel(replace(FILM, moov_first=False)),
            Complaint(
                "media.0",
                "SA430",
                "b.mp4 has its index (moov) behind the pictures (mdat), Photogram needs it first",
                cure("b.mp4"),
            ),
        ),
        (
            reel(replace(FILM, duration=900.04)),
            Complaint(
                "media.0", "SA425", "b.mp4 lasts 15 min 0.04 s, Photogram takes 3 s to 15 min"
            ),
        ),
        (
            reel(replace(FILM, frame_rate=15)),
            Complaint(
                "media.0",
                "SA424",
                "b.mp4 has 15 frames a second, Photogram takes 23 to 60",
                "ffmpeg -i b.mp4 -r 30 -c:v libx264 -pix_fmt yuv420p -c:a aac "
                "-movflags +faststart b-fixed.mp4",
            ),
        ),
        (
            reel(replace(FILM, video_codec="vp9")),
            Complaint(
                "media.0",
                "SA423",
                "b.mp4 holds VP9 video, Photogram takes H.264 or HEVC",
                "ffmpeg -i b.mp4 -c:v libx264 -pix_fmt yuv420p -c:a aac "
                "-movflags +faststart b-fixed.mp4",
            ),
        ),
        (
            image(text="a" * 23),
            Complaint(
                "text", "SA501", "the text has 23 characters, Photogram takes at most 20 (3 over)"
            ),
        ),
        (
            image(text="🎉" * 11),
            Complaint(
                "text",
                "SA501",
                "the text has 22 characters (most emoji count as two), "
                "Photogram takes at most 20 (2 over)",
            ),
        ),
        (
            image(text="A **bold** one"),
            Complaint(
                "text",
                "SA505",
                'Photogram does not format Markdown: "**bold**" is shown as typed',
                "write markup: markdown",
                "warning",
            ),
        ),
        (
            post(PostType.IMAGE, item(UnreadableMedia(9, "is cut off after 9 bytes"))),
            Complaint("media.0", "SA411", "a.jpg is cut off after 9 bytes"),
        ),
        (
            post(PostType.IMAGE, item(FILM, "b.mp4", alt="")),
            Complaint(
                "media.0", "SA412", "b.mp4 is a video, an image post on Photogram takes images"
            ),
        ),
        (
            post(PostType.IMAGE, item(), item()),
            Complaint(
                "media",
                "SA413",
                "an image post on Photogram takes 1 image, this one has 2",
                'write "type: carousel"',
            ),
        ),
        (
            post(PostType.CAROUSEL, *[item()] * 11),
            Complaint(
                "media",
                "SA413",
                "a carousel on Photogram takes 2 to 10 images or videos, this one has 11",
            ),
        ),
        (
            post(PostType.IMAGE, item(alt="")),
            Complaint(
                "media.0",
                "SA434",
                "a.jpg has no alt text, so people who cannot see it are told nothing",
                'add alt: "…"',
                "warning",
            ),
        ),
        (
            post(PostType.IMAGE, item(alt="A big red door")),
            Complaint(
                "media.0.alt",
                "SA433",
                "the alt text of a.jpg has 14 characters, Photogram takes at most 10 (4 over)",
            ),
        ),
        (
            post(PostType.CAROUSEL, item(), item(FILM, "b.mp4", alt="Hi")),
            Complaint(
                "media.1.alt",
                "SA432",
                "Photogram has alt text for images only, b.mp4 is none",
                "leave it out",
            ),
        ),
        (
            post(PostType.STORY, item()),
            Complaint("type", "SA211", "stories come later"),
        ),
        (
            post(PostType.TEXT, item()),
            Complaint(
                "type",
                "SA221",
                'Photogram has no post type "text"',
                "write image, carousel, reel or video",
            ),
        ),
        (
            post(PostType.TEXT),
            Complaint(
                "media",
                "SA221",
                "the post has no media, and Photogram takes no text alone",
                "add media: [picture.jpg]",
            ),
        ),
        (
            image(options={"first_comment": "Hi"}),
            Complaint("first_comment", "SA211", "comments come later"),
        ),
        (
            image(options={"visibility": "private"}),
            Complaint(
                "visibility",
                "SA210",
                'Photogram has no "visibility" for an image post',
                "leave it out",
            ),
        ),
        (
            image(options={"collaborators": ["a", "b", "c", "d"]}),
            Complaint(
                "collaborators", "SA222", "there are 4 collaborators, Photogram takes at most 3"
            ),
        ),
        (
            image(options={"collaborators": ["a", "@bob"]}),
            Complaint(
                "collaborators.1",
                "SA223",
                'the collaborator "@bob" begins with @',
                'write "bob"',
            ),
        ),
        (
            image(cover=item()),
            Complaint(
                "cover", "SA210", 'Photogram has no "cover" for an image post', "leave it out"
            ),
        ),
        (
            reel(cover=item(FILM, "b.mp4")),
            Complaint("cover", "SA431", "b.mp4 is a video, a cover is an image"),
        ),
        (
            reel(cover=item(replace(PHOTO, bytes=1_001))),
            Complaint(
                "cover",
                "SA415",
                "a.jpg has 1,001 bytes, Photogram takes at most 1,000",
                cure("a.jpg"),
            ),
        ),
        (
            reel(cover=item(UnreadableMedia(0, "is empty"))),
            Complaint("cover", "SA411", "a.jpg is empty"),
        ),
        (
            reel(cover=item(), options={"cover_at": 1.0}),
            Complaint(
                "cover_at",
                "SA431",
                "cover and cover_at are both given, Photogram takes one of them",
                "leave one of them out",
            ),
        ),
        (
            reel(options={"cover_at": 3.0}),
            Complaint("cover_at", "SA431", "cover_at is 3 s, outside the video of 3 s"),
        ),
        (
            post(PostType.VIDEO, item(FILM, "b.mp4", alt=""), text=""),
            Complaint("text", "SA504", "the text is empty, Photogram wants one"),
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Complaint) else "",
)
def test_a_complaint_names_the_file_the_value_the_limit_and_the_cure(
    message: Message, complaint: Complaint
) -> None:
    assert only(message) == complaint


@pytest.mark.parametrize(
    ("tags", "problems"),
    [
        ((UserTag("bob", 0, 1),), []),
        ((UserTag("bob"),), ['the tag "bob" needs x and y: where in a.jpg the person is, 0 to 1']),
        (
            (UserTag("bob", 0.5),),
            ['the tag "bob" needs x and y: where in a.jpg the person is, 0 to 1'],
        ),
        ((UserTag("@bob", 0, 0),), ['the tag "@bob" begins with @, Photogram takes the bare name']),
        ((UserTag("a", 0, 0),) * 2, []),
        ((UserTag("a", 0, 0),) * 3, ["a.jpg has 3 tags, Photogram takes at most 2"]),
    ],
)
def test_tags_in_an_image_have_a_place(tags: tuple[UserTag, ...], problems: list[str]) -> None:
    found = complaints(post(PostType.IMAGE, item(tags=tags)))
    assert [complaint.message for complaint in found] == problems


def test_tags_in_a_video_have_no_place() -> None:
    film = item(FILM, "b.mp4", alt="", tags=(UserTag("bob", 0.1, 0.2), UserTag("eve")))
    (complaint,) = complaints(post(PostType.CAROUSEL, item(), film))
    assert (complaint.field, complaint.code) == ("media.1.tags.0", "SA435")
    assert complaint.message == 'the tag "bob" has x and y, but b.mp4 is no image'


def test_tags_where_the_platform_has_none_are_never_dropped_silently() -> None:
    film = item(FILM, "b.mp4", alt="", tags=(UserTag("bob"),))
    assert codes(post(PostType.REEL, film)) == ["SA210"]


def test_alt_text_where_the_type_has_none_is_never_dropped_silently() -> None:
    assert codes(post(PostType.REEL, item(FILM, "b.mp4", alt="A door"))) == ["SA432"]


def test_a_platform_with_alt_text_for_videos_takes_it() -> None:
    carousel = post(PostType.CAROUSEL, item(), item(FILM, "b.mp4", alt="A door"))
    assert codes(carousel, replace(CAPABILITIES, video_alt=True)) == []


def test_text_where_the_type_has_none_is_never_dropped_silently() -> None:
    silent = replace(CAPABILITIES.types[PostType.IMAGE], text=None)
    capabilities = replace(CAPABILITIES, types={PostType.IMAGE: silent})
    assert codes(image(), capabilities) == ["SA506"]
    assert codes(image(text=""), capabilities) == []


def test_a_turned_image_is_judged_as_it_is_shown() -> None:
    lying = replace(PHOTO, width=1350, height=1080, orientation=6)
    assert codes(image(lying)) == ["SA421"]
    standing = replace(PHOTO, width=1080, height=2000, orientation=8)
    assert codes(image(standing)) == ["SA418", "SA421"]


def test_every_broken_rule_is_told_at_once() -> None:
    bad = replace(PHOTO, format="png", bytes=2_000, width=200, height=2_000)
    assert codes(image(bad, text="#a #b #c " + "x" * 20)) == [
        "SA414", "SA415", "SA416", "SA417", "SA501", "SA502",
    ]  # fmt: skip


def test_a_command_in_a_hint_survives_a_file_name_with_spaces() -> None:
    clip = item(replace(FILM, frame_rate=15), "my clips/it's.mov", alt="")
    hint = only(post(PostType.REEL, clip)).hint
    assert hint == (
        """ffmpeg -i 'my clips/it'"'"'s.mov' -r 30 -c:v libx264 -pix_fmt yuv420p -c:a aac """
        """-movflags +faststart 'my clips/it'"'"'s.mp4'"""
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("#one #two", 2),
        ("#one#two", 2),
        ("# heading, 100 # and #", 0),
        ("#köln #日本 #2026 #_x", 4),
        ("＃wide", 1),
        ("it&#39;s", 0),
        ("https://example.org/#part", 0),
        ("no1 C#", 0),
    ],
)
def test_hashtags_are_counted_as_people_see_them(text: str, count: int) -> None:
    assert hashtags_in(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("@bob and @eve.x", 2),
        ("(@bob)", 1),
        ("mail me: first.last+tag@example.org", 0),
        ("@ bob, at@, @", 0),
        ("thanks@bob", 0),
    ],
)
def test_mentions_are_counted_and_mail_addresses_are_none(text: str, count: int) -> None:
    assert mentions_in(text) == count


@pytest.mark.parametrize(
    ("text", "points", "units"), [("abc", 3, 3), ("🎉", 1, 2), ("ü☕", 2, 2), ("", 0, 0)]
)
def test_length_is_counted_in_the_platform_s_unit(text: str, points: int, units: int) -> None:
    assert (length_of(text, "code_points"), length_of(text, "utf16")) == (points, units)


@pytest.mark.parametrize(
    "text",
    ["a **b** c", "__b__", "an *old* one", "[shop](https://a.example)", "a\n## Title"],
)
def test_markdown_that_would_be_shown_as_typed_is_warned_of(text: str) -> None:
    capabilities = replace(
        CAPABILITIES,
        types={PostType.IMAGE: TypeRules(1, 1, images=IMAGES, text=TextRules(99, "utf16"))},
    )
    message = post(PostType.IMAGE, item(alt=""), text=text)
    assert codes(message, capabilities) == ["SA505"]
    formatted = TypeRules(1, 1, images=IMAGES, text=TextRules(99, "utf16", markdown=True))
    assert codes(message, replace(CAPABILITIES, types={PostType.IMAGE: formatted})) == []


@pytest.mark.parametrize(
    "text", ["2 * 3 * 4", "#launch", "terms*", "a_b_c", "[sic]", "snake__case__x"]
)
def test_what_only_looks_like_markdown_is_left_alone(text: str) -> None:
    assert codes(image(text=text)) == []
