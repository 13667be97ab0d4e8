"""The guard: looks at all steps together and refuses what looks like an accident.

Each rule takes the steps and returns them with some turned into BLOCKED or WAIT; a person who has
read the plan can lift a rule by name with `--allow`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from socialauto.core.config import Config
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.freeze import Freeze
from socialauto.core.ledger import Entry, Snapshot
from socialauto.core.outcome import ErrorClass
from socialauto.core.plan import (
    SENDING,
    Circumstances,
    Kind,
    Plan,
    Refusal,
    Step,
    in_order,
)
from socialauto.core.removal import GUARD as DELETES
from socialauto.core.removal import held_back
from socialauto.core.renames import renamed
from socialauto.core.sequel import draft_plan
from socialauto.core.spans import span, utc

RULES = {
    "history": "posts due before the ledger began",
    "freeze": "posts of accounts that freeze.yaml silences",
    "duplicate": "posts that read like a recent one on the same account",
    "gap": "posts closer together than the minimum gap",
    "cap": "more posts in 24 hours than the account's cap",
    "burst": "more posts in one run than guard.max_per_run",
    DELETES: "more deletions in one run than guard.max_deletes",
}
"""What `--allow` takes."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The guard's numbers for one account."""

    min_gap: timedelta
    daily_cap: int | None


@dataclass(frozen=True, slots=True)
class _Past:
    """What an account has already shown, newest last."""

    times: tuple[datetime, ...]
    fingerprints: Mapping[str, tuple[datetime, DeliveryKey]]
    paused_until: datetime | None


def _shown_at(entry: Entry) -> datetime | None:
    """When the public saw it, or may have: an open or held intent counts as seen."""
    if entry.published_at:
        return entry.published_at
    return entry.lease.since if entry.lease else None


def _pause(entry: Entry) -> datetime | None:
    """The platform told the account to wait: that holds for all its posts."""
    limited = (
        entry.not_before and entry.attempts and entry.attempts[-1].kind is ErrorClass.RATE_LIMITED
    )
    return entry.not_before if limited else None


def _past(entries: Iterable[Entry]) -> dict[str, _Past]:
    by_account: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_account[entry.account].append(entry)
    return {account: _past_of(mine) for account, mine in by_account.items()}


def _past_of(entries: list[Entry]) -> _Past:
    posts = [entry for entry in entries if not entry.part]
    shown = sorted((at, entry.key, entry) for entry in posts if (at := _shown_at(entry)))
    return _Past(
        times=tuple(at for at, _, _ in shown),
        fingerprints={entry.fingerprint: (at, key) for at, key, entry in shown},
        paused_until=max((at for entry in entries if (at := _pause(entry))), default=None),
    )


_NOTHING = _Past((), {}, None)


def _blocked(step: Step, guard: str, reason: str) -> Step:
    return replace(
        step,
        kind=Kind.BLOCKED,
        guard=guard,
        reason=f'{reason}; if it is meant, type "--allow {guard}"',
        at=None,
    )


Rule = Callable[[Step, datetime], Step]
"""Takes a step that would send at this instant; returns it, moved, waiting or blocked."""


@dataclass(frozen=True, slots=True)
class _View:
    """What holds for all accounts."""

    horizon: datetime
    """The end of the time that is planned ahead; now, when nothing is."""
    duplicates: timedelta
    freezes: tuple[Freeze, ...]


def _same(one: DeliveryKey, other: DeliveryKey) -> bool:
    """The post itself, or two dates of a series: to repeat is what a series is for."""
    return replace(one, occurrence="") == replace(other, occurrence="")


class _Lane:
    """Walks one account's steps in the order of their instants; remembers what it lets through.

    Each rule looks at the instant at which a step would send (`Step.at`). A rule that says "later"
    moves the step when that is still inside the time planned ahead, and lets it wait otherwise.
    """

    def __init__(self, past: _Past, limits: Limits, view: _View) -> None:
        self._past = past
        self._limits = limits
        self._view = view
        self._times = list(past.times)
        self._prints = dict(past.fingerprints)

    def judge(self, step: Step, allowed: frozenset[str]) -> Step:
        """The step itself, or what the rules make of it."""
        for name, rule in self._part_rules() if step.key.part else self._rules():
            if name not in allowed:
                step = rule(step, _instant(step))
            if step.kind not in SENDING:
                return step
        if step.key.part:
            return step
        assert step.delivery is not None
        self._times.append(_instant(step))
        self._prints[step.delivery.message.fingerprint] = (_instant(step), step.key)
        return step

    def _rules(self) -> tuple[tuple[str, Rule], ...]:
        return (
            ("freeze", self._frozen),
            ("duplicate", self._duplicate),
            ("pause", self._paused),
            ("gap", self._gap),
            ("cap", self._cap),
        )

    def _part_rules(self) -> tuple[tuple[str, Rule], ...]:
        """A first comment belongs to its post: it is none of its own to gaps and caps."""
        return (("freeze", self._frozen), ("pause", self._paused))

    def _later(self, step: Step, until: datetime, reason: str) -> Step:
        if until <= self._view.horizon:
            return replace(step, at=until)
        return replace(step, kind=Kind.WAIT, at=until, reason=reason)

    def _frozen(self, step: Step, at: datetime) -> Step:
        for freeze in self._view.freezes:
            if freeze.holds(step.key.account, at):
                reason = f"frozen until {utc(freeze.until)}: {freeze.reason}"
                return replace(step, kind=Kind.WAIT, at=freeze.until, reason=reason)
        return step

    def _duplicate(self, step: Step, at: datetime) -> Step:
        assert step.delivery is not None
        seen = self._prints.get(step.delivery.message.fingerprint)
        if seen is None or at - seen[0] > self._view.duplicates or _same(seen[1], step.key):
            return step
        return _blocked(step, "duplicate", f"reads like {seen[1].post} of {utc(seen[0])}")

    def _paused(self, step: Step, at: datetime) -> Step:
        until = self._past.paused_until
        if until is None or until <= at:
            return step
        reason = f"the platform asked this account to wait until {utc(until)}"
        return self._later(step, until, reason)

    def _gap(self, step: Step, at: datetime) -> Step:
        free = max(self._times) + self._limits.min_gap if self._times else at
        if free <= at:
            return step
        reason = f"{span(self._limits.min_gap)} apart from the post before it"
        return self._later(step, free, reason)

    def _cap(self, step: Step, at: datetime) -> Step:
        cap = self._limits.daily_cap
        recent = sorted(time for time in self._times if at - time < DAY)
        if cap is None or len(recent) < cap:
            return step
        return self._later(
            step, recent[-cap] + DAY, f"{cap} posts in 24 hours is this account's cap"
        )


def _instant(step: Step) -> datetime:
    """When a step sends."""
    assert step.at is not None
    return step.at


def _burst(steps: list[Step], config: Config, allowed: frozenset[str]) -> tuple[Refusal, ...]:
    sending = sum(step.kind in SENDING and not step.key.part for step in steps)
    if sending <= config.guard.max_per_run or "burst" in allowed:
        return ()
    return (
        Refusal(
            "burst",
            f"{sending} posts would go out in one run, guard.max_per_run is "
            f"{config.guard.max_per_run}",
            'read the plan; if it is meant, type "--allow burst"',
        ),
    )


def limits_for(config: Config, account: str, platform_cap: int | None) -> Limits:
    """The account's own numbers, then the guard's, then the platform's."""
    own = config.accounts[account]
    return Limits(
        min_gap=own.min_gap if own.min_gap is not None else config.guard.min_gap,
        daily_cap=own.daily_cap or config.guard.daily_cap or platform_cap,
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is made under, beside the files, the ledger and now."""

    caps: Mapping[str, int | None] = field(default_factory=dict)
    """The platforms' daily caps, by account."""
    allowed: frozenset[str] = frozenset()
    """The guards that a person lifted."""
    freezes: tuple[Freeze, ...] = ()
    ahead: timedelta = timedelta(0)
    """What falls due in this time is planned at its instant, for a run that waits for it."""


def _judge_all(
    steps: list[Step], snapshot: Snapshot, config: Config, world: Circumstances, terms: Terms
) -> Iterator[Step]:
    past = _past(snapshot.entries.values())
    view = _View(world.horizon, config.guard.duplicates, terms.freezes)
    lanes: dict[str, _Lane] = {}
    sending = [step for step in steps if step.kind in SENDING]
    for step in sorted(sending, key=lambda step: (_instant(step), _due(step), step.key)):
        account = step.key.account
        if account not in lanes:
            limits = limits_for(config, account, terms.caps.get(account))
            lanes[account] = _Lane(past.get(account, _NOTHING), limits, view)
        yield lanes[account].judge(step, terms.allowed)
    yield from (step for step in steps if step.kind not in SENDING)


def _due(step: Step) -> datetime:
    assert step.delivery is not None
    return step.delivery.due


def make_plan(
    deliveries: Iterable[Delivery],
    snapshot: Snapshot,
    config: Config,
    *,
    now: datetime,
    terms: Terms | None = None,
) -> Plan:
    """The plan as it will be carried out."""
    terms = terms or Terms()
    world = Circumstances(
        now,
        snapshot.header.began,
        config.run.settle,
        config.retries.tries,
        history_allowed="history" in terms.allowed,
        ahead=terms.ahead,
    )
    drafted = draft_plan(deliveries, snapshot.entries, world)
    judged = list(_judge_all(drafted, snapshot, config, world, terms))
    judged = held_back(judged, config.guard.max_deletes, terms.allowed)
    judged = renamed(judged, terms.allowed)
    return Plan(now, in_order(judged), _burst(judged, config, terms.allowed))
