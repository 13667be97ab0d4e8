"""The ledger on its branch: read whole, written by compare-and-swap, entry by entry.

A commit that the branch does not have has not happened. Every write is made on the tip that was
read, moves the branch only from exactly that tip, and is made again on the new tip when somebody
else was first; entries that somebody else has changed meanwhile are given up.
"""

from __future__ import annotations

import random
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Sequence
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
"""Pushes of which nobody said what became of them, until a later run has to find out."""
RACES = 60
"""Pushes that somebody else may be faster than. Each of them is progress, if not ours."""
_FETCH_TRIES = 3
_FIRST_WAIT = 0.05
_LONGEST_WAIT = 3.0
_WAIT_AFTER_RACE = 0.05
"""Somebody has won, so trying again soon is no waste. With growing waits those who had lost most
came back least: eight runners at once made one claim in a hundred take four seconds."""


def wait(seconds: float) -> None:
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
        races: int = RACES,
        pause: Callable[[float], None] = wait,
        rng: random.Random | None = None,
    ) -> None:
        self._git = git
        self._settings = settings
        self._author = author
        self._limits = {Verdict.UNCLEAR: tries, Verdict.LOST: races}
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
        tip = self._fetch()
        snapshot = self._tree(tip).snapshot()
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
        failed: Counter[Verdict] = Counter()
        while True:
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
            failed[report.verdict] += 1
            self._pause(self._wait_after(report, failed[report.verdict]))
            base = self._fetch_after(report)
            if failed[report.verdict] >= self._limits[report.verdict]:
                return self._at_last(base, changes, report)

    def _at_last(
        self, base: str, changes: Sequence[Change], report: PushReport
    ) -> list[WriteResult]:
        """No further push; one of those that were made may have arrived after all."""
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
        for number in range(1, _FETCH_TRIES):
            try:
                return self._fetch()
            except UnreachableError:
                self._pause(self._wait(number))
        try:
            return self._fetch()
        except UnreachableError as error:
            raise SocialautoError(
                f"{error.message}; whether it has the last update is unknown: {report.words}",
                "the next run finds out",
            ) from None

    def _wait_after(self, report: PushReport, number: int) -> float:
        """Seconds before a new try: random, so that runs which met once part."""
        if report.verdict is Verdict.LOST:
            return self._rng.uniform(0, _WAIT_AFTER_RACE)
        return self._wait(number)

    def _wait(self, number: int) -> float:
        return self._rng.uniform(0, min(_FIRST_WAIT * 2 ** (number - 1), _LONGEST_WAIT))

    def _given_up(self, report: PushReport) -> SocialautoError:
        limit = self._limits[report.verdict]
        if report.verdict is Verdict.LOST:
            message = f"other runs updated the ledger first, {limit} times ({report.words})"
        else:
            message = f"{self._branch.place} did not take the update in {limit} tries: "
            message += report.words
        return SocialautoError(message, "the next run plans again")


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
