"""A world: what people want, a ledger, platforms; and one run of the real engine in it."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Protocol

import anyio

from socialauto.adapters.protocol import MediaSource, Session
from socialauto.core.clock import Clock
from socialauto.core.config import Config
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.guard import Terms, make_plan
from socialauto.core.ledger import Entry, Snapshot
from socialauto.core.plan import Kind, Plan, Step
from socialauto.core.record import RunInfo
from socialauto.engine.ports import Ledger, Look, Ports
from socialauto.engine.run import carry_out
from socialauto.engine.waiting import Halt
from support.simulation.content import Content
from support.simulation.process import Killed, Process


class LedgerOfRun(Ledger, Protocol):
    """A run's own view of the ledger."""

    async def read(self) -> Snapshot: ...


@dataclass(slots=True, kw_only=True)
class World(ABC):
    """What every world has; how its ledger and platforms work differs."""

    clock: Clock
    """The true one."""
    config: Config
    content: Content
    media: MediaSource
    latest: float
    """Seconds in which an effect may still show after its client gave up."""
    trace: list[str] | None = None

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """The ledger as it truly is."""

    @abstractmethod
    def public(self) -> Iterable[DeliveryKey]:
        """Everything the public ever saw, once for each time."""

    def gone(self) -> Iterable[tuple[str, str]]:
        """Everything that was ever deleted, by account and id on the platform, each time."""
        return ()

    @abstractmethod
    def ledger(self, process: Process) -> LedgerOfRun: ...

    @abstractmethod
    def connect(self, process: Process, account: str) -> AbstractAsyncContextManager[Session]: ...

    @abstractmethod
    def record(self, entry: Entry) -> None:
        """A person writes this entry."""

    def is_mute(self, account: str) -> bool:
        """Its platform cannot say what became of a lost answer."""
        return False

    @abstractmethod
    def calm(self) -> None:
        """Nothing more goes wrong from here on."""

    def look(self, process: Process, snapshot: Snapshot, ahead: timedelta) -> Look:
        """How a run that waits sees a step again."""
        return _look(self, process, snapshot, ahead)

    def tell(self, line: str) -> None:
        if self.trace is not None:
            self.trace.append(line)

    def plan(
        self,
        snapshot: Snapshot,
        clock: Clock,
        ahead: timedelta = timedelta(0),
        *,
        only: DeliveryKey | None = None,
    ) -> Plan:
        """What a run decides, by its own clock, on the newest commit."""
        posts = self.content.at(self.clock.now())
        plan = make_plan(
            [post for post in posts if only is None or post.key == replace(only, part="")],
            snapshot,
            self.config,
            now=clock.now(),
            terms=Terms(ahead=ahead),
        )
        assert not plan.refusals
        return plan


@dataclass(frozen=True, slots=True)
class Habit:
    """How a run is started, and by whose clock."""

    ahead: timedelta = timedelta(0)
    stop_after: float | None = None
    """Seconds after which somebody asks it to stop."""


def _look(world: World, process: Process, snapshot: Snapshot, ahead: timedelta) -> Look:
    """How the newest commit sees a step, with the ledger as it was read."""

    async def look(step: Step) -> Step:
        keys = (step.key, replace(step.key, part=""))
        mine = {key: entry for key, entry in snapshot.entries.items() if key in keys}
        own = replace(snapshot, entries=mine)
        fresh = world.plan(own, process, ahead, only=step.key)
        found = (other for other in fresh.steps if other.key == step.key)
        return next(found, Step(Kind.ORPHAN, step.key, "its file is gone"))

    return look


def _ports(world: World, process: Process, ledger: Ledger, rng: random.Random, look: Look) -> Ports:
    return Ports(
        clock=process,
        ledger=ledger,
        connect=partial(world.connect, process),
        media=world.media,
        chance=rng.random,
        author=lambda path: "ana",
        tell=lambda event: None,
        look=look,
    )


async def _stop_later(halt: Halt, process: Process, seconds: float) -> None:
    await process.wait(seconds)
    halt.ask()


async def _work(world: World, process: Process, habit: Habit, rng: random.Random) -> None:
    ledger = world.ledger(process)
    snapshot = await ledger.read()
    plan = world.plan(snapshot, process, habit.ahead)
    if not plan.acts:
        return
    look = world.look(process, snapshot, habit.ahead)
    ports = _ports(world, process, ledger, rng, look)
    info = RunInfo(process.name, world.config.run.lease, "c" * 40, "simulated")
    async with anyio.create_task_group() as tasks:
        if habit.stop_after is not None:
            tasks.start_soon(_stop_later, ports.halt, process, habit.stop_after)
        try:
            await carry_out(plan, snapshot, world.config, ports=ports, info=info)
        except SocialautoError as error:
            world.tell(f"{process.name}: {error}")
        tasks.cancel_scope.cancel()


def _only_death(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_only_death(each) for each in error.exceptions)
    return isinstance(error, Killed | SocialautoError | anyio.BrokenResourceError)


async def reconcile(world: World, process: Process, habit: Habit, rng: random.Random) -> None:
    """One run of the real planner, engine and record, until it ends or is killed."""
    try:
        await _work(world, process, habit, rng)
    except SocialautoError as error:
        world.tell(f"{process.name}: {error}")
    except BaseException as error:
        if not process.dead or not _only_death(error):
            raise
        world.tell(f"{process.name} died")
