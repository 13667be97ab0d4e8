from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.recurrence_words import parse_words
from socialauto.core.timetable import Exemption, Pattern, Timetable
from socialauto.core.when import find_zone, on_clock

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ZONES = sorted(name for name in available_timezones() if find_zone(name))
STRANGE = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Scoresbysund",
    "Antarctica/Troll",
]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def timetable(every: str, zone: str = "Europe/Berlin", **more: Any) -> Timetable:
    exemptions = more.pop("exemptions", {})
    pattern = Pattern(parse_words(every), **more)
    return Timetable(pattern, ZoneInfo(zone), exemptions)


def dues(table: Timetable, first: str, last: str) -> list[str]:
    return [f"{one.due:%m-%d %H:%M}" for one in table.between(utc(first), utc(last))]


@pytest.mark.parametrize(
    ("zone", "local", "expected", "note"),
    [
        ("Europe/Berlin", "2026-12-07T09:00", "2026-12-07T08:00", ""),
        ("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:00", "so at 03:00"),
        ("Europe/Berlin", "2027-03-28T02:00", "2027-03-28T01:00", "so at 03:00"),
        ("Europe/Berlin", "2027-10-31T02:30", "2027-10-31T00:30", "the first counts"),
        ("America/New_York", "2027-03-14T02:59", "2027-03-14T07:00", "so at 03:00"),
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30", "the first counts"),
        # Half an hour, and the clock goes forward in October.
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30", "so at 02:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", "the first counts"),
        # Winter time in the month of Ramadan.
        ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T02:00", "so at 03:00"),
        ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T01:30", "the first counts"),
        # A whole day that Samoa skipped when it crossed the date line.
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00", "so at 2011-12-31 00:00"),
    ],
)
def test_the_clock_is_changed(zone: str, local: str, expected: str, note: str) -> None:
    due, said = on_clock(wall(local), ZoneInfo(zone))
    assert f"{due:%Y-%m-%dT%H:%M}" == expected
    assert note in said
    assert bool(note) == bool(said)


def witness(local: datetime, zone: ZoneInfo) -> datetime:
    """The first minute at which a clock on the wall shows this time, or has leapt over it."""
    start = local.replace(tzinfo=UTC) - timedelta(hours=15)
    for number in range(54 * 60):
        instant = start + number * MINUTE
        shown = instant.astimezone(zone).replace(tzinfo=None)
        before = (instant - MINUTE).astimezone(zone).replace(tzinfo=None)
        if shown == local or before < local < shown:
            return instant
    raise AssertionError(local)


def _is_quiet(day: date, zone: ZoneInfo) -> bool:
    """No clock is changed around this day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    offsets = {
        (noon + hours).astimezone(zone).utcoffset() for hours in (-2 * DAY, DAY * 0, 2 * DAY)
    }
    return len(offsets) == 1


Named = Callable[[date], bool]


def _nth_last_friday(day: date) -> bool:
    return day.weekday() == 4 and (day + timedelta(days=7)).month != day.month


def _second_tuesday(day: date) -> bool:
    return day.weekday() == 1 and 8 <= day.day <= 14


def _last_day(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


RULES: dict[str, Named] = {
    "day": lambda day: True,
    "monday": lambda day: day.weekday() == 0,
    "weekday": lambda day: day.weekday() < 5,
    "sat, sun": lambda day: day.weekday() > 4,
    "month on 1st and 31st": lambda day: day.day in (1, 31),
    "last friday": _nth_last_friday,
    "2nd tuesday": _second_tuesday,
    "month on last day": _last_day,
    "29 february": lambda day: (day.month, day.day) == (2, 29),
}


def _expected(
    named: Named, local: tuple[int, int], zone: ZoneInfo, first: date, last: date
) -> Iterator[datetime]:
    """Walks day by day, as nobody who has to be fast would."""
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if named(day):
            at = datetime.combine(day, time(*local))
            quiet = _is_quiet(day, zone)
            yield at.replace(tzinfo=zone).astimezone(UTC) if quiet else witness(at, zone)


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(sorted(RULES)),
    st.sampled_from(ZONES) | st.sampled_from(STRANGE),
    st.sampled_from([(0, 0), (0, 30), (1, 30), (2, 0), (2, 30), (9, 0), (23, 59)]),
    st.integers(2004, 2030),
)
def test_thirty_years_are_as_somebody_counts_them_on_a_wall(
    words: str, zone: str, local: tuple[int, int], year: int
) -> None:
    years = 30 if words not in ("day", "weekday") else 4
    first, last = date(year, 1, 1), date(year + years, 12, 31)
    table = timetable(
        f"{words} {local[0]:02d}:{local[1]:02d}",
        zone,
        start=datetime.combine(first, datetime.min.time()),
        until=datetime.combine(last, datetime.max.time()),
    )
    found = table.between(utc(f"{year - 1}-01-01"), utc(f"{year + years + 2}-01-01"))
    expected = _expected(RULES[words], local, ZoneInfo(zone), first, last)
    assert [one.due for one in found] == list(expected)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([1, 2, 3, 5]),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.lists(st.integers(0, 700), min_size=1, max_size=5),
)
def test_a_window_shows_what_the_whole_shows(step: int, start: date, cuts: list[int]) -> None:
    table = timetable(
        f"{step} weeks on monday and friday 09:00",
        start=datetime.combine(start, datetime.min.time()),
    )
    begin = datetime.combine(start, datetime.min.time(), UTC)
    edges = [begin, *(begin + cut * DAY for cut in sorted(cuts)), begin + 701 * DAY]
    whole = table.between(edges[0], edges[-1])
    pieces = [
        one
        for first, last in pairwise(edges)
        for one in table.between(first, last - timedelta(microseconds=1))
    ]
    assert pieces == whole
    assert all(table.at(one.wall) == one for one in whole)


def test_a_wall_clock_time_is_kept_when_the_clock_is_changed() -> None:
    table = timetable("sunday 09:00")
    assert dues(table, "2027-03-20", "2027-04-05") == ["03-21 08:00", "03-28 07:00", "04-04 07:00"]


def test_times_that_one_gap_swallows_go_out_once() -> None:
    table = timetable("day 02:15 and 02:45")
    assert dues(table, "2027-03-27T12:00", "2027-03-28T12:00") == ["03-28 01:00"]


def test_the_end_is_included_and_a_number_counts_from_the_start() -> None:
    start = wall("2026-12-07")
    by_day = timetable("day 09:00", "UTC", start=start, until=wall("2026-12-09T23:59"))
    by_number = timetable("day 09:00", "UTC", start=start, count=3)
    by_time = timetable("day 09:00", "UTC", start=start, until=wall("2026-12-09T08:59"))
    three = ["12-07 09:00", "12-08 09:00", "12-09 09:00"]
    assert dues(by_day, "2026-12-01", "2027-01-01") == three
    assert dues(by_number, "2026-12-01", "2027-01-01") == three
    assert dues(by_number, "2026-12-09", "2027-01-01") == three[2:]
    assert dues(by_time, "2026-12-01", "2027-01-01") == three[:2]


def test_a_date_is_skipped_or_moved_and_keeps_its_name() -> None:
    table = timetable(
        "monday 09:00",
        "UTC",
        exemptions={
            wall("2026-12-07T09:00"): Exemption(skip=True),
            wall("2026-12-14T09:00"): Exemption(due=utc("2027-02-01T10:00")),
        },
    )
    assert dues(table, "2026-12-01", "2026-12-31") == ["12-21 09:00", "12-28 09:00"]
    (moved,) = table.between(utc("2027-02-01T09:30"), utc("2027-02-02"))
    assert (moved.wall, moved.note) == (wall("2026-12-14T09:00"), "moved from 2026-12-14 09:00")
    assert table.at(wall("2026-12-07T09:00")) is None
    assert table.at(wall("2026-12-08T09:00")) is None


def test_a_date_moved_to_the_instant_of_another_hides_neither() -> None:
    moved = {wall("2026-12-14T09:00"): Exemption(due=utc("2026-12-21T09:00"))}
    table = timetable("monday 09:00", "UTC", exemptions=moved)
    assert dues(table, "2026-12-10", "2026-12-22") == ["12-21 09:00", "12-21 09:00"]
