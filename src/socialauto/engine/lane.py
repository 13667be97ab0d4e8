"""A lane: one account's deliveries in order, one visible call at a time, prepare one ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Entry
from socialauto.core.outcome import (
    AlreadyPublished,
    ErrorClass,
    NotPrepared,
    Prepared,
    PrepareOutcome,
    Problem,
)
from socialauto.core.plan import SENDING, Kind, Step
from socialauto.engine.desk import Desk, Stop
from socialauto.engine.events import Outcome, Phase, Result
from socialauto.engine.sending import send
from socialauto.engine.settling import adopt, settle

Decide = Callable[[Step, Entry], Step]
"""What to do with a delivery whose open intent turned out to have sent nothing."""


@dataclass(frozen=True, slots=True)
class _Ready:
    step: Step
    outcome: PrepareOutcome


async def work(
    desk: Desk, steps: Sequence[Step], *, decide: Decide, limiter: anyio.CapacityLimiter
) -> Stop | None:
    """Settle what is open, then publish what is due. Returns why it stopped early, if it did."""
    freed: list[Step] = []
    for step in steps:
        if step.kind is Kind.SETTLE:
            entry = await settle(desk, step)
            if isinstance(entry, Stop):
                return entry
            if entry:
                freed += _freed(desk, decide(step, entry))
    sending = [step for step in steps if step.kind in SENDING] + freed
    return await _within_quota(desk, sorted(sending, key=_due), limiter)


def _due(step: Step) -> tuple[datetime, DeliveryKey]:
    assert step.delivery is not None
    return step.delivery.due, step.key


async def _within_quota(
    desk: Desk, steps: Sequence[Step], limiter: anyio.CapacityLimiter
) -> Stop | None:
    """Publish what the platform says it still takes today; the rest waits for another run."""
    left = await desk.session.quota_left() if steps else None
    if left is None or left >= len(steps):
        return await _publish_all(desk, steps, limiter)
    stop = await _publish_all(desk, steps[:left], limiter)
    return stop or Stop(f"the platform takes {left} more posts from this account today")


def _freed(desk: Desk, step: Step) -> list[Step]:
    if step.kind in SENDING:
        return [step]
    desk.end(Result(step.key, Outcome.RETRY, f"it never went out; now: {step.reason}", at=step.at))
    return []


async def _publish_all(
    desk: Desk, steps: Sequence[Step], limiter: anyio.CapacityLimiter
) -> Stop | None:
    # A stream without a buffer: while one delivery goes out, exactly one more is prepared.
    outgoing, incoming = anyio.create_memory_object_stream[_Ready](0)
    stop: Stop | None = None
    async with anyio.create_task_group() as tasks, incoming:
        tasks.start_soon(_prepare_each, desk, steps, limiter, outgoing)
        async for ready in incoming:
            if stop := await _deliver(desk, ready):
                tasks.cancel_scope.cancel()
                break
    return stop


async def _prepare_each(
    desk: Desk,
    steps: Sequence[Step],
    limiter: anyio.CapacityLimiter,
    outgoing: MemoryObjectSendStream[_Ready],
) -> None:
    async with outgoing:
        for step in steps:
            async with limiter:
                ready = _Ready(step, await _prepare(desk, step))
            await outgoing.send(ready)


async def _prepare(desk: Desk, step: Step) -> PrepareOutcome:
    assert step.delivery is not None
    desk.tell(step, Phase.PREPARING)
    previous = step.entry.handle if step.entry else None
    try:
        return await desk.session.prepare(step.delivery.message, desk.ports.media, previous)
    except SocialautoError as error:
        return NotPrepared(Problem(ErrorClass.UNKNOWN, str(error)), previous)


async def _deliver(desk: Desk, ready: _Ready) -> Stop | None:
    assert ready.step.delivery is not None
    match ready.outcome:
        case Prepared(handle):
            return await send(desk, ready.step, ready.step.delivery, handle)
        case AlreadyPublished(handle, since):
            return await adopt(desk, ready.step, ready.step.delivery, handle, since)
        case NotPrepared(problem, handle):
            return await desk.not_sent(
                ready.step, ready.step.entry, problem, stage="prepare", handle=handle
            )
