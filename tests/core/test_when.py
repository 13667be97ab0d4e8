from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialauto.core.when import TimeFlaw, far_ahead, find_zone, in_zone, parse_time, zone_hint

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-12-01 09:00", "2026-12-01T08:00:00+00:00"),
        ("2026-07-01 09:00", "2026-07-01T07:00:00+00:00"),
        ("2026-12-01T09:00", "2026-12-01T08:00:00+00:00"),
        ("2026-12-01 9:00", "2026-12-01T08:00:00+00:00"),
        ("  2026-12-01   09:00:30 ", "2026-12-01T08:00:30+00:00"),
        ("2026-12-01T09:00Z", "2026-12-01T09:00:00+00:00"),
        ("2026-12-01 09:00 +05:30", "2026-12-01T03:30:00+00:00"),
        ("2026-12-01T09:00-0500", "2026-12-01T14:00:00+00:00"),
        ("2026-10-25T02:30+02:00", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_a_time_is_the_wall_clock_or_its_own_offset(written: str, expected: str) -> None:
    due = parse_time(written, BERLIN)
    assert isinstance(due, datetime)
    assert due.isoformat() == expected
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("12:30", "add the date: 2026-12-01 09:00"),
        ("9pm", "add the date: 2026-12-01 09:00"),
        ("2026-12-01", "add the time of day: 2026-12-01 09:00"),
        ("2026/12/01", "add the time of day: 2026-12-01 09:00"),
        ("01.12.2026", "write 2026-12-01 09:00"),
        ("1. 12. 2026 um 7:30 Uhr", "write 2026-12-01 7:30"),
        ("12/01/2026 09:00", "write 2026-01-12 09:00 or 2026-12-01 09:00"),
        ("12/25/2026", "write 2026-12-25 09:00"),
        ("31/31/2026", "write it as 2026-12-01 09:00"),
        ("2026-12-01 9:30 pm", "write 2026-12-01 21:30"),
        ("2026-12-01 12am", "write 2026-12-01 00:00"),
        ("2026-12-01 09.30", "write 2026-12-01 09:30"),
        (
            "2026-12-01 09:00 CET",
            "write 2026-12-01 09:00, and the zone on a line of its own: timezone: Europe/Berlin",
        ),
        (
            "tomorrow",
            "write the date out, as 2026-12-01 09:00: the file is read again every day",
        ),
        (
            "next monday 9:00",
            "write the date out, as 2026-12-01 09:00: the file is read again every day",
        ),
        ("2026-02-30 09:00", "the last one is 2026-02-28"),
        ("2028-02-30 09:00", "the last one is 2028-02-29"),
        ("2026-12-01 24:00", "midnight is 00:00 of the day that begins"),
        ("2026-12-01 23:60", "the last is 23:59:59"),
        ("2026-00-01 09:00", "write year-month-day"),
        ("2026-12-01 09:00+14:30", "use one such as +01:00"),
        ("2026-12-01 09:00+01:75", "use one such as +01:00"),
        ("٢٠٢٦-12-01 09:00", "write it as 2026-12-01 09:00"),
        ("soon", "write it as 2026-12-01 09:00"),
        ("", "write it as 2026-12-01 09:00"),
    ],
)
def test_what_is_no_time_has_a_cure(written: str, hint: str) -> None:
    flaw = parse_time(written, BERLIN)
    assert isinstance(flaw, TimeFlaw)
    assert (flaw.code, flaw.hint) == ("SA302", hint)


@pytest.mark.parametrize("year", ["1999", "2100", "0000", "9999"])
def test_years_that_nobody_means_are_refused(year: str) -> None:
    flaw = parse_time(f"{year}-12-01 09:00", BERLIN)
    assert isinstance(flaw, TimeFlaw)
    assert flaw.code == "SA305"


def test_a_skipped_time_names_both_readings() -> None:
    flaw = parse_time("2026-03-29 02:30", BERLIN)
    assert isinstance(flaw, TimeFlaw)
    assert (flaw.code, flaw.message, flaw.hint) == (
        "SA303",
        "2026-03-29 02:30 does not exist in Europe/Berlin: the clock skips it",
        "write 2026-03-29T02:30+02:00 for 01:30, or 2026-03-29T02:30+01:00 for 03:30",
    )


def test_a_time_that_is_there_twice_names_both_readings() -> None:
    flaw = parse_time("2026-11-01 01:30", ZoneInfo("America/New_York"))
    assert isinstance(flaw, TimeFlaw)
    assert (flaw.code, flaw.hint) == (
        "SA304",
        "write 2026-11-01T01:30-04:00 for the first, or 2026-11-01T01:30-05:00 for the second",
    )


@pytest.mark.parametrize(
    ("wall", "fine"),
    [
        ("2026-03-29 01:59", True),
        ("2026-03-29 02:00", False),
        ("2026-03-29 02:59", False),
        ("2026-03-29 03:00", True),
        ("2026-10-25 01:59", True),
        ("2026-10-25 02:00", False),
        ("2026-10-25 02:59", False),
        ("2026-10-25 03:00", True),
    ],
)
def test_exactly_the_hour_of_the_change_is_refused(wall: str, fine: bool) -> None:
    assert isinstance(parse_time(wall, BERLIN), datetime) is fine


@pytest.mark.parametrize(
    ("zone", "wall", "code"),
    [
        ("Australia/Lord_Howe", "2026-10-04 02:15", "SA303"),  # half an hour
        ("Australia/Lord_Howe", "2026-04-05 01:45", "SA304"),
        ("Pacific/Apia", "2011-12-30 12:00", "SA303"),  # a whole day
        ("Europe/Dublin", "2026-03-29 01:30", "SA303"),  # winter is the exception there
    ],
)
def test_unusual_changes_of_the_clock_are_seen(zone: str, wall: str, code: str) -> None:
    flaw = parse_time(wall, ZoneInfo(zone))
    assert isinstance(flaw, TimeFlaw)
    assert flaw.code == code


@given(
    wall=st.datetimes(
        datetime(2000, 1, 1),  # noqa: DTZ001 - a wall clock
        datetime(2099, 12, 31),  # noqa: DTZ001
    ),
    name=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_an_accepted_time_reads_the_same_on_the_clock_of_its_zone(
    wall: datetime, name: str
) -> None:
    zone = ZoneInfo(name)
    due = in_zone(wall, zone)
    if isinstance(due, datetime):
        assert due.astimezone(zone).replace(tzinfo=None) == wall


@pytest.mark.parametrize(
    "name",
    ["", "Berlin", "europe/berlin/", "../UTC", "/etc/passwd", "localtime", "posix/UTC", "Europe"],
)
def test_what_is_no_zone_on_every_machine_is_none(name: str) -> None:
    assert find_zone(name) is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Berlin", 'did you mean "Europe/Berlin"?'),
        ("new york", 'did you mean "America/New_York"?'),
        ("europe/berlin", 'did you mean "Europe/Berlin"?'),
        ("Europe/Berln", 'did you mean "Europe/Berlin"?'),
        ("CEST", "use an IANA name such as Europe/Berlin"),
        ("PST", "use an IANA name such as Europe/Berlin"),
    ],
)
def test_an_unknown_zone_is_guessed_but_an_abbreviation_never(name: str, hint: str) -> None:
    assert zone_hint(name) == hint


def test_a_time_years_ahead_is_worth_a_warning() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert far_ahead(now + timedelta(days=700), now) is None
    flaw = far_ahead(datetime(2062, 12, 1, tzinfo=UTC), now)
    assert flaw == TimeFlaw("SA305", "this is 36 years ahead", "check the year", warning=True)
