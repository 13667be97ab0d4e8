"""`socialauto sandbox`: serves the emulated platform until Ctrl-C."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    import socket

    from starlette.applications import Starlette

    from socialauto.sandbox.state import Account

TOKEN = "sandbox-token"  # noqa: S105 (it opens nothing but this emulation)
STATE = ".socialauto/sandbox"
_ACCOUNT = re.compile(r"(\d{1,32})=([A-Za-z0-9][A-Za-z0-9._-]{0,62})")
_INSTALL = 'type: pip install "socialauto[sandbox]"'


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the emulated platform is to behave."""

    token: str
    processing: float | None
    now: datetime | None


def _accounts(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        match = _ACCOUNT.fullmatch(value)
        if match is None or match[2].isdigit():
            raise click.BadParameter(
                f'"{value}" is no ID=NAME such as 17841400000000001=acme, with digits on the left '
                "and a name on the right"
            )
        found[match[1]] = match[2]
    return found


def _instant(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f'"{value}" is no time such as 2026-12-01T09:00Z') from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@click.command("sandbox")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8765,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 takes a free one.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Folder that keeps what was published.  [default: {STATE}]",
)
@click.option(
    "--files",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Serve this folder's files under /files, as a media host for rehearsals.",
)
@click.option(
    "--processing",
    type=click.FloatRange(min=0),
    help="Seconds until a container is ready.  [default: 2 for images, 5 for videos]",
)
@click.option(
    "--account",
    "named",
    multiple=True,
    metavar="ID=NAME",
    callback=_accounts,
    help="An account beside those of socialauto.yaml; may be repeated.",
)
@click.option("--token", default=TOKEN, show_default=True, help="Opens every account.")
@click.option(
    "--now",
    metavar="TIME",
    callback=_instant,
    help="Start the platform's clock here, and let it be moved.",
)
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="The folder with socialauto.yaml.",
)
def command(
    host: str,
    port: int,
    state: Path | None,
    files: Path | None,
    processing: float | None,
    named: dict[str, str],
    token: str,
    now: datetime | None,
    folder: Path,
) -> None:
    """Serve an emulated Instagram to rehearse against.

    It takes posts over the platform's API, fetches and judges their media, and shows the feed on a
    web page. Nothing leaves this machine.
    """
    config = _config(folder)
    state = state or folder / STATE
    behaviour = Behaviour(token, processing, now)
    try:
        app = _app(_all_accounts(config, named), state, files, behaviour)
    except ImportError as error:
        raise SocialautoError("the sandbox's web server is not installed", _INSTALL) from error
    listener, url = _listener(host, port)
    announced = _announced(config, named)
    _serve(app, listener, Greeting(url, state, token, announced, files is not None).lines())


def _config(folder: Path) -> Config:
    """The configuration beside which the sandbox runs; an empty one where there is none."""
    from socialauto.core.reading import read_config

    path = folder / CONFIG_FILE
    if not path.exists():
        return Config()
    source, findings = read_config(path.read_bytes())
    errors = [finding for finding in findings if finding.severity == "error"]
    if source is None or errors:
        raise SocialautoError(str(errors[0]), "mend it and start again")
    return source.value


def _all_accounts(config: Config, named: dict[str, str]) -> list[Account]:
    from socialauto.sandbox.state import Account

    configured = [
        Account(id=account.id, username=name, login=account.login or "facebook", trial_reels=True)
        for name, account in config.accounts.items()
        if account.platform == "instagram"
    ]
    return [
        *configured,
        *(Account(id=id, username=name, trial_reels=True) for id, name in named.items()),
    ]


def _app(
    accounts: list[Account], state: Path, files: Path | None, behaviour: Behaviour
) -> Starlette:
    from socialauto.engine.clock import SystemClock
    from socialauto.sandbox.app import create_app
    from socialauto.sandbox.clock import MovableClock
    from socialauto.sandbox.fetch import fetch
    from socialauto.sandbox.state import Settings, Token
    from socialauto.sandbox.storage import FolderStorage
    from socialauto.sandbox.world import World

    seconds = behaviour.processing
    settings = (
        Settings() if seconds is None else Settings(image_seconds=seconds, video_seconds=seconds)
    )
    world = World(
        accounts,
        tokens={behaviour.token: Token()},
        settings=settings,
        storage=FolderStorage(state),
    )
    clock = MovableClock(SystemClock().now)
    if behaviour.now is None:
        return create_app(world, fetch=fetch, now=clock.now, files=files)
    clock.move(behaviour.now)
    return create_app(world, fetch=fetch, now=clock.now, move=clock.move, files=files)


def _listener(host: str, port: int) -> tuple[socket.socket, str]:
    from socialauto.sandbox.server import address, is_loopback, listen

    listener = listen(host, port)
    if not is_loopback(host):
        click.echo(
            f"warning: everybody who reaches {host} can publish to this sandbox and read its "
            "files; leave --host out to keep it to this machine",
            err=True,
        )
    return listener, address(listener)


def _serve(app: Starlette, listener: socket.socket, greeting: Iterator[str]) -> None:
    from socialauto.sandbox.server import serve

    with listener:
        for line in greeting:
            click.echo(line)
        serve(app, listener)
    click.echo("The sandbox has stopped; its state is kept.")


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a person must know to publish here."""

    url: str
    state: Path
    token: str
    accounts: tuple[tuple[str, str, str], ...]
    """Name, id and where the token is, as the configuration writes it."""
    has_files: bool

    def lines(self) -> Iterator[str]:
        yield f"The sandbox listens. Its feed: {self.url}/"
        yield f"State: {self.state} (delete the folder to start afresh)"
        yield ""
        yield "To publish here instead of on the real platform, socialauto.yaml needs:"
        yield ""
        yield from (f"    {line}" for line in self._snippet())
        yield ""
        places = dict.fromkeys(place for _, _, place in self.accounts if place.startswith("env:"))
        for place in places:
            yield f"and the run needs: export {place.removeprefix('env:')}={self.token}"
        if not self.has_files:
            yield "No media host yet? Start again with --files . to serve the repository's files."
        yield from self._dialog()
        yield "Ctrl-C ends it."

    def _dialog(self) -> Iterator[str]:
        from socialauto.sandbox.oauth import APP_ID, APP_SECRET

        name = self.accounts[0][0] if self.accounts else "NAME"
        yield "It has a log-in dialog, too, for its own app:"
        yield f"    export SOCIALAUTO_APP_ID={APP_ID} SOCIALAUTO_APP_SECRET={APP_SECRET}"
        yield f"    socialauto accounts connect {name} --api {self.url} --print"

    def _snippet(self) -> Iterator[str]:
        yield "accounts:"
        for name, id, token in self.accounts:
            yield f"  {name}:"
            yield "    platform: instagram"
            yield f'    id: "{id}"'
            yield f"    token: {token}"
            yield f"    api: {self.url}"
        if self.has_files:
            yield "media_host:"
            yield "  kind: url"
            yield f"  base: {self.url}/files"


def _announced(config: Config, named: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    configured = [
        (name, account.id, account.token)
        for name, account in config.accounts.items()
        if account.platform == "instagram"
    ]
    extra = [(name, id, "env:SANDBOX_TOKEN") for id, name in named.items()]
    return (*configured, *extra)
