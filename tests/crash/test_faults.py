"""The remote and the disk fail a real run: one clear sentence, nothing twice, nothing lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from support.crash_scene import LATER, Scene
from support.gates import Operation
from support.git_remotes import Fault, add_update_hook

CREATE = Operation("POST account/media")
PUBLISH = Operation("POST account/media_publish")
NO = 'echo "error: no more of this" >&2\nexit 1'


def test_a_remote_that_declines_the_intent_stops_the_account(scene: Scene) -> None:
    add_update_hook(scene.bare, NO)
    said = scene.reconcile()
    assert (said.code, scene.public) == (4, {})
    assert "no more of this; ask who runs the remote which of its hooks" in said.out
    assert "1 post waits for it" in said.out


def test_a_remote_that_declines_the_receipt_is_told_by_a_later_run(scene: Scene) -> None:
    def decline() -> bool:
        add_update_hook(scene.bare, NO)
        return True

    scene.gate.set_trap(PUBLISH, "before", decline)
    said = scene.reconcile()
    assert said.code == 4
    assert "! unrecorded hello on acme" in said.out
    (scene.bare / "hooks/update").unlink()
    scene.clock.advance(LATER)
    assert "✓ settled hello on acme" in scene.reconcile().out
    scene.check_exactly_once("Hello, world")


@pytest.mark.parametrize("fault", ["drop before", "drop after", "500", "hang"])
@pytest.mark.parametrize("step", [None, PUBLISH], ids=["intent", "receipt"])
def test_a_push_that_goes_wrong_twice_is_asked_about_and_made_again(
    scene: Scene, fault: Fault, step: Operation | None
) -> None:
    server = scene.stage.git_server

    def fail() -> bool:
        server.fault_next_push(fault, fault)
        return True

    if step:
        scene.gate.set_trap(step, "before", fail)
    else:
        fail()
    said = scene.reconcile(git_timeout=0.5)
    assert (said.code, said.err, server.faults_left) == (0, "", 0), said
    scene.check_exactly_once("Hello, world")


def test_a_remote_that_is_gone_from_then_on_leaves_an_intent_to_be_settled(scene: Scene) -> None:
    hidden = scene.bare.with_name("hidden.git")

    def vanish() -> bool:
        scene.bare.rename(hidden)
        return True

    scene.gate.set_trap(PUBLISH, "before", vanish)
    said = scene.reconcile()
    assert said.code == 4
    assert "! unrecorded hello on acme" in said.out
    hidden.rename(scene.bare)
    scene.clock.advance(LATER)
    assert scene.reconcile().code == 0
    scene.check_exactly_once("Hello, world")


class Disk:
    """A small disk with a clone on it."""

    def __init__(self, folder: Path, scene: Scene) -> None:
        self.clone = folder / "clone"
        self._filling = folder / "filling"
        shutil.copytree(scene.clone, self.clone)

    def fill(self) -> bool:
        with self._filling.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        return True

    def free(self) -> None:
        self._filling.unlink()


@pytest.fixture
def disk(scene: Scene) -> Iterator[Disk]:
    folder = scene.folder / "disk"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder))
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield Disk(folder, scene)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Operation("fetch: refs", 2), "free some disk space"),
        (CREATE, "Out of diskspace"),
    ],
    ids=["before the ledger is read", "before the intent"],
)
def test_a_full_disk_stops_a_run_before_it_sends_anything(
    scene: Scene, disk: Disk, step: Operation, words: str
) -> None:
    scene.gate.set_trap(step, "before", disk.fill)
    said = scene.reconcile(clone=disk.clone)
    assert (scene.public, "Traceback" in said.err) == ({}, False)
    assert said.code in (1, 4)
    assert words in said.out + said.err
    disk.free()
    assert scene.reconcile(clone=disk.clone).code == 0
    scene.check_exactly_once("Hello, world")


def test_a_disk_that_is_full_after_the_call_loses_no_receipt(scene: Scene, disk: Disk) -> None:
    scene.gate.set_trap(PUBLISH, "before", disk.fill)
    said = scene.reconcile(clone=disk.clone)
    assert said.code == 4
    assert "! unrecorded hello on acme" in said.out
    assert "free some disk space" in said.out
    disk.free()
    scene.clock.advance(LATER)
    assert "✓ settled hello on acme" in scene.reconcile(clone=disk.clone).out
    scene.check_exactly_once("Hello, world")
