"""What a killed process leaves in a repository: the next run works on, or says what to remove."""

from __future__ import annotations

import pytest

from support.crash_scene import Scene

HARMLESS = [
    "clone/.git/index.lock",
    "clone/.git/HEAD.lock",
    "clone/.git/config.lock",
    "clone/.git/shallow.lock",
    "clone/.git/refs/remotes/origin/socialauto/ledger.lock",
    "clone/.git/objects/pack/tmp_pack_killed",
    "team.git/packed-refs.lock",
    "team.git/objects/tmp_objdir-incoming-killed/pack/tmp_pack_killed",
]


def leave(scene: Scene, file: str) -> None:
    path = scene.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


@pytest.mark.parametrize("file", HARMLESS)
def test_the_next_run_does_not_mind(scene: Scene, file: str) -> None:
    leave(scene, file)
    said = scene.reconcile()
    assert (said.code, scene.public["Hello, world"]) == (0, 1), said


def test_a_lock_on_the_clones_view_of_the_ledger_is_named_with_its_cure(scene: Scene) -> None:
    lock = "clone/.git/refs/socialauto/origin/socialauto/ledger.lock"
    leave(scene, lock)
    said = scene.reconcile()
    assert (said.code, scene.public) == (1, {})
    assert f"Unable to create '{scene.folder / lock}': File exists" in said.err
    assert "nothing was sent" in said.err
    assert "a killed one left that .lock file: remove it" in said.err
    (scene.folder / lock).unlink()
    assert scene.reconcile().code == 0
    scene.check_exactly_once("Hello, world")


def test_a_lock_on_the_remotes_ledger_is_named_and_nothing_is_sent(scene: Scene) -> None:
    lock = "team.git/refs/heads/socialauto/ledger.lock"
    leave(scene, lock)
    said = scene.reconcile(races=3)
    assert (said.code, scene.public) == (4, {})
    assert f"{lock.partition('/')[2]}': File exists" in said.out
    assert "1 post waits for it" in said.out
    (scene.folder / lock).unlink()
    assert scene.reconcile().code == 0
    scene.check_exactly_once("Hello, world")
