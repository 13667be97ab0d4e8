"""Where one account's work lies: its session, the ledger's journal, and what has come of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import anyio

from socialauto.adapters.protocol import Session
from socialauto.core import record
from socialauto.core.config import Retries
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Change, Entry, Lost, WriteResult
from socialauto.core.outcome import ErrorClass, Handle, Problem
from socialauto.core.plan import Step
from socialauto.engine.events import Outcome, Phase, Progress, Result
from socialauto.engine.journal import Journal
from socialauto.engine.ports import Ports

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from anyio.abc import TaskGroup


@dataclass(frozen=True, slots=True)
class Stop:
    """This account's lane ends here; the rest of it waits for the next run."""

    message: str


@dataclass(slots=True)
class Desk:
    session: Session
    ports: Ports
    journal: Journal
    run: record.RunInfo
    retries: Retries
    taken: set[str]
    """Remote ids that deliveries of this account are already bound to."""
    preparing: anyio.CapacityLimiter
    """Room for preparations, shared by all accounts."""
    ahead: int
    """Deliveries that are prepared beyond the one that is going out."""
    entries: Mapping[DeliveryKey, Entry] = field(default_factory=dict)
    """The ledger as the run read it."""
    public: dict[DeliveryKey, Entry] = field(default_factory=dict)
    """Entries of what this run knows to have gone out, by their keys."""
    broken: Stop | None = None
    """Why a receipt could not be made durable."""
    results: list[Result] = field(default_factory=list)

    _tasks: TaskGroup | None = None
    _receipt: anyio.Event | None = None

    @asynccontextmanager
    async def receipts(self) -> AsyncIterator[None]:
        """Receipts may be written in the background while this is open; it ends after the last."""
        async with anyio.create_task_group() as self._tasks:
            yield

    def write_later(self, receipt: Callable[[], Awaitable[Stop | None]]) -> None:
        """Write a receipt while the lane goes on: it shares its push with the next intent."""
        assert self._tasks is not None
        done = self._receipt = anyio.Event()
        self._tasks.start_soon(self._write_now, receipt, done)

    async def _write_now(
        self, receipt: Callable[[], Awaitable[Stop | None]], done: anyio.Event
    ) -> None:
        # Not interrupted, as the visible call is not: the public has already seen it.
        with anyio.CancelScope(shield=True):
            try:
                self.broken = await receipt() or self.broken
            finally:
                done.set()  # whoever waits for it is shielded, too

    async def earlier(self) -> Stop | None:
        """Wait until the last receipt is durable; the reason when it cannot be. No visible call is
        made before, so that at most one delivery of an account is ever in doubt."""
        if self._receipt is not None:
            await self._receipt.wait()
        return self.broken

    def now(self) -> datetime:
        return self.ports.clock.now()

    def origin(self) -> record.RunInfo:
        """This run, with the content commit that it acts on by now."""
        commit = self.ports.commit() if self.ports.commit else self.run.commit
        return replace(self.run, commit=commit)

    def tell(self, step: Step, phase: Phase) -> None:
        self.ports.tell(Progress(step.key, phase))

    def end(self, result: Result) -> None:
        """What became of a delivery in this run; said once for each."""
        self.results.append(result)
        self.ports.tell(result)

    def lost(self, step: Step) -> None:
        self.end(Result(step.key, Outcome.TAKEN, "another run has it"))

    async def write(self, before: Entry | None, after: Entry) -> WriteResult | Stop:
        """Make one entry durable; a ledger that cannot be written stops the lane."""
        try:
            return (await self.journal.write([Change(before, after)]))[0]
        except SocialautoError as error:
            return Stop(str(error))

    async def write_intent(self, before: Entry | None, after: Entry) -> WriteResult | Stop:
        """As `write`. An intent that failed together with the receipt before it is written again
        once that one, which is worth more tries, is durable."""
        written = await self.write(before, after)
        if isinstance(written, Stop) and self._receipt and not self._receipt.is_set():
            return await self.earlier() or await self.write(before, after)
        return written

    async def not_sent(
        self,
        step: Step,
        before: Entry | None,
        problem: Problem,
        *,
        stage: str,
        handle: Handle | None,
    ) -> Stop | None:
        """Surely nothing is public: note it, say it, and stop when the account is the reason."""
        if problem.kind is ErrorClass.AUTH and before is None:
            return Stop(problem.message)
        after = self._after(step, before, problem, stage=stage, handle=handle)
        written = await self.write(before, after)
        if isinstance(written, Stop):
            return written
        if isinstance(written, Lost):
            self.lost(step)
            return None
        # A permission that only comments need is no reason to send no posts.
        stops = problem.kind is ErrorClass.AUTH and not step.key.part
        if not stops:
            self.end(_result_of(after, problem))
        stops = stops or problem.kind is ErrorClass.RATE_LIMITED
        return Stop(problem.message) if stops else None

    def _after(
        self,
        step: Step,
        before: Entry | None,
        problem: Problem,
        *,
        stage: str,
        handle: Handle | None,
    ) -> Entry:
        base = before
        if stage == "prepare":
            assert step.delivery is not None
            base = record.unsent(step.delivery, before)
        assert base is not None
        return record.not_sent(
            base,
            problem,
            stage=stage,
            run=self.run,
            now=self.now(),
            retries=self.retries,
            chance=self.ports.chance(),
            handle=handle,
        )


def _result_of(after: Entry, problem: Problem) -> Result:
    failed = after.not_before is None and after.state == "failed"
    outcome = Outcome.FAILED if failed else Outcome.RETRY
    return Result(after.key, outcome, problem.message, at=after.not_before)
