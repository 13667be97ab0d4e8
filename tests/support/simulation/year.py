"""A year of a real team: what the public saw is what the calendar says, and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from support.simulation.year_oracle import Name, Noted, Oracle, RunTime
from support.simulation.year_runs import HOUR, MINUTE, Pace
from support.simulation.year_story import BEGAN, tell
from support.simulation.year_world import YearWorld, live

SMALL = Pace(posts=36, commits=16, gap=(12, 60), storms=2)
"""For `make test`: runs now and then, so that much comes late and some is missed."""
LARGE = Pace(posts=600, commits=250, gap=(1 / 6, 1 / 6), storms=40, idle=0.1)
"""Every ten minutes around all that is due, and now and then else."""

WILD = Pace(posts=40, commits=20, gap=(0, 0), storms=150, wild=0.4)
"""Misfortune at any time: every second run or so."""

EARLY = timedelta(seconds=25)
"""By which a clock may be wrong."""
SOON = 4 * MINUTE
"""In which a run without misfortune is done with everything."""
AFTER_STORM = 3 * HOUR


@dataclass(slots=True)
class Verdict:
    """What became of a year."""

    published: int = 0
    missed: int = 0
    held: int = 0
    runs: int = 0
    troubled: int = 0
    """Shown in or after a storm, so that its minute is not known."""
    complaints: list[str] = field(default_factory=list)


def _window(noted: Noted, storms: list[datetime]) -> tuple[datetime, datetime]:
    """When the public may have seen it first."""
    assert noted.shown is not None
    last = noted.shown + SOON
    for storm in storms:
        if storm <= noted.shown + MINUTE and noted.shown <= storm + AFTER_STORM:
            last = max(last, max(storm, noted.shown) + AFTER_STORM)
    return noted.shown - EARLY, last


def _public(
    noted: Mapping[Name, Noted], world: YearWorld, runs: list[RunTime]
) -> Iterator[tuple[str, bool]]:
    """Complaints, and for each that was shown whether a storm was near."""
    storms = [run.at for run in runs if run.stormy]
    wanted: dict[tuple[str, str], list[tuple[datetime, Name]]] = defaultdict(list)
    for name, one in noted.items():
        if one.shown:
            wanted[name[0], one.text].append((one.shown, name))
    seen: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for account, text, at in world.shown():
        seen[account, text].append(at)
    for key in {*wanted, *seen}:
        rows, ats = sorted(wanted[key]), sorted(seen[key])
        if len(rows) != len(ats):
            yield (
                f"{key}: wanted {[str(row) for row in rows]}, seen {[str(at) for at in ats]}",
                True,
            )
            continue
        for (_, name), at in zip(rows, ats, strict=True):
            first, last = _window(noted[name], storms)
            words = "" if first <= at <= last else f"{name}: seen {at}, wanted {first} to {last}"
            yield words, last - first > SOON + EARLY


def _ledger(noted: Mapping[Name, Noted], world: YearWorld) -> Iterator[str]:
    entries = {
        (entry.account, entry.post, entry.occurrence): (entry.state.value, entry.due)
        for entry in world.snapshot().entries.values()
    }
    expected = {name: (one.state, one.due) for name, one in noted.items()}
    for name in sorted({*entries, *expected}):
        if entries.get(name) != expected.get(name):
            yield f"{name}: the ledger says {entries.get(name)}, wanted {expected.get(name)}"


def complaints(noted: Mapping[Name, Noted], world: YearWorld, runs: list[RunTime]) -> list[str]:
    """Where the world is not as the oracle says."""
    public = [words for words, _ in _public(noted, world, runs) if words]
    return [*public, *_ledger(noted, world)]


def play(seed: int, pace: Pace, trace: list[str] | None = None) -> Verdict:
    story = tell(seed, pace)
    world = live(story, seed, trace)
    oracle = Oracle(story.history, BEGAN)
    for run in story.runs:
        oracle.see(run)
    states = Counter(one.state for one in oracle.noted.values())
    return Verdict(
        published=states["published"],
        missed=states["missed"],
        held=states["held"],
        runs=len(story.runs),
        troubled=sum(near for _, near in _public(oracle.noted, world, story.runs)),
        complaints=[f"seed {seed}: {each}" for each in complaints(oracle.noted, world, story.runs)],
    )
