"""Reads how much of its limits of calls an app or account has used, from the answer's headers.

`X-App-Usage` is one JSON object of percentages; `X-Business-Use-Case-Usage` has one list for each
business id, whose rows may name the minutes until calls are taken again. Either may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

BUSY = 90.0
"""Per cent from which nothing new is begun: calls are refused near 100."""

_PERCENTAGES = ("call_count", "total_time", "total_cputime")
_LONGEST = timedelta(days=1)


def busy_for(headers: Mapping[str, str]) -> timedelta | None:
    """How long to begin nothing new; None when there is room."""
    rows = list(_rows(headers))
    return (_regain(rows) or timedelta(hours=1)) if _load(rows) >= BUSY else None


def regain(headers: Mapping[str, str]) -> timedelta | None:
    """When calls are taken again, if the headers say so."""
    return _regain(list(_rows(headers)))


def load(headers: Mapping[str, str]) -> float | None:
    """Per cent of the limits that are used up, the fullest one; None when no header says so."""
    rows = [row for row in _rows(headers) if row]
    return _load(rows) if rows else None


def _load(rows: Iterable[Mapping[str, Any]]) -> float:
    return max((_number(row.get(name)) for row in rows for name in _PERCENTAGES), default=0.0)


def _regain(rows: Iterable[Mapping[str, Any]]) -> timedelta | None:
    minutes = max(
        (_number(row.get("estimated_time_to_regain_access")) for row in rows), default=0.0
    )
    return min(timedelta(minutes=minutes), _LONGEST) if minutes > 0 else None


def _rows(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    yield _object(headers.get("x-app-usage"))
    for rows in _object(headers.get("x-business-use-case-usage")).values():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and row.get("type", "instagram") == "instagram":
                yield row


def _object(text: str | None) -> Mapping[str, Any]:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):  # a header that we cannot read limits nothing
        return {}
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6
    return float(value) if usable else 0.0
