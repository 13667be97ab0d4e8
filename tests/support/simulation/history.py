"""A history: a time of misfortune made from one seed, then quiet runs until all has settled."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import anyio

from socialauto.core.config import Guard, Retries, Run
from socialauto.core.delivery import Delivery, DeliveryKey, LatePolicy
from socialauto.core.ledger import Entry, Header, State
from socialauto.core.outcome import Published
from socialauto.core.parts import DELETE
from socialauto.core.plan import SENDING, Kind, Step
from socialauto.core.record import dropped, receipt
from socialauto.engine.clock import LoopClock
from support.builders import HOUR, MINUTE, NOON, config
from support.fakes import NoMedia
from support.simulation.content import TYPES, Content, changes_of_mind, new_delivery
from support.simulation.feeds import Feed, Stage
from support.simulation.ills import Chance, Fates, Quiet, Temper
from support.simulation.memory import MemoryWorld, Site
from support.simulation.oracle import Verdict, judge
from support.simulation.process import Process
from support.simulation.remote import Remote
from support.simulation.sessions import CLASSES
from support.simulation.world import Habit, World, reconcile

LEASE = timedelta(minutes=30)
JOB_TIMEOUT = timedelta(minutes=25)
"""CI kills a run before its lease ends: what the protocol assumes."""

SKEW = 30.0
"""Seconds by which a runner's clock may be wrong, either way."""

TURMOIL = 100.0
"""Minutes in which posts fall due and runs meet misfortune."""

MOST_ROUNDS = 60
QUIET_PAUSE = 300.0
"""Seconds between two quiet runs at least, as cron starts them."""

AHEAD = timedelta(minutes=10)

TEMPERS = (
    Temper(ill=0.0, crash=0.0, pause=0.0),
    Temper(ill=0.05, crash=0.01, pause=0.002),
    Temper(ill=0.15, crash=0.04, pause=0.01),
    Temper(ill=0.35, crash=0.02, pause=0.01),
    Temper(ill=0.1, crash=0.12, pause=0.05),
)


@dataclass(frozen=True, slots=True)
class Climate:
    """What a history is like."""

    temper: Temper
    runners: int
    runs: int
    """Of each runner."""
    in_ci: bool
    """Every run is killed before its lease ends, wherever it is."""
    fickle: float
    """Share of the posts that people change meanwhile."""
    minutes: float = TURMOIL
    """In which runs begin."""


def new_climate(rng: random.Random) -> Climate:
    runners = rng.choice((1, 1, 2, 2, 3, 4, 8))
    return Climate(
        temper=rng.choice(TEMPERS),
        runners=runners,
        runs=rng.randint(3, 10) if runners < 4 else rng.randint(2, 4),
        in_ci=rng.random() < 0.5,
        fickle=rng.choice((0.0, 0.0, 0.3)),
    )


def _late_policy(rng: random.Random) -> LatePolicy:
    return LatePolicy(6 * HOUR, rng.choice(("publish", "publish", "skip", "hold")))


def _posts(rng: random.Random, start: datetime) -> Iterator[Delivery]:
    for account in CLASSES:
        for number in range(rng.choice((1, 4, 16, 60))):
            due = start + timedelta(minutes=rng.uniform(-5, 0.8 * TURMOIL))
            late, kind = _late_policy(rng), rng.choice(TYPES)
            comment, recurs = rng.random() < 0.1, rng.random() < 0.2
            # Dates of one series, each a delivery of its own.
            name = "series" if recurs else f"p{number}"
            yield new_delivery(
                account, name, due, late=late, kind=kind, comment=comment, recurs=recurs
            )


def new_world(
    rng: random.Random, posts: Iterable[Delivery], start: datetime, *, settle: timedelta
) -> MemoryWorld:
    """Within the settle time, and the difference of two clocks, effects show and listings list."""
    spare = settle.total_seconds() - 2 * SKEW - 5
    latest = rng.uniform(0, spare)
    return MemoryWorld(
        clock=LoopClock(start),
        config=config(
            *CLASSES,
            guard=Guard(max_per_run=10_000, max_deletes=10_000),
            retries=Retries(tries=rng.choice((3, 10))),
            run=Run(lease=LEASE, settle=settle, ahead=rng.choice((1, 3))),
        ),
        content=Content({post.key: post for post in posts}),
        media=NoMedia(),
        remote=Remote(Header(format=1, lineage="simulated", began=start - 24 * HOUR)),
        sites={
            name: Site(name, Stage(Feed(random.Random(rng.random()), spare - latest)))
            for name in CLASSES
        },
        latest=latest,
    )


# the time of misfortune


def _habit(rng: random.Random) -> Habit:
    return Habit(
        ahead=AHEAD if rng.random() < 0.3 else timedelta(0),
        stop_after=rng.uniform(0, 600) if rng.random() < 0.05 else None,
    )


async def runner(world: World, climate: Climate, name: str, rng: random.Random) -> None:
    """One place that starts runs now and then, by its own clock."""
    fates = Chance(random.Random(rng.random()), climate.temper)
    skew = timedelta(seconds=rng.uniform(-SKEW, SKEW))
    starts = sorted(rng.uniform(0, climate.minutes) for _ in range(climate.runs))
    begin = world.clock.now()
    for number, minutes in enumerate(starts):
        left = (begin + timedelta(minutes=minutes) - world.clock.now()).total_seconds()
        await world.clock.sleep(left)
        process = Process(
            f"{name}.{number}",
            world.clock,
            fates,
            skew=skew,
            dies_at=world.clock.now() + JOB_TIMEOUT if climate.in_ci else None,
            tell=world.tell if world.trace is not None else None,
        )
        await reconcile(world, process, _habit(rng), rng)


def _spoil_tokens(world: MemoryWorld, rng: random.Random) -> None:
    for site in world.sites.values():
        if rng.random() < 0.1:
            site.token.dead_from = world.clock.now() + rng.uniform(0, TURMOIL) * MINUTE
            site.token.dead_until = site.token.dead_from + rng.uniform(1, 40) * MINUTE


# the quiet time after it

_OPEN = SENDING | {Kind.SETTLE, Kind.BUSY, Kind.WAIT}


def open_steps(world: World) -> list[Step]:
    plan = world.plan(world.snapshot(), world.clock)
    return [step for step in plan.steps if step.kind in _OPEN or step.record]


async def settle_down(
    world: World, fates: Fates, rng: random.Random, *, word: str, pause: float
) -> int:
    """Runs one after the other, without misfortune, until nothing is left; how many it took."""
    for number in range(MOST_ROUNDS):
        steps = open_steps(world)
        if not steps:
            return number
        now = world.clock.now()
        at = min(step.at or now for step in steps)
        await world.clock.sleep(max((at - now).total_seconds() + 1, pause))
        tell = world.tell if world.trace is not None else None
        process = Process(f"{word}.{number}", world.clock, fates, tell=tell)
        await reconcile(world, process, Habit(), rng)
    return MOST_ROUNDS


def _says(world: World, entry: Entry, seen: set[DeliveryKey]) -> Entry:
    """A person's word on a held delivery. Where the platform refuses what it has already, the
    person does not even look, and says that it never went out; but looks at what is to be deleted,
    which is not sent again, so that nobody would ever contradict."""
    post = world.content.deliveries.get(entry.key)
    careless = (
        entry.account == "refusing"
        and post is not None
        and not post.delete
        and post.message.digest == entry.digest
        and post.late.then == "publish"
    )
    if entry.part == DELETE:
        post_entry = world.snapshot().entries[replace(entry.key, part="")]
        if (entry.account, post_entry.remote_id) in set(world.gone()):
            return receipt(entry, Published(None, None), entry.due)
        return dropped(entry, "a person says that it is still there", keep_handle=False)
    if not careless and entry.key in seen:
        return receipt(entry, Published(None, "https://fake.test/seen"), entry.due)
    return dropped(entry, "a person says that it never went out", keep_handle=False)


def settle_by_hand(world: World) -> bool:
    """A person answers for everything that is held in doubt."""
    held = [
        entry
        for entry in world.snapshot().entries.values()
        if entry.state is State.HELD and not entry.late_hold
    ]
    seen = set(world.public())
    for entry in held:
        world.record(_says(world, entry, seen))
    return bool(held)


async def play(seed: int, *, trace: list[str] | None = None) -> Verdict:
    """One whole history, on the loop that is running."""
    rng = random.Random(seed)
    climate, start = new_climate(rng), NOON
    settle = timedelta(minutes=rng.uniform(2, 8))
    posts = list(_posts(rng, start))
    world = new_world(rng, posts, start, settle=settle)
    world.trace = trace
    world.content.edits = changes_of_mind(
        rng, posts, share=climate.fickle, begin=start, hours=TURMOIL / 60
    )
    _spoil_tokens(world, rng)
    async with anyio.create_task_group() as runners:
        for number in range(climate.runners):
            own = random.Random(rng.random())
            runners.start_soon(runner, world, climate, f"r{number}", own)
    return await quiet_end(world, rng, runs=climate.runners * climate.runs)


async def quiet_end(
    world: World, rng: random.Random, *, runs: int, pause: float = QUIET_PAUSE
) -> Verdict:
    fates = Quiet(random.Random(rng.random()))
    world.calm()
    if world.content.edits:
        # A careless word about a post that is edited afterwards is nobody's promise.
        left = (world.content.edits[-1].at - world.clock.now()).total_seconds()
        await world.clock.sleep(left)
    rounds = await settle_down(world, fates, rng, word="quiet", pause=pause)
    verdict = judge(world)
    verdict.rounds, verdict.runs = rounds, runs + rounds
    if settle_by_hand(world):
        verdict.runs += await settle_down(world, fates, rng, word="after", pause=pause)
        verdict.complaints += [f"after a person: {each}" for each in judge(world).complaints]
    return verdict
