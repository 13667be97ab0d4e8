"""From a message to a ready container, against the emulated platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.core.errors import MediaHostError
from socialauto.core.message import Message, UserTag
from socialauto.core.outcome import (
    AlreadyPublished,
    ErrorClass,
    NotPrepared,
    Prepared,
    PrepareOutcome,
)
from socialauto.engine.clock import LoopClock
from socialauto.sandbox.state import Settings, Token
from support.instagram import (
    IG_ID,
    MEDIA,
    NOON,
    STATUS,
    Platform,
    carousel_post,
    film,
    image_post,
    picture,
    reel_post,
)

HOUR = timedelta(hours=1)


def prepare(
    platform: Platform, message: Message, previous: Any = None, *, login: str | None = None
) -> PrepareOutcome:
    async def scenario(session: InstagramSession, _: LoopClock) -> PrepareOutcome:
        return await session.prepare(message, platform.files, previous)

    return platform.run(scenario, login=login)


def prepared(platform: Platform, message: Message, **more: Any) -> dict[str, Any]:
    outcome = prepare(platform, message, **more)
    assert isinstance(outcome, Prepared), outcome
    return dict(outcome.handle)


def refused(platform: Platform, message: Message, previous: Any = None) -> NotPrepared:
    outcome = prepare(platform, message, previous)
    assert isinstance(outcome, NotPrepared), outcome
    return outcome


# what is made


@pytest.mark.parametrize("login", ["facebook", "instagram"])
def test_an_image_becomes_a_ready_container(platform: Platform, login: str) -> None:
    message = image_post(
        item=picture("a.jpg", alt="A red square", tags=(UserTag("bob", 0.25, 0.5),)),
        options={"collaborators": ("carol",), "location": "123"},
    )
    handle = prepared(platform, message, login=login)

    (container,) = platform.world.containers.values()
    assert handle["container"] == container.id
    assert container.draft.caption == "Hello @world #one"
    assert container.draft.alt_text == "A red square"
    assert container.draft.options == {
        "image_url": "https://media.example/a.jpg",
        "user_tags": [{"username": "bob", "x": 0.25, "y": 0.5}],
        "collaborators": ["carol"],
        "location_id": "123",
    }
    assert platform.published == []


def test_a_carousel_mixes_images_and_videos_in_order(platform: Platform) -> None:
    handle = prepared(platform, carousel_post())

    *children, parent = platform.world.containers.values()
    assert [child.draft.shape for child in children] == ["image item", "video item", "image item"]
    assert [child.draft.alt_text for child in children] == ["Red", "", ""]
    assert parent.draft.children == tuple(child.id for child in children)
    assert parent.draft.caption == "Three things"
    assert handle["children"] == [child.id for child in children]
    assert handle["container"] == parent.id


def test_a_reel_takes_its_cover_and_its_place_in_the_feed(platform: Platform) -> None:
    message = reel_post(cover=picture("cover.jpg"), options={"share_to_feed": False})
    prepared(platform, message)

    (container,) = platform.world.containers.values()
    assert container.draft.shape == "reel"
    assert container.cover is not None
    assert container.draft.options["share_to_feed"] is False


def test_a_reel_takes_a_frame_of_its_own_as_cover(platform: Platform) -> None:
    prepared(platform, reel_post(options={"cover_at": 1.5}))

    (container,) = platform.world.containers.values()
    assert container.draft.options["thumb_offset"] == 1500


def test_the_handle_recognises_the_post_without_its_file(platform: Platform) -> None:
    message = carousel_post()
    handle = prepared(platform, message)

    assert {**handle, "container": "", "children": [], "created": ""} == {
        "container": "",
        "children": [],
        "created": "",
        "account": IG_ID,
        "inputs": message.digest,
        "media_type": "CAROUSEL_ALBUM",
        "items": 3,
        "caption": handle["caption"],
    }
    assert len(handle["caption"]) == 32


# waiting


def test_a_slow_video_is_waited_for_without_haste(platform: Platform) -> None:
    platform.world.settings = Settings(video_seconds=200)

    async def scenario(session: InstagramSession, clock: LoopClock) -> tuple[Any, timedelta]:
        outcome = await session.prepare(reel_post(), platform.files, None)
        return outcome, clock.now() - NOON

    outcome, took = platform.run(scenario)

    assert isinstance(outcome, Prepared)
    assert timedelta(seconds=200) <= took <= timedelta(seconds=230)
    calls = platform.world._calls[IG_ID]
    assert len(calls) <= 16


def test_the_next_container_is_asked_about_when_the_last_one_was_ready(platform: Platform) -> None:
    platform.world.settings = Settings(image_seconds=5)

    async def scenario(session: InstagramSession, clock: LoopClock) -> list[tuple[int, float]]:
        costs = []
        for number in range(6):
            calls, began = len(platform.world._calls[IG_ID]), clock.now()
            await session.prepare(image_post(f"Number {number}"), platform.files, None)
            took = (clock.now() - began).total_seconds()
            costs.append((len(platform.world._calls[IG_ID]) - calls, took))
        return costs

    costs = platform.run(scenario)
    assert costs[0][0] == 5  # the container, and four questions
    assert sum(calls for calls, _ in costs[1:]) <= 14
    assert max(took for _, took in costs) < 6.5


def test_the_items_of_a_carousel_are_waited_for_together(platform: Platform) -> None:
    platform.world.settings = Settings(image_seconds=5, video_seconds=5)

    async def scenario(session: InstagramSession, clock: LoopClock) -> float:
        for _ in range(2):
            began = clock.now()
            await session.prepare(carousel_post(), platform.files, None)
        return (clock.now() - began).total_seconds()

    assert platform.run(scenario) < 13  # its items, then itself


def test_a_container_that_takes_too_long_is_kept_and_taken_up_again(platform: Platform) -> None:
    platform.world.settings = Settings(video_seconds=700)
    message = reel_post()

    async def scenario(session: InstagramSession, clock: LoopClock) -> list[Any]:
        outcomes = []
        previous = None
        for _ in range(3):
            outcome = await session.prepare(message, platform.files, previous)
            outcomes.append((outcome, clock.now() - NOON))
            previous = outcome.handle
        return outcomes

    (first, after), (second, _), (third, _) = platform.run(scenario)

    assert first.problem.kind is ErrorClass.TRANSIENT
    assert first.problem.message == (
        "Instagram is still processing the media after 5 minutes; the upload is kept and asked "
        "for again later"
    )
    assert after == timedelta(minutes=5)
    assert isinstance(second, NotPrepared)
    assert isinstance(third, Prepared)
    assert platform.containers == [third.handle["container"]]


def test_a_status_that_cannot_be_read_now_and_then_is_read_again(platform: Platform) -> None:
    platform.fault("GET", STATUS, times=2)

    assert prepared(platform, image_post())


def test_a_status_that_stays_unreadable_keeps_the_container(platform: Platform) -> None:
    platform.fault("GET", STATUS, times=None, answer="garbage")
    outcome = refused(platform, image_post())

    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert outcome.problem.message == "Instagram's answer could not be read (HTTP 500)"
    assert outcome.handle is not None
    assert outcome.handle["container"] == platform.containers[0]


# an earlier try


def test_an_earlier_container_of_the_same_message_is_used_again(platform: Platform) -> None:
    handle = prepared(platform, image_post())

    assert prepared(platform, image_post(), previous=handle) == handle
    assert len(platform.containers) == 1


def test_an_edited_message_gets_a_container_of_its_own(platform: Platform) -> None:
    old = prepared(platform, image_post("yesterday"))
    new = prepared(platform, image_post("today"), previous=old)

    assert old["container"] != new["container"]


@pytest.mark.parametrize("make", [image_post, carousel_post, reel_post])
def test_what_is_said_afterwards_needs_no_new_container(
    platform: Platform, make: Callable[..., Message]
) -> None:
    before = prepared(platform, make())
    options = {"first_comment": "Link in bio", "comments": True}
    message = make(options=options)

    assert prepared(platform, message, previous=before) == before
    assert message.digest != make().digest
    for container in platform.world.containers.values():
        assert not set(container.draft.options) & set(options)


def test_other_bytes_under_the_same_name_get_a_container_of_their_own(platform: Platform) -> None:
    old = prepared(platform, image_post())
    edited = image_post(item=picture("a.jpg", alt="Another square"))

    assert prepared(platform, edited, previous=old)["container"] != old["container"]


@pytest.mark.parametrize("text", ["same", "edited meanwhile"])
def test_a_container_that_is_public_is_never_made_again(platform: Platform, text: str) -> None:
    async def scenario(session: InstagramSession, clock: LoopClock) -> tuple[Any, Any]:
        first = await session.prepare(image_post("same"), platform.files, None)
        assert isinstance(first, Prepared)
        await session.publish(first.handle)
        await clock.sleep(3600)
        return first.handle, await session.prepare(image_post(text), platform.files, first.handle)

    handle, outcome = platform.run(scenario)

    assert outcome == AlreadyPublished(handle, since=outcome.since)
    assert NOON <= outcome.since <= NOON + timedelta(seconds=1)
    assert len(platform.containers) == 1


def test_an_expired_container_is_replaced(platform: Platform) -> None:
    async def scenario(session: InstagramSession, clock: LoopClock) -> tuple[Any, Any]:
        first = await session.prepare(image_post(), platform.files, None)
        assert isinstance(first, Prepared)
        await clock.sleep(25 * 3600)
        return first, await session.prepare(image_post(), platform.files, first.handle)

    first, second = platform.run(scenario)

    assert isinstance(second, Prepared)
    assert second.handle["container"] != first.handle["container"]


def test_a_container_that_failed_is_replaced(platform: Platform) -> None:
    platform.fault("POST", MEDIA, apply="yes", answer="normal", container_problem=2207053)
    first = refused(platform, reel_post())

    assert first.handle is None
    assert first.problem.kind is ErrorClass.TRANSIENT
    assert first.problem.code == "2207053"
    assert prepared(platform, reel_post())


def test_an_earlier_container_that_cannot_be_read_is_neither_used_nor_replaced(
    platform: Platform,
) -> None:
    handle = prepared(platform, image_post())
    platform.fault("GET", STATUS, status=400, code=100, subcode=33)
    outcome = refused(platform, image_post(), handle)

    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert outcome.handle == handle
    assert len(platform.containers) == 1


def test_children_made_before_a_failure_are_used_again(platform: Platform) -> None:
    platform.fault("POST", MEDIA, skip=2, status=500)
    first = refused(platform, carousel_post())
    assert first.handle is not None
    assert first.handle["children"] == platform.containers
    assert "container" not in first.handle

    second = prepared(platform, carousel_post(), previous=first.handle)

    assert second["children"][:2] == first.handle["children"]
    assert len(platform.containers) == 4


def test_children_of_an_edited_carousel_are_not_used(platform: Platform) -> None:
    platform.fault("POST", MEDIA, skip=2, status=500)
    first = refused(platform, carousel_post("yesterday"))
    assert first.handle is not None

    second = prepared(platform, carousel_post("today"), previous=first.handle)

    assert not set(first.handle["children"]) & set(second["children"])


def test_children_that_have_expired_are_made_anew(platform: Platform) -> None:
    platform.fault("POST", MEDIA, skip=2, status=500)

    async def scenario(session: InstagramSession, clock: LoopClock) -> tuple[Any, Any]:
        first = await session.prepare(carousel_post(), platform.files, None)
        assert isinstance(first, NotPrepared)
        await clock.sleep(25 * 3600)
        return first, await session.prepare(carousel_post(), platform.files, first.handle)

    first, second = platform.run(scenario)

    assert isinstance(second, Prepared)
    assert not set(first.handle["children"]) & set(second.handle["children"])


def test_the_handle_of_another_instagram_account_concerns_nobody(platform: Platform) -> None:
    handle = prepared(platform, image_post()) | {"account": "1784999", "container": "1"}

    assert prepared(platform, image_post(), previous=handle)["account"] == IG_ID


def test_a_handle_of_another_version_stops_the_delivery(platform: Platform) -> None:
    outcome = refused(platform, image_post(), {"container": "1", "future": True})

    assert outcome.problem.kind is ErrorClass.UNKNOWN
    assert outcome.handle == {"container": "1", "future": True}
    assert platform.containers == []


# what goes wrong


def test_media_that_cannot_be_fetched_is_offered_three_times(platform: Platform) -> None:
    del platform.files.bodies["a.jpg"]

    async def scenario(session: InstagramSession, clock: LoopClock) -> tuple[Any, timedelta]:
        outcome = await session.prepare(image_post(), platform.files, None)
        return outcome, clock.now() - NOON

    outcome, took = platform.run(scenario)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind is ErrorClass.MEDIA
    assert outcome.problem.code == "9004/2207052"
    assert outcome.problem.message == (
        "Instagram could not fetch the media from its URL; look at the media host: is it public, "
        "fast, and open to facebookexternalhit/1.1, and does it serve pictures and videos with "
        "their own content type"
    )
    assert took == timedelta(seconds=25)


def test_media_that_can_be_fetched_the_third_time_is_fine(platform: Platform) -> None:
    platform.fault("POST", MEDIA, times=2, status=400, code=9004, subcode=2207052)

    assert prepared(platform, image_post())


def test_a_media_host_that_fails_is_the_problem(platform: Platform) -> None:
    platform.files.refuse = MediaHostError("a.jpg cannot be fetched")
    assert refused(platform, image_post()).problem.kind is ErrorClass.MEDIA

    platform.files.refuse = MediaHostError("a.jpg cannot be fetched", passing=True)
    outcome = refused(platform, image_post())
    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert outcome.problem.message == "a.jpg cannot be fetched"


def test_an_expired_token_is_named_with_its_cure(platform: Platform) -> None:
    platform.world.tokens[platform.token] = Token(expires=NOON - HOUR)
    outcome = refused(platform, image_post())

    assert outcome.problem.kind is ErrorClass.AUTH
    assert outcome.problem.code == "190/463"
    assert outcome.problem.message == (
        "the token in ACME_IG_TOKEN has expired; put a new token into ACME_IG_TOKEN"
    )


def test_too_many_containers_wait_for_the_next_hour(platform: Platform) -> None:
    platform.configure(container_cap=0)
    outcome = refused(platform, image_post())

    assert outcome.problem.kind is ErrorClass.RATE_LIMITED
    assert outcome.problem.until is not None
    assert HOUR <= outcome.problem.until - NOON <= HOUR + timedelta(minutes=1)


def test_nothing_new_is_begun_when_the_limit_of_calls_is_nearly_used_up(
    platform: Platform,
) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(200, json={}, headers={"X-App-Usage": '{"call_count": 91}'})

    platform.respond = respond

    async def scenario(session: InstagramSession, _: LoopClock) -> PrepareOutcome:
        await session.quota_left()
        return await session.prepare(image_post(), platform.files, None)

    outcome = platform.run(scenario)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind is ErrorClass.RATE_LIMITED
    assert outcome.problem.until == NOON + HOUR
    assert asked == ["GET"]


def test_an_upload_whose_answer_was_lost_is_tried_again(platform: Platform) -> None:
    platform.fault("POST", MEDIA, apply="yes", answer="drop")
    outcome = refused(platform, image_post())

    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert outcome.problem.message.startswith("Instagram did not answer (")


def test_an_unsuitable_video_is_told_when_processing_ends(platform: Platform) -> None:
    platform.fault("POST", MEDIA, apply="yes", answer="normal", container_problem=2207026)
    outcome = refused(platform, reel_post())

    assert outcome.problem.kind is ErrorClass.MEDIA
    assert outcome.problem.message == (
        "Instagram does not support this video's format; convert it to H.264 and AAC in an MP4"
    )


def test_an_unfamiliar_refusal_is_told_in_the_platforms_words(platform: Platform) -> None:
    words = "Something new happened with access_token=" + platform.token
    platform.fault("POST", MEDIA, status=400, code=777, subcode=1, message=words, transient=False)
    outcome = refused(platform, image_post())

    assert outcome.problem.kind is ErrorClass.UNKNOWN
    assert outcome.problem.message.startswith(
        "Instagram answered with error 777/1 and said: Something new happened with access_token=***"
    )
    assert platform.token not in repr(outcome)


def test_a_refused_parameter_is_told_in_the_platforms_words(platform: Platform) -> None:
    words = f"(#100) location_id must be a Page, {platform.token}"
    platform.fault("POST", MEDIA, status=400, code=100, message=words)
    outcome = refused(platform, image_post())

    assert outcome.problem.kind is ErrorClass.CONTENT
    assert outcome.problem.message == (
        'Instagram refuses a parameter of this post ("(#100) location_id must be a Page, ***")'
    )


def test_a_reel_with_a_tag_and_no_words_is_fine(platform: Platform) -> None:
    message = Message("instagram", reel_post().type, "", (film(tags=(UserTag("bob"),)),))
    handle = prepared(platform, message)

    assert handle["caption"] == ""
    (container,) = platform.world.containers.values()
    assert container.draft.options["user_tags"] == [{"username": "bob"}]
