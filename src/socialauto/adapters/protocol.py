"""What a platform adapter is. Nothing to inherit: a module that has these names is one.

The engine calls `prepare` as often as it likes, `publish` once per intent, and `find` whenever an
intent has no receipt. An adapter never repeats its visible call, never sleeps but on the clock it
was handed, and lets no exception out but `SocialautoError` for what is wrong before anything was
sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from socialauto.core.account_checkup import Lack
from socialauto.core.capability import Capabilities
from socialauto.core.clock import Clock
from socialauto.core.errors import MediaHostError
from socialauto.core.finding import Complaint
from socialauto.core.message import MediaItem, Message
from socialauto.core.outcome import (
    FindOutcome,
    Handle,
    PrepareOutcome,
    Problem,
    PublishOutcome,
)

if TYPE_CHECKING:
    import httpx

    from socialauto.core.config import Account


class MediaSource(Protocol):
    """Gives a platform the bytes of a media item, by URL or directly."""

    async def url(self, item: MediaItem) -> str:
        """A URL that a stranger can fetch, tried before it is returned.

        Raises `MediaHostError` when there is no host or it does not serve the right bytes.
        """
        ...

    async def read(self, item: MediaItem) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What an adapter needs of the world, handed in by whoever wires a run."""

    clock: Clock
    token: str = field(repr=False)
    """The secret itself. It goes into a header and nowhere else."""
    transport: httpx.AsyncBaseTransport | None = None
    """None in production; tests and simulation hand one in."""


@dataclass(frozen=True, slots=True)
class Identity:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Search:
    """What `find` may use beside the handle.

    The message is not among it: the file may have been edited or deleted since. What `find` needs
    to recognise a publication (type, number of media, a hash of the normalised text), `prepare`
    puts into the handle.
    """

    since: datetime
    """When the intent was written, aware and in UTC."""
    taken: frozenset[str] = frozenset()
    """Remote ids that belong to other deliveries of this account."""


class Session(Protocol):
    """An open connection to one account."""

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        """Upload and wait until the platform is ready; invisible, repeatable.

        `previous` is the handle of an earlier try, used again when the platform still takes it.
        """
        ...

    async def publish(self, handle: Handle) -> PublishOutcome:
        """The one visible call, made once. A failed read afterwards never changes the answer."""
        ...

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        """Was this handle published? Reads only. An unreadable answer is `Unknown`."""
        ...

    async def permalink(self, remote_id: str) -> str | None:
        """The public address, best effort: None when it cannot be read now."""
        ...

    async def quota_left(self) -> int | None:
        """Posts the platform still takes from this account today; None when it does not say."""
        ...

    async def whoami(self) -> Identity:
        """The account the token belongs to. Raises `SocialautoError` when it is refused."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """How did this publication do?"""

    remote_id: str
    handle: Handle | None = None
    """As the ledger keeps it; None when it does not any more."""
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By the platform's kind of post: metrics that it lately did not know, not asked for again."""
    most_calls: int = 10


@dataclass(frozen=True, slots=True)
class Insights:
    """What the platform said, under its own names. A metric that is missing is not known."""

    kind: str
    metrics: Mapping[str, float]
    """Empty: nothing yet."""
    refused: tuple[str, ...] = ()
    """Metrics that were asked for and do not exist for this publication."""
    calls: int = 1
    busy_until: datetime | None = None
    """Limits of calls are nearly used up: begin nothing new before then."""


@dataclass(frozen=True, slots=True)
class NoInsights:
    """The question could not be answered."""

    problem: Problem
    calls: int = 1
    gone: bool = False
    """The platform does not know the publication (any more)."""
    busy_until: datetime | None = None


class TellsInsights(Protocol):
    """What a `Session` may offer beside its duties: the numbers of a publication. Reads only."""

    async def insights(self, question: Question) -> Insights | NoInsights: ...


@dataclass(frozen=True, slots=True)
class Vitals:
    """How an account and its token are, as far as the platform says; None: it does not."""

    account_type: str | None = None
    fit_types: tuple[str, ...] = ()
    """The types that can be published to."""
    lacking: tuple[Lack, ...] | None = None
    """Permissions that the token has not, out of all that are of use."""
    quota_used: int | None = None
    quota_total: int | None = None
    load: float | None = None
    """Per cent of the limit of calls that are used up."""
    api_version: str = ""
    api_released: date | None = None
    api_ends: date | None = None
    """As the platform has announced it."""
    skew: timedelta | None = None
    """By how much our clock is ahead of the platform's."""


@runtime_checkable
class TellsTime(Protocol):
    """What a `Session` may offer beside its duties: what the platform's clock shows."""

    def skew(self) -> timedelta | None:
        """By how much our clock is ahead of the platform's, surely, by the last answer that said
        the time; zero when the two may agree, None when no answer said."""
        ...


class TellsVitals(Protocol):
    """What a `Session` may offer beside its duties, for `doctor`. Reads only."""

    async def vitals(self, granted: frozenset[str] | None) -> Vitals:
        """`granted`: what is known of the token's permissions from elsewhere.

        Raises nothing: what cannot be read is None.
        """
        ...


class Adapter(Protocol):
    """A platform."""

    platform: str
    capabilities: Capabilities

    def check(self, message: Message) -> Iterable[Complaint]:
        """Rules that data cannot say. Pure and offline."""
        ...

    def connect(self, account: Account, tools: Tools) -> AbstractAsyncContextManager[Session]:
        """Open a session; imports HTTP only here, so that validation never pays for it."""
        ...


__all__ = [
    "Adapter",
    "Complaint",
    "Identity",
    "Insights",
    "MediaHostError",
    "MediaSource",
    "NoInsights",
    "Question",
    "Search",
    "Session",
    "TellsInsights",
    "TellsVitals",
    "Tools",
    "Vitals",
]
