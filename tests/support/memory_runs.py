"""Runs of the engine over a ledger and a platform in memory, on virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import anyio
from trio.testing import MockClock

from socialauto.core.config import Config
from socialauto.core.delivery import Delivery
from socialauto.core.guard import Terms, make_plan
from socialauto.core.ledger import Header, Snapshot
from socialauto.core.outcome import ErrorClass, Problem
from socialauto.core.record import RunInfo
from socialauto.engine.clock import LoopClock
from socialauto.engine.events import Event, Outcome, Report
from socialauto.engine.ports import Look, Ports
from socialauto.engine.run import carry_out
from socialauto.engine.waiting import Halt
from support.builders import HOUR, NOON, config
from support.fakes import MemoryLedger, NoMedia, Platform, connector

TRANSIENT = Problem(ErrorClass.TRANSIENT, "try later")
AUTH = Problem(ErrorClass.AUTH, "token expired; connect again")


@dataclass
class World:
    """A ledger, a platform, and runs at any instant."""

    posts: list[Delivery]
    settings: Config = field(default_factory=config)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    platform: Platform = field(default_factory=Platform)
    refused: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    listen: Callable[[Event], None] = lambda event: None
    look: Look | None = None
    halt_at: datetime | None = None
    """When somebody asks the run to stop."""
    flush_interval: float = 0.0
    runs: int = 0
    took: timedelta = timedelta(0)

    def run(self, now: datetime = NOON, ahead: timedelta = timedelta(0)) -> Report:
        """One reconcile at `now`, on virtual time; waits for what falls due `ahead`."""
        self.runs += 1
        options = {"clock": MockClock(autojump_threshold=0)}
        report: Report = anyio.run(self._run, now, ahead, backend="trio", backend_options=options)
        return report

    async def _ask_to_stop(self, clock: LoopClock, halt: Halt) -> None:
        assert self.halt_at is not None
        await clock.sleep((self.halt_at - clock.now()).total_seconds())
        halt.ask()

    def _tell(self, event: Event) -> None:
        self.events.append(event)
        self.listen(event)

    async def _run(self, now: datetime, ahead: timedelta) -> Report:
        header = Header(format=1, lineage="x", began=NOON - 100 * HOUR)
        snapshot = Snapshot("tip", header, dict(self.ledger.entries))
        clock = LoopClock(now)
        start = clock.now()
        ports = Ports(
            clock=clock,
            ledger=self.ledger,
            connect=connector(self.platform, clock, self.refused),
            media=NoMedia(),
            chance=lambda: 0.5,
            author=lambda path: "ana",
            tell=self._tell,
            look=self.look,
        )
        terms = Terms(ahead=ahead)
        plan = make_plan(self.posts, snapshot, self.settings, now=now, terms=terms)
        info = RunInfo(f"r{self.runs}", timedelta(minutes=30), "c" * 40, "0.1.0")
        async with anyio.create_task_group() as tasks:
            if self.halt_at:
                tasks.start_soon(self._ask_to_stop, clock, ports.halt)
            report = await carry_out(
                plan,
                snapshot,
                self.settings,
                ports=ports,
                info=info,
                flush_interval=self.flush_interval,
            )
            tasks.cancel_scope.cancel()
        self.took = clock.now() - start
        return report


def outcomes(report: Report) -> list[tuple[str, Outcome]]:
    return [(result.key.post, result.outcome) for result in report.results]
