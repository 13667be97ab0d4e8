"""The tree of a commit: what `reconcile` acts on, whatever lies in the work tree."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from socialauto.core.errors import SocialautoError
from socialauto.core.tree import EntryKind, TreeEntry
from socialauto.repository.git import Git
from socialauto.repository.objects import BlobReader, tree_lines
from socialauto.repository.paths import above, is_safe, unreadable

_KINDS: dict[str, EntryKind] = {
    "100644": "file",
    "100755": "file",
    "100664": "file",
    "120000": "symlink",
    "160000": "submodule",
    "040000": "folder",
}


class CommitTree:
    """A `core.tree.Tree` of a commit. Close it, or use it in a `with` statement."""

    def __init__(self, git: Git, commit: str) -> None:
        self.commit = commit
        self._lines = {line.path: line for line in tree_lines(git, f"{commit}:{git.prefix}")}
        self._paths = sorted(path for path in self._lines if self._kind(path) != "folder")
        self._blobs = BlobReader(git)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._blobs.close()

    def files(self, folder: str) -> Iterable[TreeEntry]:
        """Everything below `folder` that is no folder, sorted by path; a link in the place of the
        folder is itself the answer, so that nothing is overlooked in silence."""
        start = folder.strip("/")
        if start in ("", "."):
            return [self._entry(path) for path in self._paths]
        found = self.entry(start)
        if found is None or found.kind == "file":
            return []
        if found.kind != "folder":
            return [found]
        return [self._entry(path) for path in self._below(start)]

    def entry(self, path: str) -> TreeEntry | None:
        if not is_safe(path):
            return None
        if path in self._lines:
            return self._entry(path)
        for folder in above(path):
            kind = self._kind(folder)
            if kind in ("symlink", "submodule"):
                return TreeEntry(path, kind, 0)
        return None

    def read(self, path: str) -> bytes:
        return self._blobs.read(self.blob(path))

    def read_blob(self, blob: str) -> bytes:
        """The bytes of a file by their id, whatever this commit has at its path by now."""
        return self._blobs.read(blob)

    def blob(self, path: str) -> str:
        found = self.entry(path)
        if found is None:
            raise SocialautoError(f"{path} does not exist in commit {self.commit[:10]}")
        if found.kind != "file":
            raise unreadable(path, found.kind)
        return self._lines[path].id

    def _below(self, folder: str) -> list[str]:
        # "0" is the character after "/": everything that begins with "folder/" lies between.
        first, last = (bisect_left(self._paths, folder + end) for end in "/0")
        return self._paths[first:last]

    def _entry(self, path: str) -> TreeEntry:
        return TreeEntry(path, self._kind(path) or "other", self._lines[path].size)

    def _kind(self, path: str) -> EntryKind | None:
        line = self._lines.get(path)
        if line is None:
            return None
        # A backslash stands for bytes that are no UTF-8; git would not find the file by that path.
        return "other" if "\\" in path else _KINDS.get(line.mode, "other")
