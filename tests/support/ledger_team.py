"""A team's clones around one remote, and the entries their ledgers hold."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from socialauto.core.config import LedgerSettings
from socialauto.core.ledger import Change, Entry, Lease, State
from socialauto.repository.git import open_repository
from socialauto.repository.ledger import RACES, TRIES, LedgerBranch
from support.git_remotes import new_bare
from support.repositories import git, new_repository

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
BRANCH = "socialauto/ledger"


@dataclass(frozen=True)
class Seed:
    """A bare repository with a first post on main and a clone of it, to be copied: that takes a
    tenth of the time that git needs to make them."""

    bare: Path
    clone: Path

    @classmethod
    def sow(cls, folder: Path) -> Seed:
        bare, author, clone = new_bare(folder / "seed.git"), folder / "author", folder / "clone"
        new_repository(author, {"content/a.md": "first"})
        git(author, "push", "--quiet", str(bare), "main")
        git(folder, "clone", "--quiet", "--template=", str(bare), str(clone))
        return cls(bare, clone)

    def copy_clone(self, root: Path, url: str) -> Path:
        shutil.copytree(self.clone, root)
        config = root / ".git/config"
        config.write_text(config.read_text().replace(str(self.bare), url))
        return root


@dataclass
class Team:
    """A content repository, its remote, and clones of it."""

    folder: Path
    seed: Seed
    url: str
    """Of the remote; empty when there is none."""
    bare: Path
    """Where the remote lies; the only clone itself when there is none."""
    waits: list[float] = field(default_factory=list)

    @classmethod
    def around(cls, folder: Path, seed: Seed, bare: Path, url: str) -> Team:
        """A team whose remote lies at `bare` and is reached at `url`."""
        shutil.copytree(seed.bare, bare)
        return cls(folder, seed, url, bare)

    @classmethod
    def alone(cls, folder: Path, seed: Seed) -> Team:
        """A team of one, without a remote."""
        root = seed.copy_clone(folder / "one", "")
        git(root, "remote", "remove", "origin")
        return cls(folder, seed, "", root)

    def clone(self, name: str, *options: str) -> Path:
        root = self.folder / name
        if not self.url:
            return self.bare
        if not options:
            return self.seed.copy_clone(root, self.url)
        git(self.folder, "clone", "--quiet", *options, self.url, str(root))
        return root

    def ledger(
        self, name: str = "one", *, timeout: float = 60, tries: int = TRIES, races: int = RACES,
        **settings: str,
    ) -> LedgerBranch:  # fmt: skip
        root = self.folder / name
        if not root.exists():
            root = self.clone(name)
        return self.ledger_at(root, timeout=timeout, tries=tries, races=races, **settings)

    def ledger_at(
        self, root: Path, *, timeout: float = 60, tries: int = TRIES, races: int = RACES,
        **settings: str,
    ) -> LedgerBranch:  # fmt: skip
        return LedgerBranch(
            open_repository(root, timeout=timeout),
            LedgerSettings(**settings),
            tries=tries,
            races=races,
            pause=self.waits.append,
            rng=random.Random(1),
        )

    def log(self, *args: str) -> str:
        return git(self.bare, "log", *args, BRANCH)


def intent(post: str = "launch", *, run: str = "run-1", account: str = "acme") -> Entry:
    return Entry(
        account=account,
        post=post,
        state=State.INTENT,
        due=NOW,
        digest="sha256:00",
        handle={"container": "178"},
        lease=Lease(run=run, since=NOW, until=NOW),
    )


def published(entry: Entry) -> Entry:
    done = {"state": State.PUBLISHED, "remote_id": "17", "lease": None}
    return entry.model_copy(update=done)


def claim(post: str = "launch", *, run: str = "run-1") -> Change:
    return Change(None, intent(post, run=run))
