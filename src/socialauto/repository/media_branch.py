"""The branch that holds media while platforms download them.

Files lie under the date on which they were pushed and their own hash, so that a file is never
changed, two runs that push the same one agree, and its age needs no history. Nothing else may lie
there: a branch with other files is somebody's, and is never written.
"""

from __future__ import annotations

import random
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from socialauto.core.errors import SocialautoError
from socialauto.repository.branch import RemoteBranch, UnreachableError
from socialauto.repository.git import Git
from socialauto.repository.history import remotes
from socialauto.repository.ledger import AUTHOR
from socialauto.repository.objects import TreeLine, tree_lines, write_commit
from socialauto.repository.push_report import PushReport, Verdict

README = "README.md"
_ABOUT = b"""\
# Media on their way

socialauto pushes pictures and videos here so that platforms can download them, and replaces this
branch by a new one without history when it clears old files away. Put nothing else here.
"""

SPARE = timedelta(days=2)
"""A file with less time than this before it may be cleared away is pushed anew."""

TRIES = 30
"""Pushes that somebody else may be faster than, or of which nobody said what became of them."""
_LONGEST_WAIT = 1.0

_FILE = re.compile(r"(\d{4}-\d\d-\d\d)/([0-9a-f]{64}\.[a-z0-9]{2,5})")


@dataclass(frozen=True, slots=True)
class Lying:
    """A file of the branch."""

    path: str
    name: str
    day: date
    """On which it was pushed, in UTC."""
    blob: str
    size: int


def _wait(seconds: float) -> None:
    """Blocks its thread, which is a worker's."""
    threading.Event().wait(seconds)


class MediaBranch:
    """One thread at a time."""

    def __init__(
        self,
        git: Git,
        remote: str,
        branch: str,
        *,
        keep: timedelta,
        pause: Callable[[float], None] = _wait,
    ) -> None:
        if remote not in remotes(git):
            raise SocialautoError(
                f"media_host.remote names {remote}, which this clone does not know",
                "correct media_host.remote in socialauto.yaml, or add the remote",
            )
        self._git = git
        self._keep = keep
        self._pause = pause
        self._branch = RemoteBranch(git, remote, branch)

    def add(self, files: Mapping[str, bytes], now: datetime) -> tuple[str, dict[str, str]]:
        """Make the files, by their names, part of the branch: a commit, and the path of each.

        Raises `UnreachableError`, or `SocialautoError` when the remote refuses them.
        """
        for _ in range(TRIES):
            tip = self._branch.tip()
            fresh = {
                one.name: one.path for one in self._lying(tip) if self._lasts(one.day, now.date())
            }
            missing = {name: body for name, body in files.items() if name not in fresh}
            if tip is not None and not missing:
                return tip, {name: fresh[name] for name in files}
            new = {name: f"{now.date().isoformat()}/{name}" for name in missing}
            commit = self._commit(tip, {new[name]: body for name, body in missing.items()})
            if self._advanced(tip, commit).verdict is Verdict.ACCEPTED:
                return commit, {name: {**fresh, **new}[name] for name in files}
            # Of a push that nobody answered, the next look at the tip tells what became.
            self._pause(random.uniform(0, _LONGEST_WAIT))  # noqa: S311 - it only spreads retries
        raise UnreachableError(f"{self._branch.place} did not take media in {TRIES} pushes")

    def lying(self) -> tuple[str | None, list[Lying]]:
        """The branch's commit, and its files."""
        tip = self._branch.tip()
        return tip, list(self._lying(tip))

    def keep_only(self, tip: str, kept: Sequence[Lying]) -> bool:
        """Replace the branch by one commit without history that has only these files.

        False when it has moved on from `tip` meanwhile: then nothing has happened.
        """
        commit = self._fresh_start(kept)
        report = self._advanced(tip, commit)
        return report.verdict is Verdict.ACCEPTED or self._branch.tip() == commit

    def old(self, lying: Sequence[Lying], needed: Set[str], now: datetime) -> list[Lying]:
        """The files that nobody needs by name, older than what is kept."""
        first = (now - self._keep).date()
        return [one for one in lying if one.day < first and one.name not in needed]

    def _lasts(self, day: date, today: date) -> bool:
        return day + self._keep - SPARE > today

    def _lying(self, tip: str | None) -> Iterator[Lying]:
        """Raises `SocialautoError` for a branch that is not ours."""
        for line in tree_lines(self._git, tip) if tip else ():
            if line.mode == "040000" or line.path == README:
                continue
            yield self._read(line)

    def _read(self, line: TreeLine) -> Lying:
        match = _FILE.fullmatch(line.path)
        if match is None or line.mode != "100644":
            raise SocialautoError(
                f"{self._branch.place} holds {line.path}, so it is no branch for media alone",
                "name a branch that does not exist yet in media_host.branch",
            )
        return Lying(line.path, match[2], date.fromisoformat(match[1]), line.id, line.size)

    def _commit(self, tip: str | None, files: Mapping[str, bytes]) -> str:
        about = {} if tip else {README: _ABOUT}
        # Unique: a push of the same commit by another run would be told "up to date".
        message = f"Add {len(files)} media files\n\nWrite: {secrets.token_hex(8)}\n"
        return write_commit(
            self._git, parent=tip, files={**about, **files}, message=message, author=AUTHOR
        )

    def _fresh_start(self, kept: Sequence[Lying]) -> str:
        return write_commit(
            self._git,
            parent=None,
            files={README: _ABOUT},
            message=f"Keep {len(kept)} media files\n\nWrite: {secrets.token_hex(8)}\n",
            author=AUTHOR,
            blobs={one.path: one.blob for one in kept},
        )

    def _advanced(self, tip: str | None, commit: str) -> PushReport:
        try:
            return self._branch.advance(tip, commit)
        except SocialautoError as error:
            hint = error.hint.replace("ledger.branch", "media_host.branch")
            raise SocialautoError(error.message, hint) from None
