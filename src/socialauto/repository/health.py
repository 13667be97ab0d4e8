"""Questions about git and the ledger's remote that change nothing, for `doctor`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.repository.branch import ledger_branch
from socialauto.repository.git import Git
from socialauto.repository.history import remote_exists
from socialauto.repository.ledger import AUTHOR
from socialauto.repository.push_report import Verdict, judge, refusal

_SCP_LIKE = re.compile(r"^[^/]+:(?!//)")


def git_version(git: Git) -> str:
    """What git says about itself."""
    return git.line("--version")


def call_remote(git: Git, remote: str) -> None:
    """Raises `SocialautoError` when the remote does not answer or does not let us in."""
    finished = git.attempt("ls-remote", "--heads", "--", remote)
    if not finished.ok:
        raise SocialautoError(
            f"{remote} does not answer: {finished.words}", f'try "git fetch {remote}"'
        )


def ledger_tip(git: Git, settings: LedgerSettings) -> str | None:
    """The ledger branch's newest commit; None when there is no such branch."""
    return ledger_branch(git, settings, AUTHOR).tip()


def committed_at(git: Git, commit: str) -> datetime:
    """When a commit was made, by the clock of who made it."""
    return datetime.fromtimestamp(int(git.line("log", "-1", "--format=%ct", commit)), UTC)


def rehearse_push(git: Git, settings: LedgerSettings, tip: str) -> None:
    """Whether the ledger branch could be moved by us, as far as the other side tells before it is.

    Pushes what is there already, and even that only for show. Raises `SocialautoError` for a
    refusal. What a forge applies to real pushes alone, such as branch protection, is not seen.
    """
    if not remote_exists(git, settings.remote):
        return
    ref = f"refs/heads/{settings.branch}"
    finished = git.attempt(
        *("push", "--dry-run", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags"),
        *("--recurse-submodules=no", "--", settings.remote, f"{tip}:{ref}"),
    )
    report = judge(finished, ref)
    if report.verdict is Verdict.REFUSED or not finished.ok:
        raise refusal(report.words, branch=settings.branch, remote=settings.remote)


@dataclass(frozen=True, slots=True)
class RemotePlace:
    """Where a remote is."""

    host: str
    """Empty when it is a folder of this machine."""
    web: str
    """The web server's own address, without anything secret; empty when it is not asked by HTTP."""


def remote_place(git: Git, remote: str) -> RemotePlace | None:
    """None when there is no such remote."""
    if not remote_exists(git, remote):
        return None
    url = git.line("remote", "get-url", "--", remote)
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname:
        port = f":{parts.port}" if parts.port else ""
        return RemotePlace(parts.hostname, f"{parts.scheme}://{parts.hostname}{port}/")
    if parts.scheme in ("ssh", "git") and parts.hostname:
        return RemotePlace(parts.hostname, "")
    if _SCP_LIKE.match(url):
        return RemotePlace(url.partition(":")[0].rpartition("@")[2], "")
    return RemotePlace("", "")


__all__ = [
    "RemotePlace",
    "call_remote",
    "committed_at",
    "git_version",
    "ledger_tip",
    "rehearse_push",
    "remote_place",
]
