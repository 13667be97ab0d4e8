"""The clock that is handed in. Nothing in this project asks the system for the time itself."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Production runs on the system's clock, tests on a virtual one that jumps."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a negative or zero length only yields."""
        ...
