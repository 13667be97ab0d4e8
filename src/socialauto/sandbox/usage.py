"""Counts calls against the hourly limit of an account."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Usage:
    """How near an account is to its limit, as the headers of every answer say it."""

    percent: int = 0
    regain: int = 0
    """Minutes until calls are taken again; 0 while they are."""

    @property
    def refused(self) -> bool:
        return self.regain > 0


def count_call(calls: deque[datetime], now: datetime, *, limit: int) -> Usage:
    """Add a call to those of the last hour, unless the limit is reached."""
    while calls and calls[0] <= now - _HOUR:
        calls.popleft()
    if len(calls) >= limit:
        free = calls[0] + _HOUR - now if calls else _HOUR
        return Usage(100, max(math.ceil(free / timedelta(minutes=1)), 1))
    calls.append(now)
    return Usage(100 * len(calls) // limit)
