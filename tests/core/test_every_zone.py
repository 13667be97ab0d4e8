"""Thirty years in every zone: a rule on the last Sunday, when most clocks are changed, and each day
in zones of every kind. `make year` looks at all rules in all of them."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from support.every_zone import ZONES, expected, look

STRANGE = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Scoresbysund",
    "Asia/Pyongyang",
)
SHARDS = 4


@pytest.mark.parametrize("shard", range(SHARDS))
def test_last_sundays_are_as_dateutil_and_the_zone_say(shard: int) -> None:
    seen = [look(zone, [("last sunday", time(2, 30))]) for zone in ZONES[shard::SHARDS]]
    assert [words for one in seen for words in one.wrong] == []
    assert {one.dates for one in seen} == {360}


@pytest.mark.parametrize("zone", STRANGE)
def test_each_day_is_as_dateutil_and_the_zone_say(zone: str) -> None:
    seen = look(zone, [("day", time(2, 30)), ("day", time(0, 0))])
    assert seen.wrong == ()
    assert seen.dates > 2 * 30 * 365


def test_the_witness_knows_gaps() -> None:
    """Berlin's clocks show 03:00 after 01:59:59, and Samoa's skipped a whole day."""
    found = set(expected("FREQ=DAILY", time(2, 30), ZoneInfo("Europe/Berlin")))
    assert datetime.fromisoformat("2027-03-28T01:00+00:00") in found
    found = set(expected("FREQ=DAILY", time(9), ZoneInfo("Pacific/Apia")))
    assert datetime.fromisoformat("2011-12-30T10:00+00:00") in found
