"""`socialauto accounts import`: puts a token that somebody has into the vault."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import folder_option
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.core.config import Account
    from socialauto.credentials.credential import Credential


@click.command("import")
@click.argument("name")
@click.option(
    "--from-env", "variable", metavar="VARIABLE", help="Read the token from this variable."
)
@click.option(
    "--expires",
    metavar="TIME",
    help='When the token ends, "2026-12-31". Without it a token of Instagram Login is refreshed '
    "as soon as it is a day old, and one of Facebook Login is taken to have no end.",
)
@folder_option
def command(name: str, variable: str | None, expires: str | None, folder: Path) -> int:
    """Encrypt a long-lived token that you have already, and keep it.

    The token is read from standard input, or asked for without showing it. socialauto.yaml must
    say token: secret:NAME for the account and name recipients. Any older one is replaced. When
    login: says nothing there, the token's first letters tell which of the two it is for.
    """
    from socialauto.cli.vaults import workplace
    from socialauto.credentials.vault import path_of
    from socialauto.engine.clock import SystemClock

    place = workplace(folder)
    secret = place.secret(name)
    vault = place.vault()
    before = vault.sealed().get(secret)
    now = SystemClock().now()
    credential = _credential(
        name, place.config.accounts[name], _token(variable), now, _time(expires, now)
    )
    if vault.put(secret, credential, before) is None:
        raise SocialautoError(f"{path_of(secret)} was changed meanwhile", "type it again")
    click.echo(
        f"{name}: its token, of login: {credential.login}, is kept, encrypted, in "
        f"{path_of(secret)} on the ledger branch"
    )
    if before is not None:
        click.echo(f"{name}: it takes the place of an older one, which git remembers", err=True)
    return DONE


def _credential(
    name: str, account: Account, token: str, now: datetime, expires: datetime | None
) -> Credential:
    from socialauto.credentials.credential import Credential, fault

    if wrong := fault(token):
        raise SocialautoError(f"{name}: the token {wrong}", "copy it again, alone and on one line")
    fields = {
        "account": name,
        "platform": account.platform,
        "login": account.login or _login(token),
        "id": account.id,
        "token": token,
        "obtained": now,
        "expires": expires,
    }
    return Credential.model_validate(fields)


def _login(token: str) -> str:
    """Tokens of Instagram Login begin with IG, those of Facebook Login with EA."""
    return "instagram" if token.startswith("IG") else "facebook"


def _token(variable: str | None) -> str:
    if variable is not None:
        value = os.environ.get(variable)
        if value is None:
            raise SocialautoError(f"the variable {variable} is not set")
        return value.strip()
    if sys.stdin.isatty():
        asked: str = click.prompt("Token", hide_input=True)
        return asked.strip()
    return sys.stdin.read().strip()


def _time(text: str | None, now: datetime) -> datetime | None:
    if text is None:
        return None
    from zoneinfo import ZoneInfo

    from socialauto.core.when import TimeFlaw, parse_time

    whole = text if " " in text.strip() or "T" in text else f"{text} 00:00"
    read = parse_time(whole, ZoneInfo("UTC"))
    if isinstance(read, TimeFlaw):
        raise click.BadParameter(f"{read.message}; {read.hint}", param_hint="--expires")
    if read <= now:
        raise click.BadParameter("that is in the past", param_hint="--expires")
    return read
