"""Finds the token that an account's `token:` names, at the last moment."""

from __future__ import annotations

from collections.abc import Mapping

from socialauto.core.errors import SocialautoError
from socialauto.credentials.credential import fault


def token(account: str, reference: str, environment: Mapping[str, str]) -> str:
    """The secret behind `env:NAME`, for the account of that name.

    Raises `SocialautoError` that names the variable, and never its value.
    """
    kind, _, name = reference.partition(":")
    if kind == "env":
        return _from_environment(account, name, environment)
    raise SocialautoError(
        f"{account}: the token in {reference} is not in the environment",
        "write token: env:NAME where encrypted tokens are not read",
    )


def _from_environment(account: str, name: str, environment: Mapping[str, str]) -> str:
    value = environment.get(name)
    if value is None:
        raise SocialautoError(
            f"{account}: the environment variable {name} with its token is not set",
            f"set {name}, in CI as a secret that this step receives as env: {name}",
        )
    if not value:
        raise SocialautoError(
            f"{account}: the environment variable {name} with its token is empty",
            f"CI gives an empty value when no secret of that name exists; make the secret {name}",
        )
    if wrong := fault(value):
        raise SocialautoError(
            f"{account}: the token in the environment variable {name} {wrong}",
            "copy the token again, alone and on one line",
        )
    return value
