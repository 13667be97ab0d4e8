"""When a token is exchanged for a younger one, and when a person must hear that it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from socialauto.credentials.credential import Credential

REFRESH_AHEAD = timedelta(days=20)
"""A third of an Instagram token's 60 days: outages, holidays and a broken CI fit in."""

YOUNGEST = timedelta(hours=25)
"""Instagram refreshes no token younger than 24 hours; the rest is for clocks that differ."""

TRY_AGAIN = timedelta(hours=24)
TRY_AGAIN_SOON = timedelta(hours=1)
SOON = timedelta(days=3)
"""After a failure the next try waits a day, and less than this before the end only an hour."""

ALERT_AHEAD = timedelta(days=10)
ALERT_AGAIN = timedelta(days=7)

Which = Literal["token", "read_token"]


@dataclass(frozen=True, slots=True)
class Keep:
    """Nothing is to be done now."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """Exchange this token for a younger one."""

    which: Which
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends, as the subject of a sentence, and when."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell a person, and note that it was told."""

    endings: tuple[Ending, ...]
    """Soonest first."""


@dataclass(frozen=True, slots=True)
class Dead:
    """The token that publishes has ended, and somebody was told: only a person can help."""


Step = Keep | Refresh | Alert | Dead


def next_step(credential: Credential, now: datetime, *, app: bool) -> Step:
    """What a run should do about this credential; asked again after each step.

    `app`: the app's own secret is at hand, which Facebook Login wants for an exchange.
    """
    dead = has_ended(credential, now)
    for which in () if dead else _exchangeable(credential, app=app):
        if _is_time(credential, which, now):
            return Refresh(which, _end(credential, which))
    near = [ending for ending in _endings(credential) if ending.at - now <= ALERT_AHEAD]
    if near and _is_news(credential, now):
        return Alert(tuple(sorted(near, key=lambda ending: ending.at)))
    return Dead() if dead else Keep()


def has_ended(credential: Credential, now: datetime) -> bool:
    """The token that publishes is of no more use."""
    return credential.expires is not None and credential.expires <= now


def can_refresh(credential: Credential, now: datetime, *, app: bool) -> Which | None:
    """The token that could be exchanged now if somebody insists; None when none can."""
    for which in _exchangeable(credential, app=app):
        end = _end(credential, which)
        if (end is None or now < end) and _is_old_enough(credential, now):
            return which
    return None


def _exchangeable(credential: Credential, *, app: bool) -> Iterator[Which]:
    """Instagram Login exchanges the token itself, Facebook Login only a person's, with the app."""
    if credential.login == "instagram":
        yield "token"
    elif app and credential.read_token:
        yield "read_token"
    elif app and credential.expires:
        yield "token"


def _is_time(credential: Credential, which: Which, now: datetime) -> bool:
    end = _end(credential, which)
    if not _is_old_enough(credential, now):
        return False
    if end is None:
        # Instagram Login always has an end; one that nobody knows becomes known by a refresh.
        wanted = credential.login == "instagram"
        return wanted and _may_try(credential, now, TRY_AGAIN)
    if end <= now or end - now > REFRESH_AHEAD:
        return False
    return _may_try(credential, now, TRY_AGAIN_SOON if end - now <= SOON else TRY_AGAIN)


def _is_old_enough(credential: Credential, now: datetime) -> bool:
    """Also keeps an odd answer, such as a life of one day, from being asked for in every run."""
    return now - credential.issued >= YOUNGEST


def _may_try(credential: Credential, now: datetime, pause: timedelta) -> bool:
    return credential.tried is None or now - credential.tried >= pause


def _end(credential: Credential, which: Which) -> datetime | None:
    return credential.expires if which == "token" else credential.read_expires


def _endings(credential: Credential) -> Iterator[Ending]:
    """Not that of `read_token`: nothing is asked with it but for a younger one."""
    if credential.expires:
        yield Ending("its token", credential.expires)
    if credential.data_access_expires:
        yield Ending("the app's access to its data", credential.data_access_expires)


def _is_news(credential: Credential, now: datetime) -> bool:
    return credential.alerted is None or now - credential.alerted >= ALERT_AGAIN
