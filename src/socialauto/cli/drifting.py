"""What has changed in posts since they were published, by the ledger as this clone has it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from socialauto.core.config import Config
    from socialauto.core.delivery import DeliveryKey
    from socialauto.core.drift import Drift
    from socialauto.core.ledger import Snapshot
    from socialauto.engine.drift import Question
    from socialauto.engine.preview import Preview


def _questions(previews: Iterable[Preview], ledger: Snapshot) -> Iterator[Question]:
    from socialauto.core.delivery import DeliveryKey
    from socialauto.core.ledger import State

    for one in previews:
        key = DeliveryKey(one.account, one.source.id)
        entry = ledger.entries.get(key)
        published = entry is not None and entry.state is State.PUBLISHED
        if entry is None or not published:
            continue
        message = one.message_at(entry.due)
        if entry.digest != message.digest:
            yield key, entry, message, one.source.path


def drifts_of(
    root: Path, config: Config, previews: Iterable[Preview]
) -> Mapping[DeliveryKey, Drift]:
    """Nothing is fetched; without a repository or a copy of the ledger there is none."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return {}  # what talks to git costs time to load
    from socialauto.engine.drift import drifts
    from socialauto.repository.base import known_ledger
    from socialauto.repository.committree import CommitTree
    from socialauto.repository.git import open_repository

    try:
        git = open_repository(root)
        ledger = known_ledger(git, config.ledger).snapshot
    except SocialautoError:
        return {}
    return drifts(_questions(previews, ledger), partial(CommitTree, git))
