"""The guard: looks at all steps together and refuses what looks like an accident.

Each rule takes the steps and returns them with some turned into BLOCKED or WAIT; a person who has
read the plan can lift a rule by name with `--allow`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from socialauto.core.config import Config
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.ledger import Entry, Snapshot, State
from socialauto.core.outcome import ErrorClass
from socialauto.core.plan import (
    SENDING,
    Circumstances,
    Kind,
    Plan,
    Refusal,
    Step,
    draft_plan,
    in_order,
)
from socialauto.core.spans import span, utc

RULES = {
    "history": "posts due before the ledger began",
    "duplicate": "posts that read like a recent one on the same account",
    "gap": "posts closer together than the minimum gap",
    "cap": "more posts in 24 hours than the account's cap",
    "burst": "more posts in one run than guard.max_per_run",
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
        entry.state is State.RETRY
        and entry.attempts
        and entry.attempts[-1].kind is ErrorClass.RATE_LIMITED
    )
    return entry.not_before if limited else None


def _past(entries: Iterable[Entry]) -> dict[str, _Past]:
    by_account: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_account[entry.account].append(entry)
    return {account: _past_of(mine) for account, mine in by_account.items()}


def _past_of(entries: list[Entry]) -> _Past:
    shown = sorted((at, entry.key, entry) for entry in entries if (at := _shown_at(entry)))
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


def _waits(step: Step, until: datetime, reason: str) -> Step:
    return replace(step, kind=Kind.WAIT, at=until, reason=reason)


Rule = Callable[[Step, Delivery], Step | None]


class _Lane:
    """Walks one account's steps in due order and remembers what it lets through."""

    def __init__(self, past: _Past, limits: Limits, duplicates: timedelta, now: datetime) -> None:
        self._past = past
        self._limits = limits
        self._duplicates = duplicates
        self._now = now
        self._times = list(past.times)
        self._prints = dict(past.fingerprints)

    def judge(self, step: Step, allowed: frozenset[str]) -> Step:
        """The step itself, or what a rule makes of it."""
        assert step.delivery is not None
        for name, rule in self._rules():
            if name not in allowed and (judged := rule(step, step.delivery)):
                return judged
        self._times.append(self._now)
        self._prints[step.delivery.message.fingerprint] = (self._now, step.key)
        return step

    def _rules(self) -> tuple[tuple[str, Rule], ...]:
        return (
            ("duplicate", self._duplicate),
            ("pause", self._paused),
            ("gap", self._gap),
            ("cap", self._cap),
        )

    def _duplicate(self, step: Step, delivery: Delivery) -> Step | None:
        at, key = self._prints.get(delivery.message.fingerprint, (None, None))
        if at is None or key == step.key or self._now - at > self._duplicates:
            return None
        return _blocked(step, "duplicate", f"reads like {key.post if key else '?'} of {utc(at)}")

    def _paused(self, step: Step, delivery: Delivery) -> Step | None:
        until = self._past.paused_until
        if until is None or until <= self._now:
            return None
        return _waits(step, until, f"the platform asked this account to wait until {utc(until)}")

    def _gap(self, step: Step, delivery: Delivery) -> Step | None:
        gap = self._limits.min_gap
        if not self._times or self._now - max(self._times) >= gap:
            return None
        return _waits(step, max(self._times) + gap, f"{span(gap)} apart from the post before it")

    def _cap(self, step: Step, delivery: Delivery) -> Step | None:
        recent = sorted(at for at in self._times if self._now - at < DAY)
        if self._limits.daily_cap is None or len(recent) < self._limits.daily_cap:
            return None
        free = recent[-self._limits.daily_cap] + DAY
        return _waits(
            step, free, f"{self._limits.daily_cap} posts in 24 hours is this account's cap"
        )


def _burst(steps: list[Step], config: Config, allowed: frozenset[str]) -> tuple[Refusal, ...]:
    sending = sum(step.kind in SENDING for step in steps)
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


def _judge_all(
    steps: list[Step], snapshot: Snapshot, config: Config, *, now: datetime,
    caps: Mapping[str, int | None], allowed: frozenset[str],
) -> list[Step]:  # fmt: skip
    past = _past(snapshot.entries.values())
    lanes: dict[str, _Lane] = {}
    judged = []
    for step in in_order(steps):
        if step.kind in SENDING:
            account = step.key.account
            if account not in lanes:
                limits = limits_for(config, account, caps.get(account))
                mine = past.get(account, _NOTHING)
                lanes[account] = _Lane(mine, limits, config.guard.duplicates, now)
            judged.append(lanes[account].judge(step, allowed))
        else:
            judged.append(step)
    return judged


def make_plan(
    deliveries: Iterable[Delivery],
    snapshot: Snapshot,
    config: Config,
    *,
    now: datetime,
    caps: Mapping[str, int | None] | None = None,
    allowed: frozenset[str] = frozenset(),
) -> Plan:
    """The plan as it will be carried out.

    `caps` are the platforms' daily caps by account; `allowed` the guards that a person lifted.
    """
    world = Circumstances(
        now,
        snapshot.header.began,
        config.run.settle,
        config.retries.tries,
        history_allowed="history" in allowed,
    )
    drafted = draft_plan(deliveries, snapshot.entries, world)
    judged = _judge_all(drafted, snapshot, config, now=now, caps=caps or {}, allowed=allowed)
    return Plan(now, in_order(judged), _burst(judged, config, allowed))
