"""Thirty years of a rule in every zone, by dateutil and zoneinfo: `make year` looks at all rules.

A clock that is changed is looked at by halving: which instant is the first of its day's that shows
a later time. Nothing of the program is called for what is expected.
"""

from __future__ import annotations

import sys
import time as clock
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrulestr

from socialauto.core.recurrence_words import parse_words
from socialauto.core.timetable import Pattern, Timetable
from socialauto.core.when import find_zone

FIRST, LAST = datetime(2005, 1, 1), datetime(2034, 12, 31, 23, 59)  # noqa: DTZ001 - wall clocks
ZONES = sorted(name for name in available_timezones() if find_zone(name))
SECOND = timedelta(seconds=1)
WIDE = timedelta(hours=30)
"""More than any clock has ever leapt."""

RULES = {
    "day": "FREQ=DAILY",
    "monday": "FREQ=WEEKLY;BYDAY=MO",
    "2 weeks on sunday": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
    "month on 1st and 31st": "FREQ=MONTHLY;BYMONTHDAY=1,31",
    "last sunday": "FREQ=MONTHLY;BYDAY=-1SU",
    "month on last day": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "29 february": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
}
CASES = (
    ("day", time(2, 30)),
    ("day", time(0, 0)),
    ("monday", time(9, 0)),
    ("2 weeks on sunday", time(1, 30)),
    ("month on 1st and 31st", time(23, 59)),
    ("last sunday", time(2, 0)),
    ("last sunday", time(3, 0)),
    ("month on last day", time(0, 30)),
    ("29 february", time(12, 0)),
)
"""Every day of thirty years at the hours at which clocks are changed, and every kind of rule."""


@cache
def _walls(rule: str, at: time) -> tuple[datetime, ...]:
    start = datetime.combine(FIRST, at)
    return tuple(rrulestr(rule, dtstart=start).replace(until=LAST))


def _shows(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def _after_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant whose clock shows a later time than one that it never shows."""
    early = wall.replace(tzinfo=UTC) - WIDE
    late = wall.replace(tzinfo=UTC) + WIDE
    while late - early > SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        early, late = (middle, late) if _shows(middle, zone) <= wall else (early, middle)
    return late


def expected(rule: str, at: time, zone: ZoneInfo) -> Iterator[datetime]:
    """The instants, with those that one gap swallows as one."""
    before = None
    for wall in _walls(rule, at):
        # Of a time that comes twice, fold=0 is the first.
        found = wall.replace(tzinfo=zone).astimezone(UTC)
        if _shows(found, zone) != wall:
            found = _after_gap(wall, zone)
        if found != before:
            yield found
        before = found


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at one zone came to."""

    zone: str
    dates: int = 0
    wrong: tuple[str, ...] = ()


def look(zone: str, cases: Iterable[tuple[str, time]] = CASES) -> Seen:
    dates, wrong = 0, []
    for words, at in cases:
        pattern = Pattern(parse_words(f"{words} {at:%H:%M}"), FIRST, LAST)
        margin = timedelta(days=3)
        begin, end = FIRST.replace(tzinfo=UTC) - margin, LAST.replace(tzinfo=UTC) + margin
        found = [one.due for one in Timetable(pattern, ZoneInfo(zone)).between(begin, end)]
        wanted = list(expected(RULES[words], at, ZoneInfo(zone)))
        dates += len(wanted)
        if found != wanted:
            odd = sorted(set(found) ^ set(wanted))
            wrong.append(f"{words} {at:%H:%M} in {zone}: {len(odd)} differ, first {odd[:1]}")
    return Seen(zone, dates, tuple(wrong))


def main(workers: int) -> int:
    began, dates, wrong = clock.perf_counter(), 0, 0
    with ProcessPoolExecutor(workers) as pool:
        for seen in pool.map(look, ZONES, chunksize=8):
            dates += seen.dates
            wrong += len(seen.wrong)
            print(*seen.wrong, sep="\n", end="\n" * bool(seen.wrong), flush=True)
    print(
        f"{dates:,} dates of {len(CASES)} rules in {len(ZONES)} zones over 30 years, "
        f"{wrong} rules differ, {clock.perf_counter() - began:,.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
