"""Finds out what became of an intent that has no receipt."""

from __future__ import annotations

from datetime import datetime

from socialauto.adapters.protocol import Search
from socialauto.core import record
from socialauto.core.delivery import Delivery
from socialauto.core.ledger import Entry, Lost
from socialauto.core.outcome import Handle, NotPublished, Problem, Published, Unknown
from socialauto.core.plan import Step
from socialauto.engine.desk import Desk, Stop
from socialauto.engine.events import Outcome, Phase, Result
from socialauto.engine.sending import write_receipt


async def settle(desk: Desk, step: Step) -> Entry | Stop | None:
    """Take the intent over, then ask; the entry that may be sent again, when surely nothing is
    public."""
    assert step.entry is not None
    mine = record.taken_over(step.entry, desk.run, desk.now())
    written = await desk.write(step.entry, mine)
    if isinstance(written, Stop):
        return written
    if isinstance(written, Lost):
        desk.lost(step)
        return None
    desk.tell(step, Phase.SETTLING)
    return await _ask(desk, mine)


async def adopt(
    desk: Desk, step: Step, delivery: Delivery, handle: Handle, since: datetime
) -> Stop | None:
    """An earlier try turns out to be public: record the intent it should have left, and settle."""
    author = desk.ports.author(delivery.path)
    wanted = record.intent(
        delivery, step.entry, handle, run=desk.run, now=desk.now(), author=author
    )
    assert wanted.lease is not None
    lease = wanted.lease.model_copy(update={"since": since})
    mine = wanted.model_copy(update={"lease": lease})
    written = await desk.write(step.entry, mine)
    if isinstance(written, Stop):
        return written
    if isinstance(written, Lost):
        desk.lost(step)
        return None
    left = await _ask(desk, mine)
    if isinstance(left, Entry):
        desk.end(Result(step.key, Outcome.RETRY, "the platform changed its mind; asked again"))
        return None
    return left


async def _ask(desk: Desk, entry: Entry) -> Entry | Stop | None:
    assert entry.lease is not None
    assert entry.handle is not None
    search = Search(since=entry.lease.since, taken=frozenset(desk.taken))
    match await desk.session.find(entry.handle, search):
        case Published() as outcome:
            since = entry.lease.since
            return await write_receipt(desk, entry, outcome, Outcome.SETTLED, since)
        case NotPublished(problem, handle_dead):
            return await _never_sent(desk, entry, problem, keep_handle=not handle_dead)
        case Unknown(problem, later):
            return await _unknown(desk, entry, problem, later=later)


async def _never_sent(
    desk: Desk, entry: Entry, problem: Problem, *, keep_handle: bool
) -> Entry | Stop | None:
    """The same handle may go out, if the file still asks for it and the handle still lives."""
    after = record.dropped(entry, problem.message, keep_handle=keep_handle)
    written = await desk.write(entry, after)
    if isinstance(written, Stop):
        return written
    return None if isinstance(written, Lost) else after


async def _unknown(desk: Desk, entry: Entry, problem: Problem, *, later: bool) -> Stop | None:
    """An unreadable answer is never "not published": ask again in a later run, then a person."""
    asked = 1 + sum(attempt.stage == "find" for attempt in entry.attempts)
    if later and asked < desk.retries.tries:
        after = record.in_doubt(entry, problem, stage="find", run=desk.run, now=desk.now())
        word = Outcome.IN_DOUBT
    else:
        after = record.held(entry, problem, run=desk.run, now=desk.now())
        word = Outcome.HELD
    written = await desk.write(entry, after)
    if isinstance(written, Stop):
        return written
    desk.end(Result(entry.key, word, after.reason or problem.message))
    return None
