"""What this clone knows beside the files, for a look ahead; fetches nothing, needs no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialauto.engine.foresight import NOTHING, Known

if TYPE_CHECKING:
    from pathlib import Path

    from socialauto.engine.load import Loaded


def known(root: Path, loaded: Loaded) -> Known:
    """The ledger, when something is to be learned from it: git is not even looked for otherwise."""
    if loaded.config is None or not loaded.waiting:
        return NOTHING
    from socialauto.core.errors import SocialautoError
    from socialauto.repository.base import known_ledger
    from socialauto.repository.git import open_repository

    try:
        ledger = known_ledger(open_repository(root), loaded.config.ledger)
    except SocialautoError:
        return NOTHING  # no repository, or no ledger here
    return Known(tuple(ledger.snapshot.entries.values()))
