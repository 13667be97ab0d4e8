"""Intent → publish → receipt for one prepared delivery."""

from __future__ import annotations

from datetime import datetime, timedelta

import anyio

from socialauto.core import record
from socialauto.core.delivery import Delivery
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Change, Entry, Lost
from socialauto.core.outcome import (
    ErrorClass,
    Handle,
    InDoubt,
    NotPublished,
    Problem,
    Published,
)
from socialauto.core.plan import Step
from socialauto.engine.desk import Desk, Stop
from socialauto.engine.events import Outcome, Phase, Result

PUBLISH_MARGIN = timedelta(minutes=3)
"""Longer than the longest publish call: with less of the lease left, nothing is sent."""


async def send(desk: Desk, step: Step, delivery: Delivery, handle: Handle) -> Stop | None:
    """The visible call, once, between two durable records."""
    wanted = record.intent(
        delivery,
        step.entry,
        handle,
        run=desk.run,
        now=desk.now(),
        author=desk.ports.author(delivery.path),
    )
    written = await desk.write(step.entry, wanted)
    if isinstance(written, Stop):
        return written
    if isinstance(written, Lost):
        desk.lost(step)
        return None
    if _lease_left(wanted, desk.now()) < PUBLISH_MARGIN:
        problem = Problem(ErrorClass.TRANSIENT, "too little of the lease was left to send it")
        return await desk.not_sent(step, wanted, problem, stage="publish", handle=handle)
    # From here on an interruption may not come between the call and its receipt.
    with anyio.CancelScope(shield=True):
        stop = await _call(desk, step, wanted)
    return stop  # noqa: RET504  # a return inside would hide from mypy that one always comes


def _lease_left(entry: Entry, now: datetime) -> timedelta:
    assert entry.lease is not None
    return entry.lease.until - now


async def _call(desk: Desk, step: Step, entry: Entry) -> Stop | None:
    assert entry.handle is not None
    desk.tell(step, Phase.PUBLISHING)
    match await desk.session.publish(entry.handle):
        case Published() as outcome:
            return await write_receipt(desk, entry, outcome, Outcome.PUBLISHED, desk.now())
        case NotPublished(problem, handle_dead):
            handle = None if handle_dead else entry.handle
            return await desk.not_sent(step, entry, problem, stage="publish", handle=handle)
        case InDoubt(problem):
            return await _doubt(desk, entry, problem)


async def _doubt(desk: Desk, entry: Entry, problem: Problem) -> Stop | None:
    # The lane goes on: this delivery is out of its hands until it is settled, and a platform that
    # does not answer will say so to the next one as well.
    after = record.in_doubt(entry, problem, stage="publish", run=desk.run, now=desk.now())
    desk.end(Result(entry.key, Outcome.IN_DOUBT, problem.message))
    try:
        await desk.journal.write_receipt(Change(entry, after))
    except SocialautoError as error:
        return Stop(str(error))
    return None


async def write_receipt(
    desk: Desk, entry: Entry, outcome: Published, word: Outcome, at: datetime
) -> Stop | None:
    """It is public: make that durable, whatever it takes, and say so if it cannot be."""
    after = record.receipt(entry, outcome, at)
    if outcome.id:
        desk.taken.add(outcome.id)
    stop: Stop | None = None
    message = ""
    try:
        written = await desk.journal.write_receipt(Change(entry, after))
        if isinstance(written, Lost):
            word, message = Outcome.UNRECORDED, "another run changed its entry meanwhile"
    except SocialautoError as error:
        word, message = Outcome.UNRECORDED, str(error)
        stop = Stop(str(error))
    desk.end(Result(entry.key, word, message, outcome.url, outcome.id, at, after.lateness))
    return stop
