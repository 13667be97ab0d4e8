"""Slots: times that the posts of a queue fill, one each, in a stated order.

Which post has which slot follows from the files, the ledger and now; nobody stores it. What the
ledger knows keeps its time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from socialauto.core.delivery import Delivery
from socialauto.core.ledger import Entry
from socialauto.core.occurrences import Ago
from socialauto.core.timetable import Timetable

STRIDE = timedelta(days=200)
LONGEST = timedelta(days=3660)
"""A queue is laid out so far ahead."""
MAX_GRACE = timedelta(days=60)

Span = tuple[date, date]
"""The first and the last day."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The slots of one schedule."""

    id: str
    timetables: tuple[Timetable, ...]
    blackout: tuple[Span, ...] = ()

    def between(self, first: datetime, last: datetime) -> list[datetime]:
        """The slots from `first` to `last`, in UTC and in order, without those of a blackout."""
        found = {
            one.due
            for timetable in self.timetables
            for one in timetable.between(first, last)
            if not any(begin <= one.wall.date() <= end for begin, end in self.blackout)
        }
        return sorted(found)

    def after(self, now: datetime) -> Iterator[datetime]:
        """The slots to come."""
        begin = now
        while begin < now + LONGEST:
            for slot in self.between(begin, begin + STRIDE):
                if slot > begin:
                    yield slot
            begin += STRIDE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post in a queue, on one account."""

    queue: Queue
    delivery: Delivery
    """Its due time is not that of a slot yet."""
    order: int = 0

    def marked(self, invalid: str) -> Waiting:
        """The post, with the error that keeps it from going out."""
        return replace(self, delivery=replace(self.delivery, invalid=invalid)) if invalid else self

    @property
    def rank(self) -> tuple[bool, int, str, str]:
        """Who comes first. What cannot go out does not keep the others waiting."""
        delivery = self.delivery
        return bool(delivery.invalid), self.order, delivery.path, delivery.key.post


def _late(row: list[Waiting], taken: set[datetime], ago: Ago) -> tuple[Waiting, datetime] | None:
    """Who has the newest slot that is past and that nobody has taken: the first in the row that
    was there in time, and only within its grace. Older ones are lost: there is never a burst."""
    slots = row[0].queue.between(max(ago.began, ago.now - MAX_GRACE), ago.now)
    if not slots or slots[-1] in taken:
        return None
    for one in row:
        landed = ago.landed(one.delivery.path)
        if landed is None or landed <= slots[-1]:
            in_time = ago.now - slots[-1] <= one.delivery.late.grace
            return (one, slots[-1]) if in_time and not one.delivery.invalid else None
    return None


def _laid_out(row: list[Waiting], taken: set[datetime], ago: Ago) -> Iterator[Delivery]:
    """The posts of one queue on one account that the ledger does not know, each with its slot."""
    row = sorted(row, key=lambda one: one.rank)
    late = _late(row, taken, ago)
    if late:
        yield late[0].delivery.at(late[1])
        row = [one for one in row if one is not late[0]]
    free = (slot for slot in row[0].queue.after(ago.now) if slot not in taken) if row else iter(())
    slots = list(islice(free, len(row)))
    for one, slot in zip(row, slots, strict=False):
        yield one.delivery.at(slot)
    for one in row[len(slots) :]:
        why = f"{one.queue.id} has no slot left for it"
        yield replace(one.delivery, due=ago.now, invalid=one.delivery.invalid or why)


def queued(waiting: Iterable[Waiting], entries: Iterable[Entry], ago: Ago) -> list[Delivery]:
    """The deliveries of all queues. Drafts take no slot."""
    known = {entry.key: entry for entry in entries if not entry.part}
    taken: Mapping[str, set[datetime]] = defaultdict(set)
    for entry in known.values():
        taken[entry.account].add(entry.due)
    made: list[Delivery] = []
    rows: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
    for one in waiting:
        before = known.get(one.delivery.key)
        if before:
            made.append(one.delivery.at(before.due))
        elif one.delivery.stays:
            made.append(one.delivery)
        else:
            rows[one.queue.id, one.delivery.key.account].append(one)
    for (_, account), row in rows.items():
        for delivery in _laid_out(row, taken[account], ago):
            taken[account].add(delivery.due)
            made.append(delivery)
    return made
