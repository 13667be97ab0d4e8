"""Compares what the public saw with what the ledger says. Knows nothing of how it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Entry, State
from support.simulation.wire import UNREADABLE
from support.simulation.world import World

ENDED = frozenset({State.PUBLISHED, State.FAILED, State.HELD, State.MISSED})


@dataclass(slots=True)
class Verdict:
    """What became of a world."""

    deliveries: int = 0
    published: int = 0
    held: Counter[str] = field(default_factory=Counter)
    """By account."""
    failed: int = 0
    rounds: int = 0
    """Quiet runs until nothing was left to do."""
    runs: int = 0
    complaints: list[str] = field(default_factory=list)

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.deliveries + other.deliveries,
            self.published + other.published,
            self.held + other.held,
            self.failed + other.failed,
            max(self.rounds, other.rounds),
            self.runs + other.runs,
            self.complaints + other.complaints,
        )


def _may_be_held(world: World, entry: Entry) -> bool:
    """Where the class cannot say, or nothing that it said could be read, as often as allowed."""
    if entry.late_hold or world.is_mute(entry.account):
        return True
    unread = [attempt for attempt in entry.attempts if attempt.stage == "find"]
    return len(unread) >= world.config.retries.tries and all(
        attempt.message in (UNREADABLE, "not reached", "too many calls") or attempt.kind == "auth"
        for attempt in unread
    )


def complaints(world: World, entries: Mapping[DeliveryKey, Entry]) -> Iterator[str]:
    """Everything that must never be, once all has settled."""
    public = Counter(world.public())
    for key, times in public.items():
        if times > 1:
            yield f"{key}: the public saw it {times} times"
        entry = entries.get(key)
        if entry is None or entry.state not in (State.PUBLISHED, State.HELD):
            yield f"{key}: public, and the ledger says {entry.state if entry else 'nothing'}"
    for key, entry in entries.items():
        if entry.state is State.PUBLISHED and key not in public:
            yield f"{key}: the ledger says published, and nobody saw it"
        if entry.state is State.INTENT:
            yield f"{key}: its intent is still open"
        if entry.state is State.HELD and not _may_be_held(world, entry):
            yield f"{key}: held although the platform can say: {entry.reason}"
    for key in wanted(world, entries):
        entry = entries.get(key)
        if entry is None or entry.state not in ENDED:
            yield f"{key}: came to no end, {entry.state if entry else 'never begun'}"


def wanted(world: World, entries: Mapping[DeliveryKey, Entry]) -> Iterator[DeliveryKey]:
    """Every post, and the comment below every one that went out with the promise of one."""
    for key in world.content.deliveries:
        yield key
        entry = entries.get(key)
        # Whose id nobody knows, because a person settled it, gets its comment by hand.
        if entry and entry.state is State.PUBLISHED and entry.remote_id:
            yield from (replace(key, part=part) for part in entry.sequels)


def judge(world: World) -> Verdict:
    entries = world.snapshot().entries
    states = Counter(entry.state for entry in entries.values())
    return Verdict(
        deliveries=len({*world.content.deliveries, *entries}),
        published=states[State.PUBLISHED],
        held=Counter(entry.account for entry in entries.values() if entry.state is State.HELD),
        failed=states[State.FAILED],
        complaints=list(complaints(world, entries)),
    )
