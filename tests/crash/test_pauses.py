"""A run is stopped in mid-step (SIGSTOP) and goes on later, when others may have been at work."""

from __future__ import annotations

from datetime import timedelta
from signal import SIGCONT, SIGSTOP

import pytest

from support.crash_scene import LATER, Scene
from support.gates import Operation
from support.runs import Run

INTENT = Operation("push: pack")
PUBLISH = Operation("POST account/media_publish")


def pause(run: Run) -> bool:
    run.send(SIGSTOP)
    return True


def paused(scene: Scene, operation: Operation) -> Run:
    """A run that was stopped just when the answer to `operation` was on its way to it."""
    run = scene.struck(operation, "after", pause)
    assert scene.gate.struck.wait(60)
    return run


def test_a_pause_within_the_lease_changes_nothing(scene: Scene) -> None:
    run = paused(scene, INTENT)
    scene.clock.advance(timedelta(minutes=20))
    run.send(SIGCONT)
    assert run.wait().code == 0
    scene.check_exactly_once("Hello, world")


def test_a_run_that_wakes_after_its_lease_sends_nothing(scene: Scene) -> None:
    run = paused(scene, INTENT)
    scene.clock.advance(LATER)
    other = scene.reconcile(clone=scene.another_clone("other"))
    assert "✓ published hello on acme" in other.out
    run.send(SIGCONT)
    assert "another run has it" in run.wait().out
    scene.check_exactly_once("Hello, world")


def test_a_run_that_wakes_too_late_alone_leaves_it_to_the_next(scene: Scene) -> None:
    run = paused(scene, INTENT)
    scene.clock.advance(timedelta(minutes=28))
    run.send(SIGCONT)
    said = run.wait()
    assert (said.code, scene.public) == (4, {})
    assert "too little of the lease was left to send it" in said.out
    scene.clock.advance(timedelta(minutes=10))
    assert scene.reconcile().code == 0
    scene.check_exactly_once("Hello, world")


def test_an_answer_that_is_read_after_the_lease_finds_the_receipt_written(scene: Scene) -> None:
    run = paused(scene, PUBLISH)
    scene.clock.advance(LATER)
    other = scene.reconcile(clone=scene.another_clone("other"))
    assert "✓ settled hello on acme" in other.out
    run.send(SIGCONT)
    said = run.wait()
    assert (said.code, said.err) == (0, "")
    assert "✓ published hello on acme" in said.out
    scene.check_exactly_once("Hello, world")


@pytest.mark.parametrize("ahead", [LATER, -LATER], ids=["ahead", "behind"])
def test_a_run_whose_clock_is_wrong_by_more_than_the_lease_touches_nothing(
    scene: Scene, ahead: timedelta
) -> None:
    run = paused(scene, INTENT)
    said = scene.reconcile(clone=scene.another_clone("other"), clock_ahead=ahead.total_seconds())
    if ahead > timedelta(0):
        assert "ahead of the platform's; nothing was sent; set the clock" in said.out
    assert scene.public == {}
    run.send(SIGCONT)
    assert run.wait().code == 0
    scene.check_exactly_once("Hello, world")
