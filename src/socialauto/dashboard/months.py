"""Months and weeks as tables of days, on the team's clocks."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from socialauto.dashboard.scene import Item, Scene

IN_A_DAY = 4
"""Posts that a day of a month shows before it leads to its week."""
IN_A_WEEKDAY = 150
"""Posts that a day of a week shows before it leads to the list."""


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    items: Sequence[Item]
    total: int
    """Of which `items` are the first."""
    outside: bool
    """It belongs to the month before or after."""
    today: bool

    @property
    def left_out(self) -> int:
        return self.total - len(self.items)

    @property
    def week(self) -> str:
        return week_page(self.date)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the calendar."""

    page: str
    title: str
    weeks: tuple[tuple[Day, ...], ...]
    total: int
    before: str
    """The page before; empty for the first one."""
    after: str
    other: str
    """The week's month, or a week of the month."""
    is_month: bool


def month_page(day: date) -> str:
    return f"calendar/{day:%Y-%m}.html"


def week_page(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"calendar/{year}-W{week:02d}.html"


@dataclass(frozen=True, slots=True)
class _Diary:
    """The items by day, and today."""

    days: dict[str, list[Item]]
    today: date

    def day(self, date: date, *, most: int, month: int = 0) -> Day:
        items = self.days.get(date.isoformat(), [])
        outside = bool(month) and date.month != month
        return Day(date, items[:most], len(items), outside, date == self.today)


def _diary(scene: Scene) -> _Diary:
    return _Diary(scene.days(scene.by_time), scene.now.astimezone(scene.zone).date())


def _dates(diary: _Diary) -> list[date]:
    return sorted({diary.today, *(date.fromisoformat(day) for day in diary.days)})


def _month(first: date, diary: _Diary) -> tuple[tuple[Day, ...], ...]:
    rows = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return tuple(
        tuple(diary.day(day, most=IN_A_DAY, month=first.month) for day in row) for row in rows
    )


def _neighbour(pages: Sequence[date], index: int) -> date | None:
    return pages[index] if 0 <= index < len(pages) else None


def months(scene: Scene) -> list[Sheet]:
    """A page for each month that has posts, and for this one."""
    diary = _diary(scene)
    firsts = sorted({day.replace(day=1) for day in _dates(diary)})
    this = diary.today.replace(day=1)
    made = []
    for index, first in enumerate(firsts):
        weeks = _month(first, diary)
        before, after = _neighbour(firsts, index - 1), _neighbour(firsts, index + 1)
        made.append(
            Sheet(
                page=month_page(first),
                title=f"{first:%B %Y}",
                weeks=weeks,
                total=sum(day.total for row in weeks for day in row if not day.outside),
                before=month_page(before) if before else "",
                after=month_page(after) if after else "",
                other=week_page(diary.today if first == this else first),
                is_month=True,
            )
        )
    return made


def weeks(scene: Scene) -> list[Sheet]:
    """A page for each week of those months, so that every link of a month leads somewhere."""
    diary = _diary(scene)
    sheets = months(scene)
    known = {sheet.page for sheet in sheets}
    mondays = sorted({day.date for sheet in sheets for (day, *_) in sheet.weeks})
    made = []
    for index, monday in enumerate(mondays):
        days = tuple(
            diary.day(monday + timedelta(days=number), most=IN_A_WEEKDAY) for number in range(7)
        )
        before, after = _neighbour(mondays, index - 1), _neighbour(mondays, index + 1)
        middle = days[3].date  # the standard's way to say which year and month a week is in
        made.append(
            Sheet(
                page=week_page(monday),
                title=f"Week {monday.isocalendar().week}, {_span(monday)}",
                weeks=(days,),
                total=sum(day.total for day in days),
                before=week_page(before) if before else "",
                after=week_page(after) if after else "",
                other=_month_of(days, middle, known),
                is_month=False,
            )
        )
    return made


def _month_of(days: Sequence[Day], middle: date, known: set[str]) -> str:
    wanted = [month_page(middle), *(month_page(day.date) for day in days)]
    return next(page for page in wanted if page in known)


def _span(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return f"{monday.day} {monday:%b} to {sunday.day} {sunday:%b %Y}"
