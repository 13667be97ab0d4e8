"""`socialauto accounts list`: every account, where its token is, and how long that lives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import folder_option
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.cli.vaults import Workplace
    from socialauto.core.config import Account
    from socialauto.credentials.credential import Credential
    from socialauto.credentials.vault import Vault

JSON_VERSION = 1


@dataclass(frozen=True, slots=True)
class Row:
    """What is known about one account."""

    name: str
    account: Account
    place: str
    """Where its token is, as people look for it."""
    credential: Credential | None = None
    problem: str = ""


@click.command("list")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@folder_option
def command(style: str, folder: Path) -> int:
    """Show every account, where its token is and how long it lives.

    Asks no platform: whether a token is still accepted is seen by "accounts check". Encrypted
    tokens are opened with SOCIALAUTO_KEY; without it their file is all that can be said.
    """
    from socialauto.cli.vaults import workplace
    from socialauto.engine.clock import SystemClock

    rows = list(_rows(workplace(folder)))
    now = SystemClock().now()
    if style == "json":
        document = {"version": JSON_VERSION, "accounts": [_as_json(row, now) for row in rows]}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        for line in _lines(rows, now):
            click.echo(line)
    return DONE


def _rows(place: Workplace) -> Iterator[Row]:
    from socialauto.cli.vaults import secret_of

    accounts = place.config.accounts
    users = {name: secret_of(account.token) for name, account in accounts.items()}
    vault, sealed, trouble = _opened(place) if any(users.values()) else (None, {}, "")
    for name, account in accounts.items():
        secret = users[name]
        if secret is None:
            yield _from_environment(name, account, place.environment)
        elif vault is None or trouble:
            yield Row(name, account, _path(secret), problem=trouble)
        else:
            yield _from_vault(name, account, secret, vault, sealed)


def _opened(place: Workplace) -> tuple[Vault | None, Mapping[str, bytes], str]:
    try:
        vault = place.vault()
        return vault, vault.sealed(), ""
    except SocialautoError as error:
        return None, {}, str(error)


def _path(secret: str) -> str:
    from socialauto.credentials.vault import path_of

    return path_of(secret)


def _from_environment(name: str, account: Account, environment: Mapping[str, str]) -> Row:
    from socialauto.credentials.env import token

    try:
        token(name, account.token, environment)
    except SocialautoError as error:
        return Row(name, account, account.token, problem=str(error).removeprefix(f"{name}: "))
    return Row(name, account, account.token)


def _from_vault(
    name: str, account: Account, secret: str, vault: Vault, sealed: Mapping[str, bytes]
) -> Row:
    from socialauto.credentials.vault import MissingError, check_owner

    try:
        if secret not in sealed:
            raise MissingError(secret)
        credential = vault.open(secret, sealed[secret])
        check_owner(credential, secret, account.id, account.platform, account.login)
    except SocialautoError as error:
        return Row(name, account, _path(secret), problem=str(error))
    return Row(name, account, _path(secret), credential)


def _lines(rows: Sequence[Row], now: datetime) -> Iterator[str]:
    table = [("account", "platform", "id", "token", "ends")]
    for row in rows:
        account = row.account
        table.append((row.name, account.platform, account.id, row.place, _ends(row, now)))
    widths = [max(len(line[column]) for line in table) for column in range(4)]
    for number, line in enumerate(table):
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        yield "  ".join([*cells, line[-1]]).rstrip()
        if number and rows[number - 1].problem:
            yield f"    ! {rows[number - 1].problem}"
    if not rows:
        yield "socialauto.yaml names no account yet"


def _ends(row: Row, now: datetime) -> str:
    from socialauto.core.spans import span, utc

    if row.credential is None:
        return "" if row.problem else "not known here"
    ends = row.credential.expires
    if ends is None:
        return "never" if row.credential.login == "facebook" else "not known yet"
    return f"ended {utc(ends)}" if ends <= now else f"{utc(ends)}, in {span(ends - now)}"


def _as_json(row: Row, now: datetime) -> dict[str, Any]:
    kept = row.credential
    return {
        "name": row.name,
        "platform": row.account.platform,
        "id": row.account.id,
        "login": kept.login if kept else row.account.login,
        "username": kept.username or None if kept else None,
        "token": row.place,
        "expires": _instant(kept.expires if kept else None),
        "days_left": (kept.expires - now).days if kept and kept.expires else None,
        "read_expires": _instant(kept.read_expires if kept else None),
        "data_access_expires": _instant(kept.data_access_expires if kept else None),
        "obtained": _instant(kept.obtained if kept else None),
        "refreshed": _instant(kept.refreshed if kept else None),
        "scopes": list(kept.scopes) if kept else [],
        "problem": row.problem or None,
    }


def _instant(time: datetime | None) -> str | None:
    from datetime import UTC

    return time.astimezone(UTC).isoformat(timespec="seconds") if time else None
