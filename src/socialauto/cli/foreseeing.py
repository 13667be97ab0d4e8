"""What this clone knows beside the files, for a look ahead; fetches nothing, needs no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialauto.engine.foresight import NOTHING, Known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from socialauto.core.config import Config
    from socialauto.core.readiness import TokenLife
    from socialauto.engine.load import Loaded
    from socialauto.repository.git import Git


def known(root: Path, loaded: Loaded) -> Known:
    """The ledger, and the ends of tokens that are noted beside it, when something is to be learned
    from them: git is not even looked for otherwise."""
    if loaded.config is None or not (loaded.waiting or _noted(loaded.config)):
        return NOTHING
    from socialauto.core.errors import SocialautoError
    from socialauto.repository.base import known_ledger
    from socialauto.repository.git import open_repository

    try:
        git = open_repository(root)
        ledger = known_ledger(git, loaded.config.ledger)
        lives = _lives(git, ledger.snapshot.tip, loaded.config)
    except SocialautoError:
        return NOTHING  # no repository, or no ledger here
    return Known(tuple(ledger.snapshot.entries.values()), lives)


def _noted(config: Config) -> Mapping[str, str]:
    """Accounts whose token may end without a run that renews it, each with its secret."""
    from socialauto.cli.vaults import secret_of

    found = {
        name: secret_of(account.token)
        for name, account in config.accounts.items()
        if account.login != "instagram"
    }
    return {name: secret for name, secret in found.items() if secret}


def _lives(git: Git, commit: str, config: Config) -> Mapping[str, TokenLife]:
    from socialauto.core.readiness import TokenLife
    from socialauto.credentials.end_note import read
    from socialauto.credentials.vault import FOLDER, note_of
    from socialauto.repository.side_files import files_at

    secrets = _noted(config)
    files = files_at(git, commit, FOLDER) if secrets else {}
    lives = {}
    for name, secret in secrets.items():
        data = files.get(note_of(secret))
        if data and (ending := read(data)):
            lives[name] = TokenLife(ending.at, ending.what)
    return lives
