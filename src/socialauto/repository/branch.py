"""The branch that holds the ledger: at a remote, or in this clone when there is no remote."""

from __future__ import annotations

from typing import Protocol

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Finished, Git, failure
from socialauto.repository.history import remotes
from socialauto.repository.objects import Author
from socialauto.repository.push_report import (
    AUTH_SIGNS,
    LOST_SIGNS,
    PushReport,
    Verdict,
    judge,
    refusal,
)

_FETCH_TRIES = 5


class UnreachableError(SocialautoError):
    """The remote did not answer; it may a little later."""


class Branch(Protocol):
    """One branch, moved only by compare-and-swap."""

    place: str
    """How people call it: "branch socialauto/ledger of origin"."""

    def tip(self) -> str | None:
        """The commit it stands at now, its objects in this clone; None when it does not exist.

        Raises `UnreachableError`, or `SocialautoError` for what waiting cannot mend.
        """
        ...

    def advance(self, old: str | None, new: str) -> PushReport:
        """Move it from `old` (None: it must not exist) to `new`, a child of `old`.

        Raises `SocialautoError` when the move is refused for good.
        """
        ...


def ledger_branch(git: Git, settings: LedgerSettings, author: Author) -> Branch:
    """The branch that the settings name."""
    known = remotes(git)
    if settings.remote in known:
        return RemoteBranch(git, settings.remote, settings.branch)
    if known:
        # Quietly using a local branch would be a second ledger beside the real one.
        raise SocialautoError(
            f"ledger.remote names {settings.remote}, and this clone knows only {', '.join(known)}",
            "correct ledger.remote in socialauto.yaml, or add the remote",
        )
    return LocalBranch(git, settings.branch, author)


class RemoteBranch:
    """A branch of a remote, seen through a private ref that nobody else's fetch moves."""

    def __init__(self, git: Git, remote: str, branch: str) -> None:
        self.place = f"branch {branch} of {remote}"
        self._git = git
        self._remote = remote
        self._branch = branch
        self._ref = f"refs/heads/{branch}"
        self._seen = f"refs/socialauto/{remote}/{branch}"

    def tip(self) -> str | None:
        for _ in range(_FETCH_TRIES):
            finished = self._fetch()
            if finished.ok:
                return self._git.line("rev-parse", "--verify", f"{self._seen}^{{commit}}")
            if "couldn't find remote ref" in finished.stderr:
                return None
            # Another run in this clone fetched at the same moment; its answer is as good.
            if not any(sign in finished.stderr for sign in ("cannot lock ref", "local ref")):
                break
        raise self._no_fetch(finished)

    def _fetch(self) -> Finished:
        return self._git.attempt(
            "fetch",
            *("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"),
            "--no-auto-maintenance",
            # Without it git would also move the user's remote-tracking branch.
            "--refmap=",
            *self._depth(),
            *("--", self._remote, f"+{self._ref}:{self._seen}"),
        )

    def _depth(self) -> tuple[str, ...]:
        """A shallow clone gets the ledger's last commit first, and from then on all that follow,
        so that the question "is my commit there?" has an answer."""
        if not self._git.shallow:
            return ()
        seen = self._git.attempt("rev-parse", "--verify", "--quiet", self._seen)
        return () if seen.ok else ("--depth=1",)

    def _no_fetch(self, finished: Finished) -> SocialautoError:
        message = f"cannot fetch {self.place}: {finished.words}"
        if any(sign in finished.stderr for sign in AUTH_SIGNS):
            return SocialautoError(
                message, f'check the credentials with "git fetch {self._remote}"'
            )
        known = failure(message, finished)
        if known.hint:
            return SocialautoError(message, known.hint)
        if ".lock': File exists" in finished.stderr:
            return UnreachableError(
                message,
                "if no other run works in this clone, a killed one left that .lock file: remove it",
            )
        return UnreachableError(message, f'try "git fetch {self._remote}"')

    def advance(self, old: str | None, new: str) -> PushReport:
        finished = self._git.attempt(
            "push",
            *("--porcelain", "--no-verify", "--no-signed", "--no-follow-tags"),
            "--recurse-submodules=no",
            # Pinned: a lease on the tracking ref would be renewed by any fetch in between.
            f"--force-with-lease={self._ref}:{old or ''}",
            *("--", self._remote, f"{new}:{self._ref}"),
        )
        report = judge(finished, self._ref)
        if report.verdict is Verdict.REFUSED:
            raise refusal(report.words, branch=self._branch, remote=self._remote)
        return report


class LocalBranch:
    """A branch of this clone: the ledger of somebody who works without a remote."""

    def __init__(self, git: Git, branch: str, author: Author) -> None:
        self.place = f"branch {branch}"
        self._git = git
        self._branch = branch
        self._ref = f"refs/heads/{branch}"
        self._author = author

    def tip(self) -> str | None:
        found = self._git.attempt("rev-parse", "--verify", "--quiet", f"{self._ref}^{{commit}}")
        return found.stdout.decode("ascii").strip() if found.ok else None

    def advance(self, old: str | None, new: str) -> PushReport:
        self._refuse_if_checked_out()
        finished = self._git.attempt(
            *("update-ref", "-m", "socialauto", self._ref, new, old or self._git.no_object),
            # The reflog names somebody even where git does not know its user.
            env={
                "GIT_COMMITTER_NAME": self._author.name,
                "GIT_COMMITTER_EMAIL": self._author.email,
            },
        )
        if finished.ok:
            return PushReport(Verdict.ACCEPTED)
        if any(sign in finished.stderr for sign in LOST_SIGNS):
            return PushReport(Verdict.LOST, finished.words)
        raise failure(f"cannot update {self.place}", finished)

    def _refuse_if_checked_out(self) -> None:
        listed = self._git.run("worktree", "list", "--porcelain").splitlines()
        if f"branch {self._ref}".encode() in listed:
            # The work tree would seem to undo the ledger, and the next commit would really do it.
            raise SocialautoError(
                f"{self.place} is checked out, so the ledger cannot be written there",
                "name another branch in ledger.branch, or check another branch out",
            )
