"""Recurrence rules as RFC 5545 means them, on a wall clock: which dates and times they name.

Found by walking over days, so that a rule which never fires costs days and not centuries.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Literal

Frequency = Literal["hour", "day", "week", "month", "year"]
Nth = tuple[int, int]
"""Which one (1 the first, -1 the last, 0 every) and which day of the week (0 is Monday)."""

_MARGIN = {"hour": 0, "day": 0, "week": 7, "month": 31, "year": 366}
"""Days that the period around a day can reach to either side."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What repeats. Empty tuples do not restrict; what is missing is taken from the anchor."""

    every: Frequency
    interval: int = 1
    times: tuple[time, ...] = ()
    """Never empty, sorted."""
    weekdays: tuple[Nth, ...] = ()
    month_days: tuple[int, ...] = ()
    """From 1, or from -1 backwards."""
    months: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    picks: tuple[int, ...] = ()
    """BYSETPOS: which of a period's dates, from 1 or from -1 backwards."""
    week_start: int = 0


def _complete(rule: Rule, anchor: date) -> Rule:
    """With the days that RFC 5545 takes from DTSTART when the rule names none."""
    if rule.weekdays or rule.month_days or rule.year_days:
        return rule
    if rule.every == "week":
        return replace(rule, weekdays=((0, anchor.weekday()),))
    if rule.every == "month":
        return replace(rule, month_days=(anchor.day,))
    if rule.every == "year":
        months = rule.months or (anchor.month,)
        return replace(rule, months=months, month_days=(anchor.day,))
    return rule


def _week(day: date, week_start: int) -> int:
    return (day.toordinal() - 1 - week_start) // 7


def _period(rule: Rule, day: date) -> int:
    """A number that consecutive periods count up."""
    if rule.every == "week":
        return _week(day, rule.week_start)
    if rule.every == "month":
        return 12 * day.year + day.month
    return day.year if rule.every == "year" else day.toordinal()


def _counts(value: int, number: int, length: int) -> bool:
    return value in (number, number - length - 1)


def _on_weekday(rule: Rule, nth: Nth, day: date) -> bool:
    number, weekday = nth
    if day.weekday() != weekday or number == 0:
        return day.weekday() == weekday
    if rule.every == "year" and not rule.months:
        place, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    else:
        place, length = day.day, monthrange(day.year, day.month)[1]
    return number in ((place - 1) // 7 + 1, -((length - place) // 7 + 1))


def _names(rule: Rule, day: date) -> bool:
    """Whether the day is one that the rule names, whatever its period."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.weekdays and not any(_on_weekday(rule, nth, day) for nth in rule.weekdays):
        return False
    if rule.month_days:
        length = monthrange(day.year, day.month)[1]
        if not any(_counts(value, day.day, length) for value in rule.month_days):
            return False
    if rule.year_days:
        length = 366 if isleap(day.year) else 365
        place = day.timetuple().tm_yday
        return any(_counts(value, place, length) for value in rule.year_days)
    return True


def _days(rule: Rule, anchor: date, first: date, last: date) -> Iterator[date]:
    origin = _period(rule, anchor)
    daily = rule.every == "hour"
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        in_turn = daily or (_period(rule, day) - origin) % rule.interval == 0
        if in_turn and _names(rule, day):
            yield day


def _on_day(rule: Rule, day: date, anchor: datetime) -> Iterator[datetime]:
    for at in rule.times:
        wall = datetime.combine(day, at)
        hours = (day.toordinal() - anchor.toordinal()) * 24 + at.hour - anchor.hour
        if rule.every != "hour" or hours % rule.interval == 0:
            yield wall


def _picked(rule: Rule, days: Iterator[date], anchor: datetime) -> Iterator[datetime]:
    for _, period in groupby(days, key=lambda day: _period(rule, day)):
        walls = [wall for day in period for wall in _on_day(rule, day, anchor)]
        length = len(walls)
        places = {pick - 1 if pick > 0 else length + pick for pick in rule.picks}
        yield from (walls[place] for place in sorted(places) if 0 <= place < length)


def walls(rule: Rule, anchor: datetime, first: date, last: date) -> Iterator[datetime]:
    """The wall-clock times of the days from `first` to `last`, in order; none before `anchor`.

    `anchor` is RFC 5545's DTSTART: it says where intervals begin to count. It is itself a date of
    the rule only when the rule names it.
    """
    rule = _complete(rule, anchor.date())
    margin = timedelta(days=_MARGIN[rule.every]) if rule.picks else timedelta(0)
    begin = first - margin if rule.picks else max(first, anchor.date())
    days = _days(rule, anchor.date(), begin, last + margin)
    found = (
        _picked(rule, days, anchor)
        if rule.picks
        else (wall for day in days for wall in _on_day(rule, day, anchor))
    )
    for wall in found:
        if wall >= anchor and first <= wall.date() <= last:
            yield wall
