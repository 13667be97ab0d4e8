"""Instagram's adapter, in both variants, under the contract of all adapters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

import pytest

from adapters.contract import AdapterContract
from socialauto.adapters.protocol import Session
from socialauto.core.clock import Clock
from socialauto.core.message import Message
from socialauto.sandbox.state import Token
from support.instagram import (
    IG_ID,
    NOON,
    PUBLISH,
    Platform,
    carousel_post,
    film,
    image_post,
    reel_post,
    story_post,
)

T = TypeVar("T")


class InstagramRig:
    platform_name = "instagram"
    account_id = IG_ID
    start = NOON

    def __init__(self, platform: Platform, login: str) -> None:
        self._platform = platform
        self._login = login
        self.token = platform.token
        self.media = platform.files
        platform.configure(login=login)

    def messages(self) -> Sequence[Message]:
        return (image_post(), carousel_post(), reel_post(), story_post(), story_post(film()))

    def run(self, scenario: Callable[[Session, Clock], Awaitable[T]]) -> T:
        return self._platform.run(scenario, login=self._login)

    def public(self) -> int:
        return len(self._platform.published)

    def lose_answer(self, *, applied: bool) -> None:
        self._platform.fault("POST", PUBLISH, apply="yes" if applied else "no", answer="drop")

    def break_reads(self) -> None:
        self._platform.fault("GET", "", times=None, answer="garbage", status=200)

    def refuse_token(self) -> None:
        self._platform.world.tokens[self.token] = Token(expires=NOON - timedelta(days=1))


class TestInstagram(AdapterContract):
    @pytest.fixture(params=["facebook", "instagram"])
    def rig(self, platform: Platform, request: pytest.FixtureRequest) -> InstagramRig:
        return InstagramRig(platform, request.param)
