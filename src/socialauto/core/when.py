"""Times as people write them, and time zones: nothing else knows a zone."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from socialauto.core.suggest import did_you_mean, one_of

FIRST_YEAR, LAST_YEAR = 2000, 2099
MAX_OFFSET = timedelta(hours=14)
FAR = timedelta(days=2 * 366)
"""Further ahead than anybody plans a post."""

_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[ Tt]+(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"(?:\s*(?:([Zz])|([+-])(\d{2}):?(\d{2})))?",
    re.ASCII,
)
_SHAPE = "2026-12-01 09:00"


@dataclass(frozen=True, slots=True)
class TimeFlaw:
    """Why a time cannot be used, as the parts of a finding."""

    code: str
    message: str
    hint: str
    warning: bool = False


@lru_cache(maxsize=64)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone, or None when no machine knows it under this name."""
    if name.startswith(("posix/", "right/")) or name in ("localtime", "posixrules", "Factory"):
        return None  # some machines have them as files; they mean another thing on each
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_hint(name: str) -> str:
    """The IANA name that an unknown one stands for, as far as one can guess."""
    zones = available_timezones()
    town = name.strip().replace(" ", "_").casefold()
    same_town = sorted(zone for zone in zones if zone.casefold().rpartition("/")[2] == town)
    places = [zone for zone in same_town if "/" in zone]
    if places:
        return f"did you mean {one_of(f'{chr(34)}{zone}{chr(34)}' for zone in places[:3])}?"
    # An abbreviation is never guessed: CEST is not EST.
    known = ["UTC", *(zone for zone in zones if "/" in zone)]
    return did_you_mean(name, known, otherwise="use an IANA name such as Europe/Berlin")


def _offset(moment: datetime) -> str:
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _written(moment: datetime) -> str:
    seconds = ":%S" if moment.second else ""
    return moment.strftime(f"%Y-%m-%dT%H:%M{seconds}") + _offset(moment)


def _shown(moment: datetime, beside: datetime) -> str:
    """The clock's time, with the date where it is another day."""
    return moment.strftime("%H:%M" if moment.date() == beside.date() else "%Y-%m-%d %H:%M")


def _gap(wall: datetime, zone: ZoneInfo) -> TimeFlaw:
    early, late = wall.replace(tzinfo=zone, fold=1), wall.replace(tzinfo=zone, fold=0)
    readings = [
        f"{_written(moment)} for {_shown(moment.astimezone(UTC).astimezone(zone), moment)}"
        for moment in (early, late)
    ]
    message = f"{wall:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clock skips it"
    return TimeFlaw("SA303", message, f"write {readings[0]}, or {readings[1]}")


def _overlap(wall: datetime, zone: ZoneInfo) -> TimeFlaw:
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    message = f"{wall:%Y-%m-%d %H:%M} exists twice in {zone.key}: the clock is turned back"
    hint = f"write {_written(first)} for the first, or {_written(second)} for the second"
    return TimeFlaw("SA304", message, hint)


def in_zone(wall: datetime, zone: ZoneInfo) -> datetime | TimeFlaw:
    """A wall-clock time in UTC, or why it has none or two."""
    first = wall.replace(tzinfo=zone, fold=0)
    second = wall.replace(tzinfo=zone, fold=1)
    instant = first.astimezone(UTC)
    if first.utcoffset() == second.utcoffset():
        return instant
    back = instant.astimezone(zone).replace(tzinfo=None)
    return _gap(wall, zone) if back != wall else _overlap(wall, zone)


def _year_flaw(year: int) -> TimeFlaw | None:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return None
    message = f"the year {year} cannot be meant"
    return TimeFlaw("SA305", message, f"use one from {FIRST_YEAR} to {LAST_YEAR}")


def _pad(year: str, month: str, day: str, time: str = "09:00") -> str:
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d} {time}"


_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap]\.?m\.?)?"
_DOTTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})(?:\D+(\d{1,2}:\d{2}))?.*", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\D+(\d{1,2}:\d{2}))?.*", re.ASCII)
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_HALF_DAY = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[ T]+" + _CLOCK, re.ASCII)
_ZONE_AFTER = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2}[ Tt]+\d{1,2}:\d{2}(?::\d{2})?)\s*([A-Za-z].*)", re.ASCII
)
_WORD = re.compile(r"(today|tomorrow|now|next|in|on|mon|tue|wed|thu|fri|sat|sun)\b.*|\w*day\b.*")


def _half_day(match: re.Match[str]) -> str:
    day, hour, minute, half = match.groups()
    number = int(hour) % 12 + (12 if half and half.startswith("p") else 0)
    return f"write {day} {number if half else int(hour):02d}:{minute or '00'}"


def _either_order(match: re.Match[str]) -> str:
    """12/01 is January in Europe and December in America."""
    first, second, year, time = match.groups()
    orders = {(month, day) for month, day in ((first, second), (second, first)) if int(month) <= 12}
    readings = sorted(_pad(year, month, day, time or "09:00") for month, day in orders)
    return f"write {one_of(readings)}" if readings else f"write it as {_SHAPE}"


def _cure(text: str) -> str:
    """What to write instead, for the ways people write times elsewhere."""
    folded = text.casefold()
    if re.fullmatch(_CLOCK, folded, re.ASCII):
        return f"add the date: {_SHAPE}"
    if _WORD.fullmatch(folded):
        return f"write the date out, as {_SHAPE}: the file is read again every day"
    if match := _DOTTED.fullmatch(text):
        return f"write {_pad(match[3], match[2], match[1], match[4] or '09:00')}"
    if match := _SLASHED.fullmatch(text):
        return _either_order(match)
    if match := _DATE.fullmatch(text):
        return f"add the time of day: {_pad(*match.groups())}"
    if match := _HALF_DAY.fullmatch(folded):
        return _half_day(match)
    if match := _ZONE_AFTER.fullmatch(text):
        return f"write {match[1]}, and the zone on a line of its own: timezone: Europe/Berlin"
    return f"write it as {_SHAPE}"


def _unreadable(text: str) -> TimeFlaw:
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    return TimeFlaw("SA302", f'"{shown}" is not a date and a time', _cure(text[:80]))


def _no_day(year: int, month: int, day: int) -> TimeFlaw | None:
    if not 1 <= month <= 12:
        return TimeFlaw("SA302", f"there is no month {month}", "write year-month-day")
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        message = f"there is no day {day} in {year}-{month:02d}"
        return TimeFlaw("SA302", message, f"the last one is {year}-{month:02d}-{days}")
    return None


def _no_hour(hour: int, minute: int, second: int) -> TimeFlaw | None:
    if hour < 24 and minute < 60 and second < 60:
        return None
    hint = "midnight is 00:00 of the day that begins" if hour == 24 else "the last is 23:59:59"
    message = f"there is no time of day {hour:02d}:{minute:02d}:{second:02d}"
    return TimeFlaw("SA302", message, hint)


def _wall(match: re.Match[str]) -> datetime | TimeFlaw:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    flaw = _year_flaw(year) or _no_day(year, month, day) or _no_hour(hour, minute, second)
    return flaw or datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a wall clock


def _fixed(match: re.Match[str]) -> timezone | TimeFlaw | None:
    """The explicit offset, if one is written."""
    if match[7]:
        return UTC
    if not match[8]:
        return None
    offset = timedelta(hours=int(match[9]), minutes=int(match[10]))
    if offset > MAX_OFFSET or int(match[10]) > 59:
        written = f"{match[8]}{match[9]}:{match[10]}"
        return TimeFlaw("SA302", f"the offset {written} does not exist", "use one such as +01:00")
    return timezone(-offset if match[8] == "-" else offset)


def parse_time(text: str, zone: ZoneInfo) -> datetime | TimeFlaw:
    """`2026-12-01 09:00` on the clocks of `zone`, or with its own offset, as UTC."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        return _unreadable(text.strip())
    wall, fixed = _wall(match), _fixed(match)
    if isinstance(wall, TimeFlaw):
        return wall
    if isinstance(fixed, TimeFlaw):
        return fixed
    if fixed:
        return wall.replace(tzinfo=fixed).astimezone(UTC)
    return in_zone(wall, zone)


def far_ahead(due: datetime, now: datetime) -> TimeFlaw | None:
    """A warning for a time that nobody plans for."""
    if due - now <= FAR:
        return None
    years = round((due - now).days / 365.25)
    message = f"this is {years} years ahead"
    return TimeFlaw("SA305", message, "check the year", warning=True)


def parse_day(text: str) -> tuple[datetime, bool] | TimeFlaw:
    """A date, or a date and a time, on a wall clock nowhere in particular; and whether there was a
    time. Midnight stands in for one that is left out."""
    text = text.strip()
    match = _TIME.fullmatch(text)
    with_time = match is not None
    match = match or _TIME.fullmatch(f"{text} 00:00")
    if not match:
        flaw = _unreadable(text)
        return TimeFlaw(
            "SA302", flaw.message.replace("a date and a time", "a date"), "write 2026-12-01"
        )
    if match[7] or match[8]:
        message = f'"{text}" has an offset, and dates of a series have none'
        return TimeFlaw("SA302", message, "leave the offset away; timezone: names the zone")
    wall = _wall(match)
    return wall if isinstance(wall, TimeFlaw) else (wall, with_time)


def _first_after(gap: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clock of `zone` leaps over `gap`."""
    early = gap.replace(tzinfo=zone, fold=1).astimezone(UTC)
    late = gap.replace(tzinfo=zone, fold=0).astimezone(UTC)
    after = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late


def on_clock(wall: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """When a recurring wall-clock time is, in UTC, and what people are told about it.

    One that the clock skips is the first instant after the gap; of two, the first counts.
    """
    found = in_zone(wall, zone)
    if not isinstance(found, TimeFlaw):
        return found, ""
    if found.code == "SA304":
        said = f"{wall:%H:%M} comes twice that day, and the first counts"
        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC), said
    instant = _first_after(wall, zone)
    return (
        instant,
        f"the clock skips {wall:%H:%M} that day, so at {_shown(instant.astimezone(zone), wall)}",
    )
