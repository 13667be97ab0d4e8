"""`validate --base`: loads both sides of a change and compares them; fetches nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.core.compare import compare
from socialauto.core.compare_checks import Review, review_findings
from socialauto.core.errors import SocialautoError
from socialauto.core.occurrences import Ago, occurring
from socialauto.core.spans import utc
from socialauto.engine.load import Loaded, load
from socialauto.report.review import Reviewed
from socialauto.repository.base import find_base, has_folder, known_ledger
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import Git, open_repository

if TYPE_CHECKING:
    from socialauto.core.config import Config
    from socialauto.core.delivery import Delivery
    from socialauto.core.finding import Finding
    from socialauto.core.ledger import Snapshot


def _wanted(loaded: Loaded, now: datetime) -> tuple[Delivery, ...]:
    """The posts, and the next dates of what recurs."""
    ago = Ago(now, now, lambda path: now)
    return (*loaded.deliveries, *occurring(loaded.series, (), ago))


def _asked_for(git: Git, commit: str, now: datetime) -> tuple[Delivery, ...]:
    """What the files of that commit ask for; nothing, before there were any."""
    if not has_folder(git, commit):
        return ()
    with CommitTree(git, commit) as tree:
        return _wanted(load(tree, now=now), now)


def _ledger(git: Git, config: Config) -> tuple[Snapshot | None, str]:
    """The ledger and when it was written, or why there is none to compare with."""
    try:
        known = known_ledger(git, config.ledger)
    except SocialautoError as error:
        return None, f"{error.message}; {error.hint}" if error.hint else error.message
    return known.snapshot, utc(known.written)


def review(root: Path, loaded: Loaded, revision: str, now: datetime) -> Reviewed:
    """What the work tree changes since it left `revision`, and what stands against that."""
    git = open_repository(root)
    base = find_base(git, revision)
    before = _asked_for(git, base.commit, now)
    landed = before if base.tip == base.commit else _asked_for(git, base.tip, now)
    broken = {found.path for found in loaded.findings if found.severity == "error"}
    differences = compare(before, landed, _wanted(loaded, now), unreadable=broken)
    ledger, about = None, "socialauto.yaml cannot be used"
    findings: list[Finding] = []
    if loaded.config is not None and loaded.outlook is not None:
        ledger, about = _ledger(git, loaded.config)
        entries = ledger.entries if ledger else None
        judged = Review(loaded.config, loaded.planned, loaded.outlook, entries, now)
        findings = review_findings(differences, judged)
    return Reviewed(revision, base.commit, differences, tuple(findings), ledger, about)
