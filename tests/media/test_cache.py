from __future__ import annotations

import os
from pathlib import Path

import pytest

from socialauto.media.cache import MOST_BYTES, UNUSED_DAYS, Cache, Remembered, superfluous

DAY = 86_400.0
NOW = 1_000 * DAY


def file(name: str, days: float, size: int = 10) -> Remembered:
    return Remembered(Path(name), size, NOW - days * DAY)


HALF = MOST_BYTES // 2


@pytest.mark.parametrize(
    ("files", "gone"),
    [
        ([], []),
        ([file("new", 0), file("old", UNUSED_DAYS)], []),
        ([file("new", 0), file("old", UNUSED_DAYS + 1)], ["old"]),
        # The newest has just been made.
        ([file("old", UNUSED_DAYS + 1)], []),
        ([file("huge", 0, 2 * MOST_BYTES)], []),
        ([file("huge", 0, 2 * MOST_BYTES), file("next", 1)], ["next"]),
        ([file("c", 3, HALF), file("a", 1, HALF), file("b", 2, HALF)], ["c"]),
        # What is small still has room.
        ([file("a", 1, HALF), file("b", 2, HALF + 1), file("c", 3)], ["b"]),
        # Of a process that was killed; one that is being written does not count.
        ([file(".a", 0.5, MOST_BYTES), file("b", 1, HALF), file("c", 2, HALF)], []),
        ([file(".a", 1.5), file("b", 2)], [".a"]),
    ],
)
def test_what_is_old_and_what_is_too_much_goes(files: list[Remembered], gone: list[str]) -> None:
    assert [one.path.name for one in superfluous(files, NOW)] == gone


def aged(path: Path, days: float) -> None:
    then = path.stat().st_mtime - days * DAY
    os.utime(path, (then, then))


def test_a_new_result_drives_an_unused_one_out(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for name in ("used.jpg", "unused.jpg"):
        cache.keep(name, name.encode())
    for name in ("used.jpg", "unused.jpg"):
        aged(tmp_path / name, UNUSED_DAYS + 1)

    assert list(cache.recall("used")) == [b"used.jpg"]
    cache.keep("new.jpg", b"new")

    assert sorted(one.path.name for one in cache.files()) == ["new.jpg", "used.jpg"]


def test_a_folder_that_is_missing_or_none_is_empty(tmp_path: Path) -> None:
    for cache in (Cache(None), Cache(tmp_path / "nowhere")):
        assert cache.files() == []
        assert list(cache.recall("name")) == []
    Cache(None).keep("name.jpg", b"")


def test_a_file_that_somebody_else_has_deleted_is_no_failure(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("name.jpg", b"")
    files = cache.files()
    cache.forget(files)
    cache.forget(files)
    assert cache.files() == []
