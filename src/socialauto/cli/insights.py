"""`socialauto insights`: how published posts did."""

from __future__ import annotations

import click

from socialauto.cli.lazy import LazyGroup

VERBS = {
    "pull": "Ask the platforms how posts did, and keep the answers.",
    "show": "Show the numbers that are kept.",
}


@click.group("insights", cls=LazyGroup, verbs=VERBS, prefix="socialauto.cli.insights_")
def command() -> None:
    """Ask how published posts did, and show it.

    The numbers are kept on the ledger branch, beside the ledger and never in it: see
    docs/insights.md.
    """
