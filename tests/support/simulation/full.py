"""Histories of the full tier: the real Instagram adapter, the sandbox, real git; virtual time."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import anyio

from socialauto.core.config import Account, Config, Guard, Retries, Run
from socialauto.core.delivery import Delivery, DeliveryKey, LatePolicy
from socialauto.core.message import Message
from socialauto.core.parts import COMMENT
from socialauto.engine.clock import LoopClock
from socialauto.sandbox.state import Token
from support.builders import HOUR, NOON, delivery
from support.instagram import IG_ID, carousel_post, image_post, reel_post
from support.simulation.content import Content, changes_of_mind, text_of
from support.simulation.exhaustive import Played, ills_of, play_on
from support.simulation.flaky_git import FlakyGit, Network
from support.simulation.git_world import GitWorld, Layout, Platform, Team, Template
from support.simulation.history import LEASE, SKEW, Climate, quiet_end, runner
from support.simulation.ills import Fate, Ill, Script, Temper
from support.simulation.loop import reseed, run_virtually
from support.simulation.oracle import Verdict
from support.simulation.process import Process
from support.simulation.replay import with_replay
from support.simulation.world import Habit, reconcile

T = TypeVar("T")

MINUTES = 30.0
TEMPERS = (
    Temper(ill=0.1, crash=0.04, pause=0.01),
    Temper(ill=0.25, crash=0.08, pause=0.01),
    Temper(ill=0.05, crash=0.1, pause=0.02),
)
POSTS = (image_post, image_post, carousel_post, reel_post)
LAYOUTS: tuple[Layout, ...] = ("clones", "one clone", "no remote", "no remote")


def _climate(rng: random.Random) -> Climate:
    runners = rng.choice((1, 1, 2, 3))
    return Climate(
        temper=rng.choice(TEMPERS),
        runners=runners,
        runs=2 if runners == 1 else 1,
        in_ci=rng.random() < 0.5,
        fickle=rng.choice((0.0, 0.5)),
        minutes=MINUTES,
    )


def _posts(rng: random.Random, start: datetime) -> Iterator[Delivery]:
    for number in range(rng.choice((1, 1, 1, 2, 3))):
        one = delivery(
            f"p{number}",
            account="acme",
            due=start + timedelta(minutes=rng.uniform(-20, 5)),
            late=LatePolicy(6 * HOUR, "publish"),
        )
        message: Message = rng.choice(POSTS)(text_of(one.key, 1))
        if rng.random() < 0.3:
            message = commented(message, one.key)
        yield delivery(f"p{number}", account="acme", due=one.due, late=one.late, message=message)


def commented(message: Message, key: DeliveryKey) -> Message:
    """With a first comment."""
    comment = text_of(replace(key, part=COMMENT), 1)
    return replace(message, options=MappingProxyType({"first_comment": comment}))


def _config(settle: timedelta) -> Config:
    return Config(
        accounts={"acme": Account(platform="instagram", id=IG_ID, token="env:ACME")},
        guard=Guard(max_per_run=1000, max_deletes=1000),
        retries=Retries(tries=5),
        run=Run(lease=LEASE, settle=settle),
    )


def new_git_world(
    rng: random.Random, posts: Iterable[Delivery], team: Team, runners: Iterable[str]
) -> GitWorld:
    """Within the settle time, and the difference of two clocks, effects show and listings list."""
    clock = LoopClock(NOON)
    settle = timedelta(minutes=rng.uniform(2, 8))
    spare = settle.total_seconds() - 2 * SKEW - 5
    latest = rng.uniform(0, spare)
    platform = Platform.new(clock.now, lag=spare - latest)
    network = Network(team.ledger, [])
    return GitWorld(
        clock=clock,
        config=_config(settle),
        content=Content({post.key: post for post in posts}),
        media=platform.files,
        latest=latest,
        platform=platform,
        network=network,
        clones={
            name: FlakyGit(root, network, clock.now, team.nature)
            for name, root in zip((*runners, "quiet"), team.roots, strict=True)
        },
        rng=random.Random(rng.random()),
    )


def _random_world(
    rng: random.Random, template: Template, folder: Path, climate: Climate
) -> GitWorld:
    runners = [f"r{number}" for number in range(climate.runners)]
    team = template.copy(folder, rng.choice(LAYOUTS), len(runners) + 1)
    return new_git_world(rng, list(_posts(rng, NOON)), team, runners)


async def _spoil_token(world: GitWorld, rng: random.Random) -> None:
    """For a while the platform refuses the token."""
    tokens = world.platform.sandbox.tokens
    await world.clock.sleep(60 * rng.uniform(0, MINUTES))
    tokens.update({name: Token(revoked=True) for name in tokens})
    await world.clock.sleep(60 * rng.uniform(1, 20))
    tokens.update({name: Token() for name in tokens})


async def play(
    seed: int, template: Template, folder: Path, *, trace: list[str] | None = None
) -> Verdict:
    """One history, on the loop that is running."""
    rng = random.Random(seed)
    climate = _climate(rng)
    world = _random_world(rng, template, folder, climate)
    world.trace = trace
    posts = list(world.content.deliveries.values())
    world.content.edits = changes_of_mind(
        rng, posts, share=climate.fickle, begin=NOON, hours=MINUTES / 60
    )
    async with anyio.create_task_group() as tasks:
        if rng.random() < 0.1:
            tasks.start_soon(_spoil_token, world, rng)
        for number in range(climate.runners):
            own = random.Random(rng.random())
            tasks.start_soon(runner, world, climate, f"r{number}", own)
    return await quiet_end(world, rng, runs=climate.runners * climate.runs)


def _quick_folder() -> str | None:
    """Memory where there is such a folder: git writes many small files."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def with_template(main: Callable[[Template, Path], Awaitable[T]]) -> T:
    """Play on virtual time, with a ledger to copy and a folder to work in."""

    async def run(folder: Path) -> T:
        return await main(Template.make(folder / "template", NOON - 24 * HOUR), folder)

    with tempfile.TemporaryDirectory(dir=_quick_folder()) as folder:
        return run_virtually(lambda: run(Path(folder)))


def play_full_tier(seeds: range, trace: list[str] | None = None) -> Verdict:
    async def main(template: Template, folder: Path) -> Verdict:
        total = Verdict()
        for seed in seeds:
            reseed(seed)
            verdict = await play(seed, template, folder / str(seed), trace=trace)
            total += with_replay(verdict, seed, "full")
        return total

    return with_template(main)


# one misfortune at a time

KINDS = {
    "image": image_post,
    "carousel": carousel_post,
    "reel": reel_post,
    "image with a comment": image_post,
    "image to be deleted": image_post,
}


async def _play_one(
    kind: str, fates: Mapping[int, Fate], template: Template, folder: Path
) -> Played:
    reseed(1)
    late = LatePolicy(6 * HOUR, "publish")
    post = delivery("p1", account="acme", late=late)
    post = replace(post, message=KINDS[kind](text_of(post.key, 1)))
    if kind.endswith("comment"):
        post = replace(post, message=commented(post.message, post.key))
    world = new_git_world(random.Random(1), [post], template.copy(folder, "one clone", 2), ["r0"])
    if kind.endswith("deleted"):
        before = Process("r0.before", world.clock, Script({}))
        await reconcile(world, before, Habit(), random.Random(2))
        world.content.deliveries[post.key] = replace(post, delete=True)
    return await play_on(world, [fates])


def play_singles(kind: str, ills: Collection[Ill]) -> list[tuple[str, Verdict]]:
    """Each operation of an untroubled run, with each of these ills that can befall it."""

    async def main(template: Template, folder: Path) -> list[tuple[str, Verdict]]:
        (operations,) = (await _play_one(kind, {}, template, folder / "well")).met
        played: list[tuple[str, Verdict]] = []
        for number, operation in enumerate(operations):
            for fate in (fate for fate in ills_of(operation) if fate.ill in ills):
                words = f"{kind}: {fate.ill} ({fate.share}) at {number} {operation}"
                place = folder / f"{len(played)}"
                one = await _play_one(kind, {number: fate}, template, place)
                played.append((words, one.verdict))
        return played

    return with_template(main)
