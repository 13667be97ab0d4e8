"""Versions of a platform's API end; which one an account uses, and until when it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time


@dataclass(frozen=True, slots=True)
class ApiVersions:
    """What a platform has announced."""

    used: str
    """By an account without `api_version`."""
    ends: Mapping[str, date | None]
    """The day on which each version ends; None: there is no day yet. A version that is missing is
    not known here, and nothing is said about it."""

    def end(self, version: str | None) -> datetime | None:
        """The first instant at which the version is surely gone, in UTC; None: nobody knows."""
        day = self.ends.get(version or self.used)
        return datetime.combine(day, time(), UTC) if day else None
