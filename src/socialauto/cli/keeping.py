"""Where commands that work without git keep what they have prepared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialauto.media.prepared import Prepared


def prepared_in(root: Path) -> Prepared:
    """Media of the work tree, remembered in the git folder when there is one beside the files."""
    from socialauto.media.cache import FOLDER
    from socialauto.media.prepared import Prepared
    from socialauto.repository.worktree import WorkTree

    git = root / ".git"
    return Prepared(WorkTree(root).read, git / FOLDER if git.is_dir() else None)
