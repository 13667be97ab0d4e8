"""A run is killed around a first comment; later runs write it, once."""

from __future__ import annotations

import pytest

from support.crash_scene import FIRST_COMMENT, LATER, SceneMaker
from support.gates import Moment, Operation

COMMENT = Operation("POST media/comments")
PUSHES = [Operation("push: pack", number) for number in (1, 2, 3, 4)]
"""The post's intent, its receipt, the comment's intent, the comment's receipt."""
STEPS = (*PUSHES, COMMENT)


def test_these_are_the_last_steps_of_a_run_without_faults(scene_of: SceneMaker) -> None:
    scene = scene_of("commented")
    assert scene.reconcile().code == 0
    acts = [step for step in scene.gate.seen if step in STEPS]
    assert acts == [*PUSHES[:3], COMMENT, PUSHES[3]]
    assert scene.comments == [FIRST_COMMENT]
    scene.check_exactly_once("Hello, world")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS[1:], ids=str)
def test_a_killed_run_leaves_one_comment_below_one_post(
    scene_of: SceneMaker, step: Operation, moment: Moment
) -> None:
    scene = scene_of("commented")
    scene.killed(step, moment)
    scene.clock.advance(LATER)
    assert scene.reconcile().code == 0
    assert scene.reconcile().out == "nothing to do\n"
    assert scene.comments == [FIRST_COMMENT]
    scene.check_exactly_once("Hello, world")
