"""Real git whose network does what it wants: pushes and fetches that get lost, late or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Change, Snapshot, WriteResult
from socialauto.repository.git import Finished, Git
from socialauto.repository.ledger import LedgerBranch
from support.repositories import git
from support.simulation.ills import WELL, Ill
from support.simulation.process import Process

T = TypeVar("T")

LATE = 90.0
"""Seconds in which a push may still arrive after its client gave up."""

BRANCH = "refs/heads/socialauto/ledger"
HUNG_UP = Finished(128, b"", "fatal: the remote end hung up unexpectedly")
NOT_FOUND = Finished(128, b"", "fatal: unable to access: Could not resolve host: git.example")
DECLINED = Finished(
    1,
    f"!\trefs:{BRANCH}\t[remote rejected] (protected branch hook declined)\nDone\n".encode(),
    "remote: error: GH006: Protected branch update failed",
)

_REMOTES = ("remote",)
_GIVEN_UP = (Ill.GIVEN_UP_APPLIED, Ill.GIVEN_UP_LOST)
_FETCHES = 3
"""So often a push that was not answered is followed by a fetch."""

LatePush = tuple[datetime, Callable[[], object]]


def advance_by_another(bare: Path) -> None:
    """Somebody else's push lands: the branch gets a commit that changes no entry of ours."""
    tip = git(bare, "rev-parse", BRANCH)
    other = git(bare, "commit-tree", f"{tip}^{{tree}}", "-p", tip, "-m", "Another writer")
    git(bare, "update-ref", BRANCH, other, tip)


@dataclass(slots=True)
class Network:
    """What lies between all clones and the place of the ledger."""

    ledger: Path
    on_the_way: list[LatePush]

    def arrive(self, now: datetime) -> None:
        due = [push for push in self.on_the_way if push[0] <= now]
        for push in due:
            self.on_the_way.remove(push)
            push[1]()


@dataclass(frozen=True, slots=True)
class Nature:
    """What git says of a clone whatever happens in it. Every run asks, so it is asked once."""

    facts: list[str]
    remotes: Finished

    @classmethod
    def of(cls, root: Path) -> Nature:
        return cls(Git(root).facts, Git(root).attempt(*_REMOTES))


class FlakyGit(Git):
    """git in one clone; the next push or fetch meets `fate`."""

    def __init__(
        self, root: Path, network: Network, now: Callable[[], datetime], nature: Nature
    ) -> None:
        super().__init__(root)
        self.facts = nature.facts
        self._remotes = nature.remotes
        self.fate = WELL
        self._network = network
        self._now = now
        self._deaf = 0

    def attempt(
        self, *args: str, data: bytes = b"", env: Mapping[str, str] | None = None
    ) -> Finished:
        if args == _REMOTES:
            return self._remotes
        if args[0] == "push":
            return self._push(args)
        if args[0] == "fetch":
            self._network.arrive(self._now())
            if self._cannot_fetch():
                return NOT_FOUND
        return super().attempt(*args, data=data, env=env)

    def _cannot_fetch(self) -> bool:
        if self._deaf:
            self._deaf -= 1
            return True
        unreachable, self.fate = self.fate.ill is Ill.UNREACHABLE, WELL
        return unreachable

    def _push(self, args: tuple[str, ...]) -> Finished:
        fate, self.fate = self.fate, WELL
        self._network.arrive(self._now())
        self._deaf = _FETCHES if fate.ill in _GIVEN_UP else 0
        if fate.ill is Ill.DECLINED:
            return DECLINED
        if fate.ill in (Ill.UNCLEAR_LOST, Ill.GIVEN_UP_LOST):
            return HUNG_UP
        if fate.ill is Ill.LATE_PUSH:
            at = self._now() + timedelta(seconds=LATE * fate.share)
            self._network.on_the_way.append((at, lambda: super(FlakyGit, self).attempt(*args)))
            self._deaf = _FETCHES if fate.share < 0.5 else 0
            return HUNG_UP
        if fate.ill is Ill.STALE:
            advance_by_another(self._network.ledger)
        finished = super().attempt(*args)
        return HUNG_UP if fate.ill in (Ill.UNCLEAR_APPLIED, Ill.GIVEN_UP_APPLIED) else finished


@dataclass(slots=True)
class InlineLedger:
    """The real branch, asked on the loop itself: the virtual clock would jump while a thread
    works. Satisfies the engine's `Ledger`."""

    branch: LedgerBranch
    git: FlakyGit
    process: Process

    async def read(self) -> Snapshot:
        return await self._ask("fetch", self.branch.read)

    async def write(self, changes: Sequence[Change]) -> list[WriteResult]:
        return await self._ask("push", lambda: self.branch.write(changes, message="Simulated"))

    async def _ask(self, operation: str, question: Callable[[], T]) -> T:
        fate = self.git.fate = await self.process.before(operation)
        error: SocialautoError | None = None
        try:
            answer = question()
        except SocialautoError as raised:
            error = raised
        self.git.fate = WELL
        await self.process.after(fate, 60 * fate.share if fate.ill is Ill.SLOW else None)
        if error:
            raise error
        return answer
