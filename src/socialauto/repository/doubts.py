"""Commits that were pushed and of which nobody said whether they arrived."""

from __future__ import annotations

from collections.abc import Iterable

from socialauto.core.ledger import Change
from socialauto.repository.git import Git
from socialauto.repository.layout import to_bytes


class Doubts:
    """Remembers doubtful pushes, and after each fetch says which of their entries did arrive.

    Everything but an explicit success is a doubt, "somebody else was first" too: when a connection
    breaks, curl may quietly send the push again, and then we are told that we lost against
    ourselves. A push can also arrive late. So a doubt is only ever settled by seeing the commit in
    the branch's history.
    """

    def __init__(self, git: Git) -> None:
        self._git = git
        self._open: dict[str, frozenset[bytes]] = {}
        self._landed: set[bytes] = set()

    def add(self, commit: str, changes: Iterable[Change]) -> None:
        self._open[commit] = frozenset(to_bytes(change.after) for change in changes)

    def discard(self, commit: str) -> None:
        """The branch has it: nobody doubts."""
        del self._open[commit]

    def settle(self, tip: str) -> None:
        """Look which doubtful commits the history of `tip` contains."""
        if not self._open:
            return
        # One process for all: what happens between a fetch and the next push decides races.
        asked = "".join(f"{commit}\n" for commit in (f"^{tip}", *self._open))
        outside = self._git.run("rev-list", "--stdin", data=asked.encode()).decode().split()
        for commit in set(self._open).difference(outside):
            self._landed |= self._open.pop(commit)

    def has_landed(self, entry: bytes) -> bool:
        """Whether an entry in exactly these bytes, which name the run, arrived after all."""
        return entry in self._landed

    def forget(self) -> None:
        """What arrived has been reported; the same bytes, wished for again, are another wish."""
        self._landed.clear()
