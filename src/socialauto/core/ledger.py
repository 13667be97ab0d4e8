"""The ledger as values: entries, their legal transitions, snapshots and changes.

How they are stored and pushed is `repository.ledger`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from socialauto.core.delivery import DeliveryKey
from socialauto.core.outcome import ErrorClass

FORMAT = 1
"""The ledger format this version reads and writes."""

MAX_ATTEMPTS_KEPT = 10
"""Older attempts are dropped from an entry; git's history still has them."""


def _utc(value: datetime) -> datetime:
    if value.utcoffset():
        raise ValueError("must be in UTC")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]


class State(StrEnum):
    INTENT = "intent"
    PUBLISHED = "published"
    RETRY = "retry"
    FAILED = "failed"
    HELD = "held"
    MISSED = "missed"
    SKIPPED = "skipped"
    DELETED = "deleted"


TRANSITIONS: Mapping[State | None, frozenset[State]] = {
    # None: no entry yet. `published` and `deleted` guard themselves: nothing leads back to intent.
    None: frozenset(
        {
            State.INTENT,
            State.RETRY,
            State.FAILED,
            State.HELD,
            State.MISSED,
            State.SKIPPED,
            State.PUBLISHED,
        }
    ),
    State.INTENT: frozenset({State.INTENT, State.PUBLISHED, State.RETRY, State.FAILED, State.HELD}),
    State.RETRY: frozenset(
        {State.INTENT, State.RETRY, State.FAILED, State.HELD, State.MISSED, State.SKIPPED}
    ),
    State.FAILED: frozenset(
        {State.INTENT, State.RETRY, State.FAILED, State.HELD, State.MISSED, State.SKIPPED}
    ),
    State.HELD: frozenset(
        {
            State.INTENT,
            State.PUBLISHED,
            State.RETRY,
            State.FAILED,
            State.HELD,
            State.MISSED,
            State.SKIPPED,
        }
    ),
    State.MISSED: frozenset(
        {State.INTENT, State.RETRY, State.FAILED, State.HELD, State.MISSED, State.SKIPPED}
    ),
    State.SKIPPED: frozenset(
        {State.INTENT, State.RETRY, State.FAILED, State.HELD, State.MISSED, State.SKIPPED}
    ),
    State.PUBLISHED: frozenset({State.PUBLISHED, State.DELETED}),
    State.DELETED: frozenset({State.DELETED}),
}


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Attempt(_Record):
    """One try, as a person wants to read it later."""

    at: Instant
    stage: str
    """prepare, publish or find."""
    kind: ErrorClass
    message: str
    code: str = ""
    run: str = ""
    run_url: str = ""


class Lease(_Record):
    """Who may act on an intent, and until when nobody else may."""

    run: str
    until: Instant
    since: Instant
    """When the intent was written: the platform shows nothing of it from before."""


class Provenance(_Record):
    """Where a publication came from."""

    commit: str
    """The content commit that was acted on."""
    author: str = ""
    """Who last changed the post's file there."""
    version: str = ""
    """Of socialauto."""
    run_url: str = ""


class Entry(_Record):
    """What has been achieved for one delivery."""

    account: str
    post: str
    occurrence: str = ""
    part: str = ""
    state: State
    due: Instant
    digest: str
    fingerprint: str = ""
    handle: dict[str, Any] | None = None
    lease: Lease | None = None
    tries: int = 0
    not_before: Instant | None = None
    attempts: tuple[Attempt, ...] = ()
    reason: str = ""
    """Why it is held, missed, failed or skipped: one sentence for a person."""
    late_hold: bool = False
    """Held only because it was late; nothing was sent."""
    sequels: tuple[str, ...] = ()
    """Parts that the post was sent with a promise of: a first comment."""
    remote_id: str | None = None
    url: str | None = None
    published_at: Instant | None = None
    lateness: float | None = None
    """Seconds between due and published."""
    provenance: Provenance | None = None

    @property
    def key(self) -> DeliveryKey:
        return DeliveryKey(self.account, self.post, self.occurrence, self.part)


class Header(_Record):
    """`ledger/ledger.json`: which ledger this is."""

    format: int
    lineage: str
    """Random, made once; `socialauto.yaml` repeats it, so that a foreign ledger is noticed."""
    began: Instant
    """Posts due before this instant belong to the time before socialauto."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ledger as it was at one commit."""

    tip: str
    header: Header
    entries: Mapping[DeliveryKey, Entry]


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: this entry was `before` when it was read, and shall be `after`."""

    before: Entry | None
    after: Entry


@dataclass(frozen=True, slots=True)
class Applied:
    """The remote has it."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody else changed the entry first; `current` is what it is now."""

    current: Entry | None


WriteResult = Applied | Lost


class IllegalTransitionError(AssertionError):
    """Our bug: a change that the table forbids."""


def check_transition(change: Change) -> None:
    """Raise `IllegalTransitionError` unless the table allows the change."""
    before = change.before.state if change.before else None
    if change.after.state not in TRANSITIONS[before]:
        raise IllegalTransitionError(f"{change.after.key}: {before} → {change.after.state}")
