"""`socialauto calendar`: what goes out by day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import account_option, folder_option, now_option

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


def _month(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    match = _MONTH.fullmatch(value)
    if match is None:
        raise click.BadParameter(f'"{value}" is no month; write one such as 2026-12')
    return date(int(match[1]), int(match[2]), 1)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


@click.command("calendar")
@click.option("--month", metavar="YYYY-MM", callback=_month, help="Only this month.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "ics"]),
    default="text",
    show_default=True,
    help="ics is a feed that calendar programs read.",
)
@click.option("--ics", is_flag=True, help="The same as --format ics.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@account_option
@now_option
@folder_option
def command(
    month: date | None,
    style: str,
    ics: bool,
    as_json: bool,
    accounts: tuple[str, ...],
    now: str | None,
    folder: Path,
) -> int:
    """Show what goes out by day.

    From the first day of this month on, or one month; what is published, missed or held included.
    Times are on the clocks of the configuration's timezone.
    """
    from socialauto.cli.staging import stage
    from socialauto.dashboard import agenda

    scene = stage(folder, now=now, accounts=accounts).scene
    first = month or scene.now.astimezone(scene.zone).date().replace(day=1)
    items = agenda.since(scene, first, _next(month) if month else None)
    if ics or style == "ics":
        from socialauto.dashboard.ics import as_ics

        click.echo(as_ics(items), nl=False)
    elif as_json or style == "json":
        click.echo(agenda.as_json(scene, items))
    else:
        from socialauto.cli.terminal import console

        agenda.print_text(scene, items, console())
    return DONE
