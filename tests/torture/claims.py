"""Races for the ledger between processes: who wins, and how long a claim takes under pressure.

`PYTHONPATH=tests python -m torture.claims [--rounds N] [--claims N] [--interval SECONDS]`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Applied, Change, Entry, Lease, State
from socialauto.repository.git import open_repository
from socialauto.repository.ledger import LedgerBranch
from support.crash_scene import JUST_AFTER
from torture.team import Size, Torn

CONTEXT = multiprocessing.get_context("fork")
RUNNERS = 8
NOBODY_STARVES = 20.0
"""At most so many times the solo median may a claim take among eight, all but one in a hundred."""

Claimed = tuple[int, bool, float]
"""Round, whether it was won, seconds."""


def intent(post: str, run: str) -> Entry:
    lease = Lease(run=run, until=JUST_AFTER + timedelta(minutes=30), since=JUST_AFTER)
    return Entry(
        account="acme",
        post=post,
        state=State.INTENT,
        due=JUST_AFTER,
        digest="sha256:0",
        handle={"container": post},
        lease=lease,
    )


def claim(branch: LedgerBranch, post: str, run: str) -> tuple[bool, float]:
    """A claim that gave up is made again, as the next run would: the time counts on."""
    began = time.perf_counter()
    while True:
        with suppress(SocialautoError):
            (result,) = branch.write([Change(None, intent(post, run))], message=post)
            return isinstance(result, Applied), time.perf_counter() - began


def claim_many(
    clone: Path, start: Barrier, told: Queue[list[Claimed]], posts: list[str], *, together: bool,
    interval: float,
) -> None:  # fmt: skip
    """In a process of its own; `together` waits for the others before each claim."""
    branch = LedgerBranch(open_repository(clone), LedgerSettings())
    branch.read()
    start.wait()
    claimed: list[Claimed] = []
    for number, post in enumerate(posts):
        if together:
            start.wait()
        claimed.append((number, *claim(branch, post, clone.name)))
        if interval:
            # Runs do not beat in time: that would be a race each time, or never one.
            threading.Event().wait(interval * random.uniform(0.5, 1.5))
    told.put(claimed)


def among(
    torn: Torn, name: str, runners: int, posts: Callable[[int], list[str]], *,
    together: bool = False, interval: float = 0.0,
) -> list[Claimed]:  # fmt: skip
    """So many processes claim their posts, each in a clone of its own."""
    start, told = CONTEXT.Barrier(runners), CONTEXT.Queue()
    processes = []
    for number in range(runners):
        clone = torn.clone(f"{name}-{number}", str(torn.bare))
        arguments = (clone, start, told, posts(number))
        options = {"together": together, "interval": interval}
        processes.append(CONTEXT.Process(target=claim_many, args=arguments, kwargs=options))
    for process in processes:
        process.start()
    claimed = [one for _ in processes for one in told.get()]
    for process in processes:
        process.join()
    return claimed


def winners(torn: Torn, rounds: int) -> list[int]:
    """How many of two won, round by round."""
    posts = [f"race-{number}" for number in range(rounds)]
    claimed = among(torn, "two", 2, lambda _: posts, together=True)
    return [sum(won for number, won, _ in claimed if number == each) for each in range(rounds)]


def seconds(torn: Torn, name: str, runners: int, claims: int, interval: float) -> list[float]:
    """How long claims of different posts took, sorted."""

    def own(runner: int) -> list[str]:
        return [f"{name}-{runner}-{number}" for number in range(claims)]

    claimed = among(torn, name, runners, own, interval=interval)
    assert all(won for _, won, _ in claimed)
    return sorted(second for _, _, second in claimed)


def told(name: str, times: list[float]) -> str:
    median, p99 = statistics.median(times), times[int(len(times) * 0.99) - 1]
    most = f"longest {times[-1] * 1000:.0f} ms"
    return f"{name}: median {median * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {most}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture.claims", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--claims", type=int, default=40, help="of each runner")
    parser.add_argument("--interval", type=float, default=1.0, help="as between two flushes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        torn = Torn.sow(
            Path(folder), Size(1, 1), url="http://127.0.0.1:1", first=JUST_AFTER, span=timedelta(0)
        )
        won = winners(torn, options.rounds)
        print(f"{len(won)} races of two: {won.count(1)} with exactly one winner")
        solo = seconds(torn, "solo", 1, options.claims, 0.0)
        paced = seconds(torn, "paced", RUNNERS, options.claims, options.interval)
        pressed = seconds(torn, "pressed", RUNNERS, options.claims, 0.0)
    print(told("one runner", solo))
    print(told(f"{RUNNERS} runners, a claim each {options.interval:g} s", paced))
    print(told(f"{RUNNERS} runners without a pause", pressed))
    ratio = paced[int(len(paced) * 0.99) - 1] / statistics.median(solo)
    print(f"p99 among {RUNNERS}: {ratio:.1f} × the solo median, at most {NOBODY_STARVES:g}")
    return 0 if won.count(1) == len(won) and ratio <= NOBODY_STARVES else 1


if __name__ == "__main__":
    sys.exit(main())
