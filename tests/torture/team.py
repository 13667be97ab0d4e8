"""What is tortured: a team with many accounts, its remote, and a platform that counts."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from socialauto.core.config import LedgerSettings
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.crash_scene import BRANCH
from support.git_remotes import new_bare
from support.repositories import commit, git, new_repository
from support.team import BEGAN, TOKEN, jpeg

IN_ONE_FILE = 200
"""Posts."""

CONFIG = """\
timezone: UTC
media_host: {{kind: url, base: "{url}/files/seed"}}
ledger: {{lineage: {lineage}}}
late: {{grace: 30d}}
guard: {{max_per_run: 1000000}}
run: {{lease: 10m, settle: 2m}}
accounts:
{accounts}"""


@dataclass(frozen=True)
class Size:
    deliveries: int
    accounts: int


def account_id(number: int) -> str:
    return str(17_841_400_000_000_000 + number)


def caption(number: int) -> str:
    return f"Delivery {number:05d}"


def world(size: Size, settings: Settings) -> World:
    """Accounts without a daily limit: what a killed run prepared is prepared again."""
    accounts = [
        Account(
            id=account_id(number),
            username=f"team{number:03d}",
            quota_total=10**6,
            container_cap=10**6,
        )
        for number in range(size.accounts)
    ]
    return World(accounts, tokens={TOKEN: Token()}, settings=settings)


def _account(number: int, url: str) -> str:
    return (
        f'  team{number:03d}: {{platform: instagram, id: "{account_id(number)}", '
        f"token: env:ACME_KEY, api: {url}}}\n"
    )


def _document(number: int, size: Size, due: datetime) -> str:
    return (
        f"id: post-{number:05d}\naccount: team{number % size.accounts:03d}\n"
        f"time: {due:%Y-%m-%d %H:%M:%S}\nmedia: [/content/one.jpg]\ntext: {caption(number)}\n"
    )


def _posts(size: Size, first: datetime, span: timedelta) -> dict[str, str]:
    documents = [
        _document(number, size, first + span * number / size.deliveries)
        for number in range(size.deliveries)
    ]
    parts = range(0, size.deliveries, IN_ONE_FILE)
    return {
        f"content/{part:05d}.yaml": "---\n".join(documents[part : part + IN_ONE_FILE])
        for part in parts
    }


@dataclass(frozen=True)
class Torn:
    """The team's folder: `seed` is a clone, `team.git` the remote."""

    folder: Path
    size: Size

    @property
    def bare(self) -> Path:
        return self.folder / "team.git"

    @classmethod
    def sow(cls, folder: Path, size: Size, *, url: str, first: datetime, span: timedelta) -> Torn:
        """The deliveries fall due one after the other from `first`, all within `span`."""
        seed = new_repository(folder / "seed")
        bare = new_bare(folder / "team.git")
        git(seed, "remote", "add", "origin", str(bare))
        header = LedgerBranch(Git(seed), LedgerSettings()).create(BEGAN)
        accounts = "".join(_account(number, url) for number in range(size.accounts))
        config = CONFIG.format(url=url, lineage=header.lineage, accounts=accounts)
        files: dict[str, str | bytes] = {"socialauto.yaml": config, "content/one.jpg": jpeg()}
        commit(seed, files | _posts(size, first, span))
        git(seed, "push", "--quiet", "origin", "main")
        return cls(folder, size)

    def clone(self, name: str, remote: str) -> Path:
        """As one machine has it."""
        shutil.copytree(self.folder / "seed", self.folder / name)
        git(self.folder / name, "remote", "set-url", "origin", remote)
        return self.folder / name

    def entries(self) -> list[dict[str, Any]]:
        listed = git(self.bare, "ls-tree", "-r", BRANCH, "ledger/").splitlines()
        blobs = [line.split()[2] for line in listed if not line.endswith("ledger/ledger.json")]
        asked = "".join(f"{blob}\n" for blob in blobs).encode()
        told = git(self.bare, "cat-file", "--batch", data=asked)
        return [json.loads(text) for text in _objects(told)]

    def verdict(self, world: World) -> Verdict:
        """What the platform's own log and the remote's ledger say, side by side."""
        public = Counter(world.containers[line.container].draft.caption for line in world.log)
        entries = self.entries()
        recorded = Counter(entry.get("remote_id") for entry in entries)
        fsck = git(self.bare, "fsck", "--strict", "--full", "--no-dangling")
        return Verdict(
            published=len(world.log),
            twice=sum(times - 1 for times in public.values()),
            lost=self.size.deliveries - len(public),
            unsettled=sum(entry["state"] != "published" for entry in entries),
            wrong=len(recorded - Counter(line.id for line in world.log)),
            fsck=fsck,
            locks=len(list(self.bare.rglob("*.lock"))),
        )


def _objects(told: str) -> list[str]:
    """The documents of `cat-file --batch`, each after a line with its id."""
    documents: list[list[str]] = []
    for line in told.splitlines():
        if line.split()[1:2] == ["blob"]:
            documents.append([])
        elif documents:
            documents[-1].append(line)
    return ["\n".join(document) for document in documents]


@dataclass(frozen=True)
class Verdict:
    published: int
    twice: int
    lost: int
    unsettled: int
    wrong: int
    """Receipts that name no publication, or one that another receipt names."""
    fsck: str
    locks: int

    @property
    def good(self) -> bool:
        bad = (self.twice, self.lost, self.unsettled, self.wrong, self.locks, self.fsck)
        return not any(bad)
