"""The line that plays a failing history again."""

from __future__ import annotations

from dataclasses import replace

from support.simulation.oracle import Verdict


def with_replay(verdict: Verdict, seed: int, tier: str) -> Verdict:
    line = f"make simulate TIER={tier} SEED={seed} TRACE=1"
    complaints = [f"seed {seed}: {each}; replay: {line}" for each in verdict.complaints]
    return replace(verdict, complaints=complaints)
