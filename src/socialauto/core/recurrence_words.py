"""The readable form of a rule: `monday 09:00`, `2 weeks on friday 17:00`, `last day 18:30`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from typing import Final, cast

from socialauto.core.recurrence import Frequency, Nth, Rule
from socialauto.core.suggest import did_you_mean, quoted

SHAPES: Final = "monday 09:00, day 18:30, 2 weeks on friday 17:00 or last friday 12:00"
MAX_INTERVAL: Final = 100

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
WEEKDAYS = {
    word: number
    for number, name in enumerate(_WEEK)
    for word in (name, f"{name}s", name[:3], f"{name[:3]}s")
} | {"tues": 1, "thur": 3, "thurs": 3}
MONTHS = {word: number for number, name in enumerate(_YEAR, 1) for word in (name, name[:3])}
_GROUPS = {
    **dict.fromkeys(("weekday", "weekdays"), (0, 1, 2, 3, 4)),
    **dict.fromkeys(("weekend", "weekends"), (5, 6)),
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_UNITS = {
    word: unit for unit in ("day", "week", "month", "year") for word in (unit, f"{unit}s")
} | {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_FILLERS = frozenset({"", "every", "each", "on", "the", "at", "and", "of", "in"})
_VOCABULARY = sorted({*WEEKDAYS, *MONTHS, *_GROUPS, *_ORDINALS, *_UNITS, "other"})

_NUMBER = re.compile(r"(\d{1,3})(st|nd|rd|th|\.)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_HALF_DAY = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)", re.ASCII)
LONGEST: Final = 200


class RuleFlawError(ValueError):
    """Why a rule cannot be used, as the parts of a finding."""

    def __init__(self, message: str, hint: str = "", code: str = "SA311") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(slots=True)
class _Said:
    """What the words name, before anybody asks whether it goes together."""

    unit: str = ""
    interval: int = 1
    times: list[time] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    nths: list[Nth] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    dates: list[tuple[int, int]] = field(default_factory=list)
    """Month and day."""


def _clock(word: str) -> time | None:
    if half := _HALF_DAY.fullmatch(word):
        hour = int(half[1]) % 12 + (12 if half[3] == "pm" else 0)
        hint = f"write {hour:02d}:{half[2] or '00'}"
        raise RuleFlawError(f"{quoted(word)} is no time of a 24-hour clock", hint)
    match = _CLOCK.fullmatch(word)
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2])
    if hour > 23 or minute > 59:
        raise RuleFlawError(f"there is no time of day {word}", "the last is 23:59")
    return time(hour, minute)


def _number(word: str) -> int | None:
    """`last`, `2nd`, `second` and `2`."""
    match = _NUMBER.fullmatch(word)
    return int(match[1]) if match else _ORDINALS.get(word)


def _unknown(word: str) -> RuleFlawError:
    hint = did_you_mean(word, _VOCABULARY, otherwise=f"write one such as {SHAPES}")
    return RuleFlawError(f"{quoted(word)} says nothing about when", hint)


def _interval(said: _Said, words: list[str]) -> list[str]:
    """`2 weeks …`, `other week …`, `day …`: what is left after it."""
    if words and words[0] in _UNITS:
        said.unit = _UNITS[words[0]]
        return words[1:]
    if len(words) > 1 and words[1] in _UNITS and (words[0] == "other" or words[0].isdecimal()):
        said.interval = 2 if words[0] == "other" else int(words[0])
        said.unit = _UNITS[words[1]]
        if not 1 <= said.interval <= MAX_INTERVAL:
            raise RuleFlawError(f"{words[0]} {words[1]} is no interval", f"at most {MAX_INTERVAL}")
        return words[2:]
    return words


def _month_day(number: int) -> int:
    if number != -1 and not 1 <= number <= 31:
        raise RuleFlawError(f"no month has a day {number}", "the last is the 31st, or: last day")
    return number


def _nth(number: int, weekday: int) -> Nth:
    if number != -1 and not 1 <= number <= 5:
        raise RuleFlawError(f"no month has a {_WEEK[weekday]} number {number}", "at most the fifth")
    return number, weekday


def _numbered(said: _Said, words: list[str]) -> list[str]:
    """`first and third monday`, `1st`, `last day`, `24 december`: what is left after it."""
    numbers: list[int] = []
    while words and (number := _number(words[0])) is not None:
        numbers.append(number)
        words = words[1:]
    follower = words[0] if words else ""
    if follower in WEEKDAYS:
        said.nths += [_nth(number, WEEKDAYS[follower]) for number in numbers]
        return words[1:]
    if follower in MONTHS:
        said.dates += [(MONTHS[follower], _month_day(number)) for number in numbers]
        return words[1:]
    said.month_days += map(_month_day, numbers)
    return words[1:] if follower == "day" else words


def _month_first(said: _Said, words: list[str]) -> list[str]:
    """`december 24`."""
    number = _number(words[1]) if len(words) > 1 else None
    if number is None:
        raise RuleFlawError(f"{quoted(words[0])} names no day", f"write 1st {words[0]}")
    said.dates.append((MONTHS[words[0]], _month_day(number)))
    return words[2:]


def _listen(text: str) -> _Said:
    said = _Said()
    words = []
    for word in re.split(r"[\s,;\[\]]+", text.casefold()):
        clock = _clock(word)
        if clock:
            said.times.append(clock)
        elif word not in _FILLERS:
            words.append(word)
    words = _interval(said, words)
    while words:
        word = words[0]
        if word in WEEKDAYS or word in _GROUPS:
            said.weekdays += _GROUPS.get(word) or [WEEKDAYS[word]]
            words = words[1:]
        elif _number(word) is not None:
            words = _numbered(said, words)
        elif word in MONTHS:
            words = _month_first(said, words)
        else:
            raise _unknown(word)
    return said


def _unit_of(said: _Said) -> str:
    kinds = {
        "week": said.weekdays,
        "month": said.nths or said.month_days,
        "year": said.dates,
    }
    named = [unit for unit, days in kinds.items() if days]
    if len(named) > 1 or (said.nths and said.month_days):
        hint = "write two documents, or a rule: of RFC 5545"
        raise RuleFlawError("this mixes days of the week with days of the month or year", hint)
    if not said.unit and not named:
        raise RuleFlawError("this names no day", f"write one such as {SHAPES}")
    return said.unit or named[0]


def _no_days(said: _Said) -> None:
    if said.weekdays or said.nths or said.month_days or said.dates:
        hint = "write week on …, or month on …"
        raise RuleFlawError("a number of days needs no day of the week or month", hint)


def _only_weekdays(said: _Said) -> None:
    if not said.weekdays:
        hint = f"write {said.interval} weeks on monday" if said.interval > 1 else "write monday"
        raise RuleFlawError("this does not say on which day of the week", f"{hint} 09:00")


def _month_days_only(said: _Said) -> None:
    if not said.nths and not said.month_days:
        hint = "write month on 1st, month on last day or month on first monday"
        raise RuleFlawError("this does not say on which day of the month", hint)


def _one_date(said: _Said) -> None:
    if len({month for month, _ in said.dates}) != 1:
        hint = "write year on 24 december; several dates are several documents"
        raise RuleFlawError("this does not say one month of the year", hint)


_FITS: dict[str, Callable[[_Said], None]] = {
    "day": _no_days,
    "week": _only_weekdays,
    "month": _month_days_only,
    "year": _one_date,
}


def parse_words(text: str) -> Rule:
    """Raises `RuleFlawError`. Without a number, every period counts."""
    if len(text) > LONGEST:
        raise RuleFlawError(f"this has {len(text)} characters, at most {LONGEST}")
    said = _listen(text)
    unit = _unit_of(said)
    _FITS[unit](said)
    if not said.times:
        hint = f"write {' '.join(text.split())[:60]} 09:00"
        raise RuleFlawError("this names no time of day", hint, "SA312")
    return Rule(
        every=cast("Frequency", unit),
        interval=said.interval,
        times=tuple(sorted(set(said.times))),
        weekdays=tuple((0, day) for day in dict.fromkeys(said.weekdays)) or tuple(said.nths),
        month_days=tuple(said.month_days) or tuple(day for _, day in said.dates),
        months=tuple(dict.fromkeys(month for month, _ in said.dates)),
    )
