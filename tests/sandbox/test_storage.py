"""State in a folder: it outlives a restart and a kill, and belongs to one sandbox."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.sandbox.state import Account, Draft, Settings, Token
from socialauto.sandbox.storage import FolderStorage
from socialauto.sandbox.world import World

ACME = Account(id="17841400000000001", username="acme")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SPEED = Settings(image_seconds=0)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state"


def _world(storage: FolderStorage) -> World:
    return World([ACME], tokens={"good": Token()}, settings=SPEED, storage=storage)


def _published(world: World, caption: str = "Hello") -> str:
    container = world.create(ACME, Draft(shape="image", caption=caption), NOW)
    return world.publish(ACME, container.id, NOW).id


def test_everything_is_there_after_a_restart(folder):
    storage = FolderStorage(folder)
    first = _world(storage)
    media = _published(first)
    first.add_comment(ACME, media, "Link in bio", NOW)
    waiting = first.create(ACME, Draft(shape="image"), NOW)
    name = storage.put_blob(b"bytes")
    storage.close()

    storage = FolderStorage(folder)
    second = World(storage=storage, tokens={"good": Token()}, settings=SPEED)
    assert second.accounts == first.accounts
    assert second.containers == first.containers
    assert second.log == first.log
    assert second.comments(media) == first.comments(media)
    assert second.status(second.containers[waiting.id], NOW) == "FINISHED"
    assert second.quota_usage(ACME.id, NOW) == 1
    assert storage.blob(name) == b"bytes"
    storage.close()


def test_ids_are_never_given_twice(folder):
    storage = FolderStorage(folder)
    world = _world(storage)
    waiting = [world.create(ACME, Draft(shape="image"), NOW).id for _ in range(2)]
    before = {_published(world) for _ in range(3)}
    storage.close()
    storage = FolderStorage(folder)
    world = _world(storage)
    after = {_published(world) for _ in range(3)}
    assert len(before | after) == len(world.log) == 6
    assert len(world.containers) == len(waiting) + 6
    storage.close()


def test_a_kill_in_the_middle_of_a_write_leaves_no_half_file(folder):
    storage = FolderStorage(folder)
    _published(_world(storage))
    (folder / "media" / "18000000000000009.json.123.tmp").write_bytes(b'{"id": "180')
    storage.close()
    storage = FolderStorage(folder)
    assert len(_world(storage).log) == 1
    storage.close()


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_a_write_that_fails_leaves_the_old_file(folder, monkeypatch, step):
    storage = FolderStorage(folder)
    storage.save("accounts", "1", b"old")

    def torn(self, *_):
        raise OSError("disk full")

    monkeypatch.setattr(f"pathlib.Path.{step}", torn)
    with pytest.raises(OSError, match="disk full"):
        storage.save("accounts", "1", b"new")
    assert list(storage.load("accounts")) == [b"old"]
    storage.close()


def test_two_sandboxes_do_not_share_a_folder(folder):
    storage = FolderStorage(folder)
    with pytest.raises(SocialautoError, match="another sandbox uses"):
        FolderStorage(folder)
    storage.close()
    FolderStorage(folder).close()


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "x" * 101])
def test_no_name_leads_out_of_the_folder(folder, name):
    storage = FolderStorage(folder)
    with pytest.raises(ValueError, match="not a name"):
        storage.save("media", name, b"{}")
    storage.close()


def test_the_state_is_not_committed(folder):
    FolderStorage(folder).close()
    assert (folder / ".gitignore").read_text() == "*\n"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SocialautoError, match="cannot keep the sandbox's state in"):
        FolderStorage(tmp_path / "file" / "state")
