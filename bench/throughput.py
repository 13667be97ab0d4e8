"""How long 1,000 due posts on 100 accounts take, beside what the platform itself makes them take.

The sandbox processes each container for five seconds. The bound is that time and the requests of
an account's posts one after the other (or three at a time), without any run or ledger.
Usage: python -m bench.throughput [ACCOUNTS] [POSTS EACH]
"""

from __future__ import annotations

import math
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.team import make_team, picture, platform, post, published, twice
from socialauto.engine.clock import SystemClock
from socialauto.repository.git import Git
from socialauto.sandbox.state import Settings

PROCESSING = 5.0
REQUESTS = 0.2
"""Seconds for the requests of one post: four of 50 ms each, as a distant platform takes them."""
GOALS = {1: 1.1, 3: 1.2}
"""Times the bound, by how many are prepared ahead."""
FLUSH = 0.5


def _files(accounts: int, each: int) -> Iterator[tuple[str, bytes]]:
    yield "m.jpg", picture()
    due = SystemClock().now() - timedelta(hours=1)
    for account in range(accounts):
        for turn in range(each):
            text = post(account, due, "/m.jpg", f"Number {account} {turn}")
            yield f"content/a{account}/p{turn}.md", text


def _cpu() -> float:
    """Seconds that the processes started from here have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(accounts: int, each: int, ahead: int) -> bool:
    """Print one line; whether the goal is met."""
    more = f"guard: {{max_per_run: 100000}}\nrun: {{ahead: {ahead}}}\n"
    settings = Settings(image_seconds=PROCESSING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with platform(folder, accounts, settings) as (world, url):
            root = make_team(folder, url, accounts, _files(accounts, each), more)
            began, before = time.perf_counter(), _cpu()
            done = len(published(root))
            seconds, cpu = time.perf_counter() - began, _cpu() - before
        bare = Git(folder / "remote.git")
        commits = int(bare.line("rev-list", "--count", "socialauto/ledger")) - 1
    bound = math.ceil(each / ahead) * (PROCESSING + REQUESTS)
    allowed = 2 + seconds / FLUSH
    print(
        f"{done} posts, {accounts} accounts, {ahead} ahead: {seconds:.1f} s, "
        f"{seconds / bound:.2f} x the bound of {bound:.1f} s (goal {GOALS[ahead]:g}); "
        f"{commits} pushes (at most {allowed:.0f}); {cpu:.1f} s of CPU; "
        f"{twice(world)} twice",
        flush=True,
    )
    whole = done == accounts * each == len(world.log)
    return whole and seconds <= GOALS[ahead] * bound and commits <= allowed


def main(arguments: list[str]) -> int:
    """1 when a goal is missed."""
    accounts, each = (int(word) for word in arguments) if arguments else (100, 10)
    met = [measure(accounts, each, ahead) for ahead in GOALS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
