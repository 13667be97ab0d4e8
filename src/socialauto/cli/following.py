"""Follows a repository while its dashboard is served: files, refs, the ledger, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import anyio
import anyio.to_thread

from socialauto.cli.staging import Stage, stage
from socialauto.core.clock import Clock
from socialauto.core.errors import SocialautoError
from socialauto.core.finding import Finding
from socialauto.dashboard.live import Live, View
from socialauto.repository.watching import Look, git_folders, look_at

PAUSE = 0.4
"""Seconds between two looks at the disk."""
_SHARE = 12
"""A look may take this part of the time, so that watching a very large repository stays cheap."""
_RESTLESS = 6
"""Looks that may differ in a row before a tree that does not come to rest is read anyway."""
_TOLD = 5

Cause = Literal["", "files", "clock", "ledger"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a try to look anew came to."""

    view: View | None
    problems: tuple[str, ...]


def hidden(made: Stage) -> list[Finding]:
    """Errors that leave nothing of their file to be shown, as of one that is half written.

    What is wrong with a post that can be read stands on its page.
    """
    shown = {delivery.path for delivery in made.loaded.contents()}
    return [
        finding
        for finding in made.loaded.findings
        if finding.severity == "error" and finding.path not in shown
    ]


def _told(problems: list[str]) -> Iterator[str]:
    yield from problems[:_TOLD]
    if len(problems) > _TOLD:
        yield f"and {len(problems) - _TOLD} more"


@dataclass(slots=True)
class Follower:
    """Looks again when there is a reason to, one look at a time."""

    folder: Path
    live: Live
    clock: Clock
    fetch: timedelta
    """How often the remote is asked for the ledger; zero: only when refs change here."""
    at: str | None = None
    """The time that a person pretends it is."""
    tell: Callable[[str], None] = lambda _: None
    pause: float = PAUSE
    _folders: tuple[Path, ...] = ()
    _built: Look | None = None
    _seen: Look | None = None
    _restless: int = 0
    _stage: Stage | None = None
    _hidden: frozenset[str] = frozenset()
    """Files with nothing to show that were broken already when what is shown was made."""
    _asked: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._asked = self.clock.now()

    def begin(self) -> None:
        """The first look, broken files or not. Raises `SocialautoError` when there is none."""
        self._built = self._seen = look_at(self.folder, self._folders)
        made = stage(self.folder, now=self.at)
        self._folders = git_folders_of(made)
        self._built = self._seen = Look(self._built.files, self._refs())
        self._apply(self._accepted(made, ""))

    async def follow(self) -> None:
        """For ever."""
        while True:
            began = anyio.current_time()
            await self.turn()
            spent = anyio.current_time() - began
            await anyio.sleep(max(self.pause, min(spent * _SHARE, 10)))

    async def turn(self) -> None:
        """Look at the disk and the clock, and build anew if there is a cause."""
        look = await anyio.to_thread.run_sync(look_at, self.folder, self._folders)
        cause = self._cause(look)
        if not cause or self._still_moves(look, cause):
            return
        outcome = await anyio.to_thread.run_sync(self._rebuild, look, cause)
        self._apply(outcome)

    def _cause(self, look: Look) -> Cause:
        assert self._built is not None
        now = self.clock.now()
        if look.refs != self._built.refs or (self.fetch and now - self._asked >= self.fetch):
            return "ledger"
        if look.files != self._built.files:
            return "files"
        turns = self.live.view.turns if self.live.view and self.at is None else None
        return "clock" if turns is not None and now >= turns else ""

    def _still_moves(self, look: Look, cause: Cause) -> bool:
        """Somebody is writing at this moment: the next look will see all of it."""
        moves, self._seen = look != self._seen and cause != "clock", look
        self._restless = self._restless + 1 if moves else 0
        return moves and self._restless <= _RESTLESS

    def _refs(self) -> int:
        return look_at(self.folder, self._folders).refs

    def _rebuild(self, look: Look, cause: Cause) -> Outcome:
        self._built = look
        if cause != "ledger":
            return self._from_files("")
        self._asked = self.clock.now()
        try:
            made = stage(self.folder, now=self.at)
        except SocialautoError as error:
            return self._from_files(str(error))
        # Reading the ledger has moved a ref of our own, which is no news.
        self._built = self._seen = Look(look.files, self._refs())
        return self._accepted(made, "")

    def _from_files(self, trouble: str) -> Outcome:
        """With the ledger as it was when it could last be read."""
        assert self._stage is not None
        try:
            made = stage(self.folder, now=self.at, snapshot=self._stage.snapshot)
            if made.scene.config.ledger != self._stage.scene.config.ledger:
                made = stage(self.folder, now=self.at)
        except SocialautoError as error:
            return Outcome(None, (str(error),))
        return self._accepted(made, trouble)

    def _accepted(self, made: Stage, trouble: str) -> Outcome:
        """Unless a file has just become unreadable: its post would seem to be gone."""
        found = hidden(made)
        paths = frozenset(finding.path for finding in found)
        problems = [*([trouble] if trouble else []), *map(str, found)]
        if self._stage is not None and not paths <= self._hidden:
            return Outcome(None, tuple(_told(problems)))
        self._stage, self._hidden = made, paths
        return Outcome(View(made.scene, made.caps, made.tree), tuple(_told(problems)))

    def _apply(self, outcome: Outcome) -> None:
        changed = self.live.show(outcome.view, outcome.problems)
        if changed:
            for problem in outcome.problems:
                self.tell(problem)
            if outcome.view is not None:
                self.tell(f"shown: {len(outcome.view.scene.items)} posts")


def git_folders_of(made: Stage) -> tuple[Path, ...]:
    """Where the refs of that repository are."""
    from socialauto.repository.git import open_repository

    return git_folders(open_repository(made.tree.root))
