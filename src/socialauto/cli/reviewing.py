"""`validate --base`: loads both sides of a change and compares them; fetches nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.adapters.registry import adapter
from socialauto.core.compare import compare
from socialauto.core.compare_checks import Entries, Review, review_findings
from socialauto.core.errors import SocialautoError
from socialauto.core.occurrences import Ago, occurring
from socialauto.core.slots import queued
from socialauto.core.spans import utc
from socialauto.engine.load import Loaded, load
from socialauto.report.review import Reviewed
from socialauto.repository.base import find_base, has_folder, known_ledger
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import Git, open_repository

if TYPE_CHECKING:
    from socialauto.core.capability import Capabilities
    from socialauto.core.config import Config
    from socialauto.core.delivery import Delivery
    from socialauto.core.finding import Finding
    from socialauto.core.ledger import Snapshot


@dataclass(frozen=True, slots=True)
class _Side:
    """What both sides of a change are seen by."""

    git: Git
    now: datetime
    entries: Entries

    def wanted(self, loaded: Loaded) -> tuple[Delivery, ...]:
        """The posts, the next dates of what recurs, and the slots of what waits in queues."""
        ago = Ago(self.now, self.now, lambda path: self.now)
        dates = occurring(loaded.series, (), ago)
        return (*loaded.deliveries, *dates, *queued(loaded.waiting, self.entries.values(), ago))

    def at(self, commit: str) -> tuple[Delivery, ...]:
        """What the files of that commit ask for; nothing, before there were any."""
        if not has_folder(self.git, commit):
            return ()
        with CommitTree(self.git, commit) as tree:
            return self.wanted(load(tree, now=self.now))


def _ledger(git: Git, config: Config) -> tuple[Snapshot | None, str]:
    """The ledger and when it was written, or why there is none to compare with."""
    try:
        known = known_ledger(git, config.ledger)
    except SocialautoError as error:
        return None, f"{error.message}; {error.hint}" if error.hint else error.message
    return known.snapshot, utc(known.written)


def _capabilities(config: Config) -> dict[str, Capabilities]:
    found = {}
    for name, account in config.accounts.items():
        with suppress(SocialautoError):  # a platform that nobody knows is a finding
            found[name] = adapter(account.platform).capabilities
    return found


def review(root: Path, loaded: Loaded, revision: str, now: datetime) -> Reviewed:
    """What the work tree changes since it left `revision`, and what stands against that."""
    git = open_repository(root)
    base = find_base(git, revision)
    ledger, about = None, "socialauto.yaml cannot be used"
    if loaded.config is not None:
        ledger, about = _ledger(git, loaded.config)
    side = _Side(git, now, ledger.entries if ledger else {})
    before = side.at(base.commit)
    landed = before if base.tip == base.commit else side.at(base.tip)
    broken = {found.path for found in loaded.findings if found.severity == "error"}
    differences = compare(before, landed, side.wanted(loaded), unreadable=broken)
    findings: list[Finding] = []
    if loaded.config is not None and loaded.outlook is not None:
        entries = ledger.entries if ledger else None
        judged = Review(loaded.config, loaded.planned, loaded.outlook, entries, now)
        findings = review_findings(differences, judged)
    takes = _capabilities(loaded.config) if loaded.config else {}
    return Reviewed(revision, base.commit, differences, tuple(findings), ledger, about, takes)
