"""`socialauto accounts new-key`: makes the key that locks and opens encrypted tokens."""

from __future__ import annotations

import os
from pathlib import Path

import click

from socialauto.cli.exits import DONE
from socialauto.core.errors import SocialautoError

_EXPLAINED = """\
Its recipient is public; put it into socialauto.yaml, where changes are reviewed:

    secrets:
      recipients:
        - {recipient}

{where} the identity, which is secret. Give it to CI as the secret SOCIALAUTO_KEY,
keep a copy where the team keeps its passwords, and commit it nowhere. Without it the tokens
cannot be opened: then make a new key and connect the accounts again.
"""


@click.command("new-key")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the identity to this new file, readable by you alone, instead of printing it.",
)
def command(out: Path | None) -> int:
    """Make a key for encrypted tokens: an identity that opens, a recipient that locks.

    Both are age's: "age --decrypt -i FILE" opens the same files. The identity goes to standard
    output, what to do with it to standard error.
    """
    from socialauto.credentials.keys import new_key

    key = new_key()
    if out:
        _write(out, key.file)
        where = f"{out} holds"
    else:
        click.echo(key.file, nl=False)
        where = "The line that begins with AGE-SECRET-KEY-1 is"
    click.echo(_EXPLAINED.format(recipient=key.recipient, where=where), err=True)
    return DONE


def _write(path: Path, text: str) -> None:
    """Never over an existing file, which may be the key of everything."""
    if any((folder / ".git").exists() for folder in path.resolve().parents):
        raise SocialautoError(
            f"{path} is inside a git repository, where it would be committed sooner or later",
            "name a file outside of it",
        )
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SocialautoError(f"{path} exists already", "name another file") from None
    except OSError as error:
        raise SocialautoError(f"{path} cannot be written: {error.strerror}") from error
    with open(file, "w", encoding="utf-8") as opened:
        opened.write(text)
