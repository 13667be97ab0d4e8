"""Schedules as they will go out, for people who want to see that before: dates, turns, slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from socialauto.adapters.registry import adapter
from socialauto.core.capability import Capabilities
from socialauto.core.delivery import Delivery
from socialauto.core.occurrences import Series, calendar_of
from socialauto.core.schedule import Change, days_of
from socialauto.core.schedule_checks import SEARCHED
from socialauto.core.schedule_reading import SeriesSource, SlotsSource
from socialauto.core.slots import Queue
from socialauto.core.timetable import Timetable, stamp
from socialauto.core.when import TimeFlaw, on_clock
from socialauto.engine.foresight import Known, queue_ahead
from socialauto.engine.load import Files, Loaded

FREE = 3
"""Slots that nobody has yet, shown behind a queue."""
_WINDOWS = (timedelta(days=60), timedelta(days=400), SEARCHED)
"""Looked at until there are enough dates."""


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a series."""

    wall: datetime
    """As the rule names it."""
    due: datetime
    """In UTC; of one that is skipped, when it would have been."""
    turn: str
    """What goes out: `pool 2`, `replaced`, or empty when there is only one thing."""
    note: str = ""
    skipped: bool = False
    sends: Mapping[str, Delivery] = field(default_factory=dict)
    """By account."""

    @property
    def name(self) -> str:
        return stamp(self.wall)


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """A series with its next dates."""

    written: SeriesSource
    zone: str
    """Empty when nobody can say when it goes out."""
    dates: tuple[Date, ...]
    series: tuple[Series, ...]
    """One an account."""
    capabilities: Mapping[str, Capabilities]
    """By account."""
    changes: tuple[tuple[Change, datetime | None], ...]
    """Exceptions, each with the date that it means."""


@dataclass(frozen=True, slots=True)
class Place:
    """A slot, and who has it."""

    due: datetime
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class QueueShown:
    """What waits on one account."""

    account: str
    row: tuple[Place, ...]
    without: tuple[Delivery, ...]
    """Posts for which there is no slot."""
    free: tuple[datetime, ...]
    """The next slots that nobody has."""
    done: int
    """Posts that the ledger knows."""


@dataclass(frozen=True, slots=True)
class SlotsShown:
    """Slots with the posts that fill them."""

    written: SlotsSource
    queue: Queue | None
    queues: tuple[QueueShown, ...]
    blackouts: tuple[tuple[str, int], ...]
    """As they are written, each with how many slots to come fall away by it."""
    coming: tuple[datetime, ...]
    """The next slots, whoever has them."""
    ledger: bool
    """Whether there was a copy of it to know what is published."""


def _turn(series: Series, delivery: Delivery, wall: datetime) -> str:
    if wall in series.replaced:
        return "replaced"
    if len(series.pool) == 1:
        return ""
    digest = delivery.message.digest
    found = (
        number
        for number, version in enumerate(series.pool, 1)
        if version.at(delivery.due).message.digest == digest
    )
    return f"pool {next(found, '?')}"


def _skipped(timetable: Timetable) -> Iterator[Date]:
    for wall, exemption in timetable.exemptions.items():
        if exemption.skip:
            yield Date(wall, on_clock(wall, timetable.zone)[0], "", skipped=True)


def _dates(series: tuple[Series, ...], first: datetime, last: datetime) -> list[Date]:
    sends: dict[datetime, dict[str, Delivery]] = defaultdict(dict)
    turns: dict[datetime, str] = {}
    for one in series:
        for delivery in calendar_of(one, first, last):
            wall = datetime.fromisoformat(delivery.key.occurrence)
            sends[wall][one.account] = delivery
            turns.setdefault(wall, _turn(one, delivery, wall))
    found = []
    for wall, mine in sends.items():
        delivery = next(iter(mine.values()))
        found.append(Date(wall, delivery.due, turns[wall], delivery.note, sends=mine))
    return sorted(found, key=lambda date: (date.due, date.wall))


def _next_dates(series: tuple[Series, ...], now: datetime, number: int) -> tuple[Date, ...]:
    """So many that go out, with those between them that are skipped."""
    if not series:
        return ()
    found: list[Date] = []
    last = now
    for window in _WINDOWS:
        last = now + window
        found = _dates(series, now, last)
        if len(found) >= number:
            last = found[number - 1].due
            break
    skipped = [one for one in _skipped(series[0].timetable) if now <= one.due <= last]
    shown = [*found[:number], *skipped]
    return tuple(sorted(shown, key=lambda date: (date.due, date.wall)))


def show_series(written: SeriesSource, loaded: Loaded, now: datetime, number: int) -> SeriesShown:
    """The series with its next dates, `number` at most."""
    id = written.source.id
    series = tuple(one for one in loaded.series if one.id == id)
    walls = {index: wall for _, wall, index in written.changes()}
    changes = tuple(
        (change, walls.get(index)) for index, change in enumerate(written.series.changes)
    )
    zone = series[0].timetable.zone.key if series else ""
    capabilities = {
        one.account: adapter(one.pool[0].message.platform).capabilities for one in series
    }
    dates = _next_dates(series, now, number)
    return SeriesShown(written, zone, dates, series, capabilities, changes)


def _blackouts(written: SlotsSource, queue: Queue, now: datetime) -> Iterator[tuple[str, int]]:
    """Blackouts that are not over."""
    for text in written.slots.blackout:
        days = days_of(text)
        zone = queue.timetables[0].zone
        if isinstance(days, TimeFlaw) or days[1] < now.astimezone(zone).date():
            continue
        begin, end = (datetime.combine(day, datetime.min.time(), zone) for day in days)
        first, last = max(now, begin), end + timedelta(days=1)
        lost = {
            one.due
            for timetable in queue.timetables
            for one in timetable.between(first, last)
            if days[0] <= one.wall.date() <= days[1]
        }
        yield text, len(lost)


def _queue_of(
    account: str, queue: Queue, ahead: Iterable[Delivery], now: datetime, number: int, done: int
) -> QueueShown:
    mine = [one for one in ahead if one.key.account == account and not one.stays]
    row = sorted((one for one in mine if one.due > now), key=lambda one: one.due)
    taken = {one.due for one in row}
    free = (slot for slot in queue.after(now) if slot not in taken)
    return QueueShown(
        account,
        tuple(Place(one.due, one) for one in row[:number]),
        tuple(one for one in mine if one.due <= now),
        tuple(islice(free, FREE)),
        done,
    )


def show_slots(
    written: SlotsSource, loaded: Loaded, files: Files, known: Known, now: datetime, number: int
) -> SlotsShown:
    """The slots with the posts that have the next of them, `number` at most on each account."""
    queue = files.queues.get(written.id)
    if queue is None:
        return SlotsShown(written, None, (), (), (), known.entries is not None)
    mine = [one for one in loaded.waiting if one.queue.id == written.id]
    ahead = [
        delivery
        for source, delivery in queue_ahead(loaded, files, known.entries or (), now)
        if source.post.schedule == written.id
    ]
    entries = {entry.key for entry in known.entries or ()}
    queues = []
    for account in sorted({one.delivery.key.account for one in mine}):
        done = sum(
            one.delivery.key in entries for one in mine if one.delivery.key.account == account
        )
        queues.append(_queue_of(account, queue, ahead, now, number, done))
    lost = tuple(_blackouts(written, queue, now))
    coming = tuple(islice(queue.after(now), FREE))
    return SlotsShown(written, queue, tuple(queues), lost, coming, known.entries is not None)
