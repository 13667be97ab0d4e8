"""The visible call: once, and its answer is what is certain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.errors import RULES, Advice, Rule
from socialauto.adapters.instagram.session import InstagramSession
from socialauto.core.message import Message
from socialauto.core.outcome import (
    AlreadyPublished,
    ErrorClass,
    InDoubt,
    NotPublished,
    Prepared,
    Published,
    PublishOutcome,
)
from socialauto.engine.clock import LoopClock
from socialauto.sandbox.state import Settings, Token
from support.instagram import (
    HANDLE,
    NOON,
    PUBLISH,
    Platform,
    carousel_post,
    image_post,
    reel_post,
)

HOUR = timedelta(hours=1)


def publish(platform: Platform, message: Message | None = None) -> PublishOutcome:
    async def scenario(session: InstagramSession, _: LoopClock) -> PublishOutcome:
        ready = await session.prepare(message or image_post(), platform.files, None)
        assert isinstance(ready, Prepared), ready
        return await session.publish(ready.handle)

    return platform.run(scenario)


def answered(platform: Platform, status: int, code: int | None, subcode: int | None) -> Any:
    """What becomes of a publish call that the platform answers with this envelope."""
    envelope: dict[str, Any] = {"message": "(#0) words", "fbtrace_id": "Abc"}
    envelope |= {"code": code} if code is not None else {}
    envelope |= {"error_subcode": subcode} if subcode is not None else {}
    body = {"error": envelope}
    platform.respond = lambda request: httpx.Response(status, json=body)
    return publish_handle(platform)


def publish_handle(platform: Platform) -> PublishOutcome:
    async def scenario(session: InstagramSession, _: LoopClock) -> PublishOutcome:
        return await session.publish(HANDLE)

    return platform.run(scenario)


# it went out


@pytest.mark.parametrize("message", [image_post(), carousel_post(), reel_post()])
def test_a_ready_post_goes_out_once_and_is_linked(platform: Platform, message: Message) -> None:
    outcome = publish(platform, message)

    (entry,) = platform.world.log
    assert isinstance(outcome, Published)
    assert outcome.id == entry.id
    assert outcome.url is not None
    assert outcome.url.startswith("https://graph.facebook.com/acme/p/")


@pytest.mark.parametrize("fault", [{"answer": "drop"}, {"answer": "hang"}, {"answer": "garbage"}])
def test_a_link_that_cannot_be_read_does_not_undo_a_publication(
    platform: Platform, fault: dict[str, Any]
) -> None:
    platform.fault("GET", r"^/180\d+$", **fault)
    outcome = publish(platform)

    assert outcome == Published(platform.world.log[0].id, None)


# nobody knows


@pytest.mark.parametrize("apply", ["yes", "no"])
@pytest.mark.parametrize(
    "answer",
    [
        {"answer": "drop"},
        {"answer": "hang"},
        {"answer": "garbage", "status": 502},
        {"answer": "garbage", "status": 200, "body": '{"id": '},
        {"answer": "garbage", "status": 200, "body": '{"success": true}'},
        {"answer": "garbage", "status": 200, "body": '{"id": {"a": 1}}'},
        {"answer": "garbage", "status": 200, "body": '{"id": "../../x"}'},
        {"answer": "garbage", "status": 302},
        {"answer": "garbage", "status": 502, "body": '{"id": "1"}'},
        {"answer": "garbage", "status": 403},
        {"answer": "error", "status": 500, "code": 2},
        {"answer": "error", "status": 500, "code": 190},
        {"answer": "error", "status": 200, "code": 190},
        {"answer": "error", "status": 400, "code": 4, "subcode": 2207051},
        {"answer": "error", "status": 400, "code": 777},
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value,
)
def test_an_answer_that_proves_nothing_leaves_it_in_doubt(
    platform: Platform, answer: dict[str, Any], apply: Any
) -> None:
    platform.fault("POST", PUBLISH, apply=apply, **answer)
    outcome = publish(platform)

    assert isinstance(outcome, InDoubt)
    assert len(platform.published) == (apply == "yes")


def test_an_answer_is_waited_for_two_minutes(platform: Platform) -> None:
    platform.fault("POST", PUBLISH, answer="hang")

    async def scenario(session: InstagramSession, clock: LoopClock) -> tuple[Any, timedelta]:
        ready = await session.prepare(image_post(), platform.files, None)
        assert isinstance(ready, Prepared)
        start = clock.now()
        return await session.publish(ready.handle), clock.now() - start

    outcome, took = platform.run(scenario)

    assert isinstance(outcome, InDoubt)
    assert outcome.problem.message == "Instagram did not answer (no whole answer within 120 s)"
    assert took == timedelta(seconds=120)


# surely nothing went out


def test_a_server_that_is_not_there_has_published_nothing(platform: Platform) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused")

    platform.respond = refuse
    outcome = publish_handle(platform)

    assert isinstance(outcome, NotPublished)
    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert outcome.problem.message == "Instagram could not be reached (Connection refused)"
    assert not outcome.handle_dead


def test_a_container_that_is_not_ready_can_be_published_later(platform: Platform) -> None:
    outcome = answered(platform, 400, 9007, 2207027)

    assert isinstance(outcome, NotPublished)
    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert not outcome.handle_dead


def test_a_used_up_quota_waits_with_the_container(platform: Platform) -> None:
    platform.configure(quota_total=0)
    outcome = publish(platform)

    assert isinstance(outcome, NotPublished)
    assert outcome.problem.kind is ErrorClass.RATE_LIMITED
    assert outcome.problem.until is not None
    assert outcome.problem.until > NOON + HOUR - timedelta(minutes=1)
    assert outcome.problem.code == "9/2207042"
    assert not outcome.handle_dead


def test_a_token_that_expires_between_prepare_and_publish_sends_nothing(platform: Platform) -> None:
    async def scenario(session: InstagramSession, _: LoopClock) -> PublishOutcome:
        ready = await session.prepare(image_post(), platform.files, None)
        assert isinstance(ready, Prepared)
        platform.world.tokens[platform.token] = Token(expires=NOON)
        return await session.publish(ready.handle)

    outcome = platform.run(scenario)

    assert isinstance(outcome, NotPublished)
    assert outcome.problem.kind is ErrorClass.AUTH
    assert not outcome.handle_dead
    assert platform.published == []


def test_a_limit_ends_when_the_headers_say_so(platform: Platform) -> None:
    usage = '{"1": [{"type": "instagram", "estimated_time_to_regain_access": 7}]}'
    platform.respond = lambda request: httpx.Response(
        400, json={"error": {"code": 4}}, headers={"X-Business-Use-Case-Usage": usage}
    )
    outcome = publish_handle(platform)

    assert isinstance(outcome, NotPublished)
    assert outcome.problem.until == NOON + timedelta(minutes=7)


def test_a_handle_of_another_version_is_not_sent(platform: Platform) -> None:
    async def scenario(session: InstagramSession, _: LoopClock) -> PublishOutcome:
        return await session.publish({"container": "1", "future": True})

    outcome = platform.run(scenario)

    assert isinstance(outcome, NotPublished)
    assert outcome.problem.kind is ErrorClass.UNKNOWN


# the whole table

CODED = [rule for rule in RULES if not rule.word]


@pytest.mark.parametrize("rule", CODED, ids=lambda rule: f"{rule.code}/{rule.subcode}")
def test_every_row_of_the_table_decides_what_a_publish_call_did(
    platform: Platform, rule: Rule
) -> None:
    outcome = answered(platform, 400, rule.code, rule.subcode)

    advice = rule.publish or rule.prepare
    if advice is Advice.PROBE:
        assert isinstance(outcome, InDoubt)
    else:
        assert isinstance(outcome, NotPublished)
        assert outcome.handle_dead is (advice in (Advice.FIX, Advice.NEW, Advice.REFETCH))


@pytest.mark.parametrize(
    ("code", "subcode"),
    [
        *((-1, 2207001), (-1, 2207032), (-1, 2207053), (-1, None), (1, None), (2, None)),
        *((4, 2207051), (24, 2207008), (100, 33), (506, None)),
        *((100, 2207999), (4, 2207999), (9, None), (777, None), (None, None)),
    ],
)
def test_the_codes_that_came_with_a_live_post_are_never_a_refusal(
    platform: Platform, code: int, subcode: int | None
) -> None:
    assert isinstance(answered(platform, 400, code, subcode), InDoubt)


def test_a_refused_token_is_a_refusal_whatever_its_subcode(platform: Platform) -> None:
    outcome = answered(platform, 400, 190, 999)

    assert isinstance(outcome, NotPublished)
    assert outcome.problem.kind is ErrorClass.AUTH


def test_the_permission_codes_are_a_range(platform: Platform) -> None:
    for code in (200, 299):
        outcome = answered(platform, 400, code, None)
        assert isinstance(outcome, NotPublished)
        assert outcome.problem.kind is ErrorClass.AUTH


def test_a_publish_call_that_reaches_the_platform_twice_is_noticed(platform: Platform) -> None:
    """Something between repeats the call, and only the second answer comes back."""
    platform.world.settings = Settings(republish="refuse")

    async def scenario(session: InstagramSession, _: LoopClock) -> tuple[Any, Any]:
        ready = await session.prepare(image_post(), platform.files, None)
        assert isinstance(ready, Prepared)
        await session.publish(ready.handle)
        again = await session.publish(ready.handle)
        assert isinstance(again, NotPublished)
        kept = None if again.handle_dead else ready.handle
        return again, await session.prepare(image_post(), platform.files, kept)

    again, outcome = platform.run(scenario)

    assert again.problem.code == "24/2207006"
    assert isinstance(outcome, AlreadyPublished)
    assert len(platform.published) == 1
