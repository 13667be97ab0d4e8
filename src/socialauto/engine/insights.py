"""Asks an account's platform how its posts did: bounded in calls, and never near the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from socialauto.adapters.protocol import (
    Insights,
    NoInsights,
    Question,
    Session,
    TellsInsights,
)
from socialauto.core.delivery import DeliveryKey
from socialauto.core.insights import Histories, History, Told, extended, refusals_by_kind
from socialauto.core.ledger import Entry
from socialauto.core.outcome import ErrorClass
from socialauto.core.spans import utc

if TYPE_CHECKING:
    from socialauto.core.clock import Clock

FAILURES = 3
"""So many questions in a row may fail before the platform is left alone."""

FEWEST_CALLS = 2
"""One for what kind of post it is, one for its numbers."""

_ENDS_ALL = (ErrorClass.AUTH, ErrorClass.RATE_LIMITED)


@dataclass(slots=True)
class Pulled:
    """What came of asking about the posts of one account."""

    account: str
    histories: dict[DeliveryKey, History] = field(default_factory=dict)
    """What is to be kept, new or longer than before."""
    calls: int = 0
    gone: list[DeliveryKey] = field(default_factory=list)
    """Published once, and now the platform does not know them."""
    failed: list[tuple[DeliveryKey, str]] = field(default_factory=list)
    left: int = 0
    """Posts that were not asked about."""
    stopped: str = ""
    """Why not; empty when all were."""
    trouble: bool = False
    """Somebody should look at it: stopping was no matter of patience."""

    @property
    def told(self) -> int:
        return sum(1 for history in self.histories.values() if history.is_news)


class Pull:
    """One account's turn."""

    def __init__(self, session: Session, pulled: Pulled, clock: Clock, most_calls: int) -> None:
        self._session = session
        self._pulled = pulled
        self._clock = clock
        self._most_calls = most_calls
        self._in_a_row = 0

    async def run(self, entries: Sequence[Entry], histories: Histories) -> Pulled:
        pulled = self._pulled
        if not hasattr(self._session, "insights"):
            return self._stop(len(entries), "its platform tells no insights")
        asked = cast("TellsInsights", self._session)
        refused = refusals_by_kind(histories.values(), pulled.account, self._clock.now())
        for index, entry in enumerate(entries):
            left = self._most_calls - pulled.calls
            if left < FEWEST_CALLS:
                words = f"the {self._most_calls} calls that one account gets are used up"
                return self._stop(len(entries) - index, words)
            assert entry.remote_id is not None
            question = Question(entry.remote_id, entry.handle, dict(refused), left)
            answer = await asked.insights(question)
            pulled.calls += answer.calls
            if isinstance(answer, Insights):
                self._keep(entry, histories.get(entry.key), answer)
                for metric in answer.refused:
                    refused[answer.kind] = refused.get(answer.kind, frozenset()) | {metric}
            elif self._note(entry, answer):
                return self._stop(len(entries) - index, answer.problem.message, trouble=True)
            if answer.busy_until and answer.busy_until > self._clock.now():
                words = f"its limit of calls is nearly used up until {utc(answer.busy_until)}"
                return self._stop(len(entries) - index - 1, words)
        return pulled

    def _keep(self, entry: Entry, before: History | None, answer: Insights) -> None:
        self._in_a_row = 0
        told = Told(answer.kind, answer.metrics, answer.refused)
        self._pulled.histories[entry.key] = extended(before, entry, told, self._clock.now())

    def _note(self, entry: Entry, answer: NoInsights) -> bool:
        """Whether to leave the platform alone."""
        if answer.gone:
            self._pulled.gone.append(entry.key)
            return False
        self._in_a_row += 1
        if answer.problem.kind in _ENDS_ALL or self._in_a_row >= FAILURES:
            return True
        self._pulled.failed.append((entry.key, answer.problem.message))
        return False

    def _stop(self, left: int, words: str, *, trouble: bool = False) -> Pulled:
        if left:
            self._pulled.left, self._pulled.stopped = left, words
            self._pulled.trouble = trouble
        return self._pulled


async def pull(
    session: Session,
    account: str,
    entries: Sequence[Entry],
    histories: Histories,
    *,
    clock: Clock,
    most_calls: int,
) -> Pulled:
    """Ask about these publications of one account, in this order. Never raises for an answer."""
    return await Pull(session, Pulled(account), clock, most_calls).run(entries, histories)
