"""`socialauto demo`: the newcomer's tour, on real files, a real remote and real HTTP."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from socialauto.cli.exits import DONE


@click.command("demo")
@click.option("--keep", is_flag=True, help="Leave the folder and the sandbox running until Ctrl-C.")
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="The sandbox's port.  [default: a free one]",
)
def command(keep: bool, port: int) -> int:
    """Take the tour: a throw-away team publishes three posts to a sandbox.

    Makes a git remote, a clone of it and an emulated Instagram on this machine; checks posts, shows
    the plan, publishes, and shows that a second run does nothing. Needs no account and no network.
    """
    from socialauto.cli.tour import Tour

    folder = Path(tempfile.mkdtemp(prefix="socialauto-demo-"))
    try:
        with Tour(folder, port=port) as tour:
            tour.take()
            if keep:
                tour.stay()
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    return DONE
