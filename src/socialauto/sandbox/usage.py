"""Counts calls against the hourly limit of each account."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta

from socialauto.sandbox.errors import THROTTLED, RefusedError

_HOUR = timedelta(hours=1)


class Usage:
    def __init__(self) -> None:
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)

    def count(self, account_id: str, now: datetime, *, limit: int) -> int:
        """Count one call; returns the used share in percent. Raises code 80002 at the limit."""
        calls = self._calls[account_id]
        while calls and calls[0] <= now - _HOUR:
            calls.popleft()
        if len(calls) >= limit:
            raise RefusedError(THROTTLED)
        calls.append(now)
        return 100 * len(calls) // limit
