"""How posts did: samples over time, which posts to ask about next, and what is worth keeping.

A missing number is not known; it never means 0. Metrics have the platform's own names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Entry, Instant, State

FORMAT: Final = 1

MAX_SAMPLES = 40
"""Of one post. The first and the newest always stay."""

BETWEEN = timedelta(hours=20)
"""A daily run that starts a little early still asks; a second one on that day does not."""

BRIEF_LIFE = timedelta(hours=24)
"""What tells its numbers only for so long, as stories do, is asked more often meanwhile."""
BRIEF_BETWEEN = timedelta(hours=3)

BRIEF_KINDS = frozenset({"STORY"})

REFUSAL_COUNTS = timedelta(days=30)
"""So long a metric that was refused is not asked for again; platforms do add some."""

HEADLINE = ("views", "reach", "likes", "comments", "saved", "shares", "replies")
"""The numbers that a short line shows, where they are known."""
HEADLINE_SHOWN = 4

Number = Annotated[int | float, Field(ge=0, allow_inf_nan=False)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sample(_Record):
    """What the platform told at one instant."""

    at: Instant
    metrics: dict[str, Number]


class History(_Record):
    """All that is known of how one publication did: `insights/<account>/<post>.json`."""

    format: int = FORMAT
    account: str
    post: str
    occurrence: str = ""
    remote_id: str
    """Of the publication; a post that went out again is another one."""
    kind: str = ""
    """What the platform calls it: FEED, REELS, STORY."""
    refused: dict[str, Instant] = {}
    """Metrics that the platform did not know for this post, and when it said so last."""
    asked: Instant
    """When the platform answered last, with numbers or without."""
    samples: tuple[Sample, ...] = ()
    """Oldest first."""

    @property
    def key(self) -> DeliveryKey:
        return DeliveryKey(self.account, self.post, self.occurrence)

    @property
    def is_news(self) -> bool:
        """Whether the platform told numbers when it was asked last."""
        return bool(self.samples) and self.samples[-1].at == self.asked

    @property
    def newest(self) -> Sample | None:
        return self.samples[-1] if self.samples else None


@dataclass(frozen=True, slots=True)
class Told:
    """What the platform said about one publication."""

    kind: str
    metrics: Mapping[str, float]
    """Empty: nothing yet."""
    refused: tuple[str, ...] = ()
    """Metrics that were asked for and are not known for it."""


Histories = Mapping[DeliveryKey, History]


def extended(before: History | None, entry: Entry, told: Told, now: datetime) -> History:
    """The history with what was told now. Two samples of one day are one, the later."""
    assert entry.remote_id is not None
    now = now.replace(microsecond=0)
    same = before if before is not None and before.remote_id == entry.remote_id else None
    samples = list(same.samples) if same else []
    if told.metrics:
        brief = told.kind in BRIEF_KINDS
        if samples and samples[-1].at.date() == now.date() and not brief:
            samples.pop()
        samples.append(Sample(at=now, metrics=dict(sorted(told.metrics.items()))))
    return History(
        account=entry.account,
        post=entry.post,
        occurrence=entry.occurrence,
        remote_id=entry.remote_id,
        kind=told.kind or (same.kind if same else ""),
        refused=_refused(same.refused if same else {}, told, now),
        asked=now,
        samples=tuple(thinned(samples)),
    )


def _refused(before: Mapping[str, datetime], told: Told, now: datetime) -> dict[str, datetime]:
    lately = {name: at for name, at in before.items() if now - at < REFUSAL_COUNTS}
    fresh = dict.fromkeys(told.refused, now)
    return {name: at for name, at in sorted((lately | fresh).items()) if name not in told.metrics}


def thinned(samples: list[Sample]) -> list[Sample]:
    """At most `MAX_SAMPLES`: what lies closest between its neighbours, for its age, goes first.

    So the first days, when most happens, keep their detail, and old ones become sparse.
    """
    kept = list(samples)
    while len(kept) > MAX_SAMPLES:
        start = kept[0].at - timedelta(hours=1)
        gaps = {
            index: (kept[index + 1].at - kept[index - 1].at) / (kept[index].at - start)
            for index in range(1, len(kept) - 1)
        }
        del kept[min(gaps, key=lambda index: (gaps[index], -index))]
    return kept


def to_ask(
    entries: Iterable[Entry],
    histories: Histories,
    *,
    now: datetime,
    since: timedelta,
    again: bool = False,
) -> list[Entry]:
    """The publications to ask about, most urgent first; `again` also asks what was asked today.

    What vanishes soon comes before what never told anything, and that before what is oldest news.
    """
    wanted = [
        entry
        for entry in entries
        if entry.state is State.PUBLISHED
        and entry.remote_id
        and not entry.part
        and entry.published_at
        and now - since <= entry.published_at <= now
        and (again or _is_due(entry, histories.get(entry.key), now))
    ]
    return sorted(wanted, key=lambda entry: _urgency(entry, histories.get(entry.key), now))


def _is_due(entry: Entry, history: History | None, now: datetime) -> bool:
    assert entry.published_at is not None
    if history is None or history.remote_id != entry.remote_id:
        return True
    if history.kind not in BRIEF_KINDS:
        return now - history.asked >= BETWEEN
    return now - history.asked >= BRIEF_BETWEEN and now - entry.published_at < BRIEF_LIFE


def _urgency(entry: Entry, history: History | None, now: datetime) -> tuple[int, float]:
    assert entry.published_at is not None
    age = (now - entry.published_at).total_seconds()
    if history is None or history.remote_id != entry.remote_id:
        return 1, age
    if history.kind in BRIEF_KINDS:
        return 0, -age
    return 2, (history.asked - now).total_seconds()


def refusals_by_kind(
    histories: Iterable[History], account: str, now: datetime
) -> dict[str, frozenset[str]]:
    """What the account's platform lately did not know, so that no new post has to find it out."""
    found: dict[str, set[str]] = {}
    for history in histories:
        if history.account == account:
            lately = {name for name, at in history.refused.items() if now - at < REFUSAL_COUNTS}
            found.setdefault(history.kind, set()).update(lately)
    return {kind: frozenset(names) for kind, names in found.items()}


def headline(sample: Sample) -> str:
    """`1,204 views, 830 reach, 98 likes`."""
    shown = [name for name in HEADLINE if name in sample.metrics][:HEADLINE_SHOWN]
    return ", ".join(f"{sample.metrics[name]:,} {name}" for name in shown)
