"""Files beside the ledger on its branch: read whole, written by compare-and-swap, file by file."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.repository.branch import ledger_branch
from socialauto.repository.git import Git
from socialauto.repository.layout import FOLDER
from socialauto.repository.ledger import AUTHOR, RACES, wait
from socialauto.repository.objects import read_all, tree_lines, write_commit
from socialauto.repository.push_report import PushReport, Verdict

TRIES = 5
"""Pushes of which nobody said what became of them."""
_LONGEST_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class FileChange:
    """A wish: this file was `before` when it was read, and shall be `after`; None: no file."""

    path: str
    """From the root of the branch, ASCII, with forward slashes, never below `ledger/`."""
    before: bytes | None
    after: bytes | None


def files_at(git: Git, commit: str, folder: str) -> dict[str, bytes]:
    """All regular files below a folder by path, as of a commit that this clone has."""
    lines = [
        line
        for line in tree_lines(git, commit, folder, details=False)
        if line.mode in ("100644", "100755")
    ]
    contents = read_all(git, [line.id for line in lines])
    return {
        line.path: content
        for line, content in zip(lines, contents, strict=True)
        if content is not None
    }


class SideFiles:
    """What is kept beside the ledger: encrypted secrets, insights. One thread at a time."""

    def __init__(
        self,
        git: Git,
        settings: LedgerSettings,
        *,
        pause: Callable[[float], None] = wait,
        rng: random.Random | None = None,
    ) -> None:
        self._git = git
        self._branch = ledger_branch(git, settings, AUTHOR)
        self._pause = pause
        self._rng = rng or random.Random()  # noqa: S311  (spreads retries, keeps no secret)

    def read(self, folder: str) -> dict[str, bytes]:
        """All regular files below a folder by path, as the branch has them now.

        Raises `SocialautoError` when there is no ledger or it cannot be reached.
        """
        return files_at(self._git, self._tip(), folder)

    def write(self, changes: Sequence[FileChange], *, message: str) -> list[bool]:
        """Make the changes durable in one commit; for each, whether the branch has it now.

        False: somebody else has changed that file since `before` was read, and it was left alone.
        Raises `SocialautoError` when the branch refuses the commit or cannot be reached; whether
        it has been made is then unknown, and writing the same changes again is safe.
        """
        for change in changes:
            _check(change.path)
        failed: Counter[Verdict] = Counter()
        while True:
            base = self._tip()
            current = self._current(base, changes)
            files = {
                change.path: change.after
                for change in changes
                if current[change.path] == change.before != change.after
            }
            if not files:
                return [current[change.path] == change.after for change in changes]
            report = self._branch.advance(base, self._commit(base, files, message))
            if report.verdict is Verdict.ACCEPTED:
                current.update(files)
                return [current[change.path] == change.after for change in changes]
            failed[report.verdict] += 1
            self._wait_after(report, failed[report.verdict])

    def _tip(self) -> str:
        tip = self._branch.tip()
        if tip is None:
            message = f"there is no ledger: {self._branch.place} does not exist"
            raise SocialautoError(message, 'make it with "socialauto init", once')
        return tip

    def _current(self, tip: str, changes: Sequence[FileChange]) -> dict[str, bytes | None]:
        paths = [change.path for change in changes]
        contents = read_all(self._git, [f"{tip}:{path}" for path in paths])
        return dict(zip(paths, contents, strict=True))

    def _commit(self, base: str, files: Mapping[str, bytes | None], subject: str) -> str:
        # As in the ledger: two runs that write the same thing must not make the same commit.
        text = "\n".join([" ".join(subject.split()), "", f"Write: {secrets.token_hex(8)}", ""])
        return write_commit(self._git, parent=base, files=files, message=text, author=AUTHOR)

    def _wait_after(self, report: PushReport, number: int) -> None:
        if number >= (RACES if report.verdict is Verdict.LOST else TRIES):
            raise SocialautoError(
                f"{self._branch.place} did not take the update in {number} tries: {report.words}",
                "run it again",
            )
        longest = 0.05 if report.verdict is Verdict.LOST else min(0.1 * 2**number, _LONGEST_WAIT)
        self._pause(self._rng.uniform(0, longest))


def _check(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not path.isascii() or parts[:1] == (FOLDER,) or {"..", "/"} & set(parts):
        raise ValueError(f"{path} is no place beside the ledger")
