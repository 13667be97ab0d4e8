from __future__ import annotations

from datetime import timedelta

import pytest

from socialauto.core.compose import (
    late_policy,
    options,
    type_of,
    variables,
    version_for,
    with_hashtags,
)
from socialauto.core.config import Config
from socialauto.core.delivery import LatePolicy
from socialauto.core.media_facts import ImageFacts, MediaFacts, UnreadableMedia, VideoFacts
from socialauto.core.message import MediaItem, PostType
from socialauto.core.reading import Source, read_posts
from socialauto.core.render import render

IMAGE = ImageFacts("jpeg", 1000, 1080, 1080)
VIDEO = VideoFacts(
    "mp4", 1000, 9, 16, 3.0, 30.0, "h264", 1, "4:2:0", "progressive", None, None, None, True
)
BROKEN = UnreadableMedia(0, "is empty")


def source(fields: str, body: str = "Hello.") -> Source:
    sources, findings = read_posts(
        f"---\naccount: acme\n{fields}---\n{body}\n".encode(), "content/post.md"
    )
    assert findings == []
    return sources[0]


def config(**more: object) -> Config:
    account = {"platform": "instagram", "id": "1", "token": "env:T"}
    return Config.model_validate({"accounts": {"acme": account, "bakery": account}, **more})


def items(*kinds: tuple[str, MediaFacts]) -> tuple[MediaItem, ...]:
    return tuple(MediaItem(path, "a" * 40, facts) for path, facts in kinds)


OVERRIDDEN = "hashtags: [a]\nlink: x\noverrides: {bakery: {text: Hi., hashtags: []}}\n"


def test_an_override_replaces_what_it_names_for_its_account_only() -> None:
    post = source(OVERRIDDEN)
    acme, bakery = version_for(post, "acme"), version_for(post, "bakery")
    assert (acme.text, acme.variant.hashtags) == ("Hello.", ("a",))
    assert (bakery.text, bakery.variant.hashtags) == ("Hi.", ())
    assert bakery.variant.link == "x"


def test_a_field_is_found_where_the_account_has_it_from() -> None:
    post = source(OVERRIDDEN)
    assert version_for(post, "bakery").field("text") == "overrides.bakery.text"
    assert version_for(post, "bakery").field("link") == "link"
    assert version_for(post, "acme").field("text") == "text"


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("Hi", ["a", "b"], "Hi\n\n#a #b"),
        ("Hi", [], "Hi"),
        ("", ["a"], "#a"),
        ("Hi", ["a", "A", "b", "a"], "Hi\n\n#a #b"),
        ("Hi #A and #bc", ["a", "b"], "Hi #A and #bc\n\n#b"),
    ],
)
def test_hashtags_follow_the_text_each_once(text: str, tags: list[str], expected: str) -> None:
    assert with_hashtags(text, tags) == expected


def test_templates_know_the_posts_own_values_before_the_teams() -> None:
    post = source("vars: {shop: here}\n", "{{ vars.shop }} {{ vars.town }} {{ id }} {{ account }}")
    version = version_for(post, "acme")
    values = variables(version, config(vars={"shop": "there", "town": "Bonn"}))
    assert render(version.text, values) == "here Bonn post acme"


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (items(), PostType.TEXT),
        (items(("a.jpg", IMAGE)), PostType.IMAGE),
        (items(("a.mp4", VIDEO)), PostType.REEL),
        (items(("a.jpg", IMAGE), ("b.mp4", VIDEO)), PostType.CAROUSEL),
        (items(("a.MP4", BROKEN)), PostType.REEL),
        (items(("a.png", BROKEN)), PostType.IMAGE),
    ],
)
def test_the_type_follows_from_the_media(media: tuple[MediaItem, ...], expected: PostType) -> None:
    assert type_of(source("").post, media, PostType) is expected


def test_a_video_is_a_video_where_there_are_no_reels() -> None:
    media = items(("a.mp4", VIDEO))
    assert type_of(source("").post, media, {PostType.VIDEO}) is PostType.VIDEO


def test_the_type_that_is_written_counts() -> None:
    assert type_of(source("type: story\n").post, items(("a.jpg", IMAGE)), PostType) == "story"


def test_options_are_what_is_set_as_values_of_json() -> None:
    post = source("collaborators: [ann]\ncover_at: 1.5s\nshare_to_feed: false\nlocation: '12'\n")
    assert options(version_for(post, "acme"), "") == {
        "collaborators": ["ann"],
        "cover_at": 1.5,
        "share_to_feed": False,
        "location": "12",
    }
    assert options(version_for(source(""), "acme"), "First!") == {"first_comment": "First!"}


def test_the_late_policy_is_the_first_that_anybody_states_part_by_part() -> None:
    team = config(late={"grace": "2h", "then": "hold"})
    assert late_policy(source("").post, config(), "acme") == LatePolicy(timedelta(hours=6), "skip")
    assert late_policy(source("").post, team, "acme") == LatePolicy(timedelta(hours=2), "hold")
    post = source("late: {then: publish}\n").post
    assert late_policy(post, team, "acme") == LatePolicy(timedelta(hours=2), "publish")


def test_an_accounts_late_policy_comes_before_the_teams() -> None:
    account = {"platform": "instagram", "id": "1", "token": "env:T", "late": {"grace": "0m"}}
    team = config(late={"grace": "2h"}, accounts={"acme": account})
    assert late_policy(source("").post, team, "acme").grace == timedelta(0)
