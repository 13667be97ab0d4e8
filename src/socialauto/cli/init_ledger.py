"""The ledger at the start: makes it once, adopts the one that is there, never replaces one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from socialauto.cli.writing import put
from socialauto.core.config import CONFIG_FILE, LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.core.reading import read_config
from socialauto.repository.branch import Branch, ledger_branch
from socialauto.repository.git import Git
from socialauto.repository.layout import HEADER_PATH
from socialauto.repository.ledger import AUTHOR, LedgerBranch
from socialauto.scaffold.config_file import with_lineage


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the ledger is, or should be."""

    branch: Branch
    exists: bool


def settle_ledger(git: Git, settings: LedgerSettings, now: datetime, *, anew: bool) -> str:
    """Make sure that there is a ledger and that the configuration names it; say what was done."""
    place = _look(git, settings)
    if place.exists:
        return _adopt(git, settings, place, anew=anew)
    if settings.lineage and not anew:
        raise _missing(git, settings, place)
    header = LedgerBranch(git, settings).create(now)
    _name(git, header.lineage)
    return f"ledger    made: {place.branch.place}"


def _look(git: Git, settings: LedgerSettings) -> _Place:
    branch = ledger_branch(git, settings, AUTHOR)
    tip = branch.tip()
    exists = tip is not None and git.attempt("cat-file", "-e", f"{tip}:{HEADER_PATH}").ok
    return _Place(branch, exists)


def _adopt(git: Git, settings: LedgerSettings, place: _Place, *, anew: bool) -> str:
    if anew:
        raise SocialautoError(
            f"{place.branch.place} holds a ledger, and a new one would forget what it records",
            "leave --new-ledger out to use it",
        )
    header = LedgerBranch(git, settings).read().header
    if settings.lineage:
        return f"ledger    in place: {place.branch.place}"
    _name(git, header.lineage)
    return f"ledger    adopted: {place.branch.place}"


def _missing(git: Git, settings: LedgerSettings, place: _Place) -> SocialautoError:
    message = (
        f"{CONFIG_FILE} names a ledger, and {place.branch.place} does not hold it; with a new one "
        "everything that was published could go out a second time"
    )
    if git.attempt("cat-file", "-e", f"refs/heads/{settings.branch}:{HEADER_PATH}").ok:
        push = f"git push {settings.remote} {settings.branch}"
        return SocialautoError(message, f"this clone has it: {push}")
    return SocialautoError(
        message,
        "restore the branch from a clone or the forge; only if nothing was ever published: "
        "socialauto init --new-ledger",
    )


def _name(git: Git, lineage: str) -> None:
    """Write the lineage into the configuration, and look that it is read back."""
    path = git.root / CONFIG_FILE
    try:
        text = with_lineage(path.read_bytes().decode(), lineage)
    except ValueError as error:
        raise _by_hand(lineage, str(error)) from error
    source, _ = read_config(text.encode())
    if source is None or source.value.ledger.lineage != lineage:
        raise _by_hand(lineage, "it is written in an unusual way")
    put(path, text.encode())


def _by_hand(lineage: str, why: str) -> SocialautoError:
    return SocialautoError(
        f"the ledger is there, but its name could not be written into {CONFIG_FILE}: {why}",
        f"write it there yourself, below ledger: lineage: {lineage}",
    )
