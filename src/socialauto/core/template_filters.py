"""What templates can do with a value: every filter is bounded, and says in a sentence what it
does not take. What a filter costs, `core.template` counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Literal

from jinja2.runtime import Undefined

from socialauto.core.fitting import shortened
from socialauto.core.links import with_parameters
from socialauto.core.suggest import quoted

if TYPE_CHECKING:
    from babel import Locale

MAX_VALUE = 10_000
"""Characters of one value within a template."""
MAX_PATTERN = 100

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ Tt]\d{2}:\d{2}(?::\d{2})?)?", re.ASCII)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_STYLES: tuple[Literal["full", "long", "medium", "short"], ...] = (
    "full",
    "long",
    "medium",
    "short",
)
_FIELDS = frozenset("GyMLEecdaBbHhKkmsSqQwWzZvVOXx")
"""Letters of patterns: those of CLDR without the ones that are nearly always a slip."""
_SLIPS = {
    "D": "D is the day of the year; write d for the day of the month",
    "Y": "Y is the year of the week; write y for the year",
}


class Refused(Exception):  # noqa: N818 - becomes a RenderError once its line is known
    """A value or a use that a template does not have, as a sentence without a full stop."""


class Due(datetime):
    """When a post goes out, on the clock of its zone."""

    def __str__(self) -> str:
        return f"{self:%Y-%m-%d %H:%M}"


def due_at(instant: datetime) -> Due:
    """`instant`, which is aware, as templates have it."""
    return Due.fromtimestamp(instant.timestamp(), instant.tzinfo)


def short(value: str) -> str:
    if len(value) > MAX_VALUE:
        raise Refused(f"a value has more than {MAX_VALUE:,} characters")
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return "a mapping" if isinstance(value, Mapping) else "a list"


def shown(value: Any) -> str:
    """What `{{ value }}` prints: never Python's spelling of something that is no text."""
    if isinstance(value, Undefined):
        str(value)  # raises, with the name
    if isinstance(value, bool) or not isinstance(value, str | int | float | Due):
        raise Refused(f"this prints {_kind(value)} and not a text; choose a part of it or join it")
    return short(str(value))


def _join(values: Any, separator: str = "") -> str:
    if isinstance(values, str):
        raise Refused("join takes a list, this is a text")
    parts = [shown(value) for value in values]
    if sum(map(len, parts)) + len(separator) * len(parts) > MAX_VALUE:
        raise Refused(f"joined, this has more than {MAX_VALUE:,} characters")
    return separator.join(parts)


def _replace(value: Any, old: str, new: str) -> str:
    text = shown(value)
    found = text.count(old)
    if len(text) + found * (len(new) - len(old)) > MAX_VALUE:
        raise Refused(f"replaced, this has more than {MAX_VALUE:,} characters")
    return text.replace(old, new)


def _round(value: float, precision: int = 0) -> float | int:
    rounded = round(float(value), max(0, min(int(precision), 10)))
    return rounded if precision else int(rounded)


def _locale(name: Any) -> Locale:
    """Imported here: only what is written in some language's way needs its tables."""
    from babel import Locale, UnknownLocaleError

    text = str(name)
    try:
        if _LOCALE.fullmatch(text):
            return Locale.parse(text.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        pass
    raise Refused(f"unknown language {quoted(text)}; write one such as en, de or pt-BR")


def _pattern(pattern: str) -> str:
    """A pattern of CLDR without what is nearly always a slip."""
    if len(pattern) > MAX_PATTERN:
        raise Refused(f"a pattern has at most {MAX_PATTERN} characters")
    if pattern.count("'") % 2:
        raise Refused(f"the pattern {quoted(pattern)} has a single quote too many")
    for letter in re.sub(r"'[^']*'", "", pattern):
        if letter.isalpha() and letter not in _FIELDS:
            why = _SLIPS.get(letter, f"put words in single quotes, {letter!r} is no field of it")
            raise Refused(f"the pattern {quoted(pattern)}: {why}")
    return pattern


def _applied(pattern: str, moment: date | time, locale: Locale, asked: str) -> str:
    from babel.dates import parse_pattern

    try:
        made = parse_pattern(pattern).apply(moment, locale)
    except AttributeError:
        lacks = "date" if isinstance(moment, time) else "time of day"
        raise Refused(f"{moment} has no {lacks}, and {quoted(asked)} names one") from None
    # The narrow space in "9:00 AM", which many apps show as a box, as the ordinary one.
    return made.replace("\u202f", "\u00a0")


def _moment(value: Any) -> date | time:
    """`due`, or a date, a time or both as text."""
    if isinstance(value, Due):
        return value
    text = shown(value).strip()
    try:
        if _DATE.fullmatch(text):
            return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
        if _TIME.fullmatch(text):
            return time.fromisoformat(text.zfill(5))
    except ValueError:
        pass
    raise Refused(f'{quoted(text)} is no date; write one such as "2026-12-24"')


def _date(value: Any, pattern: str = "long", *, locale: str) -> str:
    from babel.dates import get_date_format

    moment, language = _moment(value), _locale(locale)
    style = next((style for style in _STYLES if style == pattern), None)
    chosen = get_date_format(style, language).pattern if style else _pattern(pattern)
    return _applied(chosen, moment, language, pattern)


def _time(value: Any, pattern: str = "short", *, locale: str) -> str:
    from babel.dates import get_time_format

    moment, language = _moment(value), _locale(locale)
    style = next((style for style in _STYLES if style == pattern), None)
    chosen = get_time_format(style, language).pattern if style else _pattern(pattern)
    if not isinstance(moment, Due) and re.search("[zZvVOXx]", re.sub(r"'[^']*'", "", chosen)):
        raise Refused(f"{moment} has no time zone, and {quoted(pattern)} names one")
    return _applied(chosen, moment, language, pattern)


def _number(value: Any, decimals: int | None = None, *, locale: str) -> str:
    """With as many decimals as it is written with, or so many."""
    from babel.numbers import format_decimal

    text = format(Decimal(repr(value)), "f") if isinstance(value, float) else shown(value).strip()
    if not _NUMBER.fullmatch(text):
        raise Refused(f'{quoted(text)} is no number; write one such as "1234.50"')
    places = len(text.partition(".")[2]) if decimals is None else max(0, min(int(decimals), 10))
    rounded = Decimal(text).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    language = _locale(locale)
    whole = language.decimal_formats[None].pattern.partition(".")[0]
    pattern = f"{whole}.{'0' * places}" if places else whole
    return str(format_decimal(rounded, format=pattern, locale=language))


def _hashtags(value: Any) -> str:
    """`#a #b`, each once."""
    if isinstance(value, Mapping):
        raise Refused("hashtags takes a list or a text, this is a mapping")
    words = re.split(r"[\s,]+", value) if isinstance(value, str) else map(shown, value)
    tags: dict[str, str] = {}
    for word in filter(None, (word.strip().lstrip("#") for word in words)):
        if stop := re.search(r"\W", word):
            raise Refused(f'{quoted(word)} is no hashtag: platforms end it before "{stop[0]}"')
        tags.setdefault(word.casefold(), f"#{word}")
    return " ".join(tags.values())


def _shorten(value: Any, most: int) -> str:
    """At most so many visible characters, cut behind a word."""
    return shortened(shown(value), max(0, int(most)))


def _utm(
    value: Any,
    *,
    source: str = "",
    medium: str = "",
    campaign: str = "",
    term: str = "",
    content: str = "",
) -> str:
    address = shown(value).strip()
    if not re.fullmatch(r"https?://\S+", address, re.IGNORECASE):
        raise Refused(f"{quoted(address)} is no address that begins with https://")
    named = {"source": source, "medium": medium, "campaign": campaign}
    named |= {"term": term, "content": content}
    return with_parameters(address, {name: shown(word) for name, word in named.items()})


OWN: Mapping[str, Callable[..., Any]] = {
    "join": _join,
    "replace": _replace,
    "round": _round,
    "hashtags": _hashtags,
    "shorten": _shorten,
    "utm": _utm,
}
LOCAL: Mapping[str, Callable[..., Any]] = {"date": _date, "time": _time, "number": _number}
"""Those that write in a language's way; it is the post's when none is named."""
