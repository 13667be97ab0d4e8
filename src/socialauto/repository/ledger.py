"""The ledger on its branch: read whole, written by compare-and-swap, entry by entry.

A commit that the branch does not have has not happened. Every write is made on the tip that was
read, moves the branch only from exactly that tip, and is made again on the new tip when somebody
else was first; entries that somebody else has changed meanwhile are given up.
"""

from __future__ import annotations

import random
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import (
    FORMAT,
    Applied,
    Change,
    Entry,
    Header,
    IllegalTransitionError,
    Lost,
    Snapshot,
    WriteResult,
    check_transition,
)
from socialauto.repository.branch import UnreachableError, ledger_branch
from socialauto.repository.doubts import Doubts
from socialauto.repository.git import Git
from socialauto.repository.layout import HEADER_PATH, entry_path, to_bytes
from socialauto.repository.ledger_tree import LedgerTree
from socialauto.repository.objects import Author, write_commit
from socialauto.repository.push_report import PushReport, Verdict

AUTHOR = Author("socialauto", "socialauto@users.noreply.github.com")

TRIES = 10
_FETCH_TRIES = 3
_FIRST_WAIT = 0.05
_LONGEST_WAIT = 3.0


def _wait(seconds: float) -> None:
    """Blocks its thread, which is a worker's: the ledger is asked from outside the event loop."""
    threading.Event().wait(seconds)


class LedgerBranch:
    """The ledger of one repository. One thread at a time."""

    def __init__(
        self,
        git: Git,
        settings: LedgerSettings,
        *,
        author: Author = AUTHOR,
        tries: int = TRIES,
        pause: Callable[[float], None] = _wait,
        rng: random.Random | None = None,
    ) -> None:
        self._git = git
        self._settings = settings
        self._author = author
        self._tries = tries
        self._pause = pause
        self._rng = rng or random.Random()  # noqa: S311  (spreads retries, keeps no secret)
        self._branch = ledger_branch(git, settings, author)
        self._doubts = Doubts(git)
        self._tip: str | None = None

    def create(self, now: datetime) -> Header:
        """Make the ledger, once in a repository's life. Raises `SocialautoError` if there is one.

        A branch that exists, such as main, keeps its files and history and gets the header.
        """
        tip = self._branch.tip()
        if tip is not None:
            self._tree(tip).refuse_if_used()
        header = Header(format=FORMAT, lineage=secrets.token_hex(16), began=now)
        commit = write_commit(
            self._git,
            parent=tip,
            files={HEADER_PATH: to_bytes(header)},
            message=f"Begin the ledger\n\nlineage {header.lineage}\n",
            author=self._author,
        )
        report = self._branch.advance(tip, commit)
        if report.verdict is not Verdict.ACCEPTED and self._branch.tip() != commit:
            raise SocialautoError(
                f"{self._branch.place} did not take the new ledger: {report.words}",
                "look whether somebody else has just made it, and run this again if not",
            )
        self._tip = commit
        return header

    def read(self) -> Snapshot:
        """The ledger as the branch has it now. Raises `SocialautoError` whenever it is not whole:
        a missing or unreadable ledger never means that nothing was published."""
        try:
            tip = self._fetch()
            snapshot = self._tree(tip).snapshot()
        except SocialautoError as error:
            raise SocialautoError(f"{error.message}; nothing was sent", error.hint) from None
        self._tip = tip
        return snapshot

    def write(self, changes: Sequence[Change], *, message: str) -> list[WriteResult]:
        """Make the changes durable in one commit, in the order given; one result for each.

        Raises `SocialautoError` when the branch refuses the commit or cannot be reached. What is
        then in doubt stays remembered: the same changes, written again, are recognised.
        """
        for change in changes:
            _check(change)
        results = self._write(changes, message)
        self._doubts.forget()
        return results

    def _write(self, changes: Sequence[Change], message: str) -> list[WriteResult]:
        base, self._tip = self._tip or self._fetch(), None
        report = PushReport(Verdict.LOST)
        for wait in self._waits(self._tries):
            results, files = self._replay(base, changes)
            if not files:
                return results
            commit = self._commit(base, files, changes, message)
            self._doubts.add(commit, changes)
            report = self._branch.advance(base, commit)
            if report.verdict is Verdict.ACCEPTED:
                self._doubts.discard(commit)
                self._tip = commit
                return results
            self._pause(wait)
            base = self._fetch_after(report)
        results, files = self._replay(base, changes)
        if files:
            raise self._given_up(report)
        return results

    def _replay(
        self, base: str, changes: Sequence[Change]
    ) -> tuple[list[WriteResult], dict[str, bytes]]:
        """What becomes of each change on this tip, and the files that make it so."""
        self._doubts.settle(base)
        current = self._tree(base).current(change.after.key for change in changes)
        results: list[WriteResult] = []
        files: dict[str, bytes] = {}
        for change in changes:
            path, after = entry_path(change.after.key), to_bytes(change.after)
            if self._doubts.has_landed(after):
                results.append(Applied(change.after))
            elif _same(current[path], change.before):
                results.append(Applied(change.after))
                files[path], current[path] = after, change.after
            else:
                results.append(Lost(current[path]))
        return results, files

    def _commit(
        self, base: str, files: dict[str, bytes], changes: Sequence[Change], subject: str
    ) -> str:
        written = [change.after for change in changes if entry_path(change.after.key) in files]
        lines = [_one_line(f"{entry.key}: {entry.state}") for entry in written]
        # Two runs that write the same thing in the same second must not make the same commit: the
        # second push would be told "up to date" and take the first one's success for its own.
        unique = f"Write: {secrets.token_hex(8)}"
        message = "\n".join([_one_line(subject), "", *lines, "", unique, ""])
        return write_commit(
            self._git, parent=base, files=files, message=message, author=self._author
        )

    def _tree(self, tip: str) -> LedgerTree:
        return LedgerTree(self._git, tip, place=self._branch.place, settings=self._settings)

    def _fetch(self) -> str:
        tip = self._branch.tip()
        if tip is not None:
            return tip
        raise SocialautoError(
            f"there is no ledger: {self._branch.place} does not exist",
            'make it with "socialauto init", once; if there has been one, restore it first',
        )

    def _fetch_after(self, report: PushReport) -> str:
        """Fetch with some patience: a network that lost a push's answer may soon be back."""
        for wait in self._waits(_FETCH_TRIES - 1):
            try:
                return self._fetch()
            except UnreachableError:
                self._pause(wait)
        try:
            return self._fetch()
        except UnreachableError as error:
            raise SocialautoError(
                f"{error.message}; whether it has the last update is unknown: {report.words}",
                "the next run finds out",
            ) from None

    def _waits(self, tries: int) -> Iterator[float]:
        """Seconds before each new try: random, so that runs which met once part."""
        for number in range(tries):
            yield self._rng.uniform(0, min(_FIRST_WAIT * 2**number, _LONGEST_WAIT))

    def _given_up(self, report: PushReport) -> SocialautoError:
        if report.verdict is Verdict.LOST:
            return SocialautoError(
                f"other runs updated the ledger first, {self._tries} times in a row "
                f"({report.words})",
                "the next run plans again",
            )
        return SocialautoError(
            f"{self._branch.place} did not take the update in {self._tries} tries: {report.words}",
            "the next run plans again",
        )


def _check(change: Change) -> None:
    check_transition(change)
    if change.before is not None and change.before.key != change.after.key:
        raise IllegalTransitionError(f"{change.before.key} cannot become {change.after.key}")


def _same(one: Entry | None, other: Entry | None) -> bool:
    """To the byte: for `==` the handles {"a": 1} and {"a": true} would be the same."""
    if one is None or other is None:
        return one is other
    return to_bytes(one) == to_bytes(other)


def _one_line(text: str) -> str:
    return " ".join(text.split())
