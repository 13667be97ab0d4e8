"""Where calls go, who the token is, what is left of the quota."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Identity, Tools
from socialauto.core.errors import SocialautoError
from socialauto.engine.clock import LoopClock
from socialauto.sandbox.state import Token
from support.instagram import IG_ID, NOON, Platform


async def whoami(session: InstagramSession, _: LoopClock) -> Identity:
    return await session.whoami()


async def quota(session: InstagramSession, _: LoopClock) -> int | None:
    return await session.quota_left()


async def link(session: InstagramSession, _: LoopClock) -> str | None:
    return await session.permalink("180")


def asked(platform: Platform, **account: Any) -> httpx.URL:
    """Where the session asks who the token belongs to."""
    seen: list[httpx.URL] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.url)
        return httpx.Response(200, json={"id": IG_ID, "user_id": IG_ID, "username": "acme"})

    platform.respond = respond
    platform.account = platform.account.model_copy(update=account)
    platform.run(whoami, login=account.get("login"))
    return seen[0]


@pytest.mark.parametrize(
    ("account", "url"),
    [
        ({}, f"https://graph.facebook.com/v25.0/{IG_ID}?fields=id%2Cusername"),
        ({"login": "facebook"}, f"https://graph.facebook.com/v25.0/{IG_ID}?fields=id%2Cusername"),
        (
            {"login": "instagram"},
            "https://graph.instagram.com/v25.0/me?fields=user_id%2Cusername",
        ),
        (
            {"api_version": "v26.0"},
            f"https://graph.facebook.com/v26.0/{IG_ID}?fields=id%2Cusername",
        ),
        (
            {"api": "http://127.0.0.1:8765/"},
            f"http://127.0.0.1:8765/v25.0/{IG_ID}?fields=id%2Cusername",
        ),
    ],
)
def test_calls_go_to_the_variant_and_version_of_the_account(
    platform: Platform, account: dict[str, str], url: str
) -> None:
    assert str(asked(platform, **account)) == url


def test_an_id_cannot_lead_a_call_elsewhere(platform: Platform) -> None:
    platform.respond = lambda request: httpx.Response(200, json={"id": str(request.url)})
    platform.account = platform.account.model_copy(update={"id": "../me?x="})

    with pytest.raises(SocialautoError) as refused:
        platform.run(whoami)

    assert "https://graph.facebook.com/v25.0/..%2Fme%3Fx%3D?fields=" in str(refused.value)


@pytest.mark.parametrize("login", ["facebook", "instagram"])
def test_the_account_behind_a_token_is_named(platform: Platform, login: Any) -> None:
    platform.configure(login=login)

    assert platform.run(whoami, login=login) == Identity(IG_ID, "@acme")


def test_a_token_of_another_account_is_noticed(platform: Platform) -> None:
    platform.respond = lambda _: httpx.Response(200, json={"user_id": "17", "username": "other"})

    with pytest.raises(SocialautoError) as refused:
        platform.run(whoami, login="instagram")

    assert str(refused.value) == (
        f"the token belongs to @other (17), the configuration says id {IG_ID}; "
        'write id: "17", or use the token of the other account'
    )


def test_a_refused_token_is_told_in_one_sentence(platform: Platform) -> None:
    platform.world.tokens[platform.token] = Token(expires=NOON)

    with pytest.raises(SocialautoError) as refused:
        platform.run(whoami)

    assert str(refused.value) == (
        "the token in ACME_IG_TOKEN has expired; put a new token into ACME_IG_TOKEN"
    )


def test_who_keeps_the_token_encrypted_is_told_to_connect_again(platform: Platform) -> None:
    platform.world.tokens[platform.token] = Token(expires=NOON)
    platform.account = platform.account.model_copy(update={"token": "secret:acme"})

    with pytest.raises(SocialautoError) as refused:
        platform.run(whoami)

    assert str(refused.value) == (
        'the token in secret:acme has expired; type "socialauto accounts connect"'
    )


def test_the_quota_is_what_the_platform_says(platform: Platform) -> None:
    platform.configure(quota_total=25)

    assert platform.run(quota) == 25


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": []},
        {"data": [{"quota_usage": 3}]},
        {"data": [{"quota_usage": "x", "config": {"quota_total": 100}}]},
        {"data": [None]},
        {"error": {"code": 2}},
    ],
)
def test_a_quota_that_cannot_be_read_is_unknown_and_not_assumed(
    platform: Platform, body: dict[str, Any]
) -> None:
    platform.respond = lambda _: httpx.Response(200, json=body)

    assert platform.run(quota) is None


def test_a_quota_that_is_overdrawn_leaves_nothing(platform: Platform) -> None:
    row = {"quota_usage": 30, "config": {"quota_total": 25}}
    platform.respond = lambda _: httpx.Response(200, json={"data": [row]})

    assert platform.run(quota) == 0


@pytest.mark.parametrize("body", [{}, {"permalink": 7}, {"permalink": "javascript:alert(1)"}])
def test_what_is_no_address_is_no_link(platform: Platform, body: dict[str, Any]) -> None:
    platform.respond = lambda _: httpx.Response(200, json=body)

    assert platform.run(link) is None


def test_what_an_adapter_is_handed_does_not_show_the_token(platform: Platform) -> None:
    assert platform.token not in repr(Tools(LoopClock(NOON), platform.token))


def test_a_session_does_not_show_the_token(platform: Platform) -> None:
    async def look(session: InstagramSession, _: LoopClock) -> str:
        graph = session._graph
        return f"{session!r} {graph!r} {graph._api!r} {graph._api._client!r}"

    assert platform.token not in platform.run(look)
