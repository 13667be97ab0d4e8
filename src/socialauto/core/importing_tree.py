"""A tree with files that are not there yet, to be checked before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from socialauto.core.tree import Tree, TreeEntry


@dataclass(frozen=True, slots=True)
class TreeWith:
    """A `core.tree.Tree`: another one, and `files` besides.

    The new ones come last, not in the order of their paths: of two posts that disturb each other,
    the finding is then about the one that is not there yet.
    """

    tree: Tree
    new: Mapping[str, bytes]

    def files(self, folder: str) -> Iterable[TreeEntry]:
        start = folder.strip("/")
        yield from self.tree.files(folder)
        for path, data in self.new.items():
            if start in ("", ".") or path.startswith(f"{start}/"):
                yield TreeEntry(path, "file", len(data))

    def entry(self, path: str) -> TreeEntry | None:
        if path in self.new:
            return TreeEntry(path, "file", len(self.new[path]))
        return self.tree.entry(path)

    def read(self, path: str) -> bytes:
        return self.new[path] if path in self.new else self.tree.read(path)

    def blob(self, path: str) -> str:
        if path not in self.new:
            return self.tree.blob(path)
        data = self.new[path]
        # As git does it; nothing here rests on nobody being able to forge it.
        digest = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
        digest.update(data)
        return digest.hexdigest()
