"""Looks again at the shared branch while a run waits: an edit, a deletion, a freeze are obeyed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from socialauto.core.config import Config
from socialauto.core.delivery import Delivery
from socialauto.core.errors import SocialautoError
from socialauto.core.parts import DELETE
from socialauto.core.plan import SENDING, Circumstances, Kind, Step, decide
from socialauto.core.spans import utc
from socialauto.engine.load import Loaded, load
from socialauto.repository.committree import CommitTree
from socialauto.repository.history import followed_tip

if TYPE_CHECKING:
    from socialauto.core.clock import Clock
    from socialauto.core.guard import Terms
    from socialauto.repository.git import Git

FRESH = timedelta(seconds=5)
"""A look at the remote this young serves all who ask."""


def _still_follows(step: Step, delivery: Delivery) -> bool:
    """A deletion is still asked for; everything else is of no use below a post that goes."""
    if step.key.part == DELETE:
        return delivery.delete and not delivery.invalid
    return not delivery.delete


def _dropped(step: Step) -> Step:
    return Step(Kind.ORPHAN, step.key, "its post asks for it no more", None, step.entry)


@dataclass(slots=True)
class Lookout:
    """The content that counts: the run's commit at first, then what the branch has become."""

    git: Git
    config: Config
    clock: Clock
    tree: CommitTree
    loaded: Loaded
    began: datetime
    """When the ledger began."""
    terms: Terms
    """Under which the run's plan was made."""
    _looked: datetime | None = None
    _lock: anyio.Lock = field(default_factory=anyio.Lock)

    @property
    def commit(self) -> str:
        return self.tree.commit

    def read(self, path: str) -> bytes:
        return self.tree.read(path)

    def read_blob(self, blob: str) -> bytes:
        return self.tree.read_blob(blob)

    def close(self) -> None:
        self.tree.close()

    async def look(self, step: Step) -> Step:
        """The step as the newest commit asks for it; the run's own when nothing has changed."""
        async with self._lock:
            now = self.clock.now()
            if self._looked is None or now - self._looked > FRESH:
                await anyio.to_thread.run_sync(self._refresh)
                self._looked = now
        return self._judged(step)

    def _refresh(self) -> None:
        tip = followed_tip(self.git, self.config.ledger.remote)
        if tip and tip != self.tree.commit:
            tree = CommitTree(self.git, tip)
            loaded = load(tree)
            if loaded.config is None:
                tree.close()
                raise SocialautoError(
                    "the newest commit's socialauto.yaml cannot be used",
                    'see "socialauto validate"',
                )
            self.tree.close()
            self.tree, self.loaded = tree, loaded

    def _judged(self, step: Step) -> Step:
        delivery = self._delivery(step)
        if delivery is None:
            gone = "its date is gone" if step.key.occurrence else "its file is gone"
            return Step(Kind.ORPHAN, step.key, gone, None, step.entry)
        if step.key.part:  # its post is public: only a freeze can hold up what follows it
            return self._thawed(step) if _still_follows(step, delivery) else _dropped(step)
        fresh = decide(delivery, step.entry, self._world())
        if fresh.kind not in SENDING:
            return fresh
        assert fresh.at is not None
        assert step.at is not None
        # A gap or a cap may have moved the step; what the files say cannot bring it forward.
        return self._thawed(replace(fresh, at=max(fresh.at, step.at)))

    def _world(self) -> Circumstances:
        return Circumstances(
            self.clock.now(),
            self.began,
            self.config.run.settle,
            self.config.retries.tries,
            history_allowed="history" in self.terms.allowed,
            ahead=self.terms.ahead,
        )

    def _delivery(self, step: Step) -> Delivery | None:
        key = replace(step.key, part="")
        if key.occurrence:
            from socialauto.core.occurrences import delivery_for

            digest = step.delivery.message.digest if step.delivery else ""
            return delivery_for(self.loaded.series, key, digest)
        found = (one for one in self.loaded.deliveries if one.key == key)
        return next(found, None) or self._queued(step)

    def _queued(self, step: Step) -> Delivery | None:
        """A post in a queue keeps the slot that the run's plan gave it."""
        for one in self.loaded.waiting:
            if one.delivery.key == replace(step.key, part=""):
                due = step.delivery.due if step.delivery else one.delivery.due
                return one.delivery.at(due)
        return None

    def _thawed(self, step: Step) -> Step:
        assert step.at is not None
        for freeze in self.loaded.freezes:
            if "freeze" not in self.terms.allowed and freeze.holds(step.key.account, step.at):
                reason = f"frozen until {utc(freeze.until)}: {freeze.reason}"
                return replace(step, kind=Kind.WAIT, at=freeze.until, reason=reason)
        return step
