"""Posts in queues: what they would send, and what is wrong with it; when, a plan says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice

from socialauto.core.accounts import names_of
from socialauto.core.finding import Finding
from socialauto.core.reading import Source
from socialauto.core.schedule import days_of
from socialauto.core.schedule_reading import SlotsSource
from socialauto.core.slots import Queue, Waiting
from socialauto.core.suggest import did_you_mean, one_of, quoted
from socialauto.core.timetable import Timetable
from socialauto.core.when import TimeFlaw, find_zone
from socialauto.engine.deliveries import delivery_of
from socialauto.engine.drafting import Setting

SLOTS_LOOKED_AT = 60
"""A post waits for one of the next slots; its words are tried in so many."""

_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def _queue(written: SlotsSource, setting: Setting) -> Queue | None:
    zone = find_zone(written.slots.timezone or setting.config.timezone)
    if zone is None or not written.patterns:
        return None
    spans = [days_of(text) for text in written.slots.blackout]
    blackout = tuple(span for span in spans if not isinstance(span, TimeFlaw))
    return Queue(
        written.id, tuple(Timetable(pattern, zone) for pattern in written.patterns), blackout
    )


def queues_of(
    written: Iterable[SlotsSource], setting: Setting
) -> tuple[dict[str, Queue | None], list[Finding]]:
    """Slots by their id, None for those that have errors."""
    found: dict[str, Queue | None] = {}
    findings = []
    for one in written:
        if one.id in found:
            hint = "give one of them another id"
            message = f'the id "{one.id}" is also that of other slots'
            findings.append(one.finding("id", "SA601", message, hint))
        found[one.id] = None if one.id in found else _queue(one, setting)
    return found, findings


def _unknown(source: Source, known: Iterable[str]) -> Finding:
    name, names = str(source.post.schedule), sorted(known)
    otherwise = f"the slots are {one_of(names)}" if names else "write slots: in schedules/"
    hint = did_you_mean(name, names, otherwise=otherwise)
    return source.finding("schedule", "SA322", f"there are no slots {quoted(name)}", hint)


def _twice(source: Source) -> Finding:
    hint = "keep one of the two"
    return source.finding("schedule", "SA321", "there is a time and a schedule", hint, key=True)


def _own_times(source: Source) -> Iterator[Finding]:
    for name, override in source.post.overrides.items():
        if override.time is not None:
            message, hint = "the queue says when it goes out", "remove the line"
            yield source.finding(f"overrides.{name}.time", "SA321", message, hint, key=True)


def _zone(source: Source) -> Finding:
    message = "the slots have a time zone of their own"
    return source.finding("timezone", "SA321", message, "remove the line", key=True)


@dataclass
class _Slots:
    """Some of a queue's slots, looked up once for all of its posts."""

    queue: Queue
    now: datetime | None

    @cached_property
    def next(self) -> datetime | None:
        return next(self.queue.after(self.now or _LONG_AGO), None)

    @cached_property
    def first(self) -> datetime | None:
        """The same every day."""
        return next(self.queue.after(_LONG_AGO), None)

    @cached_property
    def _coming(self) -> list[datetime]:
        return list(islice(self.queue.after(self.now), SLOTS_LOOKED_AT)) if self.now else []

    def coming(self) -> Iterator[datetime]:
        """For words that are others in each; looked up when there are some."""
        yield from self._coming


def all_waiting(
    sources: Iterable[Source], queues: Mapping[str, Queue | None], setting: Setting
) -> tuple[list[Waiting], list[Finding]]:
    """Every post that is in a queue, on every account that is known."""
    made: list[Waiting] = []
    findings: list[Finding] = []
    known: dict[str, _Slots] = {}
    for source in sources:
        post = source.post
        if post.schedule is None:
            continue
        findings += [_twice(source)] if post.time is not None else []
        findings += _own_times(source)
        findings += [_zone(source)] if post.timezone is not None else []
        if post.schedule not in queues:
            findings.append(_unknown(source, queues))
        queue = queues.get(post.schedule)
        for name in names_of(source):
            if queue and name in setting.adapters:
                slots = known.setdefault(queue.id, _Slots(queue, setting.now))
                due = slots.next or setting.now or _LONG_AGO
                delivery, found = delivery_of(
                    source,
                    name,
                    due,
                    setting,
                    zone=queue.timetables[0].zone.key,
                    words_on=slots.first,
                    dates=slots.coming(),
                )
                findings += found
                made += [Waiting(queue, delivery, post.order)] if delivery else []
    return made, findings
