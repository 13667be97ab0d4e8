"""Prepares deliveries before it is their turn: in order, and never too many at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio

from socialauto.core.errors import SocialautoError
from socialauto.core.message import MediaItem
from socialauto.core.outcome import ErrorClass, NotPrepared, PrepareOutcome, Problem
from socialauto.core.plan import Step
from socialauto.engine.desk import Desk
from socialauto.engine.events import Phase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

    from socialauto.adapters.protocol import MediaSource

PREPARING_AT_ONCE = 1000
"""Preparations under way at the same time, over all accounts: nearly all of it is waiting."""

TRANSFERS_AT_ONCE = 16
"""Media files that are read, fetched or uploaded at the same time, over all accounts."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A step, and what has come of preparing it."""

    step: Step
    outcome: PrepareOutcome


@dataclass(slots=True, eq=False)
class Queued:
    """A media source that takes a few at a time: transfers fill memory and lines, waits do not."""

    source: MediaSource
    limiter: anyio.CapacityLimiter

    async def url(self, item: MediaItem) -> str:
        async with self.limiter:
            return await self.source.url(item)

    async def read(self, item: MediaItem) -> bytes:
        async with self.limiter:
            return await self.source.read(item)


@dataclass(slots=True, eq=False)
class _Turn:
    step: Step
    done: anyio.Event = field(default_factory=anyio.Event)
    outcome: PrepareOutcome | None = None


async def prepare(desk: Desk, step: Step) -> Ready:
    """Everything before the visible call of one step, as soon as there is room for it."""
    assert step.delivery is not None
    previous = step.entry.handle if step.entry else None
    async with desk.preparing:
        desk.tell(step, Phase.PREPARING)
        try:
            message, media = step.delivery.message, desk.ports.media
            return Ready(step, await desk.session.prepare(message, media, previous))
        except SocialautoError as error:
            problem = Problem(ErrorClass.UNKNOWN, str(error))
            return Ready(step, NotPrepared(problem, previous))


async def _prepare_turn(desk: Desk, turn: _Turn) -> None:
    turn.outcome = (await prepare(desk, turn.step)).outcome
    turn.done.set()


async def _begin_each(
    desk: Desk,
    steps: Sequence[Step],
    slots: anyio.Semaphore,
    outgoing: MemoryObjectSendStream[_Turn],
) -> None:
    async with outgoing, anyio.create_task_group() as tasks:
        for step in steps:
            await slots.acquire()
            turn = _Turn(step)
            tasks.start_soon(_prepare_turn, desk, turn)
            await outgoing.send(turn)


@dataclass(slots=True, eq=False)
class Queue:
    """The steps in their order, each when it is prepared."""

    slots: anyio.Semaphore
    incoming: MemoryObjectReceiveStream[_Turn]
    _going_out: bool = False

    async def next(self) -> Ready | None:
        """The next one, when the one before it is done with; None after the last."""
        if self._going_out:
            self.slots.release()
        self._going_out = True
        try:
            turn = await self.incoming.receive()
        except anyio.EndOfStream:
            return None
        await turn.done.wait()
        assert turn.outcome is not None
        return Ready(turn.step, turn.outcome)


@asynccontextmanager
async def prepared(desk: Desk, steps: Sequence[Step]) -> AsyncIterator[Queue]:
    """Prepare `desk.ahead` of the steps beyond the one that is going out. What is still being
    prepared when the context ends is given up."""
    outgoing, incoming = anyio.create_memory_object_stream[_Turn](math.inf)
    slots = anyio.Semaphore(1 + desk.ahead)  # the one that goes out next, and those behind it
    async with anyio.create_task_group() as tasks, incoming:
        tasks.start_soon(_begin_each, desk, steps, slots, outgoing)
        yield Queue(slots, incoming)
        tasks.cancel_scope.cancel()
