"""What a change is compared with: where it left the other branch, and the ledger as this clone
knows it. Nothing is fetched: reviewing needs no network and no right to read anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Snapshot
from socialauto.repository.git import Git
from socialauto.repository.history import head, remotes
from socialauto.repository.ledger_tree import LedgerTree


@dataclass(frozen=True, slots=True)
class Base:
    """Two commits, often the same one."""

    commit: str
    """The newest one that both branches have."""
    tip: str
    """Where the other branch is now."""


def find_base(git: Git, revision: str) -> Base:
    """Where HEAD left `revision`. Raises `SocialautoError` when that cannot be said."""
    tip = _commit(git, revision)
    if not tip:
        raise SocialautoError(f"there is no commit {revision}", _missing(git, revision))
    found = git.attempt("merge-base", tip, head(git))
    if found.ok:
        return Base(found.stdout.decode("ascii").split()[0], tip)
    if git.shallow:
        raise SocialautoError(
            f"this clone is shallow and does not show where HEAD left {revision}",
            'fetch its history with "git fetch --unshallow"; in a workflow, fetch-depth: 0',
        )
    raise SocialautoError(
        f"HEAD and {revision} have no history in common",
        "name the branch that this change is for",
    )


def _commit(git: Git, revision: str) -> str:
    asked = ("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    found = git.attempt("rev-parse", *asked)
    return found.stdout.decode("ascii").split()[-1] if found.ok else ""


def _missing(git: Git, revision: str) -> str:
    for remote in remotes(git):
        if _commit(git, f"{remote}/{revision}"):
            return f"did you mean {remote}/{revision}?"
    if git.shallow:
        return "this clone is shallow: fetch more history, in a workflow with fetch-depth: 0"
    return 'see "git branch --all"; a branch of a remote is written origin/main'


def has_folder(git: Git, commit: str) -> bool:
    """Whether the folder in which we work was there at that commit."""
    return git.attempt("cat-file", "-e", f"{commit}:{git.prefix}").ok


@dataclass(frozen=True, slots=True)
class KnownLedger:
    """The ledger as this clone last saw it."""

    snapshot: Snapshot
    written: datetime
    """When its last commit was made."""


def known_ledger(git: Git, settings: LedgerSettings) -> KnownLedger:
    """The newest copy of the ledger in this clone. Raises `SocialautoError` when there is none, or
    it is not whole."""
    tip, written = _newest(git, settings)
    place = f"the copy of branch {settings.branch}"
    return KnownLedger(LedgerTree(git, tip, place=place, settings=settings).snapshot(), written)


def _newest(git: Git, settings: LedgerSettings) -> tuple[str, datetime]:
    """The commit and its date, of what a fetch, a run or a local ledger has left here."""
    names = (
        f"refs/remotes/{settings.remote}/{settings.branch}",
        f"refs/socialauto/{settings.remote}/{settings.branch}",
        f"refs/heads/{settings.branch}",
    )
    form = "--format=%(objectname) %(committerdate:iso-strict)"
    listed = git.line("for-each-ref", "--sort=-committerdate", form, *names).splitlines()
    if not listed:
        raise SocialautoError(
            f"this clone has no copy of branch {settings.branch}",
            f'"git fetch {settings.remote} {settings.branch}" brings one',
        )
    newest = listed[0]
    for other in listed[1:]:  # committed in the same second, perhaps: then history decides
        if git.attempt("merge-base", "--is-ancestor", newest.split()[0], other.split()[0]).ok:
            newest = other
    commit, _, written = newest.partition(" ")
    return commit, datetime.fromisoformat(written)
