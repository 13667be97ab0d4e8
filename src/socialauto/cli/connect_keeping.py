"""Where a new token goes: the vault, a file of the person's own, or standard output."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from socialauto.core.config import CONFIG_FILE
from socialauto.core.errors import SocialautoError
from socialauto.scaffold.answers import NewAccount

if TYPE_CHECKING:
    from socialauto.core.config import Config
    from socialauto.credentials.credential import Credential
    from socialauto.credentials.vault import Vault

_TRIES = 3


class Keeper(Protocol):
    """A place for the token, found before anybody is sent to a dialog."""

    @property
    def reference(self) -> str:
        """What `token:` says of it in socialauto.yaml."""
        ...

    def keep(self, credential: Credential) -> Iterator[str]:
        """Put it there; what a person has to know, as lines."""
        ...


@dataclass(slots=True)
class InVault:
    vault: Vault
    name: str
    before: bytes | None
    """What was there when we looked."""

    @property
    def reference(self) -> str:
        return f"secret:{self.name}"

    def keep(self, credential: Credential) -> Iterator[str]:
        """Whoever wrote meanwhile had an older yes than this one."""
        for _ in range(_TRIES):
            if self.vault.put(self.name, credential, self.before):
                yield f"The token is kept, encrypted, as {self.reference} on the ledger branch."
                yield "Runs refresh it before it ends; they need SOCIALAUTO_KEY to open it."
                return
            self.before = self.vault.sealed().get(self.name)
        raise SocialautoError(
            f"other runs kept changing {self.reference}, so the new token was not kept",
            "start again",
        )


@dataclass(frozen=True, slots=True)
class InFile:
    path: Path
    variable: str

    @property
    def reference(self) -> str:
        return f"env:{self.variable}"

    def keep(self, credential: Credential) -> Iterator[str]:
        file = _new_file(self.path)
        with open(file, "w", encoding="ascii") as opened:
            opened.write(credential.token.get_secret_value() + "\n")
        yield f"The token is in {self.path}, readable by you alone. Give it to CI as the secret"
        yield f"{self.variable}, and delete the file."
        yield from _unkept(credential)


@dataclass(frozen=True, slots=True)
class Printed:
    variable: str

    @property
    def reference(self) -> str:
        return f"env:{self.variable}"

    def keep(self, credential: Credential) -> Iterator[str]:
        click.echo(credential.token.get_secret_value())
        yield "The line on standard output is the token. Give it to CI as the secret "
        yield f"{self.variable}; it was kept nowhere."
        yield from _unkept(credential)


def _unkept(credential: Credential) -> Iterator[str]:
    """Nobody can renew what stands in an environment variable."""
    if credential.expires:
        yield f"It ends on {credential.expires:%Y-%m-%d}, and nobody renews it there: connect again"
        yield "before that day, or write secrets: recipients: and keep it encrypted."


def _new_file(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SocialautoError(f"{path} exists already", "name another file with --out") from None
    except OSError as error:
        raise SocialautoError(f"{path} cannot be written: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the flags say about the place."""

    account: str
    out: Path | None
    printed: bool


def keeper(wanted: Wanted, config: Config, root: Path | None) -> Keeper:
    """The place for the token. Raises `SocialautoError` when there is none yet.

    Everything that could fail there is tried now: a code is good only once.
    """
    known = config.accounts.get(wanted.account)
    variable = NewAccount(wanted.account, "", "instagram").token
    if known and known.token.startswith("env:"):
        variable = known.token.removeprefix("env:")
    if wanted.printed:
        return Printed(variable)
    if wanted.out:
        return InFile(_usable(wanted.out, root), variable)
    if root is None or not config.secrets.recipients:
        raise SocialautoError(
            f"there is no place for the token: {CONFIG_FILE} names no recipients to encrypt it for",
            'type "socialauto accounts new-key" and write its recipient there; or say --out FILE '
            "or --print, and put the token into CI's secrets yourself",
        )
    return _vault(wanted.account, config, root, os.environ)


def _usable(path: Path, root: Path | None) -> Path:
    whole = path.resolve()
    if root is not None and whole.is_relative_to(root):
        raise SocialautoError(
            f"{path} is inside the repository, where a token is committed sooner or later",
            "name a file outside of it with --out",
        )
    if os.path.lexists(whole):
        raise SocialautoError(f"{path} exists already", "name another file with --out")
    if not whole.parent.is_dir():
        raise SocialautoError(f"there is no folder {whole.parent}", "make it first")
    return whole


def _vault(account: str, config: Config, root: Path, environment: Mapping[str, str]) -> Keeper:
    from socialauto.cli.vaults import open_vault, secret_of
    from socialauto.repository.git import open_repository

    known = config.accounts.get(account)
    name = (secret_of(known.token) if known else None) or account
    vault = open_vault(open_repository(root), config, environment)
    return InVault(vault, name, vault.sealed().get(name))
