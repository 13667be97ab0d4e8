"""The two clocks: the system's for production, the event loop's for virtual time.

This module is the one place that reads the system's clock (one line of it does), and the one that
waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import anyio


@dataclass(frozen=True, slots=True)
class SystemClock:
    """Real time, moved by `offset` when a person passed `--now`."""

    offset: timedelta = timedelta(0)

    @classmethod
    def moved_to(cls, now: datetime) -> SystemClock:
        """A clock that shows `now` at this moment and runs on from there."""
        return cls(now - cls().now())

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(max(seconds, 0))


@dataclass(slots=True)
class LoopClock:
    """Time as the event loop counts it: under trio's `MockClock` hours pass at once."""

    start: datetime
    _origin: float | None = field(default=None)

    def now(self) -> datetime:
        current = anyio.current_time()
        if self._origin is None:
            self._origin = current
        return self.start + timedelta(seconds=current - self._origin)

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(max(seconds, 0))
