"""Finds the token that an account's `token:` names, at the last moment."""

from __future__ import annotations

from collections.abc import Mapping

from socialauto.core.errors import SocialautoError


def token(account: str, reference: str, environment: Mapping[str, str]) -> str:
    """The secret behind `env:NAME`, for the account of that name.

    Raises `SocialautoError` that names the variable, and never its value.
    """
    kind, _, name = reference.partition(":")
    if kind == "env":
        return _from_environment(account, name, environment)
    raise SocialautoError(
        f"{account}: this version cannot read encrypted secrets yet (token: {reference})",
        "keep the token in an environment variable and write token: env:NAME",
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
    if fault := _fault(value):
        raise SocialautoError(
            f"{account}: the token in the environment variable {name} {fault}",
            "copy the token again, alone and on one line",
        )
    return value


def _fault(value: str) -> str:
    if any(char.isspace() for char in value):
        return "contains white space or a line break"
    if not (value.isascii() and value.isprintable()):
        return "contains characters that no token has"
    return ""
