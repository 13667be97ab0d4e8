"""Intent → publish → receipt for one prepared delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from socialauto.core import record
from socialauto.core.delivery import Delivery
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Change, Entry, Lost, State
from socialauto.core.outcome import (
    ErrorClass,
    Handle,
    InDoubt,
    NotPublished,
    Problem,
    Published,
)
from socialauto.core.parts import DELETE
from socialauto.core.plan import Step
from socialauto.core.removal import GONE
from socialauto.engine.desk import Desk, Stop
from socialauto.engine.events import Outcome, Phase, Result
from socialauto.engine.waiting import until

PUBLISH_MARGIN = timedelta(minutes=3)
"""Longer than the longest publish call: with less of the lease left, nothing is sent."""


async def send(desk: Desk, step: Step, delivery: Delivery, handle: Handle) -> Stop | None:
    """The visible call, once, at its instant, between two durable records.

    The caller shields this: an interruption may come only into the wait for the instant, and then
    the intent is given back.
    """
    wanted = record.intent(
        delivery,
        step.entry,
        handle,
        run=desk.origin(),
        now=desk.now(),
        author=desk.ports.author(delivery.path),
    )
    written = await desk.write_intent(step.entry, wanted)
    if isinstance(written, Stop):
        return written
    if isinstance(written, Lost):
        desk.lost(step)
        return None
    if stop := await desk.earlier():
        return await _give_back(desk, wanted) or stop
    assert step.at is not None
    if not await until(step.at, desk.ports.clock, desk.ports.halt):
        return await _give_back(desk, wanted)
    if _lease_left(wanted, desk.now()) < PUBLISH_MARGIN:
        problem = Problem(ErrorClass.TRANSIENT, "too little of the lease was left to send it")
        return await desk.not_sent(step, wanted, problem, stage="publish", handle=handle)
    return await _call(desk, step, wanted)


async def _give_back(desk: Desk, entry: Entry) -> Stop | None:
    """Asked to stop between intent and call: nothing was sent, and the next run need not wait."""
    after = record.dropped(entry, "the run was asked to stop before it was sent", keep_handle=True)
    written = await desk.write(entry, after)
    return written if isinstance(written, Stop) else None


def _lease_left(entry: Entry, now: datetime) -> timedelta:
    assert entry.lease is not None
    return entry.lease.until - now


async def _call(desk: Desk, step: Step, entry: Entry) -> Stop | None:
    assert entry.handle is not None
    desk.tell(step, Phase.PUBLISHING)
    match await desk.session.publish(entry.handle):
        case Published() as outcome:
            at = desk.now()
            desk.write_later(lambda: write_receipt(desk, entry, outcome, Outcome.PUBLISHED, at))
            return None
        case NotPublished(problem, handle_dead):
            handle = None if handle_dead else entry.handle
            return await desk.not_sent(step, entry, problem, stage="publish", handle=handle)
        case InDoubt(problem):
            return await _doubt(desk, entry, problem)


async def _doubt(desk: Desk, entry: Entry, problem: Problem) -> Stop | None:
    # The lane goes on: this delivery is out of its hands until it is settled, and a platform that
    # does not answer will say so to the next one as well. One that asks for a pause gets it.
    after = record.in_doubt(entry, problem, stage="publish", run=desk.run, now=desk.now())
    desk.end(Result(entry.key, Outcome.IN_DOUBT, problem.message))
    try:
        await desk.journal.write_receipt(Change(entry, after))
    except SocialautoError as error:
        return Stop(str(error))
    return Stop(problem.message) if problem.kind is ErrorClass.RATE_LIMITED else None


def _with_its_post(desk: Desk, entry: Entry, after: Entry) -> list[Change]:
    """The receipt; that of a deletion turns the entry of its post in the same commit."""
    changes = [Change(entry, after)]
    if entry.key.part == DELETE:
        key = replace(entry.key, part="")
        post = desk.public.get(key) or desk.entries.get(key)
        if post is not None and post.state is State.PUBLISHED:
            changes.append(Change(post, record.deleted(post, GONE)))
    return changes


def _names(entry: Entry | None, outcome: Published) -> bool:
    """Another run, which settled it meanwhile, has written the same receipt."""
    return entry is not None and outcome.id is not None and entry.remote_id == outcome.id


async def write_receipt(
    desk: Desk, entry: Entry, outcome: Published, word: Outcome, at: datetime
) -> Stop | None:
    """It is public: make that durable, whatever it takes, and say so if it cannot be."""
    after = record.receipt(entry, outcome, at)
    changes = _with_its_post(desk, entry, after)
    word = Outcome.DELETED if entry.key.part == DELETE else word
    if outcome.id:
        desk.taken.add(outcome.id)
    stop: Stop | None = None
    message = ""
    try:
        written = await desk.journal.write_receipt(*changes)
        if isinstance(written, Lost) and not _names(written.current, outcome):
            word, message = Outcome.UNRECORDED, "another run changed its entry meanwhile"
    except SocialautoError as error:
        word, message = Outcome.UNRECORDED, str(error)
        stop = Stop(str(error))
    if word is not Outcome.UNRECORDED:
        desk.public.update((change.after.key, change.after) for change in changes)
    desk.end(Result(entry.key, word, message, outcome.url, outcome.id, at, after.lateness))
    return stop
