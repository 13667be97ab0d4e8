"""The media files of a tree: each looked up once, each content probed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from posixpath import basename, dirname

from socialauto.core.media_facts import MediaFacts
from socialauto.core.media_path import resolve, same_style
from socialauto.core.suggest import closest
from socialauto.core.tree import Tree, TreeEntry
from socialauto.core.wrong_values import Words
from socialauto.media.probe import probe

MAX_BYTES = 1024**3
"""No platform takes more; reading it would fill the memory of a small runner."""

_LFS = b"version https://git-lfs.github.com/spec/"
_KINDS = {
    "folder": "is a folder",
    "submodule": "is in a submodule, whose files platforms cannot fetch",
    "other": "is no regular file",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A media file that exists."""

    path: str
    blob: str
    facts: MediaFacts


@dataclass
class Shelf:
    """Finds media for posts; remembers what it has seen, good or bad."""

    tree: Tree
    _seen: dict[str, Found | Words | None] = field(default_factory=dict)
    _facts: dict[str, MediaFacts] = field(default_factory=dict)

    def find(self, written: str, post_path: str) -> Found | Words:
        """The file that a post names, or the parts of a finding."""
        path = resolve(written, post_path)
        if isinstance(path, Words):
            return path
        if path not in self._seen:
            self._seen[path] = self._look(path)
        return self._seen[path] or self._missing(path, written)

    def _look(self, path: str) -> Found | Words | None:
        entry = self.tree.entry(path)
        if entry is None:
            return None
        if entry.kind != "file":
            return _no_file(entry)
        if entry.size > MAX_BYTES:
            message = f"{path} has {entry.size:,} bytes, at most {MAX_BYTES:,} are looked at"
            return Words("SA407", message, "make it smaller")
        data = self.tree.read(path)
        if data.startswith(_LFS):
            message = f"{path} is a Git LFS pointer, not the file itself"
            return Words("SA406", message, "commit the file itself; LFS is not supported yet")
        blob = self.tree.blob(path)
        if blob not in self._facts:
            self._facts[blob] = probe(data)
        return Found(path, blob, self._facts[blob])

    def _missing(self, path: str, written: str) -> Words:
        return Words("SA401", f"{path} does not exist", self._guess(path, written))

    def _guess(self, path: str, written: str) -> str:
        """The same path read from the other end, or a neighbour with a similar name."""
        from_root = written.lstrip("/")
        if not written.startswith("/") and self.tree.entry(from_root) is not None:
            return f'did you mean "/{from_root}"?'
        name = closest(basename(path), self._names(dirname(path)))
        if name:
            return f'did you mean "{same_style(written, name)}"?'
        if written.startswith("/"):
            return "a leading / means the root of the repository"
        return "commit the file, or correct the path"

    def _names(self, folder: str) -> Iterable[str]:
        files = self.tree.files(folder) if folder else self.tree.files("")
        return [basename(entry.path) for entry in files if dirname(entry.path) == folder]


def _no_file(entry: TreeEntry) -> Words:
    if entry.kind == "symlink":
        message = f"{entry.path} leads through a link, which is never followed"
        return Words("SA403", message, "commit the file itself")
    return Words("SA404", f"{entry.path} {_KINDS[entry.kind]}", "name a file")
