"""Kinds of values that say where something is: addresses, branches, remotes, variables."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from socialauto.core.suggest import quoted
from socialauto.core.values import refusal

_ADDRESS = r"^https?://[^\s]+$"
_BRANCH = r"^(?![-/.])(?!.*(\.\.|//|@\{|\.lock$|/$|\.$))[^\s~^:?*\[\\\x00-\x1f\x7f]+$"
_REMOTE = r"^(?!-)\S+$"
_VARIABLE = r"^env:[A-Za-z_][A-Za-z0-9_]*$"


def _address(value: str) -> str:
    if not re.fullmatch(_ADDRESS, value):
        hint = "write one that begins with https://"
        raise refusal("SA706", f"{quoted(value)} is not an address", hint)
    return value


def _branch_like(example: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(_BRANCH, value):
            hint = f"write one such as {example}"
            raise refusal("SA707", f"{quoted(value)} is not usable as a branch", hint)
        return value

    return AfterValidator(check)


def _remote(value: str) -> str:
    if not re.fullmatch(_REMOTE, value):
        raise refusal("SA707", f"{quoted(value)} is not usable as a remote", "write its name")
    return value


def _variable(value: str) -> str:
    """The value is never quoted: it may be the secret itself."""
    if not re.fullmatch(_VARIABLE, value):
        hint = "write env:NAME, the environment variable that holds the key"
        raise refusal("SA703", "this does not say where the key is", hint)
    return value


Address = Annotated[str, AfterValidator(_address), Field(json_schema_extra={"pattern": _ADDRESS})]
LedgerName = Annotated[str, _branch_like("socialauto/ledger")]
MediaName = Annotated[str, _branch_like("socialauto/media")]
"""Names of branches."""
Remote = Annotated[str, AfterValidator(_remote)]
Variable = Annotated[
    str, AfterValidator(_variable), Field(json_schema_extra={"pattern": _VARIABLE})
]
"""env: and the name of an environment variable with a secret in it."""
