"""Waiting for an instant, or until somebody asks the run to stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import anyio

from socialauto.core.clock import Clock


@dataclass(slots=True, eq=False)
class Halt:
    """Asks a run to stop: what is on its way is finished, nothing new is begun."""

    _event: anyio.Event = field(default_factory=anyio.Event)

    def ask(self) -> None:
        self._event.set()

    @property
    def asked(self) -> bool:
        return self._event.is_set()

    async def wait(self) -> None:
        await self._event.wait()


async def until(at: datetime, clock: Clock, halt: Halt) -> bool:
    """Wait for the instant; False when the run was asked to stop before it came."""
    if clock.now() < at and not halt.asked:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_cancel_when_asked, halt, tasks.cancel_scope)
            # Again and again, because a system's clock may be set while we wait.
            while (left := (at - clock.now()).total_seconds()) > 0:
                await clock.sleep(min(left, 60.0))
            tasks.cancel_scope.cancel()
    return not halt.asked


async def _cancel_when_asked(halt: Halt, scope: anyio.CancelScope) -> None:
    await halt.wait()
    scope.cancel()
