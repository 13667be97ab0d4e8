"""`socialauto insights show`: the numbers that are kept."""

from __future__ import annotations

from pathlib import Path

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import (
    account_option,
    check_accounts,
    folder_option,
    read_ledger,
)


@click.command("show")
@click.argument("posts", nargs=-1, metavar="[POST]...")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@account_option
@folder_option
def command(posts: tuple[str, ...], style: str, accounts: tuple[str, ...], folder: Path) -> int:
    """Show how posts did, as it is kept: no platform is asked.

    Without POST the newest numbers of every post; with POST all samples of it.
    """
    from socialauto.cli.vaults import workplace
    from socialauto.report import insights as report
    from socialauto.repository.insights import shelf_at

    place = workplace(folder)
    git, config = place.git, place.config
    chosen = check_accounts(config, accounts)
    shelf = shelf_at(git, read_ledger(git, config).snapshot.tip)
    found = [
        history
        for key, history in sorted(shelf.histories.items())
        if (key.account in chosen or key.account not in config.accounts)
        and (not posts or key.post in posts)
    ]
    for name in posts:
        if not any(history.post == name for history in found):
            click.echo(f"no insights of {name} are kept", err=True)
    for path, why in sorted(shelf.unreadable.items()):
        click.echo(f"warning: {path} {why}", err=True)
    if style == "json":
        click.echo(report.shown_json(found))
    else:
        click.echo(report.shown_text(found, samples=bool(posts)))
    return DONE
