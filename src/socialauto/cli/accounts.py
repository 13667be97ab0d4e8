"""`socialauto accounts`: the accounts, their tokens and the keys that lock them."""

from __future__ import annotations

import click

from socialauto.cli.lazy import LazyGroup

VERBS = {
    "new-key": "Make a key for encrypted tokens.",
}


@click.group("accounts", cls=LazyGroup, verbs=VERBS, prefix="socialauto.cli.accounts_")
def command() -> None:
    """List the accounts, and keep their encrypted tokens alive.

    A token is either in an environment variable (token: env:NAME) or encrypted on the ledger branch
    (token: secret:NAME), where runs refresh it before it ends: see docs/credentials.md.
    """
