"""A ledger entry as documents for programs show it: one form in all of them."""

from __future__ import annotations

from typing import Any

from socialauto.core.ledger import Attempt, Entry
from socialauto.report.plan import instant


def entry_json(entry: Entry) -> dict[str, Any]:
    """What is not known is null, and never an empty text."""
    origin = entry.provenance
    return {
        "state": entry.state.value,
        "remote_id": entry.remote_id,
        "url": entry.url,
        "published_at": instant(entry.published_at),
        "lateness": entry.lateness,
        "tries": entry.tries,
        "not_before": instant(entry.not_before),
        "commit": origin.commit if origin else None,
        "author": (origin.author or None) if origin else None,
        "run_url": (origin.run_url or None) if origin else None,
        "attempts": [_attempt(attempt) for attempt in entry.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": instant(attempt.at),
        "stage": attempt.stage,
        "class": attempt.kind.value,
        "code": attempt.code or None,
        "message": attempt.message,
        "run": attempt.run or None,
        "run_url": attempt.run_url or None,
    }
