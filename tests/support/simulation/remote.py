"""A ledger in memory as the real branch behaves: a remote that moves forward from a known commit
only, and clones that see it through fetches and unclear pushes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import (
    Applied,
    Change,
    Entry,
    Header,
    Lost,
    Snapshot,
    WriteResult,
    check_transition,
)
from support.simulation.ills import Fate, Ill
from support.simulation.process import Process

TRIES = 10
LATE = 90.0
"""Seconds in which a push may still arrive after its client gave up."""


@dataclass(frozen=True, slots=True, eq=False)
class Commit:
    files: dict[DeliveryKey, Entry]


@dataclass(slots=True)
class Remote:
    """The branch. Its commits are numbered by their place in `commits`; the tip is the last."""

    header: Header
    commits: list[Commit] = field(default_factory=list)
    entries: dict[DeliveryKey, Entry] = field(default_factory=dict)
    on_the_way: list[tuple[datetime, int, Commit]] = field(default_factory=list)

    @property
    def tip(self) -> int:
        return len(self.commits)

    def snapshot(self) -> Snapshot:
        return Snapshot(str(self.tip), self.header, dict(self.entries))

    def arrive(self, now: datetime) -> None:
        """Pushes that nobody waits for any more reach the branch, in their order."""
        for late in sorted(self.on_the_way, key=lambda late: late[0]):
            if late[0] <= now:
                self.on_the_way.remove(late)
                self.advance(late[1], late[2])

    def advance(self, base: int, commit: Commit) -> bool:
        if base != self.tip:
            return False
        self.commits.append(commit)
        self.entries.update(commit.files)
        return True

    def since(self, base: int) -> list[Commit]:
        return self.commits[base:]


@dataclass(slots=True)
class Clone:
    """One run's view. Satisfies the engine's `Ledger`."""

    remote: Remote
    process: Process
    _base: int = 0
    _view: dict[DeliveryKey, Entry] = field(default_factory=dict)
    _doubts: list[Commit] = field(default_factory=list)
    _landed: list[Entry] = field(default_factory=list)
    _known: bool = False
    """`_base` is where the branch stood when we last heard of it."""

    async def read(self) -> Snapshot:
        await self._fetch()
        return Snapshot(str(self._base), self.remote.header, dict(self._view))

    async def write(self, changes: Sequence[Change]) -> list[WriteResult]:
        for change in changes:
            check_transition(change)
        if not self._known:
            await self._fetch()
        self._known = False
        for _ in range(TRIES):
            results, files = self._replay(changes)
            if not files:
                break
            if await self._push(Commit(files)):
                break
        else:
            results, files = self._replay(changes)
            if files:
                raise SocialautoError("other runs updated the ledger first")
        self._landed.clear()
        self._known = True
        return results

    async def _push(self, commit: Commit) -> bool:
        """Whether the branch surely has it. Fetches when that is not known."""
        self._doubts.append(commit)
        fate = await self.process.before("push")
        if fate.ill is Ill.DECLINED:
            await self.process.after(fate)
            raise SocialautoError("the remote refused the update: protected branch")
        accepted = self._send(commit, fate)
        await self.process.after(fate, 60 * fate.share if fate.ill is Ill.SLOW else None)
        if accepted:
            self._doubts.remove(commit)
            self._view.update(commit.files)
            self._base += 1
            return True
        await self._look(fate)
        return False

    def _send(self, commit: Commit, fate: Fate) -> bool:
        """The push itself; whether its client is told that it was accepted."""
        self._arrive()
        if fate.ill is Ill.STALE:
            self.remote.advance(self.remote.tip, Commit({}))
        if fate.ill in (Ill.UNCLEAR_LOST, Ill.GIVEN_UP_LOST):
            return False
        if fate.ill is Ill.LATE_PUSH:
            at = self.process.true_now() + timedelta(seconds=LATE * fate.share)
            self.remote.on_the_way.append((at, self._base, commit))
            return False
        accepted = self.remote.advance(self._base, commit)
        return accepted and fate.ill not in (Ill.UNCLEAR_APPLIED, Ill.GIVEN_UP_APPLIED)

    async def _look(self, fate: Fate) -> None:
        """Fetch after an unclear push; the branch's history says what arrived."""
        given_up = fate.ill in (Ill.GIVEN_UP_APPLIED, Ill.GIVEN_UP_LOST) or (
            fate.ill is Ill.LATE_PUSH and fate.share < 0.5
        )
        if given_up:
            raise SocialautoError("the remote cannot be reached; whether it has it is unknown")
        await self._fetch()

    async def _fetch(self) -> None:
        fate = await self.process.before("fetch")
        await self.process.after(fate)
        if fate.ill is Ill.UNREACHABLE:
            raise SocialautoError("the remote cannot be reached")
        self._arrive()
        for commit in self.remote.since(self._base):
            self._view.update(commit.files)
            if commit in self._doubts:
                self._doubts.remove(commit)
                self._landed += commit.files.values()
        self._base = self.remote.tip
        self._known = True

    def _arrive(self) -> None:
        if self.remote.on_the_way:
            self.remote.arrive(self.process.true_now())

    def _replay(
        self, changes: Sequence[Change]
    ) -> tuple[list[WriteResult], dict[DeliveryKey, Entry]]:
        results: list[WriteResult] = []
        files: dict[DeliveryKey, Entry] = {}
        for change in changes:
            key = change.after.key
            current = files.get(key, self._view.get(key))
            if change.after in self._landed:
                results.append(Applied(change.after))
            elif current == change.before:
                results.append(Applied(change.after))
                files[key] = change.after
            else:
                results.append(Lost(current))
        return results, files
