"""How each account stands, as far as the ledger and the plan know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from socialauto.core.outcome import ErrorClass
from socialauto.core.plan import Kind
from socialauto.dashboard.scene import Item, Scene

DAY = timedelta(hours=24)
MONTH = timedelta(days=30)
SHORT = timedelta(days=10)
"""A token that lives no longer has not been renewed when it should have been."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One account."""

    name: str
    platform: str
    owners: tuple[str, ...]
    coming: int
    attention: int
    published: int
    last_day: int
    """Posts that went out in the last 24 hours; it is this that a platform's quota counts."""
    cap: int | None
    """Posts in 24 hours that are allowed; None when nothing says so."""
    last_success: datetime | None
    next_due: datetime | None
    usual_lateness: float | None
    """Seconds; the median of the last 30 days."""
    trouble: str
    """Why the platform refuses the account itself, until something goes out again; else empty."""
    held: int
    failed: int
    token_known: bool
    """Whether anybody could look when its token ends: that is encrypted with it."""
    token_ends: datetime | None
    """None when it has no end, or nobody knows."""
    token_left: timedelta | None

    @property
    def token_is_short(self) -> bool:
        """Tokens are renewed long before this."""
        return self.token_left is not None and self.token_left < SHORT

    @property
    def state(self) -> str:
        """`trouble`, `attention` or `fine`."""
        if self.trouble or (self.token_left is not None and self.token_left <= timedelta(0)):
            return "trouble"
        return "attention" if self.attention or self.token_is_short else "fine"


def _published(items: list[Item]) -> list[tuple[datetime, float | None]]:
    found = (item.step.entry for item in items)
    return sorted(
        (entry.published_at, entry.lateness)
        for entry in found
        if entry is not None and entry.published_at is not None
    )


def _trouble(items: list[Item], last_success: datetime | None) -> str:
    """The newest refusal of the account, when nothing has gone out since."""
    refusals = [
        attempt
        for item in items
        for attempt in (item.step.entry.attempts if item.step.entry else ())
        if attempt.kind is ErrorClass.AUTH and item.step.kind is not Kind.ORPHAN
    ]
    newest = max(refusals, key=lambda attempt: attempt.at, default=None)
    if newest is None or (last_success is not None and newest.at <= last_success):
        return ""
    return newest.message


def _standing(name: str, items: list[Item], scene: Scene, cap: int | None) -> Standing:
    account = scene.config.accounts.get(name)
    published = _published(items)
    last = published[-1][0] if published else None
    lately = [late for at, late in published if late is not None and scene.now - at <= MONTH]
    dues = [item.due for item in items if item.is_coming]
    kinds = Counter(item.step.kind for item in items)
    ends = scene.tokens.get(name)
    return Standing(
        name=name,
        platform=account.platform if account else "",
        owners=account.owners if account else (),
        coming=len(dues),
        attention=sum(item.needs_somebody for item in items),
        published=len(published),
        last_day=sum(timedelta(0) <= scene.now - at < DAY for at, _ in published),
        cap=cap,
        last_success=last,
        next_due=min(dues, default=None),
        usual_lateness=median(lately) if lately else None,
        trouble=_trouble(items, last),
        held=kinds[Kind.HELD],
        failed=kinds[Kind.FAILED],
        token_known=name in scene.tokens,
        token_ends=ends,
        token_left=ends - scene.now if ends else None,
    )


def standings(scene: Scene, caps: Mapping[str, int | None]) -> tuple[Standing, ...]:
    """Every account of the configuration, then those that only the ledger knows.

    `caps` says what a platform allows in 24 hours; the configuration's own caps come first.
    """
    mine: dict[str, list[Item]] = {name: [] for name in scene.config.accounts}
    for item in scene.items:
        mine.setdefault(item.key.account, []).append(item)
    guard = scene.config.guard.daily_cap
    made = []
    for name, items in mine.items():
        account = scene.config.accounts.get(name)
        own = (account.daily_cap if account else None) or guard
        known = [cap for cap in (own, caps.get(name)) if cap is not None]
        made.append(_standing(name, items, scene, min(known, default=None)))
    return tuple(made)
