"""What Instagram takes, from Meta's pages as of September 2026.

IG User Media: the reference of `POST /{ig-user-id}/media`, with the specifications of images and
reels; Content Publishing: the guide. Where the two disagree the narrower value stands here, so
that what passes these checks is taken whichever of the two is right.
"""

from __future__ import annotations

from dataclasses import replace

from socialauto.adapters.instagram.versions import VERSIONS
from socialauto.core.capability import (
    Capabilities,
    ImageRules,
    TextRules,
    TypeRules,
    VideoRules,
)
from socialauto.core.message import PostType

NAME = "Instagram"

CAPTION = TextRules(
    max_length=2_200,  # IG User Media, caption
    unit="utf16",  # Meta does not say what it counts; UTF-16 units are never fewer than others
    max_hashtags=30,  # IG User Media, caption
    max_mentions=20,  # IG User Media, caption
)

IMAGE = ImageRules(
    formats=frozenset({"jpeg"}),  # IG User Media, image specifications: no MPO, no JPS
    max_bytes=8_000_000,  # the page says 8 MB, error 2207004 says 8 MiB: the smaller one
    min_ratio=4 / 5,  # IG User Media, image specifications; error 2207009
    max_ratio=1.91,
    ratio_words="4:5 to 1.91:1",
    min_width=320,  # IG User Media, image specifications
    max_width=1_440,  # wider ones are scaled down
    color_modes=frozenset({"RGB", "L"}),  # sRGB; others are converted to it, not always well
)

REEL = VideoRules(
    containers=frozenset({"mp4", "mov"}),  # IG User Media, reel specifications, as all below
    video_codecs=frozenset({"h264", "hevc"}),
    audio_codecs=frozenset({"aac"}),
    max_bytes=300_000_000,  # older pages said 1 GB
    min_seconds=3,
    max_seconds=15 * 60,
    min_frame_rate=23,
    max_frame_rate=60,
    max_width=1_920,
    min_ratio=0.01,
    max_ratio=10,
    ratio_words="0.01:1 to 10:1",
    max_bit_rate=25_000_000,
    max_audio_rate=48_000,
    max_audio_channels=2,
    chroma=frozenset({"4:2:0"}),
    progressive=True,
    moov_first=True,
    edit_lists=False,
)

CAROUSEL_VIDEO = replace(
    REEL,
    # No page says what a video in a carousel must be. It is shown in the same frame as the images.
    min_ratio=IMAGE.min_ratio,
    max_ratio=IMAGE.max_ratio,
    ratio_words=IMAGE.ratio_words,
)

STORY_IMAGE = ImageRules(
    formats=IMAGE.formats,  # IG User Media, story image specifications: JPEG, 8 MB, any shape
    max_bytes=IMAGE.max_bytes,
    color_modes=IMAGE.color_modes,
    advised_ratio=9 / 16,
)

STORY_VIDEO = replace(
    REEL,
    max_bytes=100_000_000,  # IG User Media, story video specifications, as those below
    max_seconds=60,
    min_ratio=0.1,
    ratio_words="0.1:1 to 10:1",
    advised_ratio=9 / 16,
)

COVER = ImageRules(
    formats=frozenset({"jpeg"}),  # IG User Media, cover_url: JPEG, 8 MB; 9:16 is only advised
    max_bytes=8_000_000,
)

_PAID = frozenset({"paid_partnership", "sponsors"})
_TAGGED = _PAID | {"media.tags", "ai_generated"}
_FEED = _TAGGED | {"collaborators", "location", "first_comment", "comments"}
_REEL_ONLY = frozenset({"share_to_feed", "cover", "cover_at", "audio_name", "music", "trial"})

CAPABILITIES = Capabilities(
    name=NAME,
    types={
        PostType.IMAGE: TypeRules(
            min_media=1,
            max_media=1,
            images=IMAGE,
            text=CAPTION,
            fields=_FEED | {"media.alt"},
        ),
        PostType.CAROUSEL: TypeRules(
            min_media=2,  # IG User Media, children; error 2207028
            max_media=10,
            images=IMAGE,
            videos=CAROUSEL_VIDEO,
            text=CAPTION,
            # thumb_offset is for "videos and reels" (IG User Media), and children are videos
            fields=_FEED | {"media.alt", "media.cover_at"},
        ),
        PostType.REEL: TypeRules(
            min_media=1,
            max_media=1,
            videos=REEL,
            text=CAPTION,
            cover=COVER,
            # alt_text is not taken with reels (IG User Media, alt_text)
            fields=_FEED | _REEL_ONLY,
        ),
        PostType.STORY: TypeRules(
            min_media=1,
            max_media=1,
            images=STORY_IMAGE,
            videos=STORY_VIDEO,
            # no caption, alt_text, location_id or collaborators; replies are no comments
            fields=_TAGGED,
            free_tags=True,  # IG User Media, 9 July 2025: x and y are optional in stories
        ),
    },
    max_alt_length=1_000,  # IG User Media, alt_text
    max_collaborators=3,  # IG User Media, collaborators
    # IG User Media, is_paid_partnership and branded_content_sponsor_ids: with a Page's token
    # and the Instagram Audio API, limitations
    # IG Media, deleting: with Facebook Login only
    one_login=dict.fromkeys(_PAID | {"music", "delete"}, "facebook"),
    default_login="facebook",
    max_tags=20,  # error 2207040
    placed_tags=True,  # IG User Media, user_tags: x and y for images, none for videos
    fetches_by_url=True,
    can_find=True,
    can_delete=True,
    versions=VERSIONS,
    daily_cap=50,  # pages say 25, 50 and 100; the account's own quota is asked for first
)
