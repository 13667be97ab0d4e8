"""A run is killed around a deletion; later runs finish it, and nothing comes back."""

from __future__ import annotations

import pytest

from support.crash_scene import LATER, Scene, SceneMaker, post
from support.gates import Moment, Operation
from support.repositories import commit, git

DELETE = Operation("DELETE media")
INTENT = Operation("push: pack")
RECEIPT = Operation("push: pack", 2)
STEPS = (INTENT, DELETE, RECEIPT)


def asked_to_delete(scene: Scene) -> None:
    """The post is public, and its file says by now that it shall not be."""
    assert scene.reconcile().code == 0
    text = post("image", "Hello, world").replace("account:", "delete: true\naccount:")
    commit(scene.clone, {"content/hello.md": text})
    git(scene.clone, "push", "--quiet", str(scene.bare), "main")
    scene.gate.reset()


def check_deleted_once(scene: Scene) -> None:
    assert scene.public == {"Hello, world": 1}
    (line,) = scene.world.log
    assert scene.world.upkeep.is_gone(line.id, scene.clock.now())
    states = {name: entry["state"] for name, entry in scene.entries().items()}
    assert states == {"hello": "deleted", "hello@delete": "published"}
    assert git(scene.bare, "fsck", "--strict", "--full", "--no-dangling") == ""


def test_these_are_the_steps_of_a_deletion_without_faults(scene_of: SceneMaker) -> None:
    scene = scene_of("image")
    asked_to_delete(scene)
    assert scene.reconcile().code == 0
    assert [step for step in scene.gate.seen if step in STEPS] == list(STEPS)
    check_deleted_once(scene)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_killed_run_leaves_one_deletion_and_one_record(
    scene_of: SceneMaker, step: Operation, moment: Moment
) -> None:
    scene = scene_of("image")
    asked_to_delete(scene)
    scene.killed(step, moment)
    scene.clock.advance(LATER)
    assert scene.reconcile().code == 0
    assert scene.reconcile().out == "nothing to do\n"
    check_deleted_once(scene)
    asked = [one for one in scene.gate.seen if one.name == DELETE.name]
    assert len(asked) == (2 if (step, moment) == (DELETE, "before") else 1)
