"""A clock that a rehearsal may move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class MovableClock:
    """Runs on from wherever it was set last."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self._offset = timedelta(0)

    def now(self) -> datetime:
        return self._real() + self._offset

    def move(self, instant: datetime) -> None:
        """Show `instant` (aware) at this moment."""
        self._offset = instant - self._real()
