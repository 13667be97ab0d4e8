"""A freeze: a crisis stop that is itself a reviewable, expiring change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Freeze:
    """Until this instant these accounts send nothing."""

    reason: str
    until: datetime
    """Aware, in UTC."""
    accounts: frozenset[str] = frozenset()
    """Empty: all of them."""

    def holds(self, account: str, at: datetime) -> bool:
        """Whether the account is silent at that instant."""
        return at < self.until and (not self.accounts or account in self.accounts)
