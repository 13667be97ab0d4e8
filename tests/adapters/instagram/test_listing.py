"""Which row of a listing is the post that is looked for, and how pages are read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.handle import blank_handle, caption_hash
from socialauto.adapters.instagram.listing import Media, matches
from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Search
from socialauto.core.message import Message
from socialauto.core.outcome import FindOutcome, Published, Unknown
from socialauto.engine.clock import LoopClock
from support.instagram import (
    IG_ID,
    NOON,
    Platform,
    carousel_post,
    film,
    image_post,
    reel_post,
    story_post,
)

IMAGE = {"id": "1", "timestamp": "2026-12-01T12:00:00+0000", "media_type": "IMAGE"}
STORY = {**IMAGE, "media_product_type": "STORY"}
REEL = {**IMAGE, "media_type": "VIDEO", "media_product_type": "REELS", "caption": "Moving"}
ALBUM = {
    **IMAGE,
    "media_type": "CAROUSEL_ALBUM",
    "caption": "Three things",
    "children": {"data": [{"id": "7"}, {"id": "8"}, {"id": "9"}]},
}


def is_match(message: Message, row: dict[str, Any], taken: frozenset[str] = frozenset()) -> bool:
    handle = blank_handle(message, account=IG_ID, created=NOON)
    return matches(Media.model_validate(row), handle, Search(since=NOON, taken=taken))


@pytest.mark.parametrize(
    ("message", "row"),
    [
        (image_post("Hi"), {**IMAGE, "caption": "Hi"}),
        (image_post("Hi"), {**IMAGE, "caption": "Hi", "media_product_type": "FEED"}),
        (image_post("Hi"), {**IMAGE, "caption": "Hi", "timestamp": "2026-12-01T11:58:00Z"}),
        (image_post("Hi @you"), {**IMAGE, "caption": "Hi you"}),
        (image_post(""), IMAGE),
        (carousel_post(), ALBUM),
        (reel_post(), REEL),
        (reel_post(), {**REEL, "media_product_type": None}),
        (story_post(), STORY),
        (story_post(), {**STORY, "media_product_type": None}),
        (story_post(film()), {**STORY, "media_type": "VIDEO"}),
    ],
)
def test_the_same_kind_with_the_same_words_is_it(message: Message, row: dict[str, Any]) -> None:
    assert is_match(message, row)


@pytest.mark.parametrize(
    ("message", "row"),
    [
        (image_post("Hi"), {**IMAGE, "caption": "Hello"}),
        (image_post("Hi"), IMAGE),
        (image_post(""), {**IMAGE, "caption": "Hi"}),
        (image_post("Hi"), {**IMAGE, "caption": "Hi", "timestamp": "2026-12-01T11:57:59Z"}),
        (image_post("Moving"), REEL),
        (reel_post(), {**IMAGE, "caption": "Moving"}),
        (reel_post(), {**REEL, "media_product_type": "STORY"}),
        (image_post("Three things"), ALBUM),
        (carousel_post(), {**ALBUM, "children": {"data": [{"id": "7"}, {"id": "8"}]}}),
        (carousel_post(), {**ALBUM, "children": None}),
        (story_post(), {**STORY, "media_type": "VIDEO"}),
        (story_post(film()), STORY),
        (story_post(), {**STORY, "media_product_type": "FEED"}),
        (story_post(), {**STORY, "timestamp": "2026-12-01T11:57:59Z"}),
        (story_post(film()), {**STORY, "media_type": "VIDEO", "media_product_type": "REELS"}),
    ],
)
def test_anything_that_differs_is_not_it(message: Message, row: dict[str, Any]) -> None:
    assert not is_match(message, row)


def test_what_belongs_to_another_delivery_is_not_it() -> None:
    assert not is_match(image_post("Hi"), {**IMAGE, "caption": "Hi"}, frozenset({"1"}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hi @bob", "Hi bob"),
        ("  two \n\n lines ", "two lines"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_spellings_that_instagram_changes_are_the_same_caption(one: str, other: str) -> None:
    assert caption_hash(one) == caption_hash(other) != caption_hash("")


# pages


def find_in(
    platform: Platform, pages: dict[str | None, Any], *, status: str = "PUBLISHED"
) -> tuple[FindOutcome, list[str]]:
    """What a container of this status and a listing of these pages, by cursor, tell."""
    asked = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/media"):
            asked.append(str(request.url))
            return httpx.Response(200, json=pages[request.url.params.get("after")])
        return httpx.Response(200, json={"id": "17", "status_code": status})

    platform.respond = respond
    handle = blank_handle(image_post("Hi"), account=IG_ID, created=NOON)
    handle = handle.model_copy(update={"container": "17"})

    async def scenario(session: InstagramSession, _: LoopClock) -> FindOutcome:
        return await session.find(handle.dump(), Search(since=NOON))

    return platform.run(scenario), asked


def page(*rows: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    next_url = f"https://graph.facebook.com/next?access_token=secret&after={after}"
    paging = {"paging": {"cursors": {"after": after}, "next": next_url}} if after else {}
    return {"data": list(rows), **paging}


OURS = {**IMAGE, "caption": "Hi", "permalink": "https://instagram.example/p/1/"}
OTHER = {**IMAGE, "id": "2", "caption": "Hello"}


def test_all_pages_since_the_intent_are_read(platform: Platform) -> None:
    pages = {None: page(OTHER, after="x"), "x": page(OTHER, after="y"), "y": page(OURS)}
    outcome, asked = find_in(platform, pages)

    assert outcome == Published("1", "https://instagram.example/p/1/")
    since = int((NOON - timedelta(seconds=120)).timestamp())
    assert f"since={since}" in asked[0]
    assert len(asked) == 3
    assert not any("access_token" in url for url in asked)


def test_a_lookalike_on_a_later_page_counts_too(platform: Platform) -> None:
    pages = {None: page(OURS, after="x"), "x": page({**OURS, "id": "3"})}

    assert find_in(platform, pages)[0] == Published(None)


def test_pages_from_before_the_intent_are_not_read(platform: Platform) -> None:
    old = {**OTHER, "timestamp": "2026-11-30T12:00:00+0000"}
    outcome, asked = find_in(platform, {None: page(OURS, old, after="x")})

    assert outcome == Published("1", "https://instagram.example/p/1/")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"data": {}},
        {"data": [{"id": "1"}]},
        {"data": [{**OURS, "timestamp": "yesterday"}]},
        page(OURS, after="endless"),
    ],
)
def test_a_listing_that_is_not_understood_names_nobody(
    platform: Platform, broken: dict[str, Any]
) -> None:
    assert find_in(platform, {None: broken, "endless": broken})[0] == Published(None)


def test_a_listing_without_end_does_not_call_anything_unpublished(platform: Platform) -> None:
    endless = page(OTHER, after="x")
    outcome, asked = find_in(platform, {None: endless, "x": endless}, status="EXPIRED")

    assert isinstance(outcome, Unknown)
    assert outcome.later
    assert len(asked) == 20
