"""When a series goes out: its rule between its ends, on the clock of a zone, with exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from socialauto.core.recurrence import Rule, walls
from socialauto.core.when import on_clock

EPOCH = datetime(2024, 1, 1)  # noqa: DTZ001 - a wall clock
"""Where series without a start begin to count: any Monday would do, for ever the same."""
SLACK = timedelta(days=2)
"""More than any clock is away from UTC, and than any clock has ever leapt."""


def stamp(wall: datetime) -> str:
    """`2026-12-07T09:00`, the name of an occurrence."""
    return f"{wall:%Y-%m-%dT%H:%M}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule with its ends; on a wall clock."""

    rule: Rule
    start: datetime = EPOCH
    until: datetime | None = None
    """The last minute in which it may fire."""
    count: int | None = None

    def walls(self, first: date, last: date) -> Iterator[datetime]:
        """In order, from the day `first` to the day `last`."""
        last = min(last, self.until.date()) if self.until else last
        if self.count is None:
            found = walls(self.rule, self.start, first, last)
        else:
            counted = islice(walls(self.rule, self.start, self.start.date(), last), self.count)
            found = (wall for wall in counted if wall.date() >= first)
        return (wall for wall in found if self.until is None or wall <= self.until)

    def numbers(self, last: date) -> dict[datetime, int]:
        """Which in the row each date up to the day `last` is, from 0."""
        return {wall: number for number, wall in enumerate(self.walls(self.start.date(), last))}


@dataclass(frozen=True, slots=True)
class Exemption:
    """What is different on one date."""

    skip: bool = False
    due: datetime | None = None
    """In UTC: when it goes out instead."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series."""

    wall: datetime
    """As the rule names it, whenever it goes out: this is what identifies it."""
    due: datetime
    """In UTC."""
    note: str = ""
    """What people should know about its time."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """All dates of a series, as instants."""

    pattern: Pattern
    zone: ZoneInfo
    exemptions: Mapping[datetime, Exemption] = field(default_factory=dict)
    """By wall clock."""

    def at(self, wall: datetime) -> Occurrence | None:
        """The date of this name; None when there is none, or it is skipped."""
        named = wall in self.pattern.walls(wall.date(), wall.date())
        return self._occurrence(wall) if named else None

    def _occurrence(self, wall: datetime) -> Occurrence | None:
        exemption = self.exemptions.get(wall)
        if exemption and exemption.skip:
            return None
        if exemption and exemption.due:
            return Occurrence(wall, exemption.due, f"moved from {wall:%Y-%m-%d %H:%M}")
        return Occurrence(wall, *on_clock(wall, self.zone))

    def between(self, first: datetime, last: datetime) -> list[Occurrence]:
        """What goes out from `first` to `last` (both in UTC and included), by due time.

        Hours that the clock skips all fall on the instant after: one of them stands for all.
        """
        days = set(self.pattern.walls((first - SLACK).date(), (last + SLACK).date()))
        days |= {wall for wall, exemption in self.exemptions.items() if exemption.due}
        found: dict[tuple[datetime, datetime | None], Occurrence] = {}
        for wall in sorted(days):
            one = self._occurrence(wall)
            if one and first <= one.due <= last:
                moved = wall if wall in self.exemptions else None
                found.setdefault((one.due, moved), one)
        return sorted(found.values(), key=lambda one: (one.due, one.wall))
