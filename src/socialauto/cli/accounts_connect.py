"""`socialauto accounts connect`: from a person's yes in the platform's dialog to a kept token."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from socialauto.cli.connect_choosing import Expected, choose, described, left_out
from socialauto.cli.exits import DONE
from socialauto.cli.place import find_root, folder_option
from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.errors import SocialautoError
from socialauto.core.values import NAME_PATTERN
from socialauto.scaffold.answers import PLACEHOLDER_ID

if TYPE_CHECKING:
    from socialauto.adapters.instagram.login import AppSecrets, Place
    from socialauto.cli.connect_dialog import Way

APP_ID = "SOCIALAUTO_APP_ID"
APP_SECRET = "SOCIALAUTO_APP_SECRET"  # noqa: S105 (a variable's name)
PASTED = "https://localhost:8917/callback"
"""Where the browser ends with --paste. Nobody answers there, and nobody has to."""


def _account(_: click.Context, __: click.Parameter, value: str) -> str:
    if not re.fullmatch(NAME_PATTERN, value):
        raise click.BadParameter("use small letters, digits, - and _, at most 63 of them")
    return value


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Tokens travel there, so nothing but this very machine may be asked without encryption."""
    if value is None:
        return None
    parts = urlsplit(value)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.scheme not in (("https", "http") if here else ("https",)):
        raise click.BadParameter("write an address that begins with https://")
    return value


@click.command("connect")
@click.argument("name", callback=_account)
@click.option(
    "--login",
    type=click.Choice(["facebook", "instagram"]),
    help="Which variant of the API.  [default: as in socialauto.yaml, or facebook]",
)
@click.option("--id", "id_", default="", help="The account's id, when the log-in opens several.")
@click.option("--api", metavar="URL", callback=_address, help="Ask this server, such as a sandbox.")
@click.option("--paste", is_flag=True, help="Copy the browser's last address here yourself.")
@click.option(
    "--redirect",
    metavar="URL",
    callback=_address,
    help=f"With --paste: the redirect address registered with the app.  [default: {PASTED}]",
)
@click.option(
    "--port",
    default=8917,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The browser comes back to http://localhost:PORT/callback.",
)
@click.option(
    "--config-id",
    metavar="ID",
    default="",
    help="Of Facebook Login for Business: ask for what this configuration of the app says.",
)
@click.option("--no-browser", is_flag=True, help="Print the dialog's address, open no browser.")
@click.option("--another-login", is_flag=True, help="Have the dialog ask for a log-in anew.")
@click.option(
    "--publishing-only", is_flag=True, help="Ask for nothing beyond what publishing needs."
)
@click.option(
    "--deleting",
    is_flag=True,
    help="With Facebook Login: ask also for what posts with delete: true need.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the token to this new file, readable by you alone.",
)
@click.option("--print", "printed", is_flag=True, help="Write the token to standard output.")
@folder_option
def command(name: str, folder: Path, **flags: Any) -> int:
    """Let socialauto publish to an account: log in, say yes, keep the token.

    You need an app at developers.facebook.com. Its id and secret are read from SOCIALAUTO_APP_ID
    and SOCIALAUTO_APP_SECRET, or asked for. See docs/connecting.md.

    The token is kept encrypted on the ledger branch when socialauto.yaml names recipients;
    otherwise say --out or --print. socialauto.yaml itself is never changed.
    """
    from socialauto.engine.clock import SystemClock

    connect(name, folder, flags, SystemClock().now())
    return DONE


def connect(name: str, folder: Path, flags: dict[str, Any], now: datetime) -> None:
    """All that could fail for another reason is tried before a person is sent to the dialog."""
    from socialauto.cli.connect_dialog import Asking, ask_person, ask_platform, credential
    from socialauto.cli.connect_keeping import Wanted, keeper

    tell = partial(click.echo, err=flags["printed"])
    root, config = _surroundings(folder)
    place = _place(name, config, flags)
    if flags["config_id"] and place.login == "instagram":
        raise click.UsageError("--config-id is of Facebook Login for Business")
    keep = keeper(Wanted(name, flags["out"], flags["printed"]), config, root)
    asking = Asking(place, _app(), _scopes(place, flags), _way(flags), tell)
    found = ask_platform(asking, *ask_person(asking))
    for line in left_out(asking.scopes, found.granted):
        tell(f"note: {line}")
    chosen = choose(found.reach, _expected(name, config, flags), ask=sys.stdin.isatty())
    made = credential(name, place, found, chosen, now)
    tell(f"Connected {name} to {described(chosen)}.")
    for line in keep.keep(made):
        tell(line)
    wanted = {
        "platform": "instagram",
        "id": chosen.id,
        "login": place.login,
        "token": keep.reference,
        "api": place.api,
    }
    for line in _configuration(name, config, wanted):
        tell(line)


def _surroundings(folder: Path) -> tuple[Path | None, Config]:
    """The repository and its configuration; there need not be one yet."""
    from socialauto.cli.asking import config_of

    try:
        root = find_root(folder)
    except SocialautoError:
        return None, Config()
    return root, config_of(root)


def _place(name: str, config: Config, flags: dict[str, Any]) -> Place:
    """Where to ask: as the flags say, or as the account's configuration does."""
    from socialauto.adapters.instagram.login import Place
    from socialauto.adapters.instagram.versions import API_VERSION

    known = config.accounts.get(name)
    if known and known.platform != "instagram":
        raise SocialautoError(
            f"{name} is an account on {known.platform}, and only Instagram has a dialog",
            f"say in {CONFIG_FILE} where its token is",
        )
    login = flags["login"] or (known and known.login) or "facebook"
    api = flags["api"] or (known and known.api) or None
    return Place(login, api, (known and known.api_version) or API_VERSION)


def _scopes(place: Place, flags: dict[str, Any]) -> Any:
    from socialauto.adapters.instagram.scopes import wanted

    only, deleting = flags["publishing_only"], flags["deleting"]
    return wanted(place.login, publishing_only=only, deleting=deleting)


def _way(flags: dict[str, Any]) -> Way:
    from socialauto.cli.connect_dialog import Way

    pasted = flags["redirect"] or (PASTED if flags["paste"] else "")
    browser, another = not flags["no_browser"], flags["another_login"]
    return Way(pasted, flags["port"], browser, another, flags["config_id"])


def _app() -> AppSecrets:
    from socialauto.adapters.instagram.login import AppSecrets

    id = _setting(APP_ID, "The app's id", hidden=False)
    return AppSecrets(id, _setting(APP_SECRET, "The app's secret", hidden=True))


def _setting(variable: str, question: str, *, hidden: bool) -> str:
    value = os.environ.get(variable, "").strip()
    if not value and sys.stdin.isatty():
        value = str(click.prompt(question, hide_input=hidden, err=True)).strip()
    if not value:
        raise SocialautoError(
            f"{question[0].lower()}{question[1:]} is not known",
            f"set {variable}; it stands on the app's page at developers.facebook.com",
        )
    return value


def _expected(name: str, config: Config, flags: dict[str, Any]) -> Expected:
    known = config.accounts.get(name)
    if flags["id_"]:
        return Expected(name, flags["id_"], "--id says")
    if known and known.id != PLACEHOLDER_ID:
        return Expected(name, known.id, f"{CONFIG_FILE} says id")
    return Expected(name)


def _configuration(name: str, config: Config, wanted: dict[str, str | None]) -> Iterator[str]:
    """What the configuration must say, unless it does; changing it is for a pull request."""
    known = config.accounts.get(name)
    said = known.model_dump(include=set(wanted)) if known else {}
    said["login"] = said.get("login") or "facebook"
    if known and said == wanted:
        yield f"{CONFIG_FILE} says all of this already."
        return
    yield f"{CONFIG_FILE} needs:\n"
    yield "  accounts:"
    yield f"    {name}:"
    for key, value in wanted.items():
        if value:
            yield f"      {key}: {chr(34) + value + chr(34) if key == 'id' else value}"
