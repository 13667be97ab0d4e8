from __future__ import annotations

import datetime as datetime_module
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from dateutil import rrule as rrule_module
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socialauto.core.recurrence import Rule, walls
from socialauto.core.recurrence_rule import parse_rule
from socialauto.core.recurrence_words import RuleFlawError, parse_words

NINE = (time(9),)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("monday 09:00", Rule("week", 1, NINE, ((0, 0),))),
        ("Every Monday at 9:00", Rule("week", 1, NINE, ((0, 0),))),
        ("[mon, thu] 09:00", Rule("week", 1, NINE, ((0, 0), (0, 3)))),
        ("tuesdays and thursdays 09:00", Rule("week", 1, NINE, ((0, 1), (0, 3)))),
        ("weekday 09:00", Rule("week", 1, NINE, tuple((0, day) for day in range(5)))),
        ("weekend 09:00", Rule("week", 1, NINE, ((0, 5), (0, 6)))),
        ("day 18:30", Rule("day", 1, (time(18, 30),))),
        ("day 18:30, 07:15", Rule("day", 1, (time(7, 15), time(18, 30)))),
        ("3 days 09:00", Rule("day", 3, NINE)),
        ("2 weeks on friday 17:00", Rule("week", 2, (time(17),), ((0, 4),))),
        ("other week on friday 17:00", Rule("week", 2, (time(17),), ((0, 4),))),
        ("month on 1st 10:00", Rule("month", 1, (time(10),), month_days=(1,))),
        ("month on the 1st and 15th 10:00", Rule("month", 1, (time(10),), month_days=(1, 15))),
        ("month on 15 09:00", Rule("month", 1, NINE, month_days=(15,))),
        ("last day 09:00", Rule("month", 1, NINE, month_days=(-1,))),
        ("3 months on last day 09:00", Rule("month", 3, NINE, month_days=(-1,))),
        ("last friday 09:00", Rule("month", 1, NINE, ((-1, 4),))),
        ("month on last friday 09:00", Rule("month", 1, NINE, ((-1, 4),))),
        ("first and third monday 09:00", Rule("month", 1, NINE, ((1, 0), (3, 0)))),
        ("2nd tue 09:00", Rule("month", 1, NINE, ((2, 1),))),
        ("24 december 09:00", Rule("year", 1, NINE, month_days=(24,), months=(12,))),
        ("year on december 24 09:00", Rule("year", 1, NINE, month_days=(24,), months=(12,))),
        ("24 and 31 december 09:00", Rule("year", 1, NINE, month_days=(24, 31), months=(12,))),
    ],
)
def test_what_the_readable_form_means(text: str, rule: Rule) -> None:
    assert parse_words(text) == rule


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("mondy 09:00", "SA311", '"mondy" says nothing about when; did you mean "monday"?'),
        ("blue 09:00", "SA311", '"blue" says nothing about when; write one such as monday 09:00'),
        ("monday", "SA312", "this names no time of day; write monday 09:00"),
        ("monday 9am", "SA311", '"9am" is no time of a 24-hour clock; write 09:00'),
        ("monday 5.30pm", "SA311", '"5.30pm" is no time of a 24-hour clock; write 17:30'),
        ("monday 24:00", "SA311", "there is no time of day 24:00; the last is 23:59"),
        ("09:00", "SA311", "this names no day; write one such as monday 09:00"),
        ("week 09:00", "SA311", "this does not say on which day of the week; write monday 09:00"),
        ("2 weeks 09:00", "SA311", "this does not say on which day of the week; write 2 weeks on"),
        ("month 09:00", "SA311", "this does not say on which day of the month; write month on 1st"),
        ("month on friday 09:00", "SA311", "this does not say on which day of the month"),
        ("monday and 1st 09:00", "SA311", "this mixes days of the week with days of the month"),
        ("first friday and 15th 09:00", "SA311", "this mixes days of the week with days of"),
        ("2 days on friday 09:00", "SA311", "a number of days needs no day of the week"),
        ("month on 32nd 09:00", "SA311", "no month has a day 32"),
        ("sixth friday 09:00", "SA311", '"sixth" says nothing about when'),
        ("6th friday 09:00", "SA311", "no month has a friday number 6; at most the fifth"),
        ("0 weeks on friday 09:00", "SA311", "0 weeks is no interval"),
        ("december 09:00", "SA311", '"december" names no day; write 1st december'),
        ("24 december and 6 january 09:00", "SA311", "this does not say one month of the year"),
        ("monday " * 40 + "09:00", "SA311", "this has 285 characters, at most 200"),
    ],
)
def test_what_the_readable_form_refuses(text: str, code: str, words: str) -> None:
    with pytest.raises(RuleFlawError) as caught:
        parse_words(text)
    said = f"{caught.value.message}; {caught.value.hint}"
    assert caught.value.code == code
    assert said.startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("BYDAY=MO", "FREQ is missing"),
        ("FREQ=SECONDLY", "SECONDLY is more often than anybody reads"),
        ("FREQ=MINUTELY", "MINUTELY is more often than anybody reads"),
        ("FREQ=WEEKLI", 'unknown FREQ "WEEKLI"'),
        ("FREQ=WEEKLY;BYDAYS=MO", 'unknown part "BYDAYS"'),
        ("FREQ=WEEKLY;COUNT=3", "COUNT has a line of its own"),
        ("FREQ=WEEKLY;BYWEEKNO=3", "BYWEEKNO is not read"),
        ("FREQ=WEEKLY;FREQ=DAILY", "FREQ is here a second time"),
        ("FREQ=WEEKLY;BYDAY=MONDAY;BYHOUR=9", 'BYDAY cannot be "MONDAY"'),
        ("FREQ=WEEKLY;BYDAY=1MO;BYHOUR=9", "1MO counts days of a month or a year"),
        ("FREQ=WEEKLY;BYMONTHDAY=1;BYHOUR=9", "BYMONTHDAY does not go with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYYEARDAY=1;BYHOUR=9", "BYYEARDAY does not go with FREQ=DAILY"),
        ("FREQ=DAILY;BYHOUR=24", 'BYHOUR cannot be "24"'),
        ("FREQ=DAILY;BYHOUR=9;INTERVAL=0", 'INTERVAL cannot be "0"'),
        ("FREQ=DAILY;BYHOUR=9;WKST=XX", 'WKST cannot be "XX"'),
        ("FREQ=DAILY", "this names no time of day"),
        ("weekly", '"WEEKLY" is no part of a rule'),
        ("FREQ=" + "X" * 300, "this has 305 characters"),
    ],
)
def test_what_a_rule_refuses(text: str, words: str) -> None:
    with pytest.raises(RuleFlawError) as caught:
        parse_rule(text)
    assert caught.value.message.startswith(words)


def test_a_rule_takes_its_time_of_day_from_the_start() -> None:
    assert parse_rule("FREQ=DAILY", time(7, 30)).times == (time(7, 30),)


def _few(*values: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


def _listed(key: str, values: list[int]) -> str:
    return f";{key}={','.join(map(str, values))}"


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule that is read, as text."""
    frequency = draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    text = f"FREQ={frequency};INTERVAL={draw(st.integers(1, 5))}"
    text += _listed("BYHOUR", draw(_few(0, 2, 9, 23))) + _listed("BYMINUTE", draw(_few(0, 15, 59)))
    if draw(st.booleans()):
        text += _listed("BYMONTH", draw(_few(1, 2, 6, 12)))
    if frequency != "WEEKLY" and draw(st.booleans()):
        text += _listed("BYMONTHDAY", draw(_few(1, 13, 29, 31, -1, -3)))
    if frequency == "YEARLY" and draw(st.booleans()):
        text += _listed("BYYEARDAY", draw(_few(1, 60, 366, -1)))
    if draw(st.booleans()):
        number = draw(st.sampled_from(["", "1", "2", "5", "-1"]))
        number = number if frequency in ("MONTHLY", "YEARLY") else ""
        days = draw(st.lists(st.sampled_from(["MO", "WE", "FR", "SU"]), min_size=1, unique=True))
        text += ";BYDAY=" + ",".join(number + day for day in days)
    if frequency != "HOURLY" and draw(st.booleans()):
        text += _listed("BYSETPOS", draw(_few(1, 2, -1)))
    return text + f";WKST={draw(st.sampled_from(['MO', 'SU']))}"


@settings(max_examples=150, deadline=None)
@example("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;BYHOUR=9;WKST=MO", date(1997, 8, 5), 0)
@example("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;BYHOUR=9;WKST=SU", date(1997, 8, 5), 0)
@given(rules(), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 700))
def test_the_dates_are_those_of_dateutil(text: str, start: date, later: int) -> None:
    """dateutil is another program of the same standard; here it is the witness."""
    anchor = datetime.combine(start, time(10))
    if "WEEKLY" in text and "BYSETPOS" in text:
        later += 7  # dateutil takes a first week that has begun for one that begins with the start
    first, last = start + timedelta(days=later), start + timedelta(days=later + 500)
    end = datetime.combine(last, time(23, 59))
    expected = [wall for wall in _witness(text, anchor, end) if wall.date() >= first]
    assert list(walls(parse_rule(text), anchor, first, last)) == expected


class _EarlyEnd:
    """`datetime` whose calendar ends soon: dateutil looks for a next date as long as there are
    years, which takes seconds when there is none."""

    MAXYEAR = 2034

    def __getattr__(self, name: str) -> Any:
        return getattr(datetime_module, name)


def _witness(text: str, anchor: datetime, end: datetime) -> list[datetime]:
    with patch.object(rrule_module, "datetime", _EarlyEnd()):
        try:
            return list(rrulestr(text, dtstart=anchor, ignoretz=True).replace(until=end))
        except ValueError:  # hours that an interval never meets
            return []
