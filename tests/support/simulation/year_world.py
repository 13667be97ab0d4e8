"""The world of a year: files of any commit, the program's planner and engine, small platforms."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import anyio

from socialauto.cli.looking import Lookout
from socialauto.cli.place import plan_for, terms_for
from socialauto.core.clock import Clock
from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Header, Snapshot
from socialauto.core.plan import Plan, Step
from socialauto.engine.clock import LoopClock
from socialauto.engine.load import Loaded, load
from socialauto.engine.ports import Look
from support.fakes import NoMedia
from support.simulation.content import Content
from support.simulation.feeds import Feed, Stage
from support.simulation.ills import Chance, Fates, Quiet, Temper
from support.simulation.loop import reseed, run_virtually
from support.simulation.memory import MemoryWorld, Site
from support.simulation.process import Process
from support.simulation.remote import Remote
from support.simulation.world import Habit, reconcile
from support.simulation.year_files import History
from support.simulation.year_oracle import RunTime
from support.simulation.year_runs import FIRST
from support.simulation.year_story import ACCOUNTS, BEGAN, Story

CLASSES = ("staged", "record", "keyed", "listed")
STORM = Temper(ill=0.25, crash=0.12, pause=0.02)
SKEW = 20.0
"""Seconds by which a runner's clock may be wrong."""
JOB_TIMEOUT = timedelta(minutes=25)
LAG = 60.0
LATEST = 60.0


class _Sound(random.Random):
    """Chance that never breaks a container: what goes wrong, goes wrong in a storm."""

    def random(self) -> float:
        return max(0.02, super().random())


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """As `cli.place.Arrivals`, of a history in memory."""

    history: History
    number: int
    known: dict[tuple[int, str, bool], datetime | None]

    def first(self, path: str) -> datetime | None:
        return self._ask(path, last=False)

    def last(self, path: str) -> datetime | None:
        return self._ask(path, last=True)

    def _ask(self, path: str, *, last: bool) -> datetime | None:
        key = (self.number, path, last)
        if key not in self.known:
            self.known[key] = self.history.landed(self.number, path, last=last)
        return self.known[key]


@dataclass(slots=True, kw_only=True)
class YearWorld(MemoryWorld):
    """What is wanted stands in files."""

    history: History
    _loaded: dict[int, Loaded] = field(default_factory=dict)
    _landed: dict[tuple[int, str, bool], datetime | None] = field(default_factory=dict)

    def loaded(self, number: int) -> Loaded:
        if number not in self._loaded:
            self._loaded.clear()  # commits are acted on one after the other
            found = load(self.history.tree(number), now=self.history.times[number])
            errors = [str(one) for one in found.findings if one.severity == "error"]
            assert not errors, errors
            self._loaded[number] = found
        return self._loaded[number]

    def plan(
        self,
        snapshot: Snapshot,
        clock: Clock,
        ahead: timedelta = timedelta(0),
        *,
        only: DeliveryKey | None = None,
    ) -> Plan:
        assert only is None
        number = self.history.number(self.clock.now())
        plan = plan_for(
            self.loaded(number),
            snapshot,
            self.config,
            now=clock.now(),
            accounts=frozenset(ACCOUNTS),
            terms=terms_for(self.loaded(number), self.config, ahead=ahead),
            arrivals=cast("Any", _Arrivals(self.history, number, self._landed)),
        )
        assert not plan.refusals
        return plan

    def look(self, process: Process, snapshot: Snapshot, ahead: timedelta) -> Look:
        """The program's own second look, but for where it finds the newest commit."""

        async def look(step: Step) -> Step:
            loaded = self.loaded(self.history.number(self.clock.now()))
            began, terms = snapshot.header.began, terms_for(loaded, self.config, ahead=ahead)
            nowhere = cast("Any", None)
            lookout = Lookout(nowhere, self.config, process, nowhere, loaded, began, terms)
            return lookout._judged(step)

        return look

    def shown(self) -> Iterator[tuple[str, str, datetime]]:
        """Account, text and instant of everything that the public ever saw."""
        for name, site in self.sites.items():
            for item in site.feed.log:
                yield name, item.text, item.at


def _world(story: Story, rng: random.Random) -> YearWorld:
    config = load(story.history.tree(0)).config
    assert config is not None
    sites = {}
    for number, name in enumerate(ACCOUNTS):
        feed = Feed(_Sound(rng.random()), LAG)
        sites[name] = Site(CLASSES[number % len(CLASSES)], Stage(feed))
    return YearWorld(
        clock=LoopClock(FIRST),
        config=config,
        content=Content({}),
        media=NoMedia(),
        remote=Remote(Header(format=1, lineage="year", began=BEGAN)),
        sites=sites,
        latest=LATEST,
        history=story.history,
    )


async def _run(world: YearWorld, name: str, run: RunTime, rng: random.Random) -> None:
    fates: Fates = Quiet(random.Random(rng.random()))
    if run.stormy:
        fates = Chance(random.Random(rng.random()), STORM)
    skew = timedelta(seconds=rng.uniform(-SKEW, SKEW))
    dies_at = world.clock.now() + JOB_TIMEOUT
    tell = world.tell if world.trace is not None else None
    process = Process(name, world.clock, fates, skew=skew, dies_at=dies_at, tell=tell)
    await reconcile(world, process, Habit(ahead=run.ahead), rng)


async def _twin(world: YearWorld, name: str, run: RunTime, rng: random.Random) -> None:
    """Another machine that starts at about the same time."""
    await world.clock.sleep(rng.uniform(0, 15))
    await _run(world, name, run, rng)


async def _live(world: YearWorld, story: Story, rng: random.Random) -> None:
    async with anyio.create_task_group() as tasks:
        for number, run in enumerate(story.runs):
            await world.clock.sleep((run.at - world.clock.now()).total_seconds())
            tasks.start_soon(_run, world, f"r{number}", run, rng)
            if rng.random() < 0.1:
                tasks.start_soon(_twin, world, f"t{number}", replace(run, stormy=False), rng)


def live(story: Story, seed: int, trace: list[str] | None = None) -> YearWorld:
    """The world at the end of the year."""

    async def main() -> YearWorld:
        reseed(seed)
        rng = random.Random(seed)
        world = _world(story, rng)
        world.trace = trace
        await _live(world, story, rng)
        return world

    return run_virtually(main)
