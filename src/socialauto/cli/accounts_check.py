"""`socialauto accounts check`: asks the platforms whether the tokens still do."""

from __future__ import annotations

from pathlib import Path

import click

from socialauto.cli.place import folder_option


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--offline", is_flag=True, help="Ask no platform: only whether the token is there.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@folder_option
def command(names: tuple[str, ...], offline: bool, style: str, folder: Path) -> int:
    """Ask the platforms whether the tokens are accepted, for what, and how long they live.

    Also the type of account, the quota, the limit of calls and the version of the API. Nothing is
    published or refreshed. Exit code 1 when a check fails. "socialauto doctor" looks at the rest.
    """
    import anyio

    from socialauto.cli.doctor import show
    from socialauto.cli.doctor_accounts import Accounts, account_checks
    from socialauto.cli.vaults import workplace
    from socialauto.engine.clock import SystemClock

    place = workplace(folder)
    accounts = Accounts(place.git, place.config, place.environment, SystemClock(), offline)
    return show(anyio.run(account_checks, accounts, place.chosen(names)), style)
