"""Paths inside a repository: relative, with forward slashes, never leaving it."""

from __future__ import annotations

from collections.abc import Iterator

from socialauto.core.errors import SocialautoError
from socialauto.core.tree import EntryKind


def is_safe(path: str) -> bool:
    """No absolute path, no step up, nothing that a system would read differently, no git folder."""
    if not path or "\\" in path or "\0" in path:
        return False
    return all(_is_name(part) for part in path.split("/"))


def _is_name(part: str) -> bool:
    return part not in ("", ".", "..") and part.casefold() != ".git"


def above(path: str) -> Iterator[str]:
    """The folders on the way to `path`, outermost first."""
    position = path.find("/")
    while position >= 0:
        yield path[:position]
        position = path.find("/", position + 1)


_UNREADABLE: dict[EntryKind, str] = {
    "symlink": "is a symbolic link, or lies behind one",
    "folder": "is a folder",
    "submodule": "lies in a submodule",
    "other": "is no regular file",
}


def unreadable(path: str, kind: EntryKind) -> SocialautoError:
    """The exception for reading what is no regular file."""
    return SocialautoError(
        f"{path} {_UNREADABLE[kind]}", "put a regular file of this repository there"
    )
