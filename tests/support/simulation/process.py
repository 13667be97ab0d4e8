"""One run as the machine sees it: it can be killed, stopped for a while, and have a wrong clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import anyio

from socialauto.core.clock import Clock
from support.simulation.ills import Fate, Fates, Ill

LONGEST_PAUSE = 3 * 3600.0
"""Seconds; well beyond every lease."""

ZOMBIE_PAUSE = 40.0
"""Seconds between a lease check and its request's leaving. What the protocol assumes when nobody
kills a run before its lease ends: no platform checks a fencing token, so a request that leaves
after the lease cannot be stopped by anybody."""


class Killed(BaseException):
    """The process dies here; nothing after it runs."""


async def _pass(seconds: float) -> None:
    # Who sleeps while another task of the process is killed, finds that out on waking: what it had
    # asked for took effect, or not, when it asked.
    await anyio.sleep(max(seconds, 0))


class Process:
    """Satisfies `Clock`. Whoever is dead gets `Killed` from everything that leaves the process."""

    def __init__(
        self,
        name: str,
        clock: Clock,
        fates: Fates,
        *,
        skew: timedelta = timedelta(0),
        dies_at: datetime | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """`dies_at`: the CI job's hard time-out, by the true clock."""
        self.name = name
        self.dead = False
        self._clock = clock
        self._fates = fates
        self._skew = skew
        self._dies_at = dies_at
        self._tell = tell
        self._stands_until: datetime | None = None

    # a clock

    def now(self) -> datetime:
        """A stopped process runs nothing: what it does next, it does when it goes on."""
        self._check()
        true = self._clock.now()
        return max(true, self._stands_until or true) + self._skew

    async def sleep(self, seconds: float) -> None:
        await self.wait(seconds)

    def true_now(self) -> datetime:
        return self._clock.now()

    # life and death

    def kill(self) -> None:
        self.dead = True

    def _check(self) -> None:
        if self.dead:
            raise Killed

    async def wait(self, seconds: float) -> None:
        """Let time pass, or die in it."""
        self._check()
        if self._dies_at and self._clock.now() + timedelta(seconds=seconds) >= self._dies_at:
            await _pass((self._dies_at - self._clock.now()).total_seconds())
            self.kill()
        else:
            await _pass(seconds)
        self._check()
        if self._stands_until:
            await self._stand()

    async def _stand(self) -> None:
        """Wait until the whole process goes on again."""
        assert self._stands_until
        left = (self._stands_until - self._clock.now()).total_seconds()
        if left > 0:
            await self.wait(left)
        else:
            self._stands_until = None

    async def _pause(self, seconds: float) -> None:
        end = self._clock.now() + timedelta(seconds=seconds)
        self._stands_until = max(end, self._stands_until or end)
        await self._stand()

    # operations: `before`, the effect, `after`

    async def before(self, operation: str) -> Fate:
        """What befalls the operation that is about to begin; crashes and pauses happen here."""
        self._check()
        if self._stands_until:
            await self._stand()
        fate = self._fates.draw(operation)
        if self._tell:
            self._tell(f"{self._clock.now():%H:%M:%S.%f} {self.name} {operation} {fate.ill or ''}")
        if fate.ill is Ill.CRASH_BEFORE:
            self.kill()
            self._check()
        if fate.ill is Ill.PAUSE_BEFORE:
            await self._pause(self._pause_length(operation, fate))
        return fate

    def _pause_length(self, operation: str, fate: Fate) -> float:
        zombie = operation == "publish" and self._dies_at is None
        return fate.share * (ZOMBIE_PAUSE if zombie else LONGEST_PAUSE)

    async def after(self, fate: Fate, seconds: float | None = None) -> None:
        """The answer arrives, `seconds` later."""
        if fate.ill is Ill.CRASH_AFTER:
            self.kill()
            self._check()
        await self.wait(self._fates.latency() if seconds is None else seconds)
        if fate.ill is Ill.PAUSE_AFTER:
            await self._pause(fate.share * LONGEST_PAUSE)
