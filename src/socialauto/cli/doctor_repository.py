"""What `doctor` looks at in a repository: configuration, ledger, workflow, media host."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.cli.probing import GIT_SECONDS, Probe, SkipCheckError, guarded
from socialauto.core.checkup import (
    Check,
    Status,
    judge_commit,
    judge_config,
    judge_git,
    judge_lineage,
    judge_room,
    judge_runs,
    judge_schemas,
)
from socialauto.core.config import CONFIG_FILE

if TYPE_CHECKING:
    from datetime import timedelta

    from socialauto.cli.place import Ledgered
    from socialauto.core.clock import Clock
    from socialauto.core.config import Config
    from socialauto.core.plan import Plan
    from socialauto.core.workflow_check import PublishingJob
    from socialauto.engine.load import Loaded
    from socialauto.repository.git import Git

WORKFLOWS = ".github/workflows"
CONTENT = ("content", "schedules", "templates", "data", CONFIG_FILE)


@dataclass
class Repository:
    """One repository as it is looked at; what cannot be had skips the checks that need it."""

    root: Path
    clock: Clock
    offline: bool = False

    @cached_property
    def git(self) -> Git:
        from socialauto.repository.git import open_repository

        return open_repository(self.root, timeout=GIT_SECONDS)

    @cached_property
    def loaded(self) -> Loaded:
        from socialauto.engine.load import load
        from socialauto.repository.worktree import WorkTree

        return load(WorkTree(self.root), now=self.clock.now())

    @cached_property
    def config(self) -> Config:
        from socialauto.cli.place import usable_config
        from socialauto.core.errors import SocialautoError

        try:
            return usable_config(self.loaded)
        except SocialautoError:
            raise SkipCheckError(f"{CONFIG_FILE} cannot be used") from None

    @property
    def ledger(self) -> Ledgered:
        """Raises `SocialautoError`, the same one each time: a dead remote is waited for once."""
        found = self._ledger
        if isinstance(found, Exception):
            raise found
        return found

    @cached_property
    def _ledger(self) -> Ledgered | Exception:
        from socialauto.cli.place import read_ledger
        from socialauto.core.errors import SocialautoError

        try:
            self.needs_network()
            return read_ledger(self.git, self.config)
        except (SocialautoError, SkipCheckError) as error:
            return error

    @cached_property
    def plan(self) -> Plan:
        from socialauto.cli.place import Arrivals, plan_for, terms_for

        now = self.clock.now()
        return plan_for(
            self.loaded,
            self.ledger.snapshot,
            self.config,
            now=now,
            accounts=frozenset(self.config.accounts),
            terms=terms_for(self.loaded, self.config),
            arrivals=Arrivals(self.git, "HEAD", now),
        )

    @cached_property
    def jobs(self) -> list[PublishingJob]:
        from socialauto.core.workflow_check import publishing_jobs
        from socialauto.repository.worktree import WorkTree

        # Forges look at the top of the repository, wherever in it this folder lies.
        depth = self.git.prefix.count("/")
        tree = WorkTree([self.root, *self.root.parents][depth])
        paths = [
            entry.path
            for entry in tree.files(WORKFLOWS)
            if entry.kind == "file" and entry.path.endswith((".yml", ".yaml"))
        ]
        return publishing_jobs({path: tree.read(path) for path in paths})

    def needs_network(self) -> None:
        if self.offline:
            raise SkipCheckError("not looked at: --offline")

    @property
    def has_remote(self) -> bool:
        from socialauto.repository.history import remote_exists

        return remote_exists(self.git, self.config.ledger.remote)


def _config(place: Repository) -> Iterable[Check]:
    yield judge_config(place.loaded.findings, CONFIG_FILE)


def _git(place: Repository) -> Iterable[Check]:
    from socialauto.repository.health import git_version

    yield judge_git(git_version(place.git))


def _disk(place: Repository) -> Iterable[Check]:
    yield judge_room(shutil.disk_usage(place.root).free)


def _schemas(place: Repository) -> Iterable[Check]:
    from socialauto.cli.schema import NAMES, schema_text

    paths = {name: place.root / "schemas" / f"{name}.schema.json" for name in NAMES}
    there = {name: path.read_text("utf-8") for name, path in paths.items() if path.is_file()}
    yield judge_schemas({name: text == schema_text(name) for name, text in there.items()})


def _remote(place: Repository) -> Iterable[Check]:
    from socialauto.repository.health import call_remote

    remote = place.config.ledger.remote
    if not place.has_remote:
        words = "there is no remote: the ledger is a branch of this clone alone"
        todo = (
            "a second clone would have a ledger of its own; add a remote before anybody else runs"
        )
        yield Check("remote", Status.WARN, words, todo)
        return
    place.needs_network()
    call_remote(place.git, remote)
    yield Check("remote", Status.OK, f"{remote} answers")


def _ledger(place: Repository) -> Iterable[Check]:
    number = len(place.ledger.snapshot.entries)
    words = f"the ledger is whole, with {number} entr{'y' if number == 1 else 'ies'}"
    yield Check("ledger", Status.OK, words)


def _lineage(place: Repository) -> Iterable[Check]:
    _read_ledger(place)
    yield judge_lineage(place.config.ledger.lineage, place.ledger.snapshot.header.lineage)


def _writable(place: Repository) -> Iterable[Check]:
    from socialauto.repository.health import rehearse_push

    _read_ledger(place)
    settings = place.config.ledger
    rehearse_push(place.git, settings, place.ledger.snapshot.tip)
    words = f"branch {settings.branch} can be pushed to, as far as a rehearsal tells"
    yield Check("ledger-writable", Status.OK, words)


def _commit(place: Repository) -> Iterable[Check]:
    from socialauto.repository.history import followed_tip, head, is_pushed, uncommitted

    place.needs_network()
    remote, here = place.config.ledger.remote, head(place.git)
    tip = followed_tip(place.git, remote)
    yield judge_commit(
        pushed=not place.has_remote or is_pushed(place.git, here, remote),
        newest=None if tip is None else tip == here,
        uncommitted=uncommitted(place.git, *CONTENT),
    )


def _workflow(place: Repository) -> Iterable[Check]:
    from socialauto.core.workflow_check import judge_workflow

    yield judge_workflow(place.jobs)


def _lease(place: Repository) -> Iterable[Check]:
    from socialauto.core.workflow_check import judge_lease

    yield judge_lease(place.jobs, place.config.run.lease)


def _runs(place: Repository) -> Iterable[Check]:
    from socialauto.repository.health import committed_at
    from socialauto.repository.history import head

    _read_ledger(place)
    shared = committed_at(place.git, head(place.git))
    trace = committed_at(place.git, place.ledger.snapshot.tip)
    yield judge_runs(place.plan, shared=shared, last_trace=trace)


def _read_ledger(place: Repository) -> None:
    """What is wrong with the ledger is said once, by its own check."""
    from socialauto.core.errors import SocialautoError

    try:
        assert place.ledger
    except SocialautoError:
        raise SkipCheckError("the ledger cannot be read") from None


def _media_host(place: Repository) -> Iterable[Check]:
    import anyio

    from socialauto.cli.doctor_media import look_at_host

    place.needs_network()
    _read_ledger(place)
    yield anyio.run(look_at_host, place)


def _links(place: Repository) -> Iterable[Check]:
    from socialauto.cli.doctor_links import look_at_links

    yield look_at_links(place)


PROBES = {
    "config": _config,
    "git": _git,
    "disk": _disk,
    "schemas": _schemas,
    "remote": _remote,
    "commit": _commit,
    "ledger": _ledger,
    "lineage": _lineage,
    "ledger-writable": _writable,
    "workflow": _workflow,
    "lease": _lease,
    "runs": _runs,
    "media-host": _media_host,
    "links": _links,
}


def repository_checks(place: Repository) -> list[Check]:
    """All of them, in the order in which one depends on the other."""

    def probe(id: str) -> Probe:
        return lambda: PROBES[id](place)

    return [check for id in PROBES for check in guarded(id, probe(id))]


async def remote_skew(place: Repository) -> dict[str, timedelta]:
    """By how much our clock is ahead of the remote's, where that is a web server."""
    from socialauto.cli.doctor_media import web_skew
    from socialauto.repository.health import remote_place

    where = remote_place(place.git, place.config.ledger.remote)
    if where is None or not where.web:
        return {}
    skew = await web_skew(where.web)
    return {} if skew is None else {where.host: skew}
