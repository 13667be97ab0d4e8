"""A world: what people want, a ledger, platforms; and one run of the real engine in it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import anyio

from socialauto.core.clock import Clock
from socialauto.core.config import Config
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.guard import Terms, make_plan
from socialauto.core.ledger import Snapshot
from socialauto.core.plan import Kind, Plan, Step
from socialauto.core.record import RunInfo
from socialauto.engine.ports import Look, Ports
from socialauto.engine.run import carry_out
from socialauto.engine.waiting import Halt
from support.fakes import NoMedia
from support.simulation.content import Content, post_of
from support.simulation.feeds import Feed, Stage
from support.simulation.process import Killed, Process
from support.simulation.remote import Clone, Remote
from support.simulation.sessions import open_session
from support.simulation.wire import Token, Wire


@dataclass(slots=True)
class Site:
    """An account on a platform of some class, with its public log."""

    platform: str
    stage: Stage
    token: Token = field(default_factory=Token)

    @property
    def feed(self) -> Feed:
        return self.stage.feed


@dataclass(slots=True)
class World:
    clock: Clock
    """The true one."""
    config: Config
    content: Content
    remote: Remote
    sites: dict[str, Site]
    latest: float
    """Seconds in which an effect may still show after its client gave up."""
    trace: list[str] | None = None

    def public(self) -> Iterator[DeliveryKey]:
        """Everything the public ever saw, once for each time."""
        for site in self.sites.values():
            yield from (post_of(item.text) for item in site.feed.log)

    def tell(self, line: str) -> None:
        if self.trace is not None:
            self.trace.append(line)

    def plan(self, snapshot: Snapshot, clock: Clock, ahead: timedelta = timedelta(0)) -> Plan:
        """What a run decides, by its own clock, on the newest commit."""
        plan = make_plan(
            self.content.at(self.clock.now()),
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
        fresh = world.plan(snapshot, process, ahead)
        found = (other for other in fresh.steps if other.key == step.key)
        return next(found, Step(Kind.ORPHAN, step.key, "its file is gone"))

    return look


def _ports(world: World, process: Process, clone: Clone, rng: random.Random, look: Look) -> Ports:
    @asynccontextmanager
    async def connect(account: str) -> AsyncIterator[Any]:
        site = world.sites[account]
        wire = Wire(process, site.token, world.latest)
        yield open_session(site.platform, site.stage, wire)

    return Ports(
        clock=process,
        ledger=clone,
        connect=connect,
        media=NoMedia(),
        chance=rng.random,
        author=lambda path: "ana",
        tell=lambda event: None,
        look=look,
    )


async def _stop_later(halt: Halt, process: Process, seconds: float) -> None:
    await process.wait(seconds)
    halt.ask()


async def _work(world: World, process: Process, habit: Habit, rng: random.Random) -> None:
    clone = Clone(world.remote, process)
    snapshot = await clone.read()
    plan = world.plan(snapshot, process, habit.ahead)
    if not plan.acts:
        return
    look = _look(world, process, snapshot, habit.ahead)
    ports = _ports(world, process, clone, rng, look)
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
