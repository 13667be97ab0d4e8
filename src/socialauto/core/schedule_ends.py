"""Schedules that have come to their end: nothing of them goes out any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from socialauto.core.finding import Finding
from socialauto.core.horizon import Planned
from socialauto.core.occurrences import Series
from socialauto.core.schedule_checks import SEARCHED
from socialauto.core.schedule_reading import SeriesSource, SlotsSource
from socialauto.core.slots import Queue
from socialauto.core.timetable import Timetable

_STEPS = (0, 7, 60, 400, SEARCHED.days)
"""Days ahead: nearly every schedule is found alive in the first."""


def comes_again(timetable: Timetable, now: datetime) -> bool:
    """Whether there is any date to come, in the ten years that are looked at."""
    return any(
        timetable.between(now + timedelta(days=begin), now + timedelta(days=end))
        for begin, end in pairwise(_STEPS)
    )


def series_findings(
    written: Iterable[SeriesSource], series: Iterable[Series], now: datetime
) -> Iterator[Finding]:
    """Series without a date to come; a draft or a broken one says nothing."""
    timetables = {one.id: one.timetable for one in series}
    for one in written:
        timetable = timetables.get(one.source.id)
        if timetable is None or one.source.post.draft or comes_again(timetable, now):
            continue
        fields = ("until", "count", "every", "rule")
        field = next(name for name in fields if getattr(one.series, name, None) is not None)
        line, column = one.source.place(field)
        message = "the last date of this series has passed"
        hint = "remove it (what is published stays), or let it last longer"
        yield Finding(one.source.path, line, column, "SA612", message, hint, "warning")


def slots_findings(
    written: Iterable[SlotsSource], queues: Mapping[str, Queue | None], now: datetime
) -> Iterator[Finding]:
    """Slots of which none is to come: all are past, or in a blackout."""
    for one in written:
        queue = queues.get(one.id)
        if queue is None or next(queue.after(now), None) is not None:
            continue
        field = "until" if one.slots.until is not None else "slots"
        message, hint = "the last of these slots has passed", "let them last longer"
        if any(comes_again(timetable, now) for timetable in queue.timetables):
            field, message = "blackout", "all slots to come are in a blackout"
            hint = "shorten the blackout"
        yield replace(one.finding(field, "SA612", message, hint), severity="warning")


def left_over(queued: Iterable[Planned], now: datetime) -> Iterator[Finding]:
    """Posts for which their queue has no slot left; one finding a queue and account."""
    rows: dict[tuple[str, str], list[Planned]] = {}
    for source, delivery in queued:
        if not delivery.stays:
            name = source.post.schedule or ""
            rows.setdefault((name, delivery.key.account), []).append((source, delivery))
    for (name, account), row in rows.items():
        without = [one for one in row if one[1].due <= now]
        if without:
            source = without[0][0]
            line, column = source.place("schedule")
            message = f"{name} has {len(row) - len(without)} slots to come on {account}, and"
            message += f" {len(row)} posts wait for one: this gets none"
            hint = "let the slots last longer, or give it a time"
            yield Finding(source.path, line, column, "SA613", message, hint, "warning")
