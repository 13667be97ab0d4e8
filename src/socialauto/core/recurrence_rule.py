"""RFC 5545's own form of a rule: `FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Final, cast

from socialauto.core.recurrence import Frequency, Nth, Rule
from socialauto.core.recurrence_words import LONGEST, MAX_INTERVAL, RuleFlawError
from socialauto.core.suggest import did_you_mean, one_of, quoted

_FREQUENCIES = {
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_RANGES: Final = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSETPOS": (1, 366, True),
}
"""Smallest and largest number, and whether it may count from the end."""
_ALONE: Final = {"COUNT": "count: 10", "UNTIL": "until: 2026-12-31", "DTSTART": "start: 2026-12-07"}
_NOT_READ: Final = {
    "BYSECOND": "times are whole minutes",
    "BYWEEKNO": "use BYDAY with BYMONTH, or BYYEARDAY",
}
_KEYS = ("FREQ", "INTERVAL", "BYDAY", "WKST", *_RANGES)
_NOT_WITH: Final = {
    "BYMONTHDAY": frozenset({"week"}),
    "BYYEARDAY": frozenset({"day", "week", "month"}),
    "BYSETPOS": frozenset({"hour"}),
}


def _refuse_key(key: str) -> None:
    if key in _ALONE:
        raise RuleFlawError(f"{key} has a line of its own", f"write {_ALONE[key]}")
    if key in _NOT_READ:
        raise RuleFlawError(f"{key} is not read", _NOT_READ[key])
    if key not in _KEYS:
        hint = did_you_mean(key, _KEYS, otherwise=f"the parts are {one_of(_KEYS)}")
        raise RuleFlawError(f"unknown part {quoted(key)}", hint)


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.strip().rstrip(";").upper().removeprefix("RRULE:").split(";"):
        key, equals, value = (word.strip() for word in part.partition("="))
        if not equals or not value:
            raise RuleFlawError(
                f"{quoted(part)} is no part of a rule", "write FREQ=WEEKLY;BYDAY=MO"
            )
        _refuse_key(key)
        if key in found:
            raise RuleFlawError(
                f"{key} is here a second time", "put its values into one, by commas"
            )
        found[key] = value
    return found


def _frequency(parts: Mapping[str, str]) -> Frequency:
    word = parts.get("FREQ")
    if word is None:
        raise RuleFlawError("FREQ is missing", "write FREQ=WEEKLY;BYDAY=MO;BYHOUR=9")
    if word in ("SECONDLY", "MINUTELY"):
        raise RuleFlawError(f"{word} is more often than anybody reads", "at most HOURLY")
    if word not in _FREQUENCIES:
        hint = did_you_mean(word, _FREQUENCIES, otherwise=f"use {one_of(_FREQUENCIES)}")
        raise RuleFlawError(f"unknown FREQ {quoted(word)}", hint)
    return cast("Frequency", _FREQUENCIES[word])


def _numbers(parts: Mapping[str, str], key: str) -> tuple[int, ...]:
    if key not in parts:
        return ()
    least, most, backwards = _RANGES[key]
    numbers = []
    for word in parts[key].split(","):
        text = word.strip()
        number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,4}", text) else None
        size = abs(number) if number is not None and backwards else number
        if size is None or number is None or not least <= size <= most:
            raise RuleFlawError(f"{key} cannot be {quoted(text)}", f"use {least} to {most}")
        numbers.append(number)
    return tuple(dict.fromkeys(numbers))


def _weekdays(parts: Mapping[str, str], every: Frequency) -> tuple[Nth, ...]:
    if "BYDAY" not in parts:
        return ()
    found = []
    for word in parts["BYDAY"].split(","):
        match = _DAY.fullmatch(word.strip())
        if not match or (match[1] and not 1 <= abs(int(match[1])) <= 53):
            raise RuleFlawError(f"BYDAY cannot be {quoted(word.strip())}", "use MO to SU, or 1MO")
        if match[1] and every not in ("month", "year"):
            message = f"{match[0]} counts days of a month or a year"
            raise RuleFlawError(message, "use FREQ=MONTHLY, or leave the number away")
        found.append((int(match[1] or 0), _DAYS.index(match[2])))
    return tuple(dict.fromkeys(found))


def _interval(parts: Mapping[str, str]) -> int:
    word = parts.get("INTERVAL", "1")
    number = int(word) if re.fullmatch(r"[0-9]{1,4}", word) else 0
    if not 1 <= number <= MAX_INTERVAL:
        raise RuleFlawError(f"INTERVAL cannot be {quoted(word)}", f"use 1 to {MAX_INTERVAL}")
    return number


def _times(parts: Mapping[str, str], every: Frequency, start: time | None) -> tuple[time, ...]:
    """What the rule does not say is taken from the start, as RFC 5545 has it."""
    hours: tuple[int, ...] = _numbers(parts, "BYHOUR")
    if not hours and every == "hour":
        hours = tuple(range(24))
    if not hours and start:
        hours = (start.hour,)
    if not hours:
        hint = "add BYHOUR=9;BYMINUTE=0, or a time of day to start:"
        raise RuleFlawError("this names no time of day", hint, "SA312")
    minutes = _numbers(parts, "BYMINUTE") or ((start.minute,) if start else (0,))
    return tuple(sorted({time(hour, minute) for hour in hours for minute in minutes}))


def parse_rule(text: str, start: time | None = None) -> Rule:
    """`start` is the time of day of DTSTART. Raises `RuleFlawError`."""
    if len(text) > LONGEST:
        raise RuleFlawError(f"this has {len(text)} characters, at most {LONGEST}")
    parts = _parts(text)
    every = _frequency(parts)
    for key, frequencies in _NOT_WITH.items():
        if key in parts and every in frequencies:
            raise RuleFlawError(f"{key} does not go with FREQ={parts['FREQ']}", "see RFC 5545")
    week_start = parts.get("WKST", "MO")
    if week_start not in _DAYS:
        raise RuleFlawError(f"WKST cannot be {quoted(week_start)}", f"use {one_of(_DAYS)}")
    return Rule(
        every=every,
        interval=_interval(parts),
        times=_times(parts, every, start),
        weekdays=_weekdays(parts, every),
        month_days=_numbers(parts, "BYMONTHDAY"),
        months=_numbers(parts, "BYMONTH"),
        year_days=_numbers(parts, "BYYEARDAY"),
        picks=_numbers(parts, "BYSETPOS"),
        week_start=_DAYS.index(week_start),
    )
