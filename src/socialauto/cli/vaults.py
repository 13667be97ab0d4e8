"""Wires the vault: its files beside the ledger, its key from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
