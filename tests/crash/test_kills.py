"""A run is killed at every step of the protocol; later runs finish its work, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from support.crash_scene import JUST_AFTER, LATER, Kind, Scene, SceneMaker, kill
from support.gates import Moment, Operation
from support.runs import Run, start_command
from support.team import TOKEN, Said

CREATE = Operation("POST account/media")
PUBLISH = Operation("POST account/media_publish")
PERMALINK = Operation("GET media")
INTENT = Operation("push: pack")
RECEIPT = Operation("push: pack", 2)

STEPS = [
    # is the commit shared?
    Operation("fetch: refs"),
    Operation("fetch: pack"),
    # what does the ledger say?
    Operation("fetch: refs", 2),
    Operation("fetch: pack", 2),
    # prepare
    Operation("GET account/content_publishing_limit"),
    Operation("GET files"),
    CREATE,
    Operation("GET container"),
    Operation("GET container", 2),
    Operation("GET container", 3),
    # intent, publish, receipt
    Operation("push: refs"),
    INTENT,
    PUBLISH,
    PERMALINK,
    Operation("push: refs", 2),
    RECEIPT,
]
"""Of a run that publishes an image, as a fault-free run makes them."""

EFFECTS = (CREATE, INTENT, PUBLISH, RECEIPT)
"""The others only read: what they change is nothing, so before and after are one moment."""

CHILD = Operation("POST account/media", 2)
PARENT = Operation("POST account/media", 4)

FOUND_PUBLIC = [
    Operation("fetch: refs"),
    Operation("fetch: refs", 2),
    # the intent is taken over, then the platform is asked
    INTENT,
    Operation("GET container"),
    Operation("GET account/media"),
    RECEIPT,
]
FOUND_UNSENT = [
    INTENT,
    Operation("GET account/media"),
    # the intent is given back, then made anew
    Operation("push: pack", 2),
    Operation("push: pack", 3),
    PUBLISH,
    Operation("push: pack", 4),
]
"""Of the run that finds an intent without a receipt, to which one of two things has happened."""

Case = tuple[Kind, Operation, Moment]


def cases() -> Iterator[Case]:
    for step in STEPS:
        yield "image", step, "before"
    for effect in EFFECTS:
        yield "image", effect, "after"
    for step in (CHILD, PARENT, PUBLISH):
        yield "carousel", step, "before"
        yield "carousel", step, "after"
    for step in (CREATE, INTENT, PUBLISH):
        yield "reel", step, "after"


def named(value: object) -> str:
    return str(value)


def is_quiet(said: Said) -> bool:
    return (said.code, said.out, said.err) == (0, "nothing to do\n", "")


def test_these_are_the_steps_of_a_run_without_faults(scene: Scene) -> None:
    assert scene.reconcile().code == 0
    assert scene.gate.seen == STEPS
    scene.check_exactly_once("Hello, world")


@pytest.mark.parametrize(("kind", "step", "moment"), list(cases()), ids=named)
def test_what_a_killed_run_left_goes_out_once(
    scene_of: SceneMaker, kind: Kind, step: Operation, moment: Moment
) -> None:
    scene = scene_of(kind)
    scene.killed(step, moment)
    scene.clock.advance(LATER)
    said = scene.reconcile()
    assert said.code == 0, said
    assert is_quiet(scene.reconcile())
    scene.check_exactly_once("Hello, world")


@pytest.mark.parametrize(
    ("moment", "step"),
    [
        *(("after", step) for step in FOUND_PUBLIC),
        *(("before", step) for step in FOUND_UNSENT),
    ],
    ids=named,
)
def test_a_run_that_is_killed_while_it_settles_is_settled_itself(
    scene: Scene, moment: Moment, step: Operation
) -> None:
    scene.killed(PUBLISH, moment)
    scene.clock.advance(LATER)
    scene.gate.reset()
    scene.killed(step, "after")
    scene.clock.advance(LATER)
    said = scene.reconcile()
    assert said.code == 0, said
    assert is_quiet(scene.reconcile())
    scene.check_exactly_once("Hello, world")


@pytest.mark.parametrize("push", [INTENT, RECEIPT], ids=["intent", "receipt"])
def test_a_push_that_outlives_its_run_changes_nothing(scene: Scene, push: Operation) -> None:
    def kill_only_the_run(run: Run) -> bool:
        run.send(SIGKILL)
        return True

    said = scene.struck(push, "before", kill_only_the_run).wait()
    assert said.code == -SIGKILL
    scene.clock.advance(LATER)
    assert scene.reconcile().code == 0
    assert is_quiet(scene.reconcile())
    scene.check_exactly_once("Hello, world")


def test_before_the_lease_has_ended_nobody_touches_the_intent(scene: Scene) -> None:
    scene.killed(PUBLISH, "before")
    scene.clock.advance(timedelta(minutes=20))
    said = scene.reconcile(clone=scene.another_clone("other"))
    assert (said.code, scene.public) == (0, {})
    scene.clock.advance(timedelta(minutes=20))
    assert scene.reconcile(clone=scene.folder / "other").code == 0
    scene.check_exactly_once("Hello, world")


@pytest.mark.parametrize(
    ("step", "moment"), [(PUBLISH, "after"), (RECEIPT, "before")], ids=["publish", "receipt"]
)
def test_the_command_itself_is_killed_and_typed_again(
    scene: Scene, step: Operation, moment: Moment, tmp_path: Path
) -> None:
    """As people run it: `python -m socialauto reconcile`, its own clock moved by `--now`."""
    scene.world.settings = replace(scene.world.settings, image_seconds=0)

    def reconcile(now: str) -> Run:
        flags = ("reconcile", "-C", str(scene.clone), "--now", now)
        return start_command(*flags, folder=tmp_path, environment={"ACME_KEY": TOKEN})

    said = scene.struck(step, moment, kill, start=lambda: reconcile("2026-12-01 09:00:05"))
    assert said.wait().code == -SIGKILL
    scene.clock.move(JUST_AFTER + LATER)
    later = reconcile("2026-12-01 09:40:05").wait()
    assert later.code == 0, later
    assert "✓ settled hello on acme" in later.out
    scene.check_exactly_once("Hello, world")
