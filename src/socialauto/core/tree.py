"""A tree of files as the core wants it: the work tree, or the tree of a commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

EntryKind = Literal["file", "symlink", "folder", "submodule", "other"]


@dataclass(frozen=True, slots=True)
class TreeEntry:
    path: str
    """From the repository's root, with forward slashes."""
    kind: EntryKind
    size: int
    """Bytes."""


class Tree(Protocol):
    """Reads never leave the repository and never follow a link."""

    def files(self, folder: str) -> Iterable[TreeEntry]:
        """Everything below `folder` that is no folder, sorted by path; empty when it is missing."""
        ...

    def entry(self, path: str) -> TreeEntry | None:
        """What stands at `path`; "symlink" also when a folder on the way is a link."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises `SocialautoError` when it cannot be read."""
        ...

    def blob(self, path: str) -> str:
        """The git blob id of the file's bytes, 40 (or 64) hexadecimal digits."""
        ...
