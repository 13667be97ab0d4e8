"""Which instants the facts of a year name: dateutil and zoneinfo, and nothing of the program."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from support.simulation.year_files import SeriesFacts, SlotsFacts

MINUTE = timedelta(minutes=1)
END = datetime(2028, 3, 1)  # noqa: DTZ001 - a wall clock
"""Later than anything that the team plans."""


def instant(wall: datetime, zone: str) -> datetime:
    """When the clock on the wall shows this: the first time if twice, and if never, the first
    instant that shows a later time."""
    clock = ZoneInfo(zone)
    found = wall.replace(tzinfo=clock).astimezone(UTC)
    if found.astimezone(clock).replace(tzinfo=None) == wall:
        return found
    found -= timedelta(hours=3)
    while found.astimezone(clock).replace(tzinfo=None) <= wall:
        found += MINUTE
    return found


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a series."""

    due: datetime
    wall: datetime
    turn: int
    """Which date of the rule it is, from 0."""
    text: str | None = None
    """Instead of that of the pool."""

    @property
    def name(self) -> str:
        return self.wall.strftime("%Y-%m-%dT%H:%M")


def _walls(rule: str, at: tuple[int, int], start: datetime) -> list[datetime]:
    begin = datetime.combine(start, time(*at))
    return list(rrulestr(rule, dtstart=begin).replace(until=END))


@cache
def dates(series: SeriesFacts) -> tuple[Date, ...]:
    """All of them, by the instant at which they are due."""
    found = []
    different = {one.on: one for one in series.exceptions}
    start = datetime.combine(series.start, time())
    for turn, wall in enumerate(_walls(series.rule, series.at, start)):
        change = different.get(datetime.combine(wall.date(), time()))
        if change is None:
            found.append(Date(instant(wall, series.zone), wall, turn))
        elif change.text is not None:
            found.append(Date(instant(wall, series.zone), wall, turn, change.text))
        elif change.move:
            found.append(Date(instant(change.move, series.zone), wall, turn))
    return tuple(sorted(found, key=lambda date: date.due))


@cache
def slots(facts: SlotsFacts) -> tuple[datetime, ...]:
    """All of them, in order."""
    walls = chain.from_iterable(
        _walls(rule, at, datetime(2026, 1, 5))  # noqa: DTZ001 - a wall clock
        for _, rule, at in facts.slots
    )
    return tuple(
        sorted(
            {
                instant(wall, facts.zone)
                for wall in walls
                if not any(first <= wall.date() <= last for first, last in facts.blackout)
            }
        )
    )


def between(found: Sequence[datetime], first: datetime, last: datetime) -> Sequence[datetime]:
    """Those after `first`, up to `last`."""
    return found[bisect_right(found, first) : bisect_right(found, last)]


def dated(found: Sequence[Date], first: datetime, last: datetime) -> Sequence[Date]:
    """Those from `first` to `last`."""
    dues = [one.due for one in found]
    return found[bisect_left(dues, first) : bisect_right(dues, last)]
