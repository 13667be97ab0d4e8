"""SIGTERM and SIGINT: what is on its way is finished or given back, so nobody has to wait."""

from __future__ import annotations

import signal

import pytest

from support.crash_scene import LATER, Scene
from support.gates import Moment, Operation
from support.runs import Run

PUBLISH = Operation("POST account/media_publish")

STEPS: list[tuple[signal.Signals, Operation, Moment]] = [
    (signal.SIGTERM, Operation("GET files"), "before"),
    (signal.SIGTERM, Operation("POST account/media"), "after"),
    (signal.SIGINT, Operation("POST account/media"), "after"),
    (signal.SIGTERM, Operation("push: pack"), "before"),
    (signal.SIGTERM, Operation("push: pack"), "after"),
    (signal.SIGTERM, PUBLISH, "before"),
    (signal.SIGINT, PUBLISH, "before"),
    (signal.SIGTERM, Operation("push: pack", 2), "before"),
]


@pytest.mark.parametrize(("number", "step", "moment"), STEPS, ids=str)
def test_a_run_that_is_asked_to_stop_leaves_nothing_to_wait_for(
    scene: Scene, number: signal.Signals, step: Operation, moment: Moment
) -> None:
    def ask(run: Run) -> bool:
        run.send(number)
        return True

    scene.add_posts(second="Second")
    said = scene.struck(step, moment, ask).wait()
    assert said.err == f"{number.name}: finishing what is on its way, beginning nothing new\n"
    assert said.code == 4
    assert "the next one goes on" in said.out
    # At once and not after a lease: nothing of the first run is in its way.
    assert scene.reconcile().code == 0
    scene.check_exactly_once("Hello, world", "Second")


def test_a_second_signal_ends_the_run_and_the_next_one_settles(scene: Scene) -> None:
    def insist(run: Run) -> bool:
        run.send(signal.SIGINT)
        run.send(signal.SIGTERM)
        return True

    said = scene.struck(PUBLISH, "before", insist).wait()
    assert said.code in (-signal.SIGINT, -signal.SIGTERM), said
    first, second = said.err.splitlines()
    assert first.endswith(": finishing what is on its way, beginning nothing new")
    assert second.endswith(": ending at once; the next run settles what was on its way")
    scene.clock.advance(LATER)
    assert scene.reconcile().code == 0
    scene.check_exactly_once("Hello, world")
