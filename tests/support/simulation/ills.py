"""What can go wrong with one operation, and who decides when: chance, or a script."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Ill(StrEnum):
    """One misfortune of one operation."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    PAUSE_BEFORE = "pause before"
    PAUSE_AFTER = "pause after"
    # a request to a platform
    NEVER_SENT = "never sent"
    """The connection was refused: surely nothing left."""
    LOST_REQUEST = "lost request"
    LOST_RESPONSE = "lost response"
    LATE_EFFECT = "late effect"
    """It takes effect after the client gave up."""
    SLOW = "slow"
    """The answer may come later than anybody waits for it."""
    ERROR_BEFORE = "5xx before the effect"
    ERROR_AFTER = "5xx after the effect"
    GARBAGE_BEFORE = "garbage before the effect"
    GARBAGE_AFTER = "garbage after the effect"
    RATE_LIMIT = "rate limit"
    EXPIRED = "expired token"
    REFUSED = "refused for now"
    # a push to the ledger
    STALE = "another writer was first"
    UNCLEAR_APPLIED = "no answer, applied"
    UNCLEAR_LOST = "no answer, not applied"
    GIVEN_UP_APPLIED = "unreachable after it was applied"
    GIVEN_UP_LOST = "unreachable, not applied"
    LATE_PUSH = "applied after the client gave up"
    DECLINED = "declined for good"
    # a fetch of the ledger
    UNREACHABLE = "unreachable"


CRASHES = (Ill.CRASH_BEFORE, Ill.CRASH_AFTER)
PAUSES = (Ill.PAUSE_BEFORE, Ill.PAUSE_AFTER)
READ = (
    Ill.NEVER_SENT, Ill.LOST_RESPONSE, Ill.SLOW, Ill.ERROR_BEFORE, Ill.GARBAGE_BEFORE,
    Ill.RATE_LIMIT, Ill.EXPIRED,
)  # fmt: skip
WRITE = (
    *READ, Ill.LOST_REQUEST, Ill.LATE_EFFECT, Ill.ERROR_AFTER, Ill.GARBAGE_AFTER, Ill.REFUSED,
)  # fmt: skip
PUSH = (
    Ill.STALE, Ill.UNCLEAR_APPLIED, Ill.UNCLEAR_LOST, Ill.GIVEN_UP_APPLIED, Ill.GIVEN_UP_LOST,
    Ill.LATE_PUSH, Ill.DECLINED, Ill.SLOW,
)  # fmt: skip
FETCH = (Ill.UNREACHABLE, Ill.SLOW)

OPERATIONS: Mapping[str, tuple[Ill, ...]] = {
    "fetch": FETCH,
    "push": PUSH,
    "upload": WRITE,
    "create": WRITE,
    "publish": WRITE,
    "status": READ,
    "get": READ,
    "list": READ,
    "permalink": READ,
}
"""Every operation of a run that leaves the process, and what can befall it beside crash and
pause."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls one operation. `share`, 0 to 1, sizes it: how late, how slow, how long."""

    ill: Ill | None
    share: float = 0.5


WELL = Fate(None)


class Fates(Protocol):
    def draw(self, operation: str) -> Fate: ...

    def latency(self) -> float:
        """Seconds that an operation takes when all is well."""
        ...


@dataclass(slots=True)
class Quiet:
    """Nothing happens. Latencies differ a little, so that no two instants are ever the same."""

    rng: random.Random

    def draw(self, operation: str) -> Fate:
        return WELL

    def latency(self) -> float:
        return 0.05 + self.rng.random()


@dataclass(frozen=True, slots=True)
class Temper:
    """How bad a world is: chances for each operation."""

    ill: float
    crash: float
    pause: float


@dataclass(slots=True)
class Chance:
    """Misfortune by chance."""

    rng: random.Random
    temper: Temper

    def draw(self, operation: str) -> Fate:
        temper, roll = self.temper, self.rng.random()
        if roll >= temper.crash + temper.pause + temper.ill:
            return WELL
        if roll < temper.crash:
            kinds: tuple[Ill, ...] = CRASHES
        elif roll < temper.crash + temper.pause:
            kinds = PAUSES
        else:
            kinds = OPERATIONS[operation]
        return Fate(self.rng.choice(kinds), self.rng.random())

    def latency(self) -> float:
        return 0.05 + 2 * self.rng.random()


@dataclass(slots=True)
class Script:
    """The n-th operation meets this fate, all others none; remembers every operation."""

    fates: Mapping[int, Fate]
    rng: random.Random = field(default_factory=lambda: random.Random(0))
    met: list[str] = field(default_factory=list)

    def draw(self, operation: str) -> Fate:
        self.met.append(operation)
        return self.fates.get(len(self.met) - 1, WELL)

    def latency(self) -> float:
        return 0.05 + self.rng.random()
