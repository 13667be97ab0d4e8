"""A run whose clock is wrong sends nothing and takes nothing over."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from socialauto.core.ledger import State
from socialauto.engine import run as engine
from socialauto.engine.ports import Ports
from support.builders import HOUR, MINUTE, NOON, delivery, entry
from support.fakes import FakeSession
from support.memory_runs import World


@dataclass
class TimedSession(FakeSession):
    ahead: timedelta | None = None

    def skew(self) -> timedelta | None:
        return self.ahead


def timed(
    monkeypatch: pytest.MonkeyPatch, world: World, ahead: timedelta | None, limit: timedelta | None
) -> None:
    """Runs whose platform says that our clock is ahead by so much."""
    carry_out: Callable[..., Any] = engine.carry_out

    async def with_time(*arguments: Any, ports: Ports, **more: Any) -> Any:
        @asynccontextmanager
        async def connect(account: str) -> Any:
            yield TimedSession(world.platform, ports.clock, ahead)

        ports = replace(ports, connect=connect, max_skew=limit)
        return await carry_out(*arguments, ports=ports, **more)

    monkeypatch.setattr("support.memory_runs.carry_out", with_time)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=6), "this machine's clock is 6 min ahead of the platform's"),
        (-timedelta(hours=2), "this machine's clock is 2 h behind the platform's"),
    ],
)
def test_a_wrong_clock_stops_the_account(
    monkeypatch: pytest.MonkeyPatch, ahead: timedelta, words: str
) -> None:
    open_one = delivery("b", text="Other")
    world = World([delivery("a"), open_one])
    left = entry(open_one, State.INTENT, due=NOON)
    world.ledger.entries[left.key] = left
    timed(monkeypatch, world, ahead, 5 * MINUTE)
    report = world.run(NOON + HOUR)
    assert [(stop.message.split(";")[0], stop.waiting) for stop in report.stopped] == [(words, 2)]
    assert (world.platform.calls, world.ledger.pushes) == ([], 0)


@pytest.mark.parametrize(
    ("ahead", "limit"),
    [
        (timedelta(minutes=4), 5 * MINUTE),
        (None, 5 * MINUTE),
        (timedelta(hours=9), None),
    ],
    ids=["a little", "not said", "set by a person"],
)
def test_otherwise_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, ahead: timedelta | None, limit: timedelta | None
) -> None:
    world = World([delivery("a")])
    timed(monkeypatch, world, ahead, limit)
    assert world.run().clean
    assert world.platform.public("a") == 1
