"""The oracle must be able to complain, or its silence says nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from socialauto.core.delivery import LatePolicy
from socialauto.core.ledger import Entry, State
from socialauto.core.outcome import ErrorClass
from support.builders import HOUR, MINUTE, NOON, attempt, entry
from support.simulation.content import new_delivery, text_of
from support.simulation.history import new_world
from support.simulation.memory import MemoryWorld
from support.simulation.oracle import Verdict, judge
from support.simulation.replay import with_replay
from support.simulation.wire import UNREADABLE

POST = new_delivery("staged", "p1", NOON, late=LatePolicy(6 * HOUR, "publish"))
MUTE = new_delivery("blind", "p1", NOON, late=LatePolicy(6 * HOUR, "publish"))


def world_of(*entries: Entry, shown: int = 0) -> MemoryWorld:
    """A world that wants one post, says this of it, and has shown it so often."""
    posts = [MUTE if entries and entries[0].account == "blind" else POST]
    world = new_world(random.Random(1), posts, NOON, settle=4 * MINUTE)
    for each in entries:
        world.record(each)
    for _ in range(shown):
        world.sites["staged"].feed.append(text_of(POST.key, 1), NOON)
    return world


PUBLISHED = entry(POST, State.PUBLISHED, remote_id="m1")
UNREAD = attempt(ErrorClass.TRANSIENT, UNREADABLE).model_copy(update={"stage": "find"})


def test_a_post_that_was_shown_once_and_recorded_is_well() -> None:
    assert judge(world_of(PUBLISHED, shown=1)).complaints == []


GONE = PUBLISHED.model_copy(update={"state": State.DELETED})


def deleted(*entries: Entry, times: int, wish: bool = True, asked: bool = True) -> MemoryWorld:
    """A world whose post was shown once and then deleted so often."""
    world = world_of(*entries, shown=1)
    for _ in range(times):
        world.sites["staged"].feed.delete("m1", NOON)
    world.content.deliveries[POST.key] = replace(POST, delete=wish)
    world.content.doomed = {POST.key} if asked else set()
    return world


@pytest.mark.parametrize("wish", [True, False])
def test_a_post_that_was_deleted_once_and_recorded_is_well(*, wish: bool) -> None:
    assert judge(deleted(GONE, times=1, wish=wish)).complaints == []


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (lambda: deleted(GONE, times=2), "deleted 2 times"),
        (lambda: deleted(GONE, times=1, wish=False, asked=False), "nobody asked for it"),
        (lambda: deleted(GONE, times=0), "the ledger says deleted, and it is still there"),
        (lambda: deleted(PUBLISHED, times=0), "it was to be deleted, and is still there"),
        (lambda: deleted(PUBLISHED, times=1), "gone, and the ledger says published"),
    ],
)
def test_it_complains_about_deletions(world: Callable[[], MemoryWorld], words: str) -> None:
    assert any(words in each for each in judge(world()).complaints)


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (lambda: world_of(PUBLISHED, shown=2), "the public saw it 2 times"),
        (lambda: world_of(PUBLISHED), "the ledger says published, and nobody saw it"),
        (lambda: world_of(shown=1), "public, and the ledger says nothing"),
        (lambda: world_of(entry(POST, State.RETRY), shown=1), "public, and the ledger says retry"),
        (lambda: world_of(entry(POST, State.INTENT)), "its intent is still open"),
        (lambda: world_of(entry(POST, State.HELD)), "held although the platform can say"),
        (lambda: world_of(), "came to no end, never begun"),
        (lambda: world_of(entry(POST, State.RETRY)), "came to no end, retry"),
    ],
)
def test_it_complains(world: Callable[[], MemoryWorld], words: str) -> None:
    assert any(words in each for each in judge(world()).complaints)


def test_what_could_not_be_read_as_often_as_allowed_may_be_held() -> None:
    world = world_of(entry(POST, State.HELD, attempts=(UNREAD,) * 10), shown=1)
    assert judge(world).complaints == []


def test_a_class_that_cannot_say_may_hold() -> None:
    assert judge(world_of(entry(MUTE, State.HELD))).complaints == []


def test_a_complaint_comes_with_the_line_that_plays_it_again() -> None:
    verdict = with_replay(replace(Verdict(), complaints=["twice"]), 12, "full")
    assert verdict.complaints == ["seed 12: twice; replay: make simulate TIER=full SEED=12 TRACE=1"]
