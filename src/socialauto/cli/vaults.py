"""Wires the vault: its files beside the ledger, its key from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.core.config import CONFIG_FILE
from socialauto.core.errors import SocialautoError
from socialauto.repository.side_files import FileChange, SideFiles

if TYPE_CHECKING:
    from socialauto.core.config import Config
    from socialauto.credentials.vault import Vault
    from socialauto.repository.git import Git


@dataclass(frozen=True, slots=True)
class BranchFiles:
    """The secrets' files on the ledger branch."""

    side: SideFiles

    def read(self, folder: str) -> Mapping[str, bytes]:
        return self.side.read(folder)

    def change(self, path: str, before: bytes | None, after: bytes, message: str) -> bool:
        (made,) = self.side.write([FileChange(path, before, after)], message=message)
        return made


def open_vault(git: Git, config: Config, environment: Mapping[str, str]) -> Vault:
    """The vault of a repository; without a key in the environment it can only be written to.

    Raises `SocialautoError` for a key that is none.
    """
    from socialauto.credentials.keys import identities
    from socialauto.credentials.vault import Vault

    files = BranchFiles(SideFiles(git, config.ledger))
    return Vault(files, config.secrets.recipients, identities(environment))


def secret_of(reference: str) -> str | None:
    """`secret:acme` → `acme`; None for a token that is somewhere else."""
    kind, _, name = reference.partition(":")
    return name if kind == "secret" else None


@dataclass(frozen=True, slots=True)
class Workplace:
    """A repository as commands about accounts see it: git, and the work tree's configuration."""

    git: Git
    config: Config
    environment: Mapping[str, str]

    def vault(self) -> Vault:
        return open_vault(self.git, self.config, self.environment)

    def chosen(self, names: tuple[str, ...]) -> list[str]:
        """The accounts of these names, all of them when none is named."""
        for name in names:
            if name not in self.config.accounts:
                raise click.UsageError(unknown_account(name, self.config))
        return sorted(set(names) or self.config.accounts)

    def secret(self, name: str) -> str:
        """The name of an account's secret. Raises `SocialautoError` when its token is elsewhere."""
        (name,) = self.chosen((name,))
        reference = self.config.accounts[name].token
        if secret := secret_of(reference):
            return secret
        raise SocialautoError(
            f"{name} has its token in {reference}, which is not kept here",
            f"to have it encrypted and refreshed, write token: secret:{name} in {CONFIG_FILE}",
        )


def unknown_account(name: str, config: Config) -> str:
    known = ", ".join(sorted(config.accounts))
    return f'unknown account "{name}"; ' + (f"known: {known}" if known else "there is none yet")


def workplace(folder: Path) -> Workplace:
    """Raises `SocialautoError` when the configuration cannot be used."""
    import os

    from socialauto.cli.asking import config_of
    from socialauto.cli.place import find_root
    from socialauto.repository.git import open_repository

    root = find_root(folder)
    return Workplace(open_repository(root), config_of(root), os.environ)
