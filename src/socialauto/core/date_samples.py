"""Dates on which a text that names its date is likely to be a different one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

LOOKED_AT = timedelta(days=400)
"""So far ahead: every month has come, with every day of the week in the most of them."""
MOST = 200


def _all_samples(dues: Iterable[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    seen = set()
    for due in dues:
        wall = due.astimezone(zone)
        # What makes words longer or shorter: "Wednesday", "September", "31st", "09:00" and "9 PM".
        kind = (wall.month, wall.weekday(), wall.day > 9, wall.hour)
        if kind not in seen:
            seen.add(kind)
            yield due


def samples(dues: Iterable[datetime], zone: ZoneInfo) -> list[datetime]:
    """One date of each kind, in order, at most `MOST`."""
    return list(islice(_all_samples(dues, zone), MOST))
