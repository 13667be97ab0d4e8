"""The person at the dialog, and what their yes is worth: a code, then tokens, then accounts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import anyio
import anyio.to_thread
import click
from pydantic import SecretStr

from socialauto.adapters.instagram.login import (
    AppSecrets,
    Place,
    Refreshed,
    authorize_url,
    exchange_code,
    long_lived,
)
from socialauto.adapters.instagram.login_accounts import Lifetime, Reach, Reached, lifetime, visit
from socialauto.adapters.instagram.scopes import Scope
from socialauto.cli.connect_answer import Code, MispastedError, read_pasted
from socialauto.cli.connect_choosing import refuse_missing
from socialauto.cli.connect_listening import LIMIT, listening
from socialauto.credentials.credential import Credential

Tell = Callable[[str], None]

_INSTAGRAM_LIFE = timedelta(days=60)
"""Documented for every long-lived token; used when an answer does not say."""
_DATA_ACCESS = timedelta(days=90)
"""Facebook Login: after the person's yes."""
_PASTES = 3


@dataclass(frozen=True, slots=True)
class Way:
    """How the person gets to the dialog, and the answer back."""

    pasted_redirect: str
    """Empty: the browser comes back to this machine."""
    port: int
    browser: bool
    another: bool
    config_id: str = ""
    """Of Facebook Login for Business; empty: permissions are asked for one by one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One question to one person."""

    place: Place
    app: AppSecrets
    scopes: Sequence[Scope]
    way: Way
    tell: Tell

    def url(self, redirect: str, state: str) -> str:
        return authorize_url(
            self.place,
            app_id=self.app.id,
            redirect_uri=redirect,
            state=state,
            scopes=[scope.name for scope in self.scopes],
            config_id=self.way.config_id,
            another=self.way.another,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What the platform gave for a yes."""

    token: Refreshed
    """The person's long-lived one."""
    reach: Reach
    granted: tuple[str, ...]
    """Empty when the platform did not say."""
    life: Lifetime | None


def ask_person(asking: Asking) -> tuple[Code, str]:
    """The code, and the redirect address that belongs to it. Raises `SocialautoError`."""
    state = secrets.token_urlsafe(32)
    if asking.way.pasted_redirect:
        return _pasted(asking, state), asking.way.pasted_redirect
    return anyio.run(_through_browser, asking, state)


def _invite(asking: Asking, url: str) -> None:
    asking.tell("Open this address in a browser, log in, and choose Allow:\n")
    asking.tell(f"  {url}\n")


async def _through_browser(
    asking: Asking, state: str, limit: timedelta = LIMIT
) -> tuple[Code, str]:
    async with listening(asking.way.port) as callback:
        url = asking.url(callback.url, state)
        _invite(asking, url)
        asking.tell(
            f"Waiting for the browser to come back to {callback.url} (Ctrl-C ends it). If the "
            "dialog does\nnot take this address, register it with the app, or use --paste."
        )
        code = await callback.wait(state, limit, partial(_launch, asking, url))
        return code, callback.url


async def _launch(asking: Asking, url: str) -> None:
    """In vain on a machine without a browser, which is why the address is printed as well."""
    if asking.way.browser:
        await anyio.to_thread.run_sync(click.launch, url)


def _pasted(asking: Asking, state: str) -> Code:
    url = asking.url(asking.way.pasted_redirect, state)
    _invite(asking, url)
    asking.tell(
        f"The browser ends at {asking.way.pasted_redirect}…, which need not exist. Copy all of its "
        "address bar."
    )
    if asking.way.browser:
        click.launch(url)
    for _ in range(_PASTES - 1):
        try:
            return read_pasted(_prompt(), state)
        except MispastedError as error:
            asking.tell(f"{error.message}; {error.hint}")
    return read_pasted(_prompt(), state)


def _prompt() -> str:
    return str(click.prompt("Paste it here", err=True))


def ask_platform(asking: Asking, code: Code, redirect: str) -> Found:
    """Exchange the code, which is thereby used up, and look at what it opens."""
    return anyio.run(_ask_platform, asking, code, redirect)


async def _ask_platform(asking: Asking, code: Code, redirect: str) -> Found:
    place, app = asking.place, asking.app
    short = await exchange_code(place, app, code.text, redirect)
    token = await long_lived(place, app, short.token)
    async with visit(place, token.token) as asked:
        facebook = place.login == "facebook"
        granted = await asked.granted() if facebook else short.scopes
        refuse_missing(asking.scopes, granted)
        reach = await asked.accounts()
    life = await lifetime(place, app, token.token) if facebook else None
    return Found(token, reach, granted, life)


def credential(
    name: str, place: Place, found: Found, account: Reached, now: datetime
) -> Credential:
    """What is worth keeping. A Page's token has no end; the person's goes beside it."""
    by_page = bool(account.token)
    life = found.life or Lifetime()
    ends = life.expires or now + (found.token.expires_in or _INSTAGRAM_LIFE)
    facebook = place.login == "facebook"
    return Credential(
        account=name,
        platform="instagram",
        login=place.login,
        id=account.id,
        username=account.username,
        token=SecretStr(account.token or found.token.token),
        read_token=SecretStr(found.token.token) if by_page else None,
        expires=None if by_page else ends,
        read_expires=ends if by_page else None,
        data_access_expires=(life.data_access_expires or now + _DATA_ACCESS) if facebook else None,
        obtained=now,
        scopes=found.granted,
    )
