"""When tokens end: as it is noted in clear, or encrypted with the token, for who has the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError
from socialauto.credentials.keys import KEY, KEY_FILE

if TYPE_CHECKING:
    from socialauto.core.config import Account, Config
    from socialauto.core.readiness import TokenLife
    from socialauto.credentials.vault import Sealed
    from socialauto.repository.git import Git


@dataclass(frozen=True, slots=True)
class _FilesAt:
    """The secrets of a commit that this clone has, for looking only."""

    git: Git
    commit: str

    def read(self, folder: str) -> Mapping[str, bytes]:
        from socialauto.repository.side_files import files_at

        return files_at(self.git, self.commit, folder)


def _opened(vault: Sealed, sealed: bytes, secret: str, account: Account) -> datetime | None:
    from socialauto.credentials.vault import check_owner

    credential = vault.open(secret, sealed)
    check_owner(credential, secret, account.id, account.platform, account.login)
    return credential.expires


def keeps_notes(config: Config) -> Mapping[str, str]:
    """Accounts whose token may end without a run that renews it, each with its secret."""
    from socialauto.cli.vaults import secret_of

    found = {
        name: secret_of(account.token)
        for name, account in config.accounts.items()
        if account.login != "instagram"
    }
    return {name: secret for name, secret in found.items() if secret}


def noted_lives(git: Git, commit: str, config: Config) -> Mapping[str, TokenLife]:
    from socialauto.core.readiness import TokenLife
    from socialauto.credentials.end_note import read
    from socialauto.credentials.vault import FOLDER, note_of
    from socialauto.repository.side_files import files_at

    secrets = keeps_notes(config)
    files = files_at(git, commit, FOLDER) if secrets else {}
    lives = {}
    for name, secret in secrets.items():
        data = files.get(note_of(secret))
        if data and (ending := read(data)):
            lives[name] = TokenLife(ending.at, ending.what)
    return lives


def token_ends(
    git: Git, config: Config, commit: str, environment: Mapping[str, str]
) -> Mapping[str, datetime | None]:
    """When each account's token ends, as of that commit of the ledger; None: never.

    Accounts of which nothing can be known are left out: those whose tokens are in the environment,
    and without a key those whose tokens runs renew.
    """
    try:
        lives = noted_lives(git, commit, config)
    except SocialautoError:
        lives = {}
    noted = {name: life.ends for name, life in lives.items() if life.what == "the token"}
    return {**noted, **_opened_ends(git, config, commit, environment)}


def _opened_ends(
    git: Git, config: Config, commit: str, environment: Mapping[str, str]
) -> Mapping[str, datetime | None]:
    """For who has the key."""
    from socialauto.cli.vaults import secret_of

    if not (environment.get(KEY) or environment.get(KEY_FILE)):
        return {}
    wanted = {name: secret_of(account.token) for name, account in config.accounts.items()}
    if not any(wanted.values()):
        return {}
    from socialauto.credentials.keys import identities
    from socialauto.credentials.vault import Sealed

    found: dict[str, datetime | None] = {}
    try:
        vault = Sealed(_FilesAt(git, commit), identities(environment))
        sealed = vault.sealed()
    except SocialautoError:
        return {}
    for name, secret in wanted.items():
        if secret is not None and secret in sealed:
            try:
                found[name] = _opened(vault, sealed[secret], secret, config.accounts[name])
            except SocialautoError:
                continue  # "accounts list" says what is wrong with it
    return found
