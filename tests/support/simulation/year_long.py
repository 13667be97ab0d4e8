"""`make year`: whole years of a team, with runs every ten minutes around all that is due."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from support.simulation.long_form import quick_collection
from support.simulation.year import LARGE, WILD, Verdict, play
from support.simulation.year_wild import play_wild

WILD_EACH = 10
"""Wild years for each large one."""


def _tell(seed: int, verdict: Verdict, seconds: float, word: str = "year") -> None:
    print(
        f"{word} {seed}: {verdict.published:,} published, {verdict.missed} missed, "
        f"{verdict.held} held, {verdict.runs:,} runs, {verdict.troubled} in storms, "
        f"{len(verdict.complaints)} complaints, {seconds:,.0f} s",
        flush=True,
    )
    for complaint in verdict.complaints[:20]:
        print(complaint)


def years(first: int, count: int, workers: int) -> int:
    """How many complaints there are about these years."""
    seeds = range(first, first + count)
    began, total = time.perf_counter(), 0
    with ProcessPoolExecutor(min(workers, count), initializer=quick_collection) as pool:
        for seed, verdict in zip(seeds, pool.map(partial(play, pace=LARGE), seeds), strict=True):
            _tell(seed, verdict, time.perf_counter() - began)
            total += len(verdict.complaints)
        wild = range(first, first + WILD_EACH * count)
        for seed, verdict in zip(wild, pool.map(partial(play_wild, pace=WILD), wild), strict=True):
            _tell(seed, verdict, time.perf_counter() - began, "wild year")
            total += len(verdict.complaints)
    return total


if __name__ == "__main__":
    seed, count, workers = (int(word) for word in sys.argv[1:4])
    sys.exit(1 if years(seed, count, workers) else 0)
