"""`socialauto media clean`: deletes uploads that are old and that no open post needs; or what was
prepared on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import (
    find_root,
    folder_option,
    now_option,
    read_ledger,
    read_now,
    usable_config,
)
from socialauto.core.errors import MediaHostError, SocialautoError

if TYPE_CHECKING:
    from datetime import datetime

    from socialauto.core.config import Config
    from socialauto.core.ledger import Snapshot
    from socialauto.core.media_host import GitBranch, S3Bucket
    from socialauto.core.message import MediaItem
    from socialauto.engine.load import Loaded
    from socialauto.media.s3 import Stored
    from socialauto.repository.git import Git
    from socialauto.repository.worktree import WorkTree

TRIES = 5
"""Looks at a branch that other runs push to at the same time."""


@click.command("clean")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@click.option(
    "--cache",
    is_flag=True,
    help="Delete what was prepared on this machine instead; it is made again when it is needed.",
)
@now_option
@folder_option
def command(dry_run: bool, cache: bool, now: str | None, folder: Path) -> int:
    """Delete uploaded media that no open post needs any more.

    Only files that socialauto has uploaded, older than media_host.keep, and not needed by a post of
    this work tree that has not been published. Everything else in a bucket is left alone.
    """
    from socialauto.repository.git import open_repository

    root = find_root(folder)
    git = open_repository(root)
    gone = _clean_cache(git, dry_run=dry_run) if cache else _clean(root, git, now, dry_run=dry_run)
    _tell(gone, dry_run=dry_run)
    return DONE


def _clean_cache(git: Git, *, dry_run: bool) -> list[tuple[str, int]]:
    from socialauto.media.cache import FOLDER, Cache

    cache = Cache(_place(git))
    files = cache.files()
    if not dry_run:
        cache.forget(files)
    return [(f"{FOLDER}/{file.path.name}", file.size) for file in files]


def _place(git: Git) -> Path:
    from socialauto.media.cache import FOLDER

    return Path(git.line("rev-parse", "--absolute-git-dir"), FOLDER)


def _clean(root: Path, git: Git, now: str | None, *, dry_run: bool) -> list[tuple[str, int]]:
    from socialauto.core.media_host import GitBranch, S3Bucket
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.worktree import WorkTree

    tree = WorkTree(root)
    clock = SystemClock()
    loaded = load(tree, now=clock.now())
    config = usable_config(loaded)
    instant = read_now(now, config, clock)
    needed = _Needed(loaded, tree, git, config)
    match config.media_host:
        case S3Bucket() as settings:
            return _clean_bucket(settings, needed, instant, dry_run=dry_run)
        case GitBranch() as settings:
            return _clean_branch(settings, git, needed, instant, dry_run=dry_run)
        case _:
            raise SocialautoError(
                "media_host uploads nothing, so there is nothing to delete",
                "this is for media_host with kind: s3 or kind: branch; --cache deletes what was "
                "prepared on this machine",
            )


class _Needed:
    """The names of uploads that posts still need; asked only when something is old."""

    def __init__(self, loaded: Loaded, tree: WorkTree, git: Git, config: Config) -> None:
        self._loaded = loaded
        self._tree = tree
        self._git = git
        self._config = config

    def names(self) -> set[str]:
        from socialauto.media.file import name_of
        from socialauto.media.prepared import Prepared

        prepared = Prepared(self._tree.read, _place(self._git))
        found = set()
        for item in self._items(read_ledger(self._git, self._config).snapshot):
            try:
                found.add(name_of(prepared.of(item)))
            except MediaHostError:
                continue  # what cannot be prepared was never uploaded
        return found

    def _items(self, snapshot: Snapshot) -> Iterator[MediaItem]:
        from socialauto.core.ledger import State

        for delivery in self._loaded.contents():
            entry = snapshot.entries.get(delivery.key)
            if entry is None or entry.state not in (State.PUBLISHED, State.DELETED):
                yield from delivery.message.media
                if delivery.message.cover:
                    yield delivery.message.cover


def _clean_bucket(
    settings: S3Bucket, needed: _Needed, now: datetime, *, dry_run: bool
) -> list[tuple[str, int]]:
    from socialauto.cli.hosting import bucket
    from socialauto.media.file import is_ours

    store = bucket(settings, os.environ)
    before = now - settings.keep
    prefix = f"{settings.prefix}/"

    def is_old(stored: Stored) -> bool:
        return is_ours(stored.key.removeprefix(prefix)) and stored.modified < before

    async def clean() -> list[tuple[str, int]]:
        old = [stored async for stored in store.list(prefix) if is_old(stored)]
        names = needed.names() if old else set()
        gone = [stored for stored in old if stored.key.removeprefix(prefix) not in names]
        for stored in () if dry_run else gone:
            await store.delete(stored.key)
        return [(stored.key, stored.size) for stored in gone]

    try:
        return anyio.run(clean)
    except MediaHostError as error:
        raise SocialautoError(error.message) from None


def _clean_branch(
    settings: GitBranch, git: Git, needed: _Needed, now: datetime, *, dry_run: bool
) -> list[tuple[str, int]]:
    from socialauto.repository.media_branch import MediaBranch

    branch = MediaBranch(git, settings.remote, settings.branch, keep=settings.keep)
    for _ in range(TRIES):
        tip, lying = branch.lying()
        names = needed.names() if branch.old(lying, set(), now) else set()
        gone = branch.old(lying, names, now)
        told = [(one.path, one.size) for one in gone]
        if tip is None or dry_run or not gone:
            return told
        if branch.keep_only(tip, [one for one in lying if one not in gone]):
            return told
    raise SocialautoError(
        f"other runs pushed to {settings.branch} all the time; nothing was deleted",
        "run this again",
    )


def _tell(gone: Iterable[tuple[str, int]], *, dry_run: bool) -> None:
    rows = sorted(gone)
    for name, size in rows:
        click.echo(f"{'would delete' if dry_run else 'deleted'} {name} ({size:,} bytes)")
    total = sum(size for _, size in rows)
    done = "would be deleted" if dry_run else "deleted"
    files = "1 file" if len(rows) == 1 else f"{len(rows):,} files"
    click.echo(f"{files} {done}, {total:,} bytes" if rows else "nothing to delete")
