"""Group commit: many ask for durability at once, one writer makes one push of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import anyio

from socialauto.core.clock import Clock
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Change, WriteResult
from socialauto.engine.ports import Ledger

RECEIPT_TRIES = 6
"""A receipt that is not durable leaves a delivery in doubt: worth asking the remote again."""
RECEIPT_PAUSE = 2.0
"""Seconds before the second try; doubles."""


@dataclass(slots=True, eq=False)
class _Request:
    changes: Sequence[Change]
    done: anyio.Event = field(default_factory=anyio.Event)
    results: list[WriteResult] = field(default_factory=list)
    error: SocialautoError | None = None


_GONE = SocialautoError("the ledger's writer has stopped; what it was doing may be durable or not")


def _fail(request: _Request, error: SocialautoError) -> None:
    request.error = error
    request.done.set()


class Journal:
    """The one writer of a run. `run` works in a task of its own; `write` may be called by many."""

    def __init__(self, ledger: Ledger, clock: Clock, *, interval: float = 0.0) -> None:
        """At most two pushes and one more each `interval` seconds of the run: a small run need not
        wait, and in a large one many writes share a push."""
        self._ledger = ledger
        self._clock = clock
        self._interval = interval
        self._waiting: list[_Request] = []
        self._wake = anyio.Event()
        self._dead = False
        self._pushes = 0

    async def run(self) -> None:
        """Serve until cancelled."""
        began = self._clock.now()
        try:
            while True:
                await self._wake.wait()
                self._wake = anyio.Event()
                while self._waiting:
                    await self._clock.sleep(self._too_early(began))
                    batch, self._waiting = self._waiting, []
                    self._pushes += 1
                    await self._flush(batch)
        finally:
            self._die()

    def _too_early(self, began: datetime) -> float:
        """Seconds until the next push is allowed."""
        allowed = began + timedelta(seconds=self._interval * max(0, self._pushes - 1))
        # Never more than one interval, in case the system's clock was set back meanwhile.
        return min((allowed - self._clock.now()).total_seconds(), self._interval)

    def _die(self) -> None:
        """Nobody may wait for a writer that is gone: lanes hold off cancellation while they do."""
        self._dead = True
        for request in self._waiting:
            _fail(request, _GONE)

    async def _flush(self, batch: list[_Request]) -> None:
        changes = [change for request in batch for change in request.changes]
        try:
            # Once git is pushing, only its answer tells what became durable.
            with anyio.CancelScope(shield=True):
                results = await self._ledger.write(changes)
        except SocialautoError as error:
            for request in batch:
                _fail(request, error)
            return
        except BaseException:
            for request in batch:
                _fail(request, _GONE)
            raise
        for request in batch:
            request.results = results[: len(request.changes)]
            results = results[len(request.changes) :]
            request.done.set()

    async def write(self, changes: Sequence[Change]) -> list[WriteResult]:
        """Wait until these changes are durable, together with whoever else asks now.

        Raises `SocialautoError` when the ledger cannot be written; then nothing of it is durable.
        """
        if self._dead:
            raise _GONE
        request = _Request(changes)
        self._waiting.append(request)
        self._wake.set()
        await request.done.wait()
        if request.error:
            raise request.error
        return request.results

    async def write_receipt(self, *changes: Change) -> WriteResult:
        """As `write`, but does not give up at the first error: the public has already seen it.

        Several changes are one commit; the answer is about the first.
        """
        pause = RECEIPT_PAUSE
        for _ in range(RECEIPT_TRIES - 1):
            try:
                return (await self.write(changes))[0]
            except SocialautoError:
                if self._dead:
                    raise
                await self._clock.sleep(pause)
                pause *= 2
        return (await self.write(changes))[0]
