"""Runs histories on virtual time, the same way each time."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import trio
from trio.testing import MockClock

T = TypeVar("T")

_SCHEDULER = trio._core._run
_SWITCH = "_ALLOW_DETERMINISTIC_SCHEDULING"
"""trio shuffles what it runs next, and lets test tools (Hypothesis, pytest-trio) stop that."""


def run_virtually(main: Callable[[], Awaitable[T]]) -> T:
    """Run to the end; waiting takes no time, and the same program runs in the same order."""
    before = getattr(_SCHEDULER, _SWITCH)
    setattr(_SCHEDULER, _SWITCH, True)
    try:
        options = {"clock": MockClock(autojump_threshold=0)}
        result: T = anyio.run(main, backend="trio", backend_options=options)
        return result
    finally:
        setattr(_SCHEDULER, _SWITCH, before)


def reseed(seed: int) -> None:
    """Make trio's choices those of this seed, whatever ran before."""
    _SCHEDULER._r = random.Random(seed)
