"""`socialauto dashboard`: what is planned and what went out, as pages."""

from __future__ import annotations

import click

from socialauto.cli.lazy import LazyGroup

VERBS = {
    "build": "Write the dashboard as a static site into a folder.",
    "serve": "Serve it on this machine, live.",
}


@click.group("dashboard", cls=LazyGroup, verbs=VERBS, prefix="socialauto.cli.dashboard_")
def command() -> None:
    """See what is planned, what went out, and what waits for somebody.

    The pages need no server and no network: open them as files, or put them anywhere.
    """
