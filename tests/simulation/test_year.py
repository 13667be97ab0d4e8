"""A year of a real team: series, queues and posts, edits and deletions, sleep and misfortune.

The calendar that the public log must equal is computed from the facts that the team wrote, with
dateutil and zoneinfo, by the rules of docs/schedules.md and docs/lifecycle.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from support.simulation.year import SMALL, WILD, complaints, play
from support.simulation.year_oracle import Oracle
from support.simulation.year_story import BEGAN, tell
from support.simulation.year_wild import play_wild
from support.simulation.year_world import live

FEW = replace(SMALL, posts=10, commits=10, storms=1, gap=(40, 120))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_public_log_of_a_year_is_the_calendar(seed: int) -> None:
    verdict = play(seed, SMALL)
    assert verdict.complaints == []
    assert verdict.published > 100
    assert verdict.missed > 20


def test_a_year_of_misfortune_shows_everything_once() -> None:
    verdict = play_wild(1, replace(WILD, storms=60))
    assert verdict.complaints == []
    assert verdict.troubled > 40
    assert verdict.published > 50


def test_a_calendar_that_is_wrong_is_noticed() -> None:
    """The oracle must be able to complain, or its silence says nothing."""
    story = tell(5, FEW)
    world = live(story, 5)
    oracle = Oracle(story.history, BEGAN)
    for run in story.runs:
        oracle.see(run)
    assert complaints(oracle.noted, world, story.runs) == []
    name, noted = next((name, one) for name, one in oracle.noted.items() if one.shown)
    for wrong in (
        replace(noted, shown=noted.shown - timedelta(minutes=20)),
        replace(noted, shown=noted.shown + timedelta(minutes=20)),
        replace(noted, text="Other words"),
        replace(noted, state="missed", shown=None),
        replace(noted, due=noted.due + timedelta(minutes=1)),
    ):
        assert complaints({**oracle.noted, name: wrong}, world, story.runs), wrong
    without = {other: one for other, one in oracle.noted.items() if other != name}
    assert complaints(without, world, story.runs)
