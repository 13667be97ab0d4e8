"""What a run needs of the world, as protocols: production, tests and simulation hand in theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from socialauto.adapters.protocol import MediaSource, Session
from socialauto.core.clock import Clock
from socialauto.core.ledger import Change, WriteResult
from socialauto.core.plan import Step
from socialauto.engine.events import Listener
from socialauto.engine.waiting import Halt


class Ledger(Protocol):
    """Durable memory. Returning means that the remote has it."""

    async def write(self, changes: Sequence[Change]) -> list[WriteResult]:
        """One result a change, in order. Raises `SocialautoError` when nothing was made durable."""
        ...


Look = Callable[[Step], Awaitable[Step]]


@dataclass(frozen=True, slots=True)
class Ports:
    clock: Clock
    ledger: Ledger
    connect: Callable[[str], AbstractAsyncContextManager[Session]]
    """Opens a session for an account's name. Raises `SocialautoError` when it cannot."""
    media: MediaSource
    chance: Callable[[], float]
    """A random number from 0 to 1, for jitter."""
    author: Callable[[str], str]
    """Who last changed a file, by its path."""
    tell: Listener
    look: Look | None = None
    """How the newest commit and freeze see a step that was planned a while ago; None: as before."""
    commit: Callable[[], str] | None = None
    """The content commit that `look` saw last; None: the run's own."""
    max_skew: timedelta | None = None
    """A clock that is wrong by more than this, by the platform's, sends nothing; None: it was set
    by a person, or nobody knows better."""
    halt: Halt = field(default_factory=Halt)
