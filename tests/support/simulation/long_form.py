"""`make simulate`: many histories, in several processes, with totals and replayable failures."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from support.simulation.full import play_full_tier
from support.simulation.history import play
from support.simulation.loop import reseed, run_virtually
from support.simulation.oracle import Verdict
from support.simulation.replay import with_replay

BATCH = 25
"""Seeds that one worker plays before it reports."""
AHEAD = 8
"""Batches that wait for each worker."""


def quick_collection() -> None:
    """A history makes few cycles and many objects: looking for cycles so often costs a fifth."""
    gc.set_threshold(50_000, 50, 50)


def play_protocol(seeds: range, trace: list[str] | None = None) -> Verdict:
    """Histories of the protocol tier, one after the other on one virtual clock."""

    async def main() -> Verdict:
        total = Verdict()
        for seed in seeds:
            reseed(seed)
            total += with_replay(await play(seed, trace=trace), seed, "protocol")
        return total

    return run_virtually(main)


TIERS = {"protocol": play_protocol, "full": play_full_tier}


def _batches(first: int) -> Iterator[range]:
    while True:
        yield range(first, first + BATCH)
        first += BATCH


def _play_batch(tier: str, seeds: range) -> Verdict:
    return TIERS[tier](seeds)


def _many(options: argparse.Namespace) -> Verdict:
    """Batch after batch, until there are enough deliveries."""
    total, began, batches = Verdict(), time.perf_counter(), _batches(options.seed)
    with ProcessPoolExecutor(options.workers, initializer=quick_collection) as pool:
        while total.deliveries < options.deliveries:
            ahead = list(islice(batches, AHEAD * options.workers))
            for verdict in pool.map(_play_batch, [options.tier] * len(ahead), ahead):
                total += verdict
                _show(total, time.perf_counter() - began)
    return total


def _show(total: Verdict, seconds: float) -> None:
    print(f"{total.deliveries:,} deliveries, {total.deliveries / seconds:,.0f} a second, "
          f"{len(total.complaints)} complaints", file=sys.stderr)  # fmt: skip


def _summary(total: Verdict, seconds: float) -> str:
    held = ", ".join(f"{name} {count:,}" for name, count in sorted(total.held.items()))
    return "\n".join(
        (
            f"deliveries   {total.deliveries:,} in {total.runs:,} runs, {seconds:,.0f} s",
            f"published    {total.published:,}",
            f"failed       {total.failed:,} (all tries used up)",
            f"held         {held or 'none'}",
            f"settled in   at most {total.rounds} quiet runs",
            f"complaints   {len(total.complaints)}",
            *total.complaints[:20],
        )
    )


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--tier", choices=sorted(TIERS), default="protocol")
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--trace", action="store_true", help="play only the seed, and tell all")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = _parse(arguments)
    began = time.perf_counter()
    if options.trace:
        trace: list[str] = []
        total = TIERS[options.tier](range(options.seed, options.seed + 1), trace)
        print("\n".join(trace))
    else:
        total = _many(options)
    print(_summary(total, time.perf_counter() - began))
    return 1 if total.complaints else 0
