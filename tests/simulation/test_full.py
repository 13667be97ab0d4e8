"""Exactly once with the real parts: Instagram's session, the sandbox, and git, on virtual time."""

from __future__ import annotations

import pytest

from support.simulation.full import KINDS, play_full_tier, play_singles
from support.simulation.ills import CRASHES, Ill

SHARDS = 10
HISTORIES = 500
GRAVE = (*CRASHES, Ill.LOST_RESPONSE, Ill.UNCLEAR_APPLIED)
"""Ills of which nobody knows at first what they did."""


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


@pytest.mark.parametrize("kind", KINDS)
def test_no_single_doubt_about_the_real_parts_sends_twice_or_loses_anything(kind: str) -> None:
    played = play_singles(kind, GRAVE)
    assert [(words, one.complaints) for words, one in played if one.complaints] == []
    assert [words for words, one in played if one.held or one.failed] == []
    assert len(played) >= (18 if kind.endswith("deleted") else 26)
