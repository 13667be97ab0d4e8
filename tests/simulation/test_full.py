"""Exactly once with the real parts: Instagram's session, the sandbox, and git, on virtual time."""

from __future__ import annotations

import pytest

from support.simulation.full import play_full_tier

SHARDS = 10
HISTORIES = 500


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_history_with_the_real_parts_sends_twice_or_loses_anything(shard: int) -> None:
    count = HISTORIES // SHARDS
    first = 1 + 10_000 * shard
    verdict = play_full_tier(range(first, first + count))
    assert verdict.complaints == []
    assert verdict.deliveries >= count
    assert verdict.published > 0.9 * verdict.deliveries


def test_a_seed_is_one_history_with_the_real_parts_too() -> None:
    first: list[str] = []
    play_full_tier(range(3, 4), first)
    again: list[str] = []
    play_full_tier(range(3, 4), again)
    assert len(first) > 10
    assert again == first
