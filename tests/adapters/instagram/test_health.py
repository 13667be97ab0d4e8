"""How an account and its token are: every read may fail, and then its answer stays open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.scopes import SCOPES
from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Vitals
from socialauto.engine.clock import LoopClock
from socialauto.sandbox.state import Token
from support.instagram import IG_ID, Platform

EVERYTHING = frozenset(scope.name for scope in SCOPES["facebook"])


def vitals(
    platform: Platform, granted: frozenset[str] | None = None, *, login: str | None = None
) -> Vitals:
    async def scenario(session: InstagramSession, _: LoopClock) -> Vitals:
        return await session.vitals(granted)

    return platform.run(scenario, login=login)


def lacking(found: Vitals) -> dict[str, bool] | None:
    return None if found.lacking is None else {one.name: one.required for one in found.lacking}


def test_all_that_the_platform_tells(platform: Platform) -> None:
    platform.configure(quota_total=50)
    found = vitals(platform, EVERYTHING)
    assert found.account_type in found.fit_types
    assert (found.quota_used, found.quota_total, found.load) == (0, 50, 0)
    assert (found.api_version, found.api_released) == ("v25.0", date(2026, 2, 18))
    assert lacking(found) == {}


@pytest.mark.parametrize("kind", ["BUSINESS", "MEDIA_CREATOR", "PERSONAL"])
def test_the_type_is_asked_for_with_instagram_login(platform: Platform, kind: str) -> None:
    platform.configure(login="instagram", account_type=kind)
    found = vitals(platform, login="instagram")
    assert found.account_type == kind
    assert (kind in found.fit_types) is (kind != "PERSONAL")


def test_a_persons_token_tells_its_permissions(platform: Platform) -> None:
    granted = EVERYTHING - {"instagram_manage_insights", "instagram_content_publish"}
    platform.world.tokens[platform.token] = Token(kind="user", scopes=granted)
    assert lacking(vitals(platform, login="facebook")) == {
        "instagram_content_publish": True,
        "instagram_manage_insights": False,
    }


def test_what_is_known_from_elsewhere_is_not_asked_for(platform: Platform) -> None:
    granted = frozenset({"instagram_business_basic", "instagram_business_content_publish"})
    platform.configure(login="instagram")
    assert lacking(vitals(platform, granted, login="instagram")) == {
        "instagram_business_manage_comments": False,
        "instagram_business_manage_insights": False,
    }
    assert lacking(vitals(platform, login="instagram")) is None


def test_an_unknown_version_has_no_birthday(platform: Platform) -> None:
    platform.account = platform.account.model_copy(update={"api_version": "v19.0"})
    found = vitals(platform)
    assert (found.api_version, found.api_released) == ("v19.0", None)


def test_the_limit_of_calls(platform: Platform) -> None:
    platform.world.settings = replace(platform.world.settings, hourly_calls=2)
    assert vitals(platform, EVERYTHING).load == 50


ODD: list[dict[str, Any]] = [
    {"status_code": 500, "text": "<html>"},
    {"status_code": 200, "json": {}},
    {"status_code": 200, "json": {"data": []}},
    {"status_code": 200, "json": {"data": [{"quota_usage": "many", "config": {}}]}},
    {"status_code": 200, "json": {"data": [{"quota_usage": True, "config": None}]}},
    {"status_code": 200, "json": {"data": [None], "account_type": 7}},
    {"status_code": 400, "json": {"error": {"code": 100, "message": "no"}}},
]


@pytest.mark.parametrize("answer", ODD)
@pytest.mark.parametrize("login", ["facebook", "instagram"])
def test_odd_answers_leave_everything_open(
    platform: Platform, answer: dict[str, Any], login: str
) -> None:
    platform.respond = lambda _: httpx.Response(**answer)
    found = vitals(platform, login=login)
    assert (found.quota_used, found.quota_total) == (None, None)
    assert (found.lacking, found.load, found.skew) == (None, None, None)
    assert found.account_type == ("professional" if login == "facebook" else None)


def test_no_answer_leaves_everything_open(platform: Platform) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down", request=request)

    platform.respond = fail
    assert vitals(platform).lacking is None


@pytest.mark.parametrize(
    ("header", "skew"),
    [
        ("Tue, 01 Dec 2026 12:00:00 GMT", timedelta(0)),
        ("Tue, 01 Dec 2026 11:50:00 GMT", timedelta(minutes=10)),
        ("Tue, 01 Dec 2026 12:00:40 -0000", timedelta(seconds=-40)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_platforms_clock(platform: Platform, header: str, skew: timedelta | None) -> None:
    platform.respond = lambda _: httpx.Response(200, json={"id": IG_ID}, headers={"Date": header})
    assert vitals(platform).skew == skew
