"""`socialauto accounts refresh`: exchanges encrypted tokens for younger ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, TROUBLE
from socialauto.cli.place import folder_option
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.cli.vaults import Workplace
    from socialauto.core.clock import Clock
    from socialauto.credentials.upkeep import Notice
    from socialauto.credentials.vault import Vault


@click.command("refresh")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--force", is_flag=True, help="Also those that live for long yet.")
@folder_option
def command(names: tuple[str, ...], force: bool, folder: Path) -> int:
    """Refresh the encrypted tokens that end soon, as every run of reconcile does.

    Without a NAME it looks at all accounts. The old token stays good until its own end.
    """
    from socialauto.cli.vaults import secret_of, workplace
    from socialauto.engine.clock import SystemClock

    place = workplace(folder)
    chosen = place.chosen(names)
    wanted = [name for name in chosen if names or secret_of(place.config.accounts[name].token)]
    secrets = {name: place.secret(name) for name in wanted}
    if not secrets:
        click.echo("no account has an encrypted token")
        return DONE
    vault, failed = place.vault(), False
    for name, secret in secrets.items():
        try:
            notices = _refresh(place, vault, name, secret, SystemClock(), force=force)
        except SocialautoError as error:
            click.echo(f"! {name}: {str(error).removeprefix(f'{name}: ')}", err=True)
            failed = True
            continue
        for notice in notices:
            click.echo(notice.sentence, err=not notice.good)
        failed |= not all(notice.good for notice in notices)
    return TROUBLE if failed else DONE


def _refresh(
    place: Workplace, vault: Vault, name: str, secret: str, clock: Clock, *, force: bool
) -> list[Notice]:
    import anyio

    from socialauto.cli.tokens import upkeep_of
    from socialauto.core.spans import utc
    from socialauto.credentials.upkeep import Notice, check_alive
    from socialauto.credentials.vault import check_owner

    account = place.config.accounts[name]
    opened = vault.get(secret)
    check_owner(opened.credential, secret, account.id, account.platform, account.login)
    upkeep = upkeep_of(vault, account, place.environment, clock.now)
    if force:
        anyio.run(upkeep.refresh, secret, opened)
        return upkeep.notices
    check_alive(opened.credential, clock.now())
    kept = anyio.run(upkeep.keep, secret, opened)
    if upkeep.notices:
        return upkeep.notices
    life = f"it ends {utc(kept.expires)}" if kept.expires else "it has no known end"
    return [Notice(f"{name}: nothing to refresh; {life}", good=True)]
