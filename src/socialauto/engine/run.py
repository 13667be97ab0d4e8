"""Carries a plan out: every account a lane, all lanes at once, one journal for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import anyio

from socialauto.core import record
from socialauto.core.config import Config
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Applied, Change, Entry, Snapshot, State
from socialauto.core.plan import SENDING, Circumstances, Kind, Plan, Step, decide
from socialauto.engine.ahead import PREPARING_AT_ONCE, TRANSFERS_AT_ONCE, Queued
from socialauto.engine.desk import Desk, Stop
from socialauto.engine.events import AccountStopped, Outcome, Report, Result
from socialauto.engine.journal import Journal
from socialauto.engine.lane import work
from socialauto.engine.ports import Ports


@dataclass(slots=True)
class _Run:
    plan: Plan
    snapshot: Snapshot
    config: Config
    ports: Ports
    info: record.RunInfo
    journal: Journal
    preparing: anyio.CapacityLimiter
    results: list[Result] = field(default_factory=list)
    stopped: list[AccountStopped] = field(default_factory=list)

    async def lane(self, account: str, steps: Sequence[Step]) -> None:
        """Open the account, work, and say in one line what waits if it had to stop."""
        async with AsyncExitStack() as stack:
            try:
                session = await stack.enter_async_context(self.ports.connect(account))
            except SocialautoError as error:
                self._stop(account, Stop(str(error)), len(steps))
                return
            desk = Desk(
                session,
                self.ports,
                self.journal,
                self.info,
                self.config.retries,
                _taken(self.snapshot.entries.values(), account),
                self.preparing,
                self.config.run.ahead,
                self.snapshot.entries,
            )
            try:
                stop = await work(desk, steps, decide=self._decide)
            finally:
                self.results += desk.results
            if stop:
                ended = {result.key for result in desk.results}
                self._stop(account, stop, sum(step.key not in ended for step in steps))

    def _stop(self, account: str, stop: Stop, waiting: int) -> None:
        event = AccountStopped(account, stop.message, waiting)
        self.stopped.append(event)
        self.ports.tell(event)

    def _decide(self, step: Step, entry: Entry) -> Step:
        """The plan's own table, asked again after a settle."""
        if step.delivery is None:
            return Step(Kind.ORPHAN, step.key, "its file is gone", None, entry)
        world = Circumstances(
            self.ports.clock.now(),
            self.snapshot.header.began,
            self.config.run.settle,
            self.config.retries.tries,
        )
        return decide(step.delivery, entry, world)

    async def note_late(self, steps: Sequence[Step]) -> None:
        """Write down what the plan alone decides: missed, held because it is late, or deleted."""
        changes = [_late_change(step) for step in steps]
        if not changes:
            return
        for step, written in zip(steps, await self.journal.write(changes), strict=True):
            if isinstance(written, Applied):
                word = _WORDS.get(step.kind, Outcome.MISSED)
                result = Result(step.key, word, step.reason)
                self.results.append(result)
                self.ports.tell(result)


_WORDS = {Kind.HELD: Outcome.HELD, Kind.DONE: Outcome.DELETED}


def _late_change(step: Step) -> Change:
    if step.kind is Kind.DONE and step.entry is not None:
        return Change(step.entry, record.deleted(step.entry, step.reason))
    assert step.delivery is not None
    held = step.kind is Kind.HELD
    state = State.HELD if held else State.MISSED
    return Change(
        step.entry, record.noted(step.delivery, step.entry, state, step.reason, late=held)
    )


def _taken(entries: Iterable[Entry], account: str) -> set[str]:
    return {entry.remote_id for entry in entries if entry.account == account and entry.remote_id}


def _lanes(plan: Plan) -> Mapping[str, list[Step]]:
    lanes: dict[str, list[Step]] = defaultdict(list)
    for step in plan.steps:
        if step.kind in SENDING | {Kind.SETTLE}:
            lanes[step.key.account].append(step)
    return lanes


async def carry_out(
    plan: Plan,
    snapshot: Snapshot,
    config: Config,
    *,
    ports: Ports,
    info: record.RunInfo,
    flush_interval: float = 0.0,
) -> Report:
    """Do what the plan says; the plan must have no refusals.

    Raises `SocialautoError` when the ledger cannot be written before anything was sent.
    """
    assert not plan.refusals
    journal = Journal(ports.ledger, ports.clock, interval=flush_interval)
    media = Queued(ports.media, anyio.CapacityLimiter(TRANSFERS_AT_ONCE))
    preparing = anyio.CapacityLimiter(PREPARING_AT_ONCE)
    run = _Run(plan, snapshot, config, replace(ports, media=media), info, journal, preparing)
    error: SocialautoError | None = None
    async with anyio.create_task_group() as writer:
        writer.start_soon(journal.run)
        try:
            await run.note_late([step for step in plan.steps if step.record])
            async with anyio.create_task_group() as lanes:
                for account, steps in _lanes(plan).items():
                    lanes.start_soon(run.lane, account, steps)
        except SocialautoError as raised:
            error = raised
        writer.cancel_scope.cancel()
    if error:
        raise error
    return Report(tuple(sorted(run.results, key=_by_key)), tuple(run.stopped))


def _by_key(result: Result) -> DeliveryKey:
    return result.key
