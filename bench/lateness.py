"""How late posts are on the real clock: `reconcile --for` against the sandbox.

50 posts over 10 accounts fall due after the run has started; the ledger tells how late each one
went out. Usage: python -m bench.lateness
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.team import make_team, picture, platform, post, published, twice
from socialauto.engine.clock import SystemClock

ACCOUNTS = 10
POSTS_EACH = 5
FIRST_DUE = timedelta(seconds=40)
APART = timedelta(seconds=12)
WINDOW = "2m"
GOAL = 1.0
"""Seconds, for 99 of 100."""


def _files() -> Iterator[tuple[str, bytes]]:
    for number in range(ACCOUNTS * POSTS_EACH):
        yield f"content/m{number}.jpg", picture(number * 5)
    start = SystemClock().now()
    for account in range(ACCOUNTS):
        for turn in range(POSTS_EACH):
            # Accounts fall due together, as they do on the full hour.
            due = start + FIRST_DUE + turn * APART
            number = account * POSTS_EACH + turn
            text = post(account, due, f"m{number}.jpg", f"Number {number}")
            yield f"content/p{number}.md", text


def main() -> int:
    """Print the figures; 1 when the goal is missed."""
    with tempfile.TemporaryDirectory() as name, platform(Path(name), ACCOUNTS) as (world, url):
        more = "guard: {max_per_run: 100}\n"
        results = published(make_team(Path(name), url, ACCOUNTS, _files(), more), "--for", WINDOW)
    lateness = sorted(result["lateness"] for result in results)
    p99 = lateness[max(0, int(len(lateness) * 0.99) - 1)]
    median, worst = lateness[len(lateness) // 2], lateness[-1]
    print(
        f"{len(lateness)} posts on {ACCOUNTS} accounts, {twice(world)} twice; late by: "
        f"median {median:.3f} s, p99 {p99:.3f} s, worst {worst:.3f} s (goal {GOAL:g} s)"
    )
    whole = len(lateness) == ACCOUNTS * POSTS_EACH and not twice(world)
    return 0 if whole and p99 <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
