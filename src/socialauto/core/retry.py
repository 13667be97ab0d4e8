"""When to try again: a formula, kept in the ledger so that it survives runs."""

from __future__ import annotations

from datetime import timedelta

from socialauto.core.config import Retries


def wait_after(tries: int, retries: Retries, *, chance: float) -> timedelta:
    """The pause after the given number of tries (1 or more).

    Doubles from `first_wait` up to `longest_wait`; `chance`, 0 to 1, spreads it over ±25 % so
    that many posts that failed together do not come back together.
    """
    doubled = retries.first_wait * (1 << min(tries - 1, 20))
    return min(doubled, retries.longest_wait) * (0.75 + 0.5 * chance)
