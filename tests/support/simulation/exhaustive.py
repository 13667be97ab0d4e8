"""Every operation of a delivery, every misfortune, one at a time, and in pairs over two runs."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import anyio

from socialauto.core.delivery import LatePolicy
from socialauto.core.ledger import State
from socialauto.core.message import PostType
from support.builders import HOUR, MINUTE, NOON, entry
from support.simulation.content import new_delivery
from support.simulation.history import new_world, open_steps, quiet_end
from support.simulation.ills import CRASHES, OPERATIONS, PAUSES, Fate, Ill, Script
from support.simulation.loop import reseed
from support.simulation.oracle import Verdict
from support.simulation.process import Process
from support.simulation.world import Habit, World, reconcile

SHARES = (0.3, 0.95)
"""A misfortune of less and of more than the half: shorter and longer than what is waited for."""


@dataclass(frozen=True, slots=True)
class Case:
    """One delivery of a kind, on a platform of a class."""

    platform: str
    kind: PostType
    comment: bool = False
    """With a first comment."""
    deletes: bool = False
    """It is public, and to be deleted."""

    def __str__(self) -> str:
        more = f"{' with a comment' * self.comment}{' to be deleted' * self.deletes}"
        return f"{self.platform} {self.kind.value}{more}"


CASES = (
    *(Case(name, PostType.IMAGE) for name in ("record", "keyed", "listed", "refusing", "blind")),
    *(Case("staged", kind) for kind in (PostType.IMAGE, PostType.CAROUSEL, PostType.REEL)),
    Case("listed", PostType.IMAGE, comment=True),
    Case("staged", PostType.IMAGE, deletes=True),
    Case("blind", PostType.IMAGE, deletes=True),
)

Fates = Mapping[int, Fate]


@dataclass(frozen=True, slots=True)
class Played:
    """What became of it, and the operations that each scripted run came to."""

    verdict: Verdict
    met: tuple[list[str], ...]


def _world(case: Case) -> World:
    late = LatePolicy(6 * HOUR, "publish")
    post = new_delivery(case.platform, "p1", NOON, late=late, kind=case.kind, comment=case.comment)
    world = new_world(random.Random(1), [post], NOON, settle=4 * MINUTE)
    if case.deletes:
        item = world.sites[case.platform].feed.append(post.message.text, NOON - HOUR)
        at = {"published_at": item.at, "remote_id": item.id}
        world.record(entry(post, State.PUBLISHED, **at))
        world.content.deliveries[post.key] = replace(post, delete=True)
    return world


RIVALS = (None, 0.7, 2700.0)
"""Seconds after which another run begins: none, within the lease of the first, after it."""


async def _rival(world: World, seconds: float) -> None:
    """Another run that begins later and meets nothing."""
    await world.clock.sleep(seconds)
    process = Process("rival", world.clock, Script({}, random.Random(2)))
    await reconcile(world, process, Habit(), random.Random(2))


async def play_on(world: World, runs: Sequence[Fates], *, rival: float | None = None) -> Played:
    """Run after run meets its fates; each begins when there is something to do again."""
    met: list[list[str]] = []
    for number, fates in enumerate(runs):
        script = Script(fates)
        if steps := open_steps(world):
            at = min(step.at or world.clock.now() for step in steps)
            await world.clock.sleep((at - world.clock.now()).total_seconds() + 1)
        process = Process(f"r{number}", world.clock, script)
        async with anyio.create_task_group() as tasks:
            if rival and number == 0:
                tasks.start_soon(_rival, world, rival)
            await reconcile(world, process, Habit(), random.Random(3))
        met.append(script.met)
    verdict = await quiet_end(world, random.Random(4), runs=len(runs), pause=0)
    return Played(verdict, tuple(met))


async def play_scripted(case: Case, runs: Sequence[Fates], *, rival: float | None = None) -> Played:
    reseed(1)
    return await play_on(_world(case), runs, rival=rival)


def ills_of(operation: str) -> Iterator[Fate]:
    yield from (Fate(ill) for ill in CRASHES)
    for ill in (*PAUSES, *OPERATIONS[operation]):
        yield from (Fate(ill, share) for share in SHARES)


STILL, OVERTAKES = 0.1, 600.0
"""A run stands still for 18 minutes, and another one begins after 10: later than what is waited
until effects show, and within the lease, so that the first one may go on to send."""


def _befalling(operation: str) -> Iterator[tuple[Fate, float | None]]:
    for fate in ills_of(operation):
        yield from ((fate, rival) for rival in RIVALS)
    yield from ((Fate(ill, STILL), OVERTAKES) for ill in PAUSES)


async def singles(case: Case) -> AsyncIterator[tuple[str, Verdict]]:
    """Each operation of an untroubled run, with each thing that can befall it, and then quiet;
    alone, and beside another run."""
    (operations,) = (await play_scripted(case, [{}])).met
    for number, operation in enumerate(operations):
        for fate, rival in _befalling(operation):
            played = await play_scripted(case, [{number: fate}], rival=rival)
            words = f"{case}: {fate.ill} ({fate.share}) at {number} {operation}"
            yield f"{words}, another run after {rival} s", played.verdict


async def pairs(case: Case, ills: Sequence[Ill] = CRASHES) -> AsyncIterator[tuple[str, Verdict]]:
    """Each operation of a first run with each of these ills, and then each operation of the run
    that comes after it, likewise."""
    (operations,) = (await play_scripted(case, [{}])).met
    for first, operation in enumerate(operations):
        for fate in (fate for fate in ills_of(operation) if fate.ill in ills):
            start = {first: fate}
            _, seconds = (await play_scripted(case, [start, {}])).met
            for second, other in enumerate(seconds):
                for then in (then for then in ills_of(other) if then.ill in ills):
                    played = await play_scripted(case, [start, {second: then}])
                    words = f"{case}: {fate.ill} at {first} {operation}, then {then.ill} at "
                    yield f"{words}{second} {other}", played.verdict
