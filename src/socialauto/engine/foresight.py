"""What `validate` says beside what is wrong with the files: what will go wrong later.

None of this keeps a post from going out, so a run does not look at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from socialauto.adapters.registry import adapter
from socialauto.core.finding import Finding
from socialauto.core.horizon import (
    LOOKED_AT,
    Outlook,
    Planned,
    horizon_findings,
    in_lanes,
    near_findings,
    same_instants,
)
from socialauto.core.ledger import Entry
from socialauto.core.occurrences import Ago
from socialauto.core.readiness import (
    TokenLife,
    host_finding,
    signature_finding,
    token_findings,
    version_findings,
)
from socialauto.core.schedule_ends import left_over, series_findings, slots_findings
from socialauto.core.slots import queued
from socialauto.engine.load import Files, Loaded
from socialauto.media.means import means_for


@dataclass(frozen=True, slots=True)
class Known:
    """What this clone knows beside the files."""

    entries: tuple[Entry, ...] | None = None
    """The ledger; None: it is not here, and nothing is taken to be published."""
    lives: Mapping[str, TokenLife] = field(default_factory=dict)
    """By account; none for tokens that are renewed by themselves, or of which nothing is known."""


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is to come."""

    planned: tuple[Planned, ...]
    """Posts with a time, and the next dates of series."""
    queued: tuple[Planned, ...]
    now: datetime

    @property
    def soon(self) -> list[Planned]:
        """As far as series and queues are looked at; posts with a time always."""
        last = self.now + LOOKED_AT
        return [*self.planned, *(one for one in self.queued if self.now < one[1].due <= last)]


def queue_ahead(
    loaded: Loaded, files: Files, entries: Iterable[Entry], now: datetime
) -> tuple[Planned, ...]:
    """Each post that waits in a queue, with the slot that it has by the ledger as it is known; one
    for which there is none is due now."""
    if not loaded.waiting:
        return ()
    known = {entry.key: entry for entry in entries}
    stands = {"time": "schedule"}
    written = {
        source.id: replace(source, stands={**source.stands, **stands})
        for source in files.posts
        if source.post.schedule is not None
    }
    made = queued(loaded.waiting, known.values(), Ago(now, now, lambda path: now))
    return tuple(
        (written[delivery.key.post], delivery) for delivery in made if delivery.key not in known
    )


def _crowds(loaded: Loaded, outlook: Outlook, ahead: _Ahead) -> Iterator[Finding]:
    """What posts, dates of series and posts in queues do to each other; what the look at the files
    has said already is not said again."""
    told = {(one.path, one.line, one.code) for one in loaded.findings}
    if ahead.queued:
        for finding in horizon_findings(ahead.soon, outlook, ahead.now):
            if (finding.path, finding.line, finding.code) not in told:
                yield finding
    for account, lane in in_lanes(ahead.soon).items():
        yield from same_instants(account, lane, ahead.now)
        yield from near_findings(account, lane, outlook.duplicates, ahead.now)


def _world(loaded: Loaded, files: Files, ahead: _Ahead, known: Known) -> Iterator[Finding]:
    """What posts need of the platforms and of the configuration."""
    config = files.config.value
    # A platform that is unknown has a finding of its own, and no posts.
    capabilities = {
        name: adapter(config.accounts[name].platform).capabilities
        for name in {delivery.key.account for delivery in loaded.contents()}
    }
    lanes = in_lanes([*ahead.planned, *ahead.queued])
    yield from version_findings(lanes, config, capabilities, ahead.now)
    yield from token_findings(lanes, known.lives, ahead.now)
    fetching = {
        name: means_for(config, name, found).sends_videos
        for name, found in capabilities.items()
        if found.fetches_by_url
    }
    deliveries = [delivery for _, delivery in (*ahead.planned, *ahead.queued)]
    yield from host_finding(deliveries, config, fetching, files.config.place, ahead.now)
    yield from signature_finding(config, files.config.place)


def foresee(loaded: Loaded, *, now: datetime, known: Known = NOTHING) -> list[Finding]:
    """Warnings about what falls due, in the order of findings. Nothing about a configuration that
    cannot be used: its errors come first."""
    files = loaded.files
    if loaded.config is None or files is None or loaded.outlook is None:
        return []
    queued = queue_ahead(loaded, files, known.entries or (), now)
    ahead = _Ahead(loaded.planned, queued, now)
    found = [
        *_crowds(loaded, loaded.outlook, ahead),
        *_world(loaded, files, ahead, known),
        *series_findings(files.series, loaded.series, now),
        *slots_findings(files.slots, files.queues, now),
    ]
    if known.entries is not None:
        found += left_over(queued, now)
    return sorted(set(found))
