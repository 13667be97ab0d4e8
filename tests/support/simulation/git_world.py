"""The full tier's world: a real repository with its remote, and the real Instagram session
against the emulated platform."""

from __future__ import annotations

import random
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from socialauto.adapters.instagram.session import connect
from socialauto.adapters.protocol import Session, Tools
from socialauto.core.config import LedgerSettings
from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Change, Entry, Snapshot
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.repository.ledger_tree import LedgerTree
from socialauto.sandbox.app import create_app
from socialauto.sandbox.inprocess import InProcess
from socialauto.sandbox.state import Account as SandboxAccount
from socialauto.sandbox.state import Settings, Token
from socialauto.sandbox.world import World as Sandbox
from support.git_remotes import new_bare
from support.instagram import IG_ID, Files, real_bodies
from support.repositories import git, new_repository
from support.simulation.content import post_of
from support.simulation.flaky_git import BRANCH, FlakyGit, InlineLedger, Nature, Network
from support.simulation.flaky_http import FlakyTransport
from support.simulation.process import Process
from support.simulation.world import World

TOKEN = "simulated"
LEDGER = LedgerSettings()


def _never_waits(seconds: float) -> None:
    """The real branch waits a moment before it tries again; here nobody else works meanwhile."""


Layout = Literal["clones", "one clone", "no remote"]
"""Every runner works in its own clone of the remote, all in one, or in a repository without one."""


@dataclass(frozen=True, slots=True)
class Team:
    """Where a history's ledger lies, and where its runs work."""

    ledger: Path
    """The git folder that has the branch."""
    roots: list[Path]
    nature: Nature


@dataclass(frozen=True, slots=True)
class Template:
    """A new ledger on a remote and in a repository without one, and a clone, to be copied."""

    bare: Path
    clone: Path
    lone: Path
    natures: Mapping[Path, Nature]

    @classmethod
    def make(cls, folder: Path, began: datetime) -> Template:
        bare, clone = new_bare(folder / "remote.git"), new_repository(folder / "clone")
        lone = new_repository(folder / "lone")
        for root in (bare, clone, lone):
            # Nothing here has to survive a power cut.
            git(root, "config", "core.fsync", "none")
            git(root, "config", "gc.auto", "0")
            # One process fewer for each commit.
            git(root, "config", "fastimport.unpackLimit", "1")
            shutil.rmtree(root / ".git/hooks", ignore_errors=True)
        git(clone, "remote", "add", "origin", str(bare))
        for root in (clone, lone):
            LedgerBranch(Git(root), LEDGER).create(began)
        return cls(bare, clone, lone, {root: Nature.of(root) for root in (clone, lone)})

    def copy(self, folder: Path, layout: Layout, runners: int) -> Team:
        """For so many runners."""
        if layout == "no remote":
            shutil.copytree(self.lone, folder / "lone")
            nature = self.natures[self.lone]
            return Team(folder / "lone/.git", [folder / "lone"] * runners, nature)
        bare = folder / "remote.git"
        shutil.copytree(self.bare, bare)
        roots = [
            self._copy_clone(folder / f"clone{number}", bare)
            for number in range(runners if layout == "clones" else 1)
        ]
        nature = self.natures[self.clone]
        return Team(bare, roots if layout == "clones" else roots * runners, nature)

    def _copy_clone(self, root: Path, bare: Path) -> Path:
        shutil.copytree(self.clone, root)
        config = root / ".git/config"
        config.write_text(config.read_text().replace(str(self.bare), str(bare)))
        return root


@cache
def bodies() -> dict[str, bytes]:
    return real_bodies()


@dataclass(slots=True)
class Platform:
    """The sandbox with one account."""

    sandbox: Sandbox
    files: Files
    app: InProcess

    @classmethod
    def new(cls, clock_now: object, *, lag: float) -> Platform:
        sandbox = Sandbox(
            [SandboxAccount(id=IG_ID, username="acme")],
            tokens={TOKEN: Token()},
            settings=Settings(listing_lag=lag),
        )
        files = Files(bodies())
        app = create_app(sandbox, fetch=files.fetch, now=clock_now)  # type: ignore[arg-type]
        return cls(sandbox, files, InProcess(app))


@dataclass(slots=True, kw_only=True)
class GitWorld(World):
    platform: Platform
    network: Network
    clones: dict[str, FlakyGit]
    """By the name of the runner that works there."""
    rng: random.Random
    _read: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """Read where the ledger lies, without any network."""
        folder = self.network.ledger
        tip = (folder / BRANCH).read_text().strip()
        if self._read is None or self._read.tip != tip:
            tree = LedgerTree(Git(folder), tip, place="the remote", settings=LEDGER)
            self._read = tree.snapshot()
        return self._read

    def public(self) -> Iterator[DeliveryKey]:
        sandbox = self.platform.sandbox
        for line in sandbox.log:
            yield post_of(sandbox.containers[line.container].draft.caption)
            yield from (post_of(comment.text) for comment in sandbox.comments(line.id))

    def gone(self) -> Iterator[tuple[str, str]]:
        sandbox = self.platform.sandbox
        for line in sandbox.log:
            if sandbox.upkeep.is_gone(line.id, self.clock.now()):
                yield "acme", line.id

    def ledger(self, process: Process) -> InlineLedger:
        clone = self.clones.get(process.name.split(".")[0], self.clones["quiet"])
        branch = LedgerBranch(clone, LEDGER, pause=_never_waits, rng=self.rng)
        return InlineLedger(branch, clone, process)

    def connect(self, process: Process, account: str) -> AbstractAsyncContextManager[Session]:
        return self._session(process, account)

    @asynccontextmanager
    async def _session(self, process: Process, account: str) -> AsyncIterator[Session]:
        platform = self.platform
        way = FlakyTransport(platform.app, platform.sandbox, process, latest=self.latest)
        async with connect(self.config.accounts[account], Tools(process, TOKEN, way)) as session:
            yield session

    def record(self, entry: Entry) -> None:
        branch = LedgerBranch(Git(self.clones["quiet"].root), LEDGER)
        before = branch.read().entries[entry.key]
        branch.write([Change(before, entry)], message="A person says so")

    def calm(self) -> None:
        self.platform.sandbox.tokens[TOKEN] = Token()
