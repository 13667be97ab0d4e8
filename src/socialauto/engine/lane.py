"""A lane: one account's deliveries in order, one visible call at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import anyio

from socialauto.adapters.protocol import TellsTime
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Entry
from socialauto.core.outcome import AlreadyPublished, NotPrepared, Prepared
from socialauto.core.parts import parts_of
from socialauto.core.plan import SENDING, Kind, Step
from socialauto.core.sequel import sequels
from socialauto.core.spans import span
from socialauto.engine.ahead import Ready, prepare, prepared
from socialauto.engine.desk import Desk, Stop
from socialauto.engine.events import Outcome, Phase, Result
from socialauto.engine.sending import send
from socialauto.engine.settling import adopt, settle
from socialauto.engine.waiting import Halt, until

LEAD = timedelta(seconds=15)
"""So long before its instant a delivery is looked at again and its intent made durable: long
enough for a slow push, short enough that an edit before it is obeyed."""

STOPPED = Stop("the run was asked to stop; the next one goes on")

Decide = Callable[[Step, Entry], Step]
"""What to do with a delivery whose open intent turned out to have sent nothing."""


async def work(desk: Desk, steps: Sequence[Step], *, decide: Decide) -> Stop | None:
    """Settle what is open, then publish what is due. Returns why it stopped early, if it did."""
    async with desk.receipts():
        stop = await _work(desk, steps, decide)
    return stop or desk.broken


async def _work(desk: Desk, steps: Sequence[Step], decide: Decide) -> Stop | None:
    left = await desk.session.quota_left()
    if stop := _wrong_clock(desk):
        return stop
    freed: list[Step] = []
    for step in steps:
        if step.kind is Kind.SETTLE:
            if desk.ports.halt.asked:
                return STOPPED
            entry = await settle(desk, step)
            if isinstance(entry, Stop):
                return entry
            if entry:
                freed += _freed(desk, decide(step, entry))
            elif step.delivery and (stop := await _follow(desk, step)):
                return stop
    sending = [step for step in steps if step.kind in SENDING] + freed
    return await _within_quota(desk, sorted(sending, key=_turn), left)


def _wrong_clock(desk: Desk) -> Stop | None:
    """A lease is a matter of time: who is wrong about it takes from others what is theirs, and
    sends early or late."""
    session, limit = desk.session, desk.ports.max_skew
    skew = session.skew() if isinstance(session, TellsTime) else None
    if skew is None or limit is None or abs(skew) <= limit:
        return None
    way = "ahead of" if skew > timedelta(0) else "behind"
    return Stop(
        f"this machine's clock is {span(abs(skew))} {way} the platform's; nothing was sent; "
        "set the clock"
    )


def _turn(step: Step) -> tuple[datetime, datetime, DeliveryKey]:
    """When a step sends; among those of one instant, who asked for the earlier time."""
    assert step.delivery is not None
    assert step.at is not None
    return step.at, step.delivery.due, step.key


async def _within_quota(desk: Desk, steps: Sequence[Step], left: int | None) -> Stop | None:
    """Publish what the platform says it still takes today; the rest waits for another run."""
    posts = [step for step in steps if not step.key.part]
    if left is None or left >= len(posts):
        return await _publish_all(desk, steps)
    stop = await _publish_all(desk, [step for step in steps if step not in posts[left:]])
    return stop or Stop(f"the platform takes {left} more posts from this account today")


def _freed(desk: Desk, step: Step) -> list[Step]:
    if step.kind in SENDING:
        return [step]
    desk.end(Result(step.key, Outcome.RETRY, f"it never went out; now: {step.reason}", at=step.at))
    return []


async def _publish_all(desk: Desk, steps: Sequence[Step]) -> Stop | None:
    stop: Stop | None = None
    async with anyio.create_task_group() as tasks, prepared(desk, steps) as queue:
        tasks.start_soon(_cancel_when_asked, desk.ports.halt, tasks.cancel_scope)
        while stop is None and (ready := await queue.next()):
            stop = await _in_time(desk, ready)
        tasks.cancel_scope.cancel()
    return stop or (STOPPED if desk.ports.halt.asked else None)


async def _cancel_when_asked(halt: Halt, scope: anyio.CancelScope) -> None:
    await halt.wait()
    scope.cancel()


async def _in_time(desk: Desk, ready: Ready) -> Stop | None:
    """Deliver now, or when the instant is near; by then the files may ask for something else."""
    assert ready.step.at is not None
    if desk.now() < ready.step.at - LEAD:
        desk.tell(ready.step, Phase.WAITING)
        if not await until(ready.step.at - LEAD, desk.ports.clock, desk.ports.halt):
            return STOPPED
        fresh = await _looked_at_again(desk, ready)
        if not isinstance(fresh, Ready):
            return fresh
        ready = fresh
    # Between the intent and the receipt nothing but the wait for the instant may be interrupted.
    with anyio.CancelScope(shield=True):
        stop = await _deliver(desk, ready)
    return stop or await _follow(desk, ready.step)


async def _follow(desk: Desk, step: Step) -> Stop | None:
    """Send at once what follows a post that has just gone out; what is left is for another run."""
    assert step.delivery is not None
    if step.key.part or step.delivery.delete or not parts_of(step.delivery.message):
        return None
    if stop := await desk.earlier():
        return stop
    entry = desk.public.get(step.key)
    for sequel in sequels(step.delivery, entry) if entry else ():
        if desk.ports.halt.asked:
            return STOPPED
        follow = Step(Kind.PUBLISH, sequel.key, "it follows its post", sequel, None, desk.now())
        with anyio.CancelScope(shield=True):
            stop = await _deliver(desk, await prepare(desk, follow))
        if stop:
            return stop
    return None


async def _looked_at_again(desk: Desk, ready: Ready) -> Ready | Stop | None:
    """The same delivery as the newest commit has it, prepared anew if it was edited; None when it
    shall not go out now."""
    if desk.ports.look is None:
        return ready
    try:
        step = await desk.ports.look(ready.step)
    except SocialautoError as error:
        return Stop(str(error))
    if step.kind not in SENDING:
        reason = f"changed while the run waited; now: {step.kind.value}, {step.reason}"
        desk.end(Result(step.key, Outcome.CHANGED, reason, at=step.at))
        return None
    assert step.delivery is not None
    assert ready.step.delivery is not None
    if step.delivery.message.digest == ready.step.delivery.message.digest:
        return replace(ready, step=step)
    return await prepare(desk, step)


async def _deliver(desk: Desk, ready: Ready) -> Stop | None:
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
