"""What a run tells while it works, and what it found out in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from socialauto.core.delivery import DeliveryKey


class Phase(StrEnum):
    PREPARING = "preparing"
    WAITING = "waiting"
    """Prepared; its instant has not come."""
    PUBLISHING = "publishing"
    SETTLING = "settling"


class Outcome(StrEnum):
    """How a delivery ended in this run."""

    PUBLISHED = "published"
    SETTLED = "settled"
    """Found to have been published by an earlier run."""
    RETRY = "retry"
    FAILED = "failed"
    MISSED = "missed"
    HELD = "held"
    IN_DOUBT = "in doubt"
    DELETED = "deleted"
    """What was published is gone from the platform."""
    CHANGED = "changed"
    """The file, or a freeze, asked for something else while the run waited for its instant."""
    TAKEN = "taken"
    """Another run has it."""
    UNRECORDED = "unrecorded"
    """It is public, but the ledger could not be told."""


BAD = frozenset({Outcome.FAILED, Outcome.MISSED, Outcome.HELD, Outcome.IN_DOUBT,
                 Outcome.UNRECORDED, Outcome.RETRY})  # fmt: skip
"""Outcomes that somebody wants to hear about."""


@dataclass(frozen=True, slots=True)
class Progress:
    key: DeliveryKey
    phase: Phase


@dataclass(frozen=True, slots=True)
class Result:
    key: DeliveryKey
    outcome: Outcome
    message: str = ""
    url: str | None = None
    remote_id: str | None = None
    at: datetime | None = None
    """When it was published, or when it is tried again; aware, in UTC."""
    lateness: float | None = None
    """Seconds."""


@dataclass(frozen=True, slots=True)
class AccountStopped:
    """One line for everything that waits behind an account that cannot send."""

    account: str
    message: str
    waiting: int


Event = Progress | Result | AccountStopped
Listener = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    results: tuple[Result, ...]
    stopped: tuple[AccountStopped, ...] = ()

    def count(self, *outcomes: Outcome) -> int:
        return sum(result.outcome in outcomes for result in self.results)

    @property
    def clean(self) -> bool:
        return not self.stopped and not self.count(*BAD)
