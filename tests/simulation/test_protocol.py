"""Exactly once on six classes of platforms: the real planner, engine and record in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from socialauto.core.message import PostType
from support.simulation import process
from support.simulation.exhaustive import CASES, Case, pairs, play_scripted, singles
from support.simulation.ills import Fate, Ill
from support.simulation.long_form import play_protocol
from support.simulation.loop import run_virtually
from support.simulation.oracle import Verdict

Scenes = Callable[[Case], AsyncIterator[tuple[str, Verdict]]]

SHARDS = 8
DELIVERIES = 50_000
BATCH = 10


def play_all(scenes: Scenes, case: Case) -> tuple[int, list[str]]:
    async def main() -> tuple[int, list[str]]:
        count, complaints = 0, []
        async for words, verdict in scenes(case):
            count += 1
            complaints += [f"{words}: {each}" for each in verdict.complaints]
        return count, complaints

    return run_virtually(main)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_single_misfortune_sends_twice_or_loses_anything(case: Case) -> None:
    count, complaints = play_all(singles, case)
    assert complaints == []
    assert count > 200


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_two_crashes_send_twice_or_lose_anything(case: Case) -> None:
    count, complaints = play_all(pairs, case)
    assert complaints == []
    assert count >= (50 if case.deletes else 71)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_history_sends_twice_or_loses_anything(shard: int) -> None:
    total, seed = Verdict(), 1 + 10_000 * shard
    while total.deliveries < DELIVERIES / SHARDS:
        total += play_protocol(range(seed, seed + BATCH))
        seed += BATCH
        assert total.complaints == []
    assert total.published > 0.9 * total.deliveries


def test_a_seed_is_one_history() -> None:
    first: list[str] = []
    play_protocol(range(7, 8), first)
    play_protocol(range(8, 9))
    again: list[str] = []
    play_protocol(range(7, 8), again)
    assert len(first) > 100
    assert again == first


def test_only_a_request_that_leaves_after_its_lease_cannot_be_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What the protocol assumes, seen from the other side: a run that stands still between the check
    # of its lease and its request, for longer than the lease, and that nobody kills.
    monkeypatch.setattr(process, "ZOMBIE_PAUSE", process.LONGEST_PAUSE)
    case = Case("listed", PostType.IMAGE)

    async def main() -> Verdict:
        (operations,) = (await play_scripted(case, [{}])).met
        fate = Fate(Ill.PAUSE_BEFORE, 0.95)
        at = {operations.index("publish"): fate}
        return (await play_scripted(case, [at], rival=2700)).verdict

    assert run_virtually(main).complaints == ["p1 on listed: the public saw it 2 times"]
