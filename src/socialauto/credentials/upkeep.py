"""Keeps one credential alive: refreshes it ahead of its end, writes it back, says what a person
must know.

A kill at any moment leaves a token that works: before the write the old one, which an exchange
does not end; after it the young one. Of two runs at once, the one that writes first has its
token kept, and the other takes it over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from socialauto.core.errors import SocialautoError
from socialauto.core.spans import utc
from socialauto.credentials.credential import Credential
from socialauto.credentials.ports import Refresher, Younger
from socialauto.credentials.refresh import (
    Alert,
    Dead,
    Ending,
    Keep,
    Refresh,
    Which,
    can_refresh,
    has_ended,
    next_step,
)
from socialauto.credentials.vault import Opened, Vault

_STEPS = 8
"""A refresh, an alert and somebody else's writes in between come to fewer."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a token that somebody may want to know."""

    sentence: str
    alarm: bool = False
    """A person has to do something."""
    good: bool = False
    """Nothing is wrong: a token is younger now."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What became of a wish to change a credential."""

    opened: Opened
    ours: bool
    """False when somebody else's newer one counts."""
    durable: bool = True


@dataclass(slots=True)
class Upkeep:
    """What a run does about one credential."""

    vault: Vault
    refresher: Refresher
    now: Callable[[], datetime]
    app: bool
    """The app's own secret is at hand."""
    notices: list[Notice] = field(default_factory=list)

    async def keep(self, name: str, opened: Opened) -> Credential:
        """The credential to use from here on, durable wherever that was possible."""
        for _ in range(_STEPS):
            match next_step(opened.credential, self.now(), app=self.app):
                case Keep() | Dead():
                    break
                case Refresh(which=which):
                    written = await self._refresh(name, opened, which)
                case Alert(endings=endings):
                    written = self._alert(name, opened, endings)
            opened = written.opened
            if not written.durable:
                break  # the next run tries again
        return opened.credential

    async def refresh(self, name: str, opened: Opened) -> Credential:
        """Refresh it now, because a person wants it. Raises `SocialautoError` if that fails."""
        which = can_refresh(opened.credential, self.now(), app=self.app)
        if which is None:
            raise cannot_refresh(opened.credential, self.now(), app=self.app)
        younger = await self.refresher(opened.credential, which)
        return self._take(name, opened, which, younger).opened.credential

    async def _refresh(self, name: str, opened: Opened, which: Which) -> _Written:
        try:
            younger = await self.refresher(opened.credential, which)
            return self._take(name, opened, which, younger)
        except SocialautoError as error:
            kept = opened.credential
            self._say(f"{kept.account}: its token could not be refreshed: {error}; {_life(kept)}")
            return self._write(name, opened, {"tried": self.now()})

    def _take(self, name: str, opened: Opened, which: Which, younger: Younger) -> _Written:
        """Raises `SocialautoError` for an answer that holds no token."""
        ends = "expires" if which == "token" else "read_expires"
        changes = {
            which: younger.token,
            ends: self.now() + younger.lives if younger.lives is not None else None,
            "refreshed": self.now(),
            "tried": None,
        }
        written = self._write(name, opened, changes)
        if written.ours:
            young = written.opened.credential
            self._say(f"{young.account}: refreshed its token; {_life(young)}", good=True)
        return written

    def _alert(self, name: str, opened: Opened, endings: tuple[Ending, ...]) -> _Written:
        """Told once, by whoever notes it first; but told again rather than never."""
        written = self._write(name, opened, {"alerted": self.now()})
        account = opened.credential.account
        for ending in endings if written.ours else ():
            verb = "ended" if ending.at <= self.now() else "ends"
            sentence = f"{account}: {ending.what} {verb} {utc(ending.at)}; {_cure(account)}"
            self._say(sentence, alarm=True)
        return written

    def _write(self, name: str, opened: Opened, changes: dict[str, Any]) -> _Written:
        """Make the changes durable, unless somebody else has changed the credential first.

        A mere note gives way to any other change, and is judged anew; a young token only to one
        that has another token.
        """
        base = opened
        for _ in range(_STEPS):
            credential = _changed(base.credential, changes)
            try:
                put = self.vault.put(name, credential, base.sealed)
                if put is not None:
                    return _Written(put, ours=True)
                base = self.vault.get(name)
            except SocialautoError as error:
                self._say(f"{credential.account}: its token could not be written back: {error}")
                return _Written(Opened(credential, base.sealed), ours=True, durable=False)
            if "refreshed" not in changes or _way_in(base) != _way_in(opened):
                return _Written(base, ours=False)
        return _Written(base, ours=False)

    def _say(self, sentence: str, *, alarm: bool = False, good: bool = False) -> None:
        self.notices.append(Notice(sentence, alarm, good))


def _way_in(opened: Opened) -> tuple[object, ...]:
    kept = opened.credential
    return kept.token, kept.read_token, kept.obtained, kept.refreshed


def _changed(credential: Credential, changes: dict[str, Any]) -> Credential:
    """Raises `SocialautoError` rather than put an empty token in the place of a good one."""
    try:
        return Credential.model_validate(credential.model_dump() | changes)
    except ValidationError:
        pass
    raise SocialautoError("the platform's answer holds no usable token")


def _life(credential: Credential) -> str:
    ends = credential.expires or credential.read_expires
    return f"it ends {utc(ends)}" if ends else "nobody knows when it ends"


def _cure(account: str) -> str:
    return f'get a new one with "socialauto accounts connect {account}"'


def check_alive(credential: Credential, now: datetime) -> None:
    """Raises `SocialautoError` when the token is of no more use."""
    if has_ended(credential, now):
        assert credential.expires
        account = credential.account
        raise SocialautoError(
            f"{account}: its token ended {utc(credential.expires)}", _cure(account)
        )


def cannot_refresh(credential: Credential, now: datetime, *, app: bool) -> SocialautoError:
    """Why nobody can refresh this one now, and what to do instead."""
    check_alive(credential, now)
    account = credential.account
    if credential.login == "facebook" and not (credential.read_token or credential.expires):
        return SocialautoError(f"{account}: its token has no end, so there is nothing to refresh")
    if credential.login == "facebook" and not app:
        return SocialautoError(
            f"{account}: a token of Facebook Login is exchanged only with the app's own secret",
            f"set SOCIALAUTO_APP_ID and SOCIALAUTO_APP_SECRET, or {_cure(account)}",
        )
    return SocialautoError(
        f"{account}: its token is of {utc(credential.issued)}, and Instagram refreshes none that "
        "is younger than a day",
        "try again tomorrow",
    )
