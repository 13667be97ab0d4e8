"""What an account's platform says about it and its token, judged for `doctor`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from socialauto.core.checkup import Check, Status
from socialauto.core.spans import span, utc

ENDS_SOON = timedelta(days=10)
"""As the alerts of runs: a person needs some days to find the other person."""

NEARLY = 0.8
"""Of a quota, from which it is worth a word."""
BUSY = 90.0
"""Per cent of a limit of calls, from which nothing new is begun."""
FULL = 100.0

VERSION_LIFE = timedelta(days=730)
"""At least, says Meta; where it has announced the day, that counts."""
SUNSET_NEAR = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Lack:
    """A permission that the token has not."""

    name: str
    stops: str
    """What does not work without it, as the end of a sentence."""
    required: bool
    """Nothing can be published without it."""


def judge_type(account: str, kind: str | None, fit: Iterable[str]) -> Check:
    """`fit`: the types that can be published to."""
    if not kind:
        words = "the platform does not say which type of account this is"
        return Check("account-type", Status.SKIP, words, account=account)
    if kind in fit:
        return Check("account-type", Status.OK, f"a {kind} account", account=account)
    todo = f"make it one of: {', '.join(fit)}, in the platform's app; others cannot be published to"
    return Check("account-type", Status.FAIL, f"a {kind} account", todo, account)


def judge_scopes(account: str, lacking: Sequence[Lack] | None, cure: str) -> Check:
    """None: what the token may do cannot be read."""
    if lacking is None:
        words = "what this token may do cannot be read"
        return Check("scopes", Status.SKIP, words, account=account)
    if not lacking:
        return Check("scopes", Status.OK, "every permission is granted", account=account)
    words = "; ".join(f"without {lack.name} {lack.stops}" for lack in lacking)
    status = Status.FAIL if any(lack.required for lack in lacking) else Status.WARN
    return Check("scopes", status, words, cure, account)


@dataclass(frozen=True, slots=True)
class Life:
    """How long a token lives, as far as anybody knows."""

    known: bool
    expires: datetime | None = None
    """None, if known: it has no end."""
    renews: bool = False
    """Runs exchange it for a younger one ahead of its end."""
    data_access_expires: datetime | None = None


def judge_life(account: str, life: Life, now: datetime, cure: str) -> Check:
    """The sooner of the token's end and that of the app's access to the account's data."""
    if not life.known:
        words = "when this token ends is not known here"
        todo = "note the day it was made; tokens of 60 days are common"
        return Check("expiry", Status.SKIP, words, todo, account)
    ends = [
        (life.expires, "the token"),
        (life.data_access_expires, "the app's access to its data"),
    ]
    known = sorted((at, what) for at, what in ends if at is not None)
    if not known:
        return Check("expiry", Status.OK, "the token has no end", account=account)
    at, what = known[0]
    if at <= now:
        return Check("expiry", Status.FAIL, f"{what} ended {utc(at)}", cure, account)
    words = f"{what} ends {utc(at)}, in {span(at - now)}"
    if life.renews and at == life.expires:
        words += "; runs renew it ahead of that"
    if at - now <= ENDS_SOON:
        return Check("expiry", Status.WARN, words, cure, account)
    return Check("expiry", Status.OK, words, account=account)


def judge_quota(account: str, used: int | None, total: int | None) -> Check:
    """Posts of the platform's moving day."""
    if used is None or total is None:
        words = "the platform does not say how many posts it still takes today"
        return Check("quota", Status.SKIP, words, account=account)
    words = f"{used} of {total} posts of the last 24 hours used"
    if used >= total:
        todo = "nothing goes out before the oldest of them is a day old"
        return Check("quota", Status.WARN, words, todo, account)
    if used >= NEARLY * total:
        todo = "spread what is planned: beyond the quota the platform refuses"
        return Check("quota", Status.WARN, words, todo, account)
    return Check("quota", Status.OK, words, account=account)


def judge_usage(account: str, load: float | None) -> Check:
    """Per cent of the limit of calls."""
    if load is None:
        words = "the platform does not say how near its limit of calls is"
        return Check("usage", Status.SKIP, words, account=account)
    words = f"{load:g} per cent of the limit of calls used"
    if load < BUSY:
        return Check("usage", Status.OK, words, account=account)
    todo = "wait an hour, and let other programs with the same app ask less often"
    status = Status.FAIL if load >= FULL else Status.WARN
    return Check("usage", status, words, todo, account)


def judge_version(
    account: str, version: str, released: date | None, ends: date | None, today: date
) -> Check:
    """Platforms end versions of their API. `released` is None for one that nobody here knows,
    `ends` for one whose end has not been announced."""
    if not version:
        words = "the platform's API has no versions"
        return Check("api-version", Status.SKIP, words, account=account)
    if released is None and ends is None:
        words = f"{version}: when it ends is not known here"
        return Check("api-version", Status.SKIP, words, account=account)
    if ends is not None:
        sunset, words = ends, f"{version}, which the platform ends on {ends}"
    else:
        assert released is not None
        sunset = released + VERSION_LIFE
        words = f"{version}, of {released}; versions live for two years at least"
        words += f", to about {sunset:%B %Y}"
    if today < sunset - SUNSET_NEAR:
        return Check("api-version", Status.OK, words, account=account)
    todo = "update socialauto, or write a newer api_version: for the account and rehearse it"
    return Check("api-version", Status.WARN, words, todo, account)
