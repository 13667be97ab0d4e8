"""A run is killed around a date of a series, and around a slot; later runs finish it, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.crash_scene import JUST_AFTER, LATER, Kind, SceneMaker
from support.gates import Moment, Operation

PUBLISH = Operation("POST account/media_publish")
INTENT = Operation("push: pack")
RECEIPT = Operation("push: pack", 2)
KINDS: tuple[Kind, ...] = ("series", "queued")
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("step", "moment"),
    [
        (INTENT, "after"),
        (PUBLISH, "before"),
        (PUBLISH, "after"),
        (RECEIPT, "before"),
        (RECEIPT, "after"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_killed_run_left_goes_out_once(
    scene_of: SceneMaker, kind: Kind, step: Operation, moment: Moment
) -> None:
    scene = scene_of(kind)
    scene.killed(step, moment)
    scene.clock.advance(LATER)
    assert scene.reconcile().code == 0
    assert scene.reconcile().out.startswith("nothing to do")
    scene.check_exactly_once("Hello, world")
    assert list(scene.entries()) == ["hello@2026-12-01T09:00" if kind == "series" else "hello"]


def test_a_date_that_was_killed_does_not_keep_the_next_one(scene_of: SceneMaker) -> None:
    """The week after, the old date is settled, and the new one goes out: one of each."""
    scene = scene_of("series")
    scene.killed(PUBLISH, "after")
    scene.clock.move(JUST_AFTER + WEEK)
    assert scene.reconcile().code == 0
    assert scene.reconcile().out.startswith("nothing to do")
    assert scene.public == {"Hello, world": 2}
    assert {name: entry["state"] for name, entry in scene.entries().items()} == {
        "hello@2026-12-01T09:00": "published",
        "hello@2026-12-08T09:00": "published",
    }


def test_a_date_that_never_went_out_is_overtaken_by_the_next_one(scene_of: SceneMaker) -> None:
    scene = scene_of("series")
    scene.killed(PUBLISH, "before")
    scene.clock.move(JUST_AFTER + WEEK)
    scene.reconcile()
    scene.reconcile()
    assert scene.public == {"Hello, world": 1}
    assert {name: entry["state"] for name, entry in scene.entries().items()} == {
        "hello@2026-12-01T09:00": "missed",
        "hello@2026-12-08T09:00": "published",
    }
