"""Instants and lengths of time as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_STEPS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def span(length: timedelta) -> str:
    """`3 d 4 h`, `12 min`, `40 s`: the two largest units, rounded down."""
    seconds = abs(int(length.total_seconds()))
    for index, (unit, size) in enumerate(_STEPS):
        if seconds >= size:
            whole, rest = divmod(seconds, size)
            return f"{whole} {unit}" + _second_unit(rest, index + 1, unit)
    return "0 s"


def _second_unit(rest: int, index: int, unit: str) -> str:
    if unit in ("min", "s"):
        return ""
    name, size = _STEPS[index]
    return f" {rest // size} {name}" if rest >= size else ""


def utc(instant: datetime) -> str:
    """`2026-12-01 08:00 UTC`."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def local(instant: datetime, zone: str) -> str:
    """`2026-12-01 09:00 Europe/Berlin`."""
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
