"""What the guard will say about posts still to come, told while they can be moved easily.

Only what the files themselves show: the ledger may know more, and a run asks it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from socialauto.core.delivery import Delivery
from socialauto.core.finding import Finding
from socialauto.core.guard import DAY, Limits
from socialauto.core.likeness import near_pairs
from socialauto.core.occurrences import Series, calendar_of
from socialauto.core.policies import Policies
from socialauto.core.policy import Judged, time_complaints
from socialauto.core.reading import Source
from socialauto.core.spans import local, span

Planned = tuple[Source, Delivery]

LOOKED_AT = timedelta(days=60)
"""A series has dates for ever; what does not show in two months can wait."""

_NAMED = 3
"""Posts that a finding names; more would hide what it says."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the guard will ask for."""

    limits: Mapping[str, Limits]
    """By account."""
    duplicates: timedelta


def place_of(source: Source) -> str:
    """`content/a.md:3`, the line of the time."""
    return f"{source.path}:{source.place('time')[0]}"


def at_time(source: Source, code: str, message: str, hint: str) -> Finding:
    """A warning at the post's time."""
    line, column = source.place("time")
    return Finding(source.path, line, column, code, message, hint, "warning")


def _cap(account: str, planned: Sequence[Planned], limits: Limits) -> Iterator[Finding]:
    """One warning a crowd, at the first post that has to wait, and not one at each of fifty."""
    cap, told_until = limits.daily_cap, None
    dues = [delivery.due for _, delivery in planned]
    for index, (source, delivery) in enumerate(planned):
        first = bisect_left(dues, delivery.due - DAY + timedelta.resolution)
        if cap is None or index - first < cap or (told_until and delivery.due < told_until):
            continue
        told_until = delivery.due + DAY
        names = ", ".join(place_of(other) for other, _ in planned[first:index][-_NAMED:])
        more = index - first - _NAMED
        names += f" and {more} more" if more > 0 else ""
        message = f"{account} sends {cap} posts in 24 hours at most, and has {names} before this"
        yield at_time(source, "SA605", message, "move it to another day, or it goes out late")


def too_close(planned: Sequence[Planned], limits: Limits) -> Iterator[tuple[Planned, Planned]]:
    """Neighbours in time that the account's gap does not allow."""
    for earlier, later in pairwise(planned):
        # At the very same instant is a finding of its own.
        if timedelta(0) < later[1].due - earlier[1].due < limits.min_gap:
            yield earlier, later


def gap_finding(account: str, earlier: Planned, later: Planned, limits: Limits) -> Finding:
    """A warning at the later one."""
    apart = span(later[1].due - earlier[1].due)
    message = f"{apart} after {place_of(earlier[0])} on {account}"
    message += f", where posts are {span(limits.min_gap)} apart at least"
    return at_time(later[0], "SA607", message, "move one of them, or it goes out late")


def _origin(one: Planned) -> str:
    """The post itself, or what it is one date of: once told of those, people know."""
    return one[0].post.schedule or one[1].key.post


def _gaps(account: str, planned: Sequence[Planned], limits: Limits) -> Iterator[Finding]:
    told = set()
    for earlier, later in too_close(planned, limits):
        pair = (_origin(earlier), _origin(later))
        if pair not in told:
            told.add(pair)
            yield gap_finding(account, earlier, later, limits)


def same_instants(account: str, planned: Sequence[Planned], now: datetime) -> Iterator[Finding]:
    """What falls on one instant when a date of a series or a post in a queue is among it; two
    posts with times of their own are a rule across files."""
    told = set()
    for earlier, later in pairwise(planned):
        pair = (_origin(earlier), _origin(later))
        dated = any(one[1].key.occurrence or one[0].post.schedule for one in (earlier, later))
        same = earlier[1].due == later[1].due >= now and pair[0] != pair[1]
        if same and dated and pair not in told:
            told.add(pair)
            message = f"{place_of(earlier[0])} goes out on {account} at the same time"
            message += f", {local(later[1].due, later[1].zone)}"
            yield at_time(later[0], "SA603", message, "move one of them")


def near_findings(
    account: str, planned: Sequence[Planned], within: timedelta, now: datetime
) -> Iterator[Finding]:
    """Texts that nearly say the same; a run does not mind, readers may."""
    lane = [(delivery.due, delivery.key.post, delivery.message) for _, delivery in planned]
    for first, second, share in near_pairs(lane, within, now):
        apart = span(lane[second][0] - lane[first][0])
        message = f"reads much like {place_of(planned[first][0])}, {apart} before it on {account}"
        message += f": {share:.0%} of it is the same"
        yield at_time(planned[second][0], "SA614", message, "say it in other words, or leave it")


def _alike(account: str, planned: Sequence[Planned], within: timedelta) -> Iterator[Finding]:
    seen: dict[str, Planned] = {}
    for source, delivery in planned:
        found = seen.get(delivery.message.fingerprint)
        seen[delivery.message.fingerprint] = (source, delivery)
        if found is None or found[1].key.post == delivery.key.post:
            continue  # a series may say the same every week
        apart = delivery.due - found[1].due
        # At the very same instant is a finding of its own.
        if timedelta(0) < apart <= within:
            message = f"reads like {place_of(found[0])}, {span(apart)} before it on {account}"
            yield at_time(source, "SA606", message, "change one, or the guard will refuse it")


def in_lanes(made: Iterable[Planned]) -> dict[str, list[Planned]]:
    """What goes out, by account, each in the order of time."""
    lanes: dict[str, list[Planned]] = defaultdict(list)
    for source, delivery in made:
        if not delivery.stays:
            lanes[delivery.key.account].append((source, delivery))
    for lane in lanes.values():
        lane.sort(key=lambda one: (one[1].due, one[0].path, one[1].key))
    return lanes


def next_dates(sources: Iterable[Source], series: Iterable[Series], now: datetime) -> list[Planned]:
    """The dates of what recurs in the time that is looked at, with where it is written."""
    written = {source.id: source for source in sources}
    return [
        (written[one.id], delivery)
        for one in series
        if one.id in written
        for delivery in calendar_of(one, now, now + LOOKED_AT)
    ]


def date_findings(planned: Iterable[Planned], policies: Policies) -> Iterator[Finding]:
    """Warnings about the next dates of a series that fall into quiet hours or on a weekend: one a
    series and policy. Never errors: the dates that are looked at are others every day."""
    told = set()
    for source, delivery in planned:
        judged = Judged(source.post, delivery.message, delivery.due, delivery.zone)
        for name, complaint in time_complaints(policies, judged):
            mark = (source.path, source.id, name)
            if mark not in told and name not in dict(delivery.allowed):
                told.add(mark)
                message = f"{complaint.message}: the date {delivery.key.occurrence}"
                hint = "choose another rule, or skip this date"
                yield at_time(source, complaint.code, message, hint)


def horizon_findings(made: Iterable[Planned], outlook: Outlook, now: datetime) -> Iterator[Finding]:
    """Warnings about posts that are still to come, at the later one of those concerned."""
    for account, lane in in_lanes(made).items():
        limits = outlook.limits[account]
        ahead = {place_of(source) for source, delivery in lane if delivery.due >= now}
        for finding in (
            *_cap(account, lane, limits),
            *_gaps(account, lane, limits),
            *_alike(account, lane, outlook.duplicates),
        ):
            if f"{finding.path}:{finding.line}" in ahead:
                yield finding
