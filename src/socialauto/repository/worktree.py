"""The work tree: files as they lie on the disk, read without git, never leaving the root."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from socialauto.core.errors import SocialautoError
from socialauto.core.tree import EntryKind, TreeEntry
from socialauto.repository.paths import above, is_safe, unreadable

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    # A named pipe would otherwise keep us waiting for somebody to write into it.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_Listing = dict[str, os.DirEntry[str]]


class WorkTree:
    """A `core.tree.Tree` of a folder. One instance is one look at the disk: it lists each folder
    once, so that 10,000 questions cost 10,000 reads and nothing more."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self._listings: dict[str, _Listing] = {}
        self._seen: set[str] = set()
        """Regular files that were listed on a way without links: known good, asked once."""

    def files(self, folder: str) -> list[TreeEntry]:
        """Everything below `folder` that is no folder, sorted by path; a link in the place of the
        folder is itself the answer, so that nothing is overlooked in silence."""
        start = folder.strip("/")
        if start in ("", "."):
            return sorted(self._walk(""), key=_path)
        entry = self.entry(start)
        if entry is None or entry.kind == "file":
            return []
        if entry.kind != "folder":
            return [entry]
        return sorted(self._walk(start), key=_path)

    def entry(self, path: str) -> TreeEntry | None:
        if not is_safe(path):
            return None
        for folder in above(path):
            kind = self._kind(folder)
            if kind != "folder":
                # What stands behind a link or a submodule is not ours to look at.
                return TreeEntry(path, kind, 0) if kind in ("symlink", "submodule") else None
        kind = self._kind(path)
        return TreeEntry(path, kind, self._size(path)) if kind else None

    def read(self, path: str) -> bytes:
        if path not in self._seen:
            entry = self.entry(path)
            if entry is None:
                raise SocialautoError(f"{path} does not exist")
            if entry.kind != "file":
                raise unreadable(path, entry.kind)
        try:
            return _read(f"{self.root}/{path}")
        except OSError as error:
            raise SocialautoError(f"cannot read {path}: {error.strerror}") from None

    def blob(self, path: str) -> str:
        data = self.read(path)
        # As git does it; no use of the hash here rests on nobody being able to forge it.
        digest = hashlib.new(self._hash, b"blob %d\0" % len(data), usedforsecurity=False)
        digest.update(data)
        return digest.hexdigest()

    @cached_property
    def _hash(self) -> str:
        """The repository's hash function, so that ids are those which a commit will have."""
        config = _git_folder(self.root) / "config"
        try:
            text = config.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "sha1"
        return "sha256" if re.search(r"(?im)^\s*objectformat\s*=\s*sha256\s*$", text) else "sha1"

    def _walk(self, folder: str) -> Iterator[TreeEntry]:
        folders = [folder]
        while folders:
            current = folders.pop()
            prefix = f"{current}/" if current else ""
            for name, found in self._list(current).items():
                path = prefix + name
                kind = self._kind_of(path, found)
                if kind == "folder":
                    folders.append(path)
                    continue
                if kind == "file":
                    self._seen.add(path)
                yield TreeEntry(_shown(path), kind, _size(found))

    def _kind(self, path: str) -> EntryKind | None:
        folder, _, name = path.rpartition("/")
        # The listing knows the exact spelling, which a disk that ignores case does not ask for.
        found = self._list(folder).get(name)
        return self._kind_of(path, found) if found else None

    def _kind_of(self, path: str, found: os.DirEntry[str]) -> EntryKind:
        if found.is_symlink():
            return "symlink"
        if found.is_file(follow_symlinks=False):
            return "other" if "\\" in _shown(path) else "file"
        if not found.is_dir(follow_symlinks=False):
            return "other"
        return "submodule" if _has_git(found.path) else "folder"

    def _size(self, path: str) -> int:
        folder, _, name = path.rpartition("/")
        return _size(self._list(folder)[name])

    def _list(self, folder: str) -> _Listing:
        """A folder's entries by name; asked only for folders that were found to be some."""
        if folder not in self._listings:
            try:
                with os.scandir(os.path.join(self.root, folder)) as found:
                    listing = {entry.name: entry for entry in found if entry.name != ".git"}
            except OSError as error:
                raise SocialautoError(f"cannot list {folder or '.'}: {error.strerror}") from None
            self._listings[folder] = listing
        return self._listings[folder]


def _path(entry: TreeEntry) -> str:
    return entry.path


def _size(found: os.DirEntry[str]) -> int:
    try:
        return found.stat(follow_symlinks=False).st_size
    except OSError:
        # Gone since it was listed; reading it says so.
        return 0


def _has_git(folder: str) -> bool:
    return os.path.lexists(os.path.join(folder, ".git"))


def _shown(name: str) -> str:
    """A path that every output can show; bytes that are no UTF-8 become \\xNN."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _read(path: str) -> bytes:
    handle = os.open(path, _FLAGS)
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(0, "it is no regular file any more")
        # One byte more than there should be: an empty answer then says that this was all.
        chunks = [os.read(handle, facts.st_size + 1)]
        while chunks[-1] and len(chunks[0]) != facts.st_size:
            chunks.append(os.read(handle, 1 << 20))
        return b"".join(chunks)
    finally:
        os.close(handle)


def _git_folder(root: Path) -> Path:
    """Where the repository keeps its configuration, also for a linked work tree."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_dir():
            return git
        if git.is_file():
            pointer = git.read_text(encoding="utf-8", errors="replace")
            target = folder / pointer.removeprefix("gitdir:").strip()
            common = target / "commondir"
            return target / common.read_text().strip() if common.is_file() else target
    return root
