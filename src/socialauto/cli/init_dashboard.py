"""Asks whether the dashboard is to be published: off by default, because it may be seen by all."""

from __future__ import annotations

import sys
from pathlib import Path

import click

WORKFLOW = ".github/workflows/dashboard.yml"


def at_a_terminal() -> bool:
    return sys.stdin.isatty()


def wants_dashboard(folder: Path) -> bool:
    """What a person says in a terminal; elsewhere, and where it is there already, no."""
    if not at_a_terminal() or (folder / WORKFLOW).exists():
        return False
    click.echo("The dashboard can be published on GitHub Pages after each run.")
    click.echo("Whoever can open the pages sees posts before they are public. Pages of a private")
    click.echo("repository are public, too, unless your plan can restrict them.")
    return click.confirm("Write the workflow that publishes it?", default=False)
