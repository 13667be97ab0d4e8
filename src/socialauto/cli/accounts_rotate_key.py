"""`socialauto accounts rotate-key`: locks every secret for the recipients of today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import folder_option
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.credentials.vault import Vault

_TRIES = 5
_REMEMBERS = """\
Git remembers: what was locked before stays in the history of the ledger branch, and whoever has an
old key and a copy can open it. If a key has leaked, revoke the tokens: connect the accounts again.\
"""


@click.command("rotate-key")
@folder_option
def command(folder: Path) -> int:
    """Encrypt all tokens anew, for the recipients that socialauto.yaml names now.

    Set SOCIALAUTO_KEY to a key that opens them today; several keys may stand there, one a line.
    Afterwards, only the keys of the recipients in socialauto.yaml open them.
    """
    from socialauto.cli.vaults import workplace

    place = workplace(folder)
    vault = place.vault()
    names = sorted(vault.sealed())
    if not names:
        raise SocialautoError("there are no encrypted tokens", 'see "socialauto accounts list"')
    count = len(place.config.secrets.recipients)
    many = "1 recipient" if count == 1 else f"{count} recipients"
    for name in names:  # first look whether all of them can be opened
        vault.get(name)
    for name in names:
        _lock_anew(vault, name)
        click.echo(f"{name}: encrypted for {many}")
    click.echo(_REMEMBERS, err=True)
    return DONE


def _lock_anew(vault: Vault, name: str) -> None:
    for _ in range(_TRIES):
        opened = vault.get(name)
        if vault.put(name, opened.credential, opened.sealed):
            return
    raise SocialautoError(f"{name} was changed by runs again and again", "type it again")
