"""A team's clones around one remote, and the entries their ledgers hold."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from socialauto.core.config import LedgerSettings
from socialauto.core.ledger import Change, Entry, Lease, State
from socialauto.repository.git import open_repository
from socialauto.repository.ledger import LedgerBranch
from support.repositories import git, new_repository

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
BRANCH = "socialauto/ledger"


@dataclass
class Team:
    """A content repository, its remote, and clones of it."""

    folder: Path
    url: str
    """Of the remote; empty when there is none."""
    bare: Path
    """Where the remote lies; the only clone itself when there is none."""
    waits: list[float] = field(default_factory=list)

    def clone(self, name: str, *options: str) -> Path:
        root = self.folder / name
        if not self.url:
            return self.bare
        git(self.folder, "clone", "--quiet", *options, self.url, str(root))
        return root

    def ledger(self, name: str = "one", *, timeout: float = 60, **settings: str) -> LedgerBranch:
        root = self.folder / name
        if not root.exists():
            root = self.clone(name)
        return self.ledger_at(root, timeout=timeout, **settings)

    def ledger_at(self, root: Path, *, timeout: float = 60, **settings: str) -> LedgerBranch:
        return LedgerBranch(
            open_repository(root, timeout=timeout),
            LedgerSettings(**settings),
            pause=self.waits.append,
            rng=random.Random(1),
        )

    def log(self, *args: str) -> str:
        return git(self.bare, "log", *args, BRANCH)


def with_content(team: Team) -> Team:
    """The same team, after its author has pushed a first post to main."""
    root = new_repository(team.folder / "author", {"content/a.md": "first"})
    git(root, "push", "--quiet", str(team.bare), "main")
    return team


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
