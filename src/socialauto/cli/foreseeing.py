"""What this clone knows beside the files, for a look ahead; fetches nothing, needs no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialauto.cli.lifetimes import keeps_notes, noted_lives
from socialauto.engine.foresight import NOTHING, Known

if TYPE_CHECKING:
    from pathlib import Path

    from socialauto.engine.load import Loaded


def known(root: Path, loaded: Loaded) -> Known:
    """The ledger, and the ends of tokens that are noted beside it, when something is to be learned
    from them: git is not even looked for otherwise."""
    if loaded.config is None or not (loaded.waiting or keeps_notes(loaded.config)):
        return NOTHING
    from socialauto.core.errors import SocialautoError
    from socialauto.repository.base import known_ledger
    from socialauto.repository.git import open_repository

    try:
        git = open_repository(root)
        ledger = known_ledger(git, loaded.config.ledger)
        lives = noted_lives(git, ledger.snapshot.tip, loaded.config)
    except SocialautoError:
        return NOTHING  # no repository, or no ledger here
    return Known(tuple(ledger.snapshot.entries.values()), lives)
