"""Values as people type them into tables, as the values of a post."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from socialauto.core.importing import DateOrder
from socialauto.core.suggest import quoted
from socialauto.core.wrong_values import Words

_CLOCK = r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s*([ap])\.?m\.?)?)?"
_ZONE = r"\s*(z|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}{_ZONE}", re.ASCII | re.IGNORECASE
)
_YEAR_LAST = re.compile(
    rf"(\d{{1,2}})([-/.]) ?(\d{{1,2}})\2 ?(\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}",
    re.ASCII | re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s,;]+")
_BETWEEN_FILES = re.compile(r"[;\n]+|,\s+")
_AFTER_SUFFIX = re.compile(r"(\.[A-Za-z]\w{1,4})[\s,]+(?=\S)", re.ASCII)
_MARK = re.compile(r"\{[{%#]")
_RENDERED = ("text", "first_comment")


def words_of(cell: str) -> list[str]:
    """`launch, acme` and `#launch #acme` are two words each."""
    return [word for word in _SEPARATORS.split(cell) if word]


def files_of(cell: str) -> list[str]:
    """Paths with a line break, a semicolon, a comma, or a space between them; a space counts only
    behind a suffix, because names may have some."""
    apart = _AFTER_SUFFIX.sub(r"\1\n", cell)
    return [path.strip() for path in _BETWEEN_FILES.split(apart) if path.strip()]


def from_root(path: str) -> str:
    """A path as a post writes it wherever its file lies; what is no such path is left as it is,
    because the check of media says best what is wrong with it."""
    if path.startswith(("/", "~")) or ":" in path or "\\" in path:
        return path
    return f"/{path.removeprefix('./')}"


def literal(text: str) -> str:
    """A template that gives exactly `text`: braces in an imported caption are no variables."""
    return _MARK.sub(lambda mark: f'{{{{ "{mark[0]}" }}}}', text)


def with_literals(values: dict[str, Any]) -> dict[str, Any]:
    """Every text of a post that goes through the template engine, so that it goes out as it is."""
    made = dict(values)
    for name in _RENDERED:
        if isinstance(made.get(name), str):
            made[name] = literal(made[name])
    overrides = made.get("overrides")
    if isinstance(overrides, dict):
        made["overrides"] = {
            name: with_literals(one) if isinstance(one, dict) else one
            for name, one in overrides.items()
        }
    return made


def _time_of_day(match: re.Match[str], first: int) -> str | None:
    """` 09:00`, nothing when there is none, None when it is none."""
    hour, minute, second, half = match.groups()[first : first + 4]
    if hour is None:
        return ""
    number = int(hour)
    if half and not 1 <= number <= 12:
        return None
    if half:
        number = number % 12 + (12 if half.lower() == "p" else 0)
    return f" {number:02d}:{minute}" + (f":{second}" if second and int(second) else "")


def _date(year: str, month: str, day: str) -> str:
    return f"{int(year) + (2000 if len(year) == 2 else 0):04d}-{int(month):02d}-{int(day):02d}"


def _two_readings(text: str, first: str, second: str, year: str) -> Words:
    readings = {"dmy": (second, first), "mdy": (first, second)}
    possible = {
        name: _date(year, month, day)
        for name, (month, day) in readings.items()
        if 1 <= int(month) <= 12
    }
    told = [f"--date-format {name} for {date}" for name, date in possible.items()]
    hint = f"say {' or '.join(told)}" if told else "write it as 2026-12-01 09:00"
    return Words("SA954", f"{quoted(text)} does not say which is the month", hint)


def iso_time(text: str, order: DateOrder) -> str | Words:
    """A time as posts write it; what no rule knows comes back as it is, for the check of times.

    The order of day and month is never guessed: not from other rows either, because a file of
    January to December in which no day is above 12 would be read one way, and its mended rest
    another.
    """
    text = text.strip()
    if match := _YEAR_FIRST.fullmatch(text):
        clock = _time_of_day(match, 3)
        zone = (match[8] or "").upper()
        return text if clock is None else f"{_date(*match.groups()[:3])}{clock}{zone}"
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return text
    first, _, second, year = match.groups()[:4]
    if not order:
        return _two_readings(text, first, second, year)
    month, day = (second, first) if order == "dmy" else (first, second)
    clock = _time_of_day(match, 4)
    zone = (match[9] or "").upper()
    return text if clock is None else f"{_date(year, month, day)}{clock}{zone}"


def has_zone(time: str) -> bool:
    """Whether a time says its offset itself."""
    return bool(re.search(r"(Z|[+-]\d{2}:?\d{2})$", time)) and ":" in time


def accounts_of(names: Iterable[str]) -> dict[str, Any]:
    """`account` for one, `accounts` for several, nothing for none."""
    unique = list(dict.fromkeys(names))
    if len(unique) == 1:
        return {"account": unique[0]}
    return {"accounts": unique} if unique else {}
