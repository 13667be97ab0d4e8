"""The run log: what each run has done, read from the ledger's entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from socialauto.core.plan import Step
from socialauto.dashboard.scene import Item, Scene, page_of

RUNS_SHOWN = 100
EVENTS_SHOWN = 100
"""Of one run; a run that did more says so."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a run did."""

    at: datetime
    run: str
    """Its address where it has one, otherwise its id; empty when the ledger does not say it."""
    name: str
    account: str
    page: str
    good: bool
    words: str


@dataclass(frozen=True, slots=True)
class Run:
    """Events of one run, in their order."""

    run: str
    events: tuple[Event, ...]

    @property
    def published(self) -> int:
        return sum(event.good for event in self.events)

    @property
    def failures(self) -> int:
        return len(self.events) - self.published


def _events(step: Step) -> Iterator[Event]:
    entry = step.entry
    if entry is None:
        return
    for attempt in entry.attempts:
        code = f" ({attempt.code})" if attempt.code else ""
        words = f"{attempt.stage}: {attempt.message}{code}"
        yield _event(step, attempt.at, attempt.run_url or attempt.run, words, good=False)
    if entry.published_at is not None:
        run = entry.provenance.run_url if entry.provenance else ""
        yield _event(step, entry.published_at, run, "published", good=True)


def _event(step: Step, at: datetime, run: str, words: str, *, good: bool) -> Event:
    page = page_of(step.key)
    return Event(at, run, step.key.name, step.key.account, page, good, words)


def _steps(item: Item) -> Iterator[Step]:
    yield item.step
    yield from item.parts


def runs(scene: Scene) -> tuple[Run, ...]:
    """Newest first. What the ledger ties to no run is put together by its day."""
    found: dict[str, list[Event]] = defaultdict(list)
    for item in scene.items:
        for step in _steps(item):
            for event in _events(step):
                found[event.run or f"{event.at.astimezone(scene.zone):%Y-%m-%d}"].append(event)
    made = [
        Run(events[0].run, tuple(sorted(events, key=lambda event: (event.at, event.name))))
        for events in found.values()
    ]
    return tuple(sorted(made, key=lambda run: run.events[-1].at, reverse=True))
