"""`socialauto dashboard build`: the dashboard as a folder of pages."""

from __future__ import annotations

from pathlib import Path

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import folder_option, now_option


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from socialauto.dashboard.words import web_link

    if value and not web_link(value):
        raise click.BadParameter(f'"{value}" is no http or https address')
    return f"{value.rstrip('/')}/" if value else ""


@click.command("build")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="dashboard",
    show_default=True,
    metavar="DIR",
    help="Where to write it: a new or empty folder, or that of an earlier build.",
)
@click.option(
    "--base-url",
    default="",
    metavar="URL",
    callback=_address,
    help="Where people will find it; the calendar feed then links to its pages.",
)
@now_option
@folder_option
def command(out: Path, base_url: str, now: str | None, folder: Path) -> int:
    """Write the dashboard as a static site.

    Pages with what comes next, what needs somebody and what to do about it, a calendar, a list with
    search, a page for each post, the accounts and the runs; besides data.json and calendar.ics.
    They show the work tree and the ledger, need no secret, and ask no platform. Only files that
    have changed are written. Whoever can see the folder sees posts before they are public.
    """
    from socialauto.cli.staging import stage
    from socialauto.dashboard.site import build

    made = stage(folder, now=now, base_url=base_url)
    built = build(made.scene, out, read=made.tree.read, caps=made.caps)
    changed = f"{built.written} file{'' if built.written == 1 else 's'} written"
    removed = f", {built.removed} removed" if built.removed else ""
    click.echo(f"{built.pages} pages in {out}: {changed}{removed}")
    click.echo(f"open {(out / 'index.html').resolve()}")
    return DONE
