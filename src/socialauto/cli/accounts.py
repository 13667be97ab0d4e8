"""`socialauto accounts`: the accounts, their tokens and the keys that lock them."""

from __future__ import annotations

import click

from socialauto.cli.lazy import LazyGroup

VERBS = {
    "check": "Ask the platforms whether the tokens are accepted, and for what.",
    "connect": "Let socialauto publish to an account: log in, say yes, keep the token.",
    "list": "Show every account, where its token is and how long it lives.",
    "import": "Encrypt a token that you have already, and keep it.",
    "refresh": "Exchange encrypted tokens for younger ones.",
    "new-key": "Make a key for encrypted tokens.",
    "rotate-key": "Encrypt all tokens anew, for the recipients of today.",
}


@click.group("accounts", cls=LazyGroup, verbs=VERBS, prefix="socialauto.cli.accounts_")
def command() -> None:
    """List the accounts, and keep their encrypted tokens alive.

    A token is either in an environment variable (token: env:NAME) or encrypted on the ledger branch
    (token: secret:NAME), where runs refresh it before it ends: see docs/credentials.md.
    """
