"""`socialauto status`: where every post stands."""

from __future__ import annotations

from pathlib import Path

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import account_option, folder_option, look, now_option


@click.command("status")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--all", "everything", is_flag=True, help="List every publication.")
@account_option
@now_option
@folder_option
def command(
    style: str, everything: bool, accounts: tuple[str, ...], now: str | None, folder: Path
) -> int:
    """Show the ledger beside the desired state.

    What needs somebody comes first, then what waits, then what is published, newest first.
    """
    from socialauto.report import status
    from socialauto.repository.insights import shelf_at

    sight = look(folder, now=now, accounts=accounts)
    plan, insights = sight.plan, shelf_at(sight.git, sight.snapshot.tip).histories
    if style == "json":
        click.echo(status.as_json(plan, insights))
    else:
        from socialauto.cli.terminal import console

        status.print_text(plan, console(), insights, everything=everything)
    return DONE
