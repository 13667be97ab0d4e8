"""Four hundred days of a token's life: the real client against the emulated platform."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest

from socialauto.cli.tokens import PlatformRefresher
from socialauto.core.config import Account
from socialauto.credentials.credential import Credential
from socialauto.credentials.upkeep import Notice, Upkeep
from socialauto.sandbox.app import create_app
from socialauto.sandbox.errors import RefusedError
from socialauto.sandbox.inprocess import InProcess
from socialauto.sandbox.oauth import APP_ID, APP_SECRET
from socialauto.sandbox.state import Account as SandboxAccount
from socialauto.sandbox.state import Token
from socialauto.sandbox.tokens import accepted
from socialauto.sandbox.world import World
from support.tokens import CANARY, LIFE, START, MemoryFiles, credential, kept, vault

IG_ID = "17841400000000001"
OLD = f"{CANARY}0"


@dataclass
class BadNetwork(httpx.AsyncBaseTransport):
    """Half of the requests never arrive, or their answers never come back."""

    inner: InProcess
    chance: random.Random
    asked: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if (luck := self.chance.random()) < 0.25:
            raise httpx.ConnectError("no route", request=request)
        response = await self.inner.handle_async_request(request)
        if luck < 0.5:
            raise httpx.ReadError("reset", request=request)
        return response


@dataclass
class Life:
    """An account in the sandbox and its credential, seen by one run every six hours."""

    fields: dict[str, Any]
    token: Token
    chance: random.Random
    now: datetime = START
    files: MemoryFiles = field(default_factory=MemoryFiles)
    notices: list[Notice] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self.world = World([SandboxAccount(id=IG_ID, username="acme")], tokens={OLD: self.token})
        app = create_app(self.world, fetch=_no_fetch, now=lambda: self.now)
        self.network = BadNetwork(InProcess(app), self.chance)
        kept(self.files, credential(**self.fields))

    async def run(self, secrets: Any) -> Credential:
        account = Account.model_validate(
            {"platform": "instagram", "id": IG_ID, "token": "secret:acme"}
        )
        refresher = PlatformRefresher(account, secrets, self.network)
        upkeep = Upkeep(vault(self.files), refresher, lambda: self.now, secrets is not None)
        used = await upkeep.keep("acme", vault(self.files).get("acme"))
        self.notices += upkeep.notices
        return used

    async def days(self, days: int, secrets: Any, works: Callable[[Credential], str]) -> None:
        """Counts the runs whose token the platform would refuse."""
        for number in range(4 * days):
            self.now = START + timedelta(days=number / 4)
            used = await self.run(secrets)
            try:
                accepted(self.world.tokens, works(used), self.now)
            except RefusedError:
                self.refused += 1


async def _no_fetch(address: str) -> Any:
    raise AssertionError(address)


def app_secrets() -> Any:
    from socialauto.adapters.instagram.login import AppSecrets

    return AppSecrets(APP_ID, APP_SECRET)


@pytest.mark.parametrize("seed", range(2))
def test_instagram_login(seed: int) -> None:
    token = Token(kind="instagram", accounts=frozenset({IG_ID}), issued=START, expires=START + LIFE)
    life = Life({}, token, random.Random(seed))

    anyio.run(life.days, 400, None, lambda used: used.token.get_secret_value())

    assert life.refused == 0
    assert [notice for notice in life.notices if notice.alarm] == []
    assert 8 <= sum(notice.good for notice in life.notices) <= 10
    assert life.network.asked < 60
    assert not any(CANARY in text or "IGAA" in text for text in _said(life))


def test_facebook_login_with_the_apps_secret() -> None:
    token = Token(kind="user", accounts=frozenset({IG_ID}), issued=START, expires=START + LIFE)
    life = Life({"login": "facebook"}, token, random.Random(5))

    anyio.run(life.days, 400, app_secrets(), lambda used: used.token.get_secret_value())

    assert life.refused == 0
    assert sum(notice.good for notice in life.notices) >= 8
    assert not any(APP_SECRET in text or CANARY in text for text in _said(life))


def test_a_person_s_token_beside_a_page_s_is_exchanged_and_the_page_s_left() -> None:
    token = Token(kind="user", accounts=frozenset({IG_ID}), issued=START, expires=START + LIFE)
    fields = {
        "login": "facebook",
        "token": "EAApage",
        "expires": None,
        "read_token": OLD,
        "read_expires": START + LIFE,
    }
    life = Life(fields, token, random.Random(7))

    def reading(used: Credential) -> str:
        assert used.read_token
        assert used.token.get_secret_value() == "EAApage"
        return used.read_token.get_secret_value()

    anyio.run(life.days, 130, app_secrets(), reading)

    assert life.refused == 0
    assert sum(notice.good for notice in life.notices) >= 2


def test_the_platform_refuses_what_is_younger_than_a_day_and_nothing_breaks() -> None:
    """As when somebody took a new token elsewhere and the file says something older."""
    token = Token(kind="instagram", issued=START + timedelta(days=45), expires=START + 2 * LIFE)
    life = Life({}, token, random.Random(1), now=START + timedelta(days=45, hours=2))
    life.network.chance = _Never()

    used = anyio.run(life.run, None)

    assert used.token.get_secret_value() == OLD
    assert used.tried == life.now
    assert "could not be refreshed" in life.notices[0].sentence
    assert not any(CANARY in text for text in _said(life))


class _Never(random.Random):
    """No misfortune."""

    def random(self) -> float:
        return 1.0


def _said(life: Life) -> list[str]:
    return [notice.sentence for notice in life.notices]
