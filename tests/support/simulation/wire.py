"""Requests from a session to an emulated platform, with everything that can befall them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from socialauto.core.outcome import ErrorClass, InDoubt, NotPublished, Problem, PublishOutcome
from support.simulation.ills import Fate, Ill
from support.simulation.process import Process

T = TypeVar("T")
Effect = Callable[[datetime], T]
"""Does on the platform what was asked for; the instant says when it shows."""

PUBLISH_LIMIT = 120.0
LIMIT = 60.0
"""Seconds that a client waits for an answer, as the real ones do."""


class RefusedError(Exception):
    """The platform says no, and surely has not done it."""

    def __init__(self, problem: Problem, *, dead: bool = False) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.dead = dead
        """What was referred to is of no more use."""


@dataclass(frozen=True, slots=True)
class Failure:
    """No usable answer."""

    problem: Problem
    surely_nothing: bool
    dead: bool = False


UNREADABLE = "no answer that could be read"
"""The sentence by which the oracle knows a read that the simulation spoilt."""

_NO_EFFECT = {
    Ill.EXPIRED: Failure(Problem(ErrorClass.AUTH, "the token is refused"), surely_nothing=True),
    Ill.NEVER_SENT: Failure(Problem(ErrorClass.TRANSIENT, "not reached"), surely_nothing=True),
    Ill.REFUSED: Failure(Problem(ErrorClass.TRANSIENT, "try later"), surely_nothing=True),
}
_DOUBT = Failure(Problem(ErrorClass.TRANSIENT, UNREADABLE), surely_nothing=False)
_BEFORE = (Ill.LOST_REQUEST, Ill.ERROR_BEFORE, Ill.GARBAGE_BEFORE)
_AFTER = (Ill.LOST_RESPONSE, Ill.ERROR_AFTER, Ill.GARBAGE_AFTER)


@dataclass(slots=True)
class Token:
    """An account's access; for a while it may be refused."""

    dead_from: datetime | None = None
    dead_until: datetime | None = None

    def refused(self, now: datetime) -> bool:
        return bool(self.dead_from and self.dead_until and self.dead_from <= now < self.dead_until)


@dataclass(slots=True)
class Wire:
    """One session's way to its platform."""

    process: Process
    token: Token
    latest: float
    """Seconds after the client gave up in which an effect may still show."""

    async def call(self, operation: str, effect: Effect[T]) -> T | Failure:
        fate = await self.process.before(operation)
        limit = PUBLISH_LIMIT if operation == "publish" else LIMIT
        answer, seconds = self._transact(fate, effect, limit)
        await self.process.after(fate, seconds)
        return answer

    def _transact(
        self, fate: Fate, effect: Effect[T], limit: float
    ) -> tuple[T | Failure, float | None]:
        """The answer, and after how many seconds it comes (None: the usual)."""
        now = self.process.true_now()
        if self.token.refused(now):
            return _NO_EFFECT[Ill.EXPIRED], None
        if fate.ill in _NO_EFFECT:
            return _NO_EFFECT[fate.ill], None
        if fate.ill is Ill.RATE_LIMIT:
            until = now + timedelta(minutes=5 + 25 * fate.share)
            problem = Problem(ErrorClass.RATE_LIMITED, "too many calls", until=until)
            return Failure(problem, surely_nothing=True), None
        if fate.ill in _BEFORE:
            return _DOUBT, fate.share * limit
        if fate.ill in _AFTER:
            _done(effect, now)
            return _DOUBT, fate.share * limit
        return self._late(fate, effect, limit, now)

    def _late(
        self, fate: Fate, effect: Effect[T], limit: float, now: datetime
    ) -> tuple[T | Failure, float | None]:
        if fate.ill is Ill.LATE_EFFECT:
            _done(effect, now + timedelta(seconds=fate.share * self.latest))
            return _DOUBT, 0.01
        if fate.ill is not Ill.SLOW:
            return _done(effect, now), None
        seconds = 2 * fate.share * limit
        if seconds <= limit:
            return _done(effect, now + timedelta(seconds=seconds / 2)), seconds
        late = (seconds - limit) / limit * self.latest
        _done(effect, now + timedelta(seconds=limit + late))
        return _DOUBT, limit


def _done(effect: Effect[T], at: datetime) -> T | Failure:
    try:
        return effect(at)
    except RefusedError as refusal:
        return Failure(refusal.problem, surely_nothing=True, dead=refusal.dead)


def verdict(failure: Failure) -> PublishOutcome:
    """What an honest adapter makes of a failed visible call."""
    if failure.surely_nothing:
        return NotPublished(failure.problem, handle_dead=failure.dead)
    return InDoubt(failure.problem)
