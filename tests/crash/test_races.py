"""Several real runs at once on one remote: each post is published by exactly one of them."""

from __future__ import annotations

import threading

import pytest

from support.crash_scene import Scene
from support.gates import Operation

POSTS = {"second": "Second", "third": "Third", "fourth": "Fourth"}
PLANNED = "GET account/content_publishing_limit"
"""The first request to the platform: by then a run has read the ledger and made its plan."""


def line_up(scene: Scene, runners: int) -> None:
    """Let nobody send before all have made the same plan."""
    start = threading.Barrier(runners)

    def wait_for_all() -> bool:
        start.wait(60)
        return True

    for nth in range(1, runners + 1):
        scene.gate.set_trap(Operation(PLANNED, nth), "before", wait_for_all)


@pytest.mark.parametrize("runners", [2, 4])
def test_each_post_is_published_by_exactly_one_run(scene: Scene, runners: int) -> None:
    scene.add_posts(**POSTS)
    clones = [scene.another_clone(f"runner-{number}") for number in range(runners)]
    line_up(scene, runners)
    runs = [scene.start(clone=clone) for clone in clones]
    told = [run.wait() for run in runs]
    assert {said.code for said in told} == {0}, told
    assert sum(said.out.count("✓ published") for said in told) == 4
    scene.check_exactly_once("Hello, world", *POSTS.values())


def test_two_runs_in_one_clone_do_not_disturb_each_other(scene: Scene) -> None:
    scene.add_posts(**POSTS)
    line_up(scene, 2)
    runs = [scene.start(), scene.start()]
    told = [run.wait() for run in runs]
    assert {said.code for said in told} == {0}, told
    scene.check_exactly_once("Hello, world", *POSTS.values())
