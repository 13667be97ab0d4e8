"""How a post did: the right numbers for each kind, few calls, and nothing read as 0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.insights import FACEBOOK_METRICS, METRICS, numbers
from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Insights, NoInsights, Question
from socialauto.core.outcome import ErrorClass
from socialauto.engine.clock import LoopClock
from socialauto.sandbox import insights as sandbox
from socialauto.sandbox.state import Asset, Draft, Shape
from support.instagram import IG_ID, NOON, Platform

DAY = 24 * 3600.0
FIELDS = {"FEED": "image", "REELS": "reel", "STORY": "story"}


def published(platform: Platform, shape: Shape) -> str:
    account = platform.world.accounts[IG_ID]
    asset = Asset("video" if shape == "reel" else "image", "0" * 64, 320, 320, 5)
    container = platform.world.create(account, Draft(shape=shape), NOON, asset=asset)
    return platform.world._publish(container, NOON).id


def ask(platform: Platform, media: str, *, after: float = DAY - 60, **more: Any) -> Any:
    """What the session answers so many seconds after noon, when everything was published."""
    login = more.pop("login", None)
    question = Question(media, **more)

    async def scenario(session: InstagramSession, clock: LoopClock) -> Insights | NoInsights:
        clock.now()  # its first look is noon
        await clock.sleep(after)
        return await session.insights(question)

    return platform.run(scenario, login=login)


def answering(platform: Platform, *replies: dict[str, Any]) -> list[httpx.URL]:
    """Let the platform say exactly this, one after the other; the calls that were made."""
    calls: list[httpx.URL] = []

    def respond(request: httpx.Request) -> httpx.Response:
        reply = replies[min(len(calls), len(replies) - 1)]
        calls.append(request.url)
        return httpx.Response(400 if "error" in reply else 200, json=reply)

    platform.respond = respond
    return calls


def rows(*names: str) -> dict[str, Any]:
    return {"data": [{"name": name, "values": [{"value": 7}]} for name in names]}


def error(code: int, subcode: int | None = None, message: str = "no") -> dict[str, Any]:
    return {"error": {"code": code, "error_subcode": subcode, "message": message}}


@pytest.mark.parametrize("login", ["facebook", "instagram"])
@pytest.mark.parametrize("kind", METRICS)
def test_each_kind_is_asked_for_its_own_metrics(platform: Platform, kind: str, login: str) -> None:
    platform.configure(login=login)
    platform.world.settings = platform.world.settings.__class__(audience=100_000)
    found = ask(platform, published(platform, FIELDS[kind]), login=login)
    assert isinstance(found, Insights)
    expected = {*METRICS[kind], *(FACEBOOK_METRICS[kind] if login == "facebook" else ())}
    assert (found.kind, set(found.metrics), found.refused) == (kind, expected, ())
    assert found.calls == 2


def test_the_tables_are_those_of_the_platform() -> None:
    """Two transcriptions of one page, made apart."""
    assert {kind: set(names) for kind, names in METRICS.items()} == {
        kind: set(names) for kind, names in sandbox.METRICS.items()
    }
    assert {kind: set(names) for kind, names in FACEBOOK_METRICS.items()} == {
        kind: set(names) for kind, names in sandbox.FACEBOOK_METRICS.items()
    }


def test_a_handle_saves_the_question_what_kind_it_is(platform: Platform) -> None:
    handle = {
        "account": IG_ID, "created": NOON.isoformat(), "inputs": "", "media_type": "VIDEO",
        "items": 1, "caption": "",
    }  # fmt: skip
    found = ask(platform, published(platform, "reel"), handle=handle)
    assert (found.kind, found.calls) == ("REELS", 1)


def test_late_numbers_are_nothing_yet(platform: Platform) -> None:
    platform.world.settings = platform.world.settings.__class__(insights_delay=48 * 3600)
    found = ask(platform, published(platform, "image"))
    assert (found.kind, found.metrics) == ("FEED", {})


def test_a_story_with_few_viewers_is_nothing_yet(platform: Platform) -> None:
    found = ask(platform, published(platform, "story"), after=60)
    assert isinstance(found, Insights)
    assert found.metrics == {}


def test_a_story_of_yesterday_is_gone(platform: Platform) -> None:
    found = ask(platform, published(platform, "story"), after=DAY + 60)
    assert isinstance(found, NoInsights)
    assert found.gone


def test_a_metric_that_does_not_exist_is_found_and_not_asked_for_again(platform: Platform) -> None:
    calls: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if "metric" not in request.url.params:
            return httpx.Response(200, json={"media_product_type": "FEED"})
        metrics = request.url.params["metric"].split(",")
        calls.append(request.url.params["metric"])
        if {"shares", "total_views"} & set(metrics):
            return httpx.Response(400, json=error(100))
        return httpx.Response(200, json=rows(*metrics))

    platform.respond = respond
    found = ask(platform, "18", most_calls=30)
    assert isinstance(found, Insights)
    assert found.refused == ("shares", "total_views")
    assert "shares" not in found.metrics
    assert found.metrics["reach"] == 7
    assert found.calls == 2 + len(METRICS["FEED"]) + len(FACEBOOK_METRICS["FEED"])
    calls.clear()
    again = ask(platform, "18", refused={"FEED": frozenset(found.refused)})
    assert (set(again.metrics), len(calls)) == (set(found.metrics), 1)


def test_no_more_calls_are_made_than_allowed(platform: Platform) -> None:
    calls = answering(platform, {"media_product_type": "FEED"}, error(100))
    found = ask(platform, "18", most_calls=5)
    assert (len(calls), found.calls) == (5, 5)


def test_when_every_metric_is_refused_nothing_is_learned(platform: Platform) -> None:
    answering(platform, {"media_product_type": "FEED"}, error(100))
    found = ask(platform, "18", most_calls=30)
    assert isinstance(found, NoInsights)
    assert not found.gone


@pytest.mark.parametrize(
    ("reply", "kind", "gone"),
    [
        (error(190, 463, "expired"), ErrorClass.AUTH, False),
        (error(10, None, "(#10) no permission"), ErrorClass.AUTH, False),
        (error(200, None, "permission"), ErrorClass.AUTH, False),
        (error(80002), ErrorClass.RATE_LIMITED, False),
        (error(2), ErrorClass.TRANSIENT, False),
        (error(100, 33), ErrorClass.TRANSIENT, True),
    ],
)
def test_why_there_are_none(
    platform: Platform, reply: dict[str, Any], kind: ErrorClass, gone: bool
) -> None:
    calls = answering(platform, {"media_product_type": "FEED"}, reply)
    found = ask(platform, "18")
    assert isinstance(found, NoInsights)
    assert (found.problem.kind, found.gone, len(calls)) == (kind, gone, 2)
    if reply["error"]["code"] in (10, 200):
        assert "instagram_manage_insights" in found.problem.message


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ([error(100), {"media_type": "VIDEO"}], "REELS"),
        ([error(100), {"media_type": "IMAGE"}], "FEED"),
        ([{"media_type": "VIDEO"}], "REELS"),
        ([{"media_product_type": "AD", "media_type": "CAROUSEL_ALBUM"}], "FEED"),
    ],
)
def test_the_kind_is_guessed_where_it_cannot_be_read(
    platform: Platform, replies: list[dict[str, Any]], kind: str
) -> None:
    answering(platform, *replies, rows("reach"))
    assert ask(platform, "18").kind == kind


def test_busy_limits_are_passed_on(platform: Platform) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        headers = {"X-App-Usage": '{"call_count": 95}'}
        kind = {"media_product_type": "FEED"}
        return httpx.Response(
            200, json=rows("reach") if "metric" in request.url.params else kind, headers=headers
        )

    platform.respond = respond
    assert ask(platform, "18").busy_until is not None


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ([{"name": "reach", "values": [{"value": 0}]}], {"reach": 0}),
        ([{"name": "x", "total_value": {"value": 3, "breakdowns": []}}], {"x": 3}),
        ([{"name": "x", "values": []}], {}),
        ([{"name": "x", "values": [{"value": {"a": 1}}]}], {}),
        ([{"name": "x", "values": [{"value": True}]}], {}),
        ([{"name": "x", "values": [{"value": -1}]}], {}),
        ([{"name": "x", "values": [{"value": "12"}]}], {}),
        ([{"values": [{"value": 1}]}, None, "x"], {}),
        ({}, {}),
        (None, {}),
    ],
)
def test_only_what_is_a_number_is_taken(data: Iterable[Any], found: dict[str, float]) -> None:
    assert numbers({"data": data}) == found
