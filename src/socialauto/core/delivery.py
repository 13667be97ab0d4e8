"""A delivery: one post on one account, the unit that goes out at most once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from socialauto.core.message import Message

Dated = Callable[[datetime], tuple[Message, str]]
"""From a due time, in UTC, to the message and the error, if any, that keeps it from going out."""
LateAction = Literal["skip", "hold", "publish"]


@dataclass(frozen=True, slots=True, order=True)
class DeliveryKey:
    """What a delivery is, whatever happens to its file, its text or its time.

    Never made from content: an edit after publishing must not publish again.
    """

    account: str
    post: str
    occurrence: str = ""
    """Wall-clock time of one date of a recurring post, `2026-12-07T09:00`; empty otherwise."""
    part: str = ""
    """What follows the post and is done only once, too: `comment`, `delete`; empty for the post
    itself."""

    @property
    def name(self) -> str:
        """As people write it, without the account; no id contains an @."""
        return "@".join(word for word in (self.post, self.occurrence, self.part) if word)

    def __str__(self) -> str:
        return f"{self.name} on {self.account}"


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """How late is still fine, and what happens to what is later than that."""

    grace: timedelta
    then: LateAction


@dataclass(frozen=True, slots=True)
class Delivery:
    """The desired side: what the files ask for, with where they say it."""

    key: DeliveryKey
    due: datetime
    """Aware, in UTC."""
    zone: str
    """IANA name of the zone in which people wrote the time, for showing it back to them."""
    message: Message
    late: LatePolicy
    draft: bool = False
    delete: bool = False
    """What went out is to be deleted; what has not never goes out."""
    path: str = ""
    line: int = 1
    allowed: tuple[tuple[str, str], ...] = ()
    """Policies that the post does not follow, each with the reason."""
    invalid: str = ""
    """The first error found in its file, as one line; such a delivery never goes out."""
    note: str = ""
    """What people should know about its time: the clock was changed, a date was moved."""
    dated: Dated | None = field(default=None, compare=False, repr=False)
    """Makes the message of another date; None when it is the same on every one."""
    over: bool = False
    """A date of a series that a newer one has overtaken, or that the series no longer has."""

    def at(self, due: datetime) -> Delivery:
        """The delivery, going out at `due`, with the words of that date."""
        if self.dated is None:
            return replace(self, due=due)
        message, flaw = self.dated(due)
        return replace(self, due=due, message=message, invalid=self.invalid or flaw)

    @property
    def stays(self) -> bool:
        """It does not go out, whatever its time."""
        return self.draft or self.delete
