"""When the runs of a year begin: every few minutes, now and then, not for a week; and in storms."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from support.simulation.year_oracle import RunTime

FIRST = datetime(2027, 1, 1, tzinfo=UTC)
LAST = datetime(2028, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WEEK = 7 * DAY

OFFSET = timedelta(seconds=30)
"""Runs begin half a minute after a whole one, what is due is due at a whole one: so clocks that
differ by less agree about what is due."""
CALM = 4.5 * HOUR
"""Around a storm nobody commits anything: what goes out in it is known, though not when."""
NEXT = 20 * MINUTE
"""Between the runs around a storm."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much happens in a year."""

    posts: int
    commits: int
    gap: tuple[float, float]
    """Hours between two runs, from and to."""
    storms: int
    sleeps: int = 4
    """Weeks without a run."""
    wild: float = 0.0
    """Share of the runs that meet misfortune, whenever they are and whoever commits meanwhile: when
    something goes out is not known then, and that it goes out once is."""
    idle: float = 1.0
    """Share of the runs that begin although nothing is near. That a plan of theirs is that of the
    run before is looked at often enough."""


def moments(rng: random.Random, pace: Pace) -> list[datetime]:
    """When the team commits: never at a whole minute, and never twice in an hour."""
    days = sorted(rng.sample(range(1, 364), pace.commits - 1))
    made = [FIRST + day * DAY + rng.randrange(24 * 60) * MINUTE for day in days]
    return [FIRST + timedelta(seconds=10), *(at + timedelta(seconds=10) for at in made)]


def sleeps(rng: random.Random, pace: Pace) -> list[tuple[datetime, datetime]]:
    """Weeks in which no run begins, one in each part of the year."""
    part = 51 / pace.sleeps
    weeks = [
        FIRST + (number * part + rng.uniform(0, part - 2)) * WEEK for number in range(pace.sleeps)
    ]
    return [(begin, begin + WEEK) for begin in weeks]


def _asleep(at: datetime, naps: Iterable[tuple[datetime, datetime]], *, margin: timedelta) -> bool:
    return any(begin - margin <= at <= end + margin for begin, end in naps)


def _on_grid(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + OFFSET


def _cron(rng: random.Random, pace: Pace) -> Iterator[datetime]:
    at = FIRST + 11 * MINUTE
    while at < LAST:
        yield _on_grid(at)
        at += max(2 * MINUTE, rng.uniform(*pace.gap) * HOUR)


def _near(times: Sequence[datetime], at: datetime) -> bool:
    """One of them is just over, or comes soon."""
    place = bisect_left(times, at - 2 * NEXT)
    return place < len(times) and times[place] <= at + NEXT


def _far_from(times: Sequence[datetime], at: datetime, margin: timedelta) -> bool:
    place = bisect_left(times, at - margin)
    return place == len(times) or times[place] > at + margin


def _storms(
    rng: random.Random,
    pace: Pace,
    dues: Sequence[datetime],
    commits: Sequence[datetime],
    naps: Sequence[tuple[datetime, datetime]],
) -> list[datetime]:
    """Begin around instants at which something is due."""
    chosen: list[datetime] = []
    for due in rng.sample(dues, len(dues)):
        at = _on_grid(due + rng.randint(-8, 12) * MINUTE)
        quiet = _far_from(commits, at, CALM) and _far_from(sorted(chosen), at, 2 * CALM)
        if quiet and FIRST + DAY < at < LAST - DAY and not _asleep(at, naps, margin=CALM):
            chosen.append(at)
        if len(chosen) >= pace.storms:
            break
    return sorted(chosen)


def _ahead(rng: random.Random, at: datetime, commits: Sequence[datetime]) -> timedelta:
    """Some runs wait for what falls due; not while somebody commits, which other tests look at."""
    length = rng.choice((0, 0, 10)) * MINUTE
    commit = bisect_right(commits, at)
    waits = commit == len(commits) or commits[commit] > at + length + MINUTE
    return length if waits else timedelta(0)


def _wild(rng: random.Random, pace: Pace, dues: Sequence[datetime]) -> Iterator[RunTime]:
    """A run around something that is due, and others that find what it left; then all is quiet."""
    last = FIRST
    for due in sorted(rng.sample(dues, pace.storms)):
        at = _on_grid(due + rng.randint(-8, 12) * MINUTE)
        for pause in (0, rng.randint(1, 50), rng.randint(55, 200)):
            at += pause * MINUTE
            if at > last:
                yield RunTime(at, rng.choice((0, 10)) * MINUTE, rng.random() < pace.wild)
                last = at
    end = max(_on_grid(LAST), last)
    yield from (RunTime(end + number * NEXT) for number in range(1, 30))


def run_times(
    rng: random.Random, pace: Pace, dues: Sequence[datetime], commits: Sequence[datetime]
) -> list[RunTime]:
    if pace.wild:
        return list(_wild(rng, pace, dues))
    naps = sleeps(rng, pace)
    storms = _storms(rng, pace, dues, commits, naps)
    around = {at + number * NEXT for at in storms for number in range(-1, 14)}
    busy = sorted({*dues, *commits, *(end for _, end in naps)})
    calm = [
        at
        for at in _cron(rng, pace)
        if not _asleep(at, naps, margin=timedelta(0))
        and all(not timedelta(0) <= at - storm <= CALM for storm in storms)
        and (_near(busy, at) or rng.random() < pace.idle)
    ]
    times = sorted({*calm, *around})
    stormy = set(storms)
    return [RunTime(at, _ahead(rng, at, commits), at in stormy) for at in times]


def day_time(rng: random.Random, day: date) -> datetime:
    """A wall clock at which people post; hours that clocks skip are left to the series."""
    return datetime.combine(day, time(rng.randint(6, 22), rng.choice((0, 10, 25, 45))))
