"""What a visible call that did not say yes has done."""

from __future__ import annotations

from socialauto.adapters.instagram.errors import Advice
from socialauto.adapters.instagram.graph import Failure
from socialauto.core.outcome import InDoubt, NotPublished, PublishOutcome

_REPLACE = (Advice.NEW, Advice.FIX, Advice.REFETCH)
"""After these refusals what was prepared is of no more use."""


def verdict(failure: Failure) -> PublishOutcome:
    """Not published only where that is certain; anything else only `find` may judge."""
    if not failure.sent:
        return NotPublished(failure.problem)
    refused = failure.error is not None and 400 <= failure.error.status < 500
    if not refused or failure.advice in (None, Advice.PROBE):
        return InDoubt(failure.problem)
    return NotPublished(failure.problem, handle_dead=failure.advice in _REPLACE)
