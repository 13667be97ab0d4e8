"""The plan: desired state, ledger and now become ordered steps, each with its reason.

`decide` is the table of DESIGN's life cycle: one delivery, one entry, one instant, one step.
`core.guard` then looks at all steps together and refuses what looks like an accident.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.drift import Drift
from socialauto.core.ledger import Entry, State
from socialauto.core.spans import span, utc


class Kind(StrEnum):
    """What happens to a delivery, in the words people read."""

    SETTLE = "settle"
    """Sent by a run that left no receipt: ask the platform."""
    PUBLISH = "publish"
    RETRY = "retry"
    DELETE = "delete"
    """It is public, and its file wants it deleted."""
    MISSED = "missed"
    HELD = "held"
    FAILED = "failed"
    BLOCKED = "blocked"
    """The guard refuses it until a person says otherwise."""
    INVALID = "invalid"
    """Its file has findings."""
    BUSY = "busy"
    """Another run has it."""
    WAIT = "wait"
    DRAFT = "draft"
    DRIFT = "drift"
    ORPHAN = "orphan"
    DONE = "done"


SENDING = frozenset({Kind.PUBLISH, Kind.RETRY, Kind.DELETE})
"""Kinds that end in a visible call."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the plan."""

    kind: Kind
    key: DeliveryKey
    reason: str
    delivery: Delivery | None = None
    entry: Entry | None = None
    at: datetime | None = None
    """When something happens next, aware and in UTC; None when nothing will by itself."""
    guard: str = ""
    """With BLOCKED: which guard, as `--allow` takes it."""
    record: bool = False
    """The state is new and a run writes it down: a fresh MISSED, a HELD because it is late."""
    drift: Drift | None = None
    """With DRIFT: what is different, once somebody has looked."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing at all is sent."""

    guard: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Plan:
    now: datetime
    steps: tuple[Step, ...]
    refusals: tuple[Refusal, ...] = ()

    def count(self, *kinds: Kind) -> int:
        return sum(step.kind in kinds for step in self.steps)

    @property
    def acts(self) -> bool:
        """A run would do something: send, ask a platform, or write to the ledger."""
        return any(step.record or step.kind in SENDING | {Kind.SETTLE} for step in self.steps)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What `decide` needs beside the delivery and its entry."""

    now: datetime
    began: datetime
    """When the ledger began; what was due before it is history."""
    settle: timedelta
    """Waited after a lease, because effects arrive late and listings lag."""
    tries: int
    history_allowed: bool = False
    """A person asked for what was due before the ledger began."""
    ahead: timedelta = timedelta(0)
    """What falls due in this time is planned as if it were due, each at its instant."""

    @property
    def horizon(self) -> datetime:
        return self.now + self.ahead


def decide(delivery: Delivery, entry: Entry | None, world: Circumstances) -> Step:
    """One delivery, one entry, one instant: one step."""
    if entry is None or (delivery.delete and _is_unsent(entry)):
        return _fresh(delivery, entry, world)
    if delivery.over and entry.state is not State.INTENT:
        return _overtaken(delivery, entry)
    match entry.state:
        case State.INTENT:
            return open_intent(entry, delivery, world)
        case State.PUBLISHED:
            return _published(delivery, entry)
        case State.DELETED:
            return _step(Kind.DONE, delivery, entry, "deleted on the platform")
        case State.RETRY:
            return _retry(delivery, entry, world)
        case State.FAILED:
            return _failed(delivery, entry, world)
        case State.HELD:
            return _held(delivery, entry, world)
        case State.MISSED | State.SKIPPED:
            return _passed(delivery, entry, world)


_UNSENT = frozenset({State.RETRY, State.FAILED, State.MISSED, State.SKIPPED})


def _is_unsent(entry: Entry) -> bool:
    """Surely nothing of it is public."""
    return entry.state in _UNSENT or entry.late_hold


def _step(
    kind: Kind, delivery: Delivery, entry: Entry | None, reason: str, at: datetime | None = None
) -> Step:
    return Step(kind, delivery.key, reason, delivery, entry, at)


def _fresh(delivery: Delivery, entry: Entry | None, world: Circumstances) -> Step:
    """Nothing stands in the way but the file, the time and the late policy."""
    if delivery.invalid:
        return _step(Kind.INVALID, delivery, entry, delivery.invalid, delivery.due)
    if delivery.draft:
        return _step(Kind.DRAFT, delivery, entry, "draft: true")
    if delivery.delete:
        return _step(Kind.DRAFT, delivery, entry, _withdrawn(delivery))
    if world.horizon < delivery.due:
        return _step(Kind.WAIT, delivery, entry, _due_in(delivery, world), delivery.due)
    if entry is None and delivery.due < world.began and not world.history_allowed:
        return _history(delivery, world)
    if world.now - delivery.due > delivery.late.grace and delivery.late.then != "publish":
        return _too_late(delivery, entry, world)
    at = max(world.now, delivery.due)
    reason = _due_since(delivery, world) if at == world.now else _due_in(delivery, world)
    return _step(Kind.PUBLISH, delivery, entry, reason, at)


def _withdrawn(delivery: Delivery) -> str:
    if delivery.key.part:
        return "its post is to be deleted"
    return "delete: true, and it was never sent"


def _overtaken(delivery: Delivery, entry: Entry) -> Step:
    """A series goes on: what was not sent on a date is not caught up with after the next one."""
    if entry.state is State.RETRY or entry.late_hold:
        reason = "its series has gone on without it"
        return Step(Kind.MISSED, delivery.key, reason, delivery, entry, None, record=True)
    if entry.state is State.HELD:
        return _step(Kind.HELD, delivery, entry, entry.reason)
    gone_on = "" if entry.state in (State.PUBLISHED, State.DELETED) else "; its series has gone on"
    return _step(Kind.DONE, delivery, entry, f"{entry.state.value}{gone_on}")


def _noted(reason: str, delivery: Delivery) -> str:
    return f"{reason}; {delivery.note}" if delivery.note else reason


def _due_in(delivery: Delivery, world: Circumstances) -> str:
    return _noted(f"due in {span(delivery.due - world.now)}", delivery)


def _history(delivery: Delivery, world: Circumstances) -> Step:
    # Not even recorded as missed: an old repository may have thousands of these.
    reason = (
        f"due before this ledger began ({utc(world.began)}); give it a new time, or type "
        '"--allow history"'
    )
    return Step(Kind.BLOCKED, delivery.key, reason, delivery, guard="history")


def _due_since(delivery: Delivery, world: Circumstances) -> str:
    late = world.now - delivery.due
    now = late < timedelta(minutes=1)
    return _noted("due now" if now else f"due {span(late)} ago", delivery)


def _too_late(delivery: Delivery, entry: Entry | None, world: Circumstances) -> Step:
    late = f"{span(world.now - delivery.due)} late, grace is {span(delivery.late.grace)}"
    late = _noted(late, delivery)
    if delivery.late.then == "hold":
        return Step(Kind.HELD, delivery.key, late, delivery, entry, None, record=True)
    cure = "the next date follows" if delivery.key.occurrence else "give it a new time"
    return Step(Kind.MISSED, delivery.key, f"{late}; {cure}", delivery, entry, None, record=True)


def open_intent(entry: Entry, delivery: Delivery | None, world: Circumstances) -> Step:
    """Somebody was about to send it; the public may see it even if its file is gone by now."""
    assert entry.lease is not None
    lease = entry.lease
    free = lease.until + world.settle
    if world.now < lease.until:
        reason = f"run {lease.run} has it until {utc(lease.until)}"
        return Step(Kind.BUSY, entry.key, reason, delivery, entry, free)
    if world.now < free:
        reason = f"sent by run {lease.run} without a receipt; asked about after {utc(free)}"
        return Step(Kind.BUSY, entry.key, reason, delivery, entry, free)
    reason = f"run {lease.run} left no receipt: ask the platform"
    return Step(Kind.SETTLE, entry.key, reason, delivery, entry, world.now)


def _published(delivery: Delivery, entry: Entry) -> Step:
    if delivery.invalid:
        return _step(Kind.DONE, delivery, entry, "published; its file has findings now")
    if delivery.delete:
        return _step(Kind.DONE, delivery, entry, "published; delete: true")
    # A series is edited for its dates to come: what those of the past said stays as it is.
    if entry.digest != delivery.message.digest and not delivery.key.occurrence:
        return _step(
            Kind.DRIFT,
            delivery,
            entry,
            "the file was changed after it was published; nothing is sent",
        )
    return _step(Kind.DONE, delivery, entry, "published")


def _retry(delivery: Delivery, entry: Entry, world: Circumstances) -> Step:
    fresh = _fresh(delivery, entry, world)
    if fresh.kind is not Kind.PUBLISH:
        return fresh
    last = entry.attempts[-1].message if entry.attempts else "the last run did not finish"
    tries = f"try {entry.tries + 1} of {world.tries}"
    if entry.not_before and world.horizon < entry.not_before:
        wait = f"{tries} in {span(entry.not_before - world.now)}: {last}"
        return _step(Kind.WAIT, delivery, entry, wait, entry.not_before)
    at = max(fresh.at or world.now, entry.not_before or world.now)
    return _step(Kind.RETRY, delivery, entry, f"{tries}: {last}", at)


def _failed(delivery: Delivery, entry: Entry, world: Circumstances) -> Step:
    if entry.digest == delivery.message.digest:
        return _step(Kind.FAILED, delivery, entry, entry.reason)
    return _fresh(delivery, entry, world)


def _held(delivery: Delivery, entry: Entry, world: Circumstances) -> Step:
    # Held because it was late is about time, so a new time frees it. Held in doubt is not: only a
    # person knows whether the public has seen it.
    if entry.late_hold and entry.due != delivery.due:
        return _fresh(delivery, entry, world)
    return _step(Kind.HELD, delivery, entry, entry.reason)


def _passed(delivery: Delivery, entry: Entry, world: Circumstances) -> Step:
    if entry.due != delivery.due:
        return _fresh(delivery, entry, world)
    return _step(Kind.MISSED, delivery, entry, entry.reason)


_ORDER = {kind: rank for rank, kind in enumerate(Kind)}


def _rank(step: Step) -> tuple[int, datetime, DeliveryKey]:
    when = step.delivery.due if step.delivery else step.entry.due if step.entry else None
    assert when is not None
    return _ORDER[step.kind], when, step.key


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """What acts comes first, then what waits; by due time inside."""
    return tuple(sorted(steps, key=_rank))
