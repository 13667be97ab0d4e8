"""A delivery: one post on one account, the unit that goes out at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from socialauto.core.message import Message

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
    """What follows the post and is done only once, too: `comment`; empty for the post itself."""

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
    path: str = ""
    line: int = 1
    allowed: tuple[tuple[str, str], ...] = ()
    """Policies that the post does not follow, each with the reason."""
    invalid: str = ""
    """The first error found in its file, as one line; such a delivery never goes out."""
    note: str = ""
    """What people should know about its time: the clock was changed, a date was moved."""
    over: bool = False
    """A date of a series that a newer one has overtaken, or that the series no longer has."""
