"""Posts and series as people name them: by file, or by id as `plan` and `status` show it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialauto.core.reading import Source
    from socialauto.engine.load import Loaded


def is_there(path: Path, folder: Path) -> bool:
    """It names a file; otherwise an id may be meant."""
    return os.path.lexists(folder.resolve() / path)


def id_in(path: Path) -> str:
    """An id, with or without a date of its series."""
    return path.as_posix().partition("@")[0]


def _sources(loaded: Loaded) -> Iterator[Source]:
    if loaded.files is not None:
        yield from loaded.files.posts
        yield from (one.source for one in loaded.files.series)


def with_id(loaded: Loaded, name: str) -> Source | None:
    """The first post or series that has the id; that there is a second one is a finding."""
    return next((source for source in _sources(loaded) if source.id == name), None)


def unknown_id(loaded: Loaded, path: Path) -> str:
    """What is said when it is neither a file nor an id."""
    from socialauto.core.suggest import did_you_mean, quoted

    slots = loaded.files.slots if loaded.files is not None else ()
    known = [source.id for source in _sources(loaded)] + [one.id for one in slots]
    told = f"{path} does not exist, and no post or schedule has the id {quoted(id_in(path))}"
    guess = did_you_mean(id_in(path), known)
    return f"{told}; {guess}" if guess else told
