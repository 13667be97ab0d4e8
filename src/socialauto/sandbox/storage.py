"""Where the platform's state is kept: in memory, or in a folder that survives a kill.

One object is one file, written beside its place and renamed: a kill leaves the old file or the
new one. A publication is one file too, so publishing is one atomic step.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from socialauto.core.errors import SocialautoError

try:
    import fcntl
except ImportError:  # Windows has no such locks: there two sandboxes are the user's to avoid.
    fcntl = None  # type: ignore[assignment]

_SAFE = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Storage(Protocol):
    def load(self, kind: str) -> Iterator[bytes]:
        """Every document of a kind, in the order of their ids."""
        ...

    def save(self, kind: str, key: str, document: bytes) -> None: ...

    def put_blob(self, body: bytes) -> str:
        """Keep a file's bytes; returns their SHA-256."""
        ...

    def blob(self, name: str) -> bytes | None: ...


class MemoryStorage:
    """Forgets everything with the process."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    def load(self, kind: str) -> Iterator[bytes]:
        return iter(())

    def save(self, kind: str, key: str, document: bytes) -> None:
        """The world itself is the memory."""

    def put_blob(self, body: bytes) -> str:
        name = hashlib.sha256(body).hexdigest()
        self._blobs[name] = body
        return name

    def blob(self, name: str) -> bytes | None:
        return self._blobs.get(name)


def _lock(path: Path) -> int:
    """Keeps a second sandbox out: both would give the same ids to different things."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if fcntl is None:
        return handle
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise SocialautoError(
            f"another sandbox uses the state in {path.parent}",
            "stop it, or name another folder with --state",
        ) from error
    return handle


class FolderStorage:
    """Belongs to one process until `close`, or until the process ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".gitignore").write_text("*\n")
            self._lock = _lock(folder / "lock")
        except OSError as error:
            raise SocialautoError(
                f"cannot keep the sandbox's state in {folder}: {error.strerror}",
                "name a folder that can be written with --state",
            ) from error

    def close(self) -> None:
        os.close(self._lock)

    def load(self, kind: str) -> Iterator[bytes]:
        for path in sorted((self._folder / kind).glob("*.json")):
            yield path.read_bytes()

    def save(self, kind: str, key: str, document: bytes) -> None:
        self._write(self._folder / kind / f"{_checked(key)}.json", document)

    def put_blob(self, body: bytes) -> str:
        name = hashlib.sha256(body).hexdigest()
        path = self._folder / "blobs" / name
        if not path.exists():
            self._write(path, body)
        return name

    def blob(self, name: str) -> bytes | None:
        path = self._folder / "blobs" / _checked(name)
        return path.read_bytes() if path.is_file() else None

    def _write(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        temporary.write_bytes(body)
        temporary.replace(path)


def _checked(name: str) -> str:
    """Names come from requests too: none may leave the folder."""
    if not _SAFE.fullmatch(name):
        raise ValueError(f"not a name of the store: {name!r}")
    return name
