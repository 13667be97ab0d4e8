"""`socialauto plan`: what would go out when, and why; sends nothing and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED
from socialauto.cli.place import (
    account_option,
    allow_option,
    desired,
    folder_option,
    now_option,
)

if TYPE_CHECKING:
    from socialauto.core.plan import Plan


@click.command("plan")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
@click.option("--all", "everything", is_flag=True, help="List what is done and gone, too.")
@account_option
@allow_option
@now_option
@folder_option
def command(
    style: str,
    everything: bool,
    accounts: tuple[str, ...],
    allowed: tuple[str, ...],
    now: str | None,
    folder: Path,
) -> int:
    """Show what would go out when, and why.

    Compares the files of the work tree with the ledger. Sends nothing, writes nothing.
    """
    plan = desired(folder, now=now, accounts=accounts, allowed=allowed)
    show(plan, style, everything=everything)
    return REFUSED if plan.refusals else DONE


def show(plan: Plan, style: str, *, everything: bool) -> None:
    """Print a plan in one of its formats."""
    from socialauto.report import plan as report

    if style == "json":
        click.echo(report.as_json(plan))
    elif style == "markdown":
        click.echo(report.as_markdown(plan, everything=everything), nl=False)
    else:
        from socialauto.cli.terminal import console

        report.print_text(plan, console(), everything=everything)
