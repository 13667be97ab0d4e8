"""`socialauto dashboard serve`: the dashboard on this machine, kept up to date until Ctrl-C."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import find_root, folder_option, now_option
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from socialauto.cli.following import Follower
    from socialauto.dashboard.live import Live

HOST = "127.0.0.1"
"""Nobody else may see what is planned, so no option says otherwise."""
PORT = 8020
_INSTALL = 'type: pip install "socialauto[dashboard]"'


def _length(_: click.Context, __: click.Parameter, value: str) -> timedelta:
    from socialauto.core.config import parse_duration

    if value == "never":
        return timedelta(0)
    try:
        length: timedelta = parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return length


@click.command("serve")
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 takes a free one.",
)
@click.option("--open", "wants_browser", is_flag=True, help="Open it in the browser.")
@click.option(
    "--fetch",
    metavar="DURATION",
    default="5m",
    show_default=True,
    callback=_length,
    help='How often to ask the remote for the ledger, such as 1m; "never" looks only at what this '
    "clone fetches anyway.",
)
@now_option
@folder_option
def command(port: int, wants_browser: bool, fetch: timedelta, now: str | None, folder: Path) -> int:
    """Serve the dashboard on this machine, live.

    Open pages show at once what changes in the files, the schedules, the media and the ledger.
    While a file cannot be read, they keep what was there before and say what is wrong. Nothing is
    written, and nobody but this machine can look. Ctrl-C ends it.
    """
    from socialauto.cli.following import Follower
    from socialauto.dashboard.live import Live
    from socialauto.engine.clock import SystemClock
    from socialauto.sandbox.server import address, listen

    live, root = Live(), find_root(folder)
    follower = Follower(root, live, SystemClock(), fetch, at=now, tell=_tell)
    app = _app(live)
    with listen(HOST, port) as listener:
        click.echo("reading files and ledger …")
        follower.begin()
        url = f"{address(listener)}/"
        click.echo(f"The dashboard: {url}")
        click.echo("It follows the files and the ledger; Ctrl-C ends it.")
        if wants_browser:
            click.launch(url)
        serve(app, listener, follower)
    click.echo("The dashboard has stopped.")
    return DONE


def _tell(line: str) -> None:
    from socialauto.core.suggest import visible

    click.echo(visible(line))


def _app(live: Live) -> Starlette:
    try:
        from socialauto.dashboard.serving import create_app
    except ImportError as error:
        raise SocialautoError("the dashboard's web server is not installed", _INSTALL) from error
    return create_app(live)


def serve(app: Starlette, listener: socket.socket, follower: Follower) -> None:
    """Until Ctrl-C."""
    import anyio

    try:
        anyio.run(_serve, app, listener, follower)
    except KeyboardInterrupt:
        return  # the server has shut down cleanly and passes the signal on


async def _serve(app: Starlette, listener: socket.socket, follower: Follower) -> None:
    import anyio

    from socialauto.sandbox.server import server_for

    try:
        server = server_for(app, listener)
    except SocialautoError as error:
        raise SocialautoError("the dashboard's web server is not installed", _INSTALL) from error
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(follower.follow)
        await server.serve(sockets=[listener])
        tasks.cancel_scope.cancel()
