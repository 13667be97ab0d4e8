"""Counts calls against the hourly limit of an account."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from socialauto.sandbox.errors import THROTTLED, RefusedError

_HOUR = timedelta(hours=1)


def count_call(calls: deque[datetime], now: datetime, *, limit: int) -> int:
    """Add a call to those of the last hour; returns the used share in percent.

    Raises code 80002 at the limit.
    """
    while calls and calls[0] <= now - _HOUR:
        calls.popleft()
    if len(calls) >= limit:
        raise RefusedError(THROTTLED)
    calls.append(now)
    return 100 * len(calls) // limit
