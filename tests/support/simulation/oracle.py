"""Compares what the public saw with what the ledger says. Knows nothing of how it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Entry, State
from socialauto.core.parts import DELETE
from support.simulation.wire import UNREADABLE
from support.simulation.world import World

ENDED = frozenset({State.PUBLISHED, State.FAILED, State.HELD, State.MISSED, State.DELETED})
_SEEN = frozenset({State.PUBLISHED, State.HELD, State.DELETED})


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
        if entry is None or entry.state not in _SEEN:
            yield f"{key}: public, and the ledger says {entry.state if entry else 'nothing'}"
    yield from _deletions(world, entries)
    for key, entry in entries.items():
        done = key.part != DELETE and entry.state in (State.PUBLISHED, State.DELETED)
        if done and key not in public:
            yield f"{key}: the ledger says {entry.state.value}, and nobody saw it"
        if entry.state is State.INTENT and not _is_below_nothing(key, entries):
            yield f"{key}: its intent is still open"
        if entry.state is State.HELD and not _may_be_held(world, entry):
            yield f"{key}: held although the platform can say: {entry.reason}"
    for key in wanted(world, entries):
        entry = entries.get(key)
        if entry is None or entry.state not in ENDED:
            yield f"{key}: came to no end, {entry.state if entry else 'never begun'}"


def _is_below_nothing(key: DeliveryKey, entries: Mapping[DeliveryKey, Entry]) -> bool:
    """A comment on a post that was deleted while another run was about to write it."""
    post = entries.get(replace(key, part=""))
    return bool(key.part) and post is not None and post.state is State.DELETED


def _deletions(world: World, entries: Mapping[DeliveryKey, Entry]) -> Iterator[str]:
    """What is gone is gone once and known; what is said to be gone is; what was asked for is done
    or has a reason."""
    gone = Counter(world.gone())
    ours = {(entry.account, entry.remote_id): entry for entry in entries.values() if not entry.part}
    for deleted, times in gone.items():
        entry = ours.get(deleted)
        if times > 1:
            yield f"{deleted}: deleted {times} times"
        if entry is not None and not _was_asked_for(world, entry.key):
            yield f"{deleted}: deleted, and nobody asked for it"
        if entry is None or (
            entry.state is not State.DELETED and not _has_reason(entry.key, entries)
        ):
            yield f"{deleted}: gone, and the ledger says {entry.state if entry else 'nothing'}"
    for key, entry in entries.items():
        if entry.state is State.DELETED and (entry.account, entry.remote_id) not in gone:
            yield f"{key}: the ledger says deleted, and it is still there"
        wish = world.content.deliveries.get(key)
        still = entry.state is State.PUBLISHED and entry.remote_id is not None
        if wish and wish.delete and still and not _has_reason(key, entries):
            yield f"{key}: it was to be deleted, and is still there"


def _was_asked_for(world: World, key: DeliveryKey) -> bool:
    wish = world.content.deliveries.get(key)
    return key in world.content.doomed or (wish is not None and wish.delete)


def _has_reason(key: DeliveryKey, entries: Mapping[DeliveryKey, Entry]) -> bool:
    """Its deletion has failed, or nobody can say."""
    entry = entries.get(replace(key, part=DELETE))
    return entry is not None and entry.state in (State.FAILED, State.HELD)


def wanted(world: World, entries: Mapping[DeliveryKey, Entry]) -> Iterator[DeliveryKey]:
    """Every post, and the comment below every one that went out with the promise of one."""
    for key, post in world.content.deliveries.items():
        if post.delete:
            continue
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
