"""Git objects in bulk: list a tree, read many blobs, write a commit, each in one process."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Git

if TYPE_CHECKING:
    from git.cmd import Git as Runner


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line of a tree: a blob, a link, a submodule or a folder."""

    path: str
    mode: str
    id: str
    size: int = 0
    """Bytes; 0 when sizes were not asked for."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who a commit says has made it."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{_plain(self.name)} <{_plain(self.email)}>"


def tree_lines(git: Git, tree: str, folder: str = "", *, details: bool = True) -> list[TreeLine]:
    """Everything in a tree or below one of its folders; folders and sizes only with `details`."""
    options = ("-t", "-l") if details else ()
    below = ("--", f"{folder}/") if folder else ()
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", *options, tree, *below)
    return [_tree_line(record) for record in listed.split(b"\0") if record]


def _tree_line(record: bytes) -> TreeLine:
    facts, _, path = record.partition(b"\t")
    mode, _, blob, *size = facts.decode("ascii").split()
    length = int(size[0]) if size and size[0] != "-" else 0
    return TreeLine(path.decode("utf-8", "backslashreplace"), mode, blob, length)


def read_all(git: Git, names: Sequence[str]) -> list[bytes | None]:
    """The bytes behind object names, `<id>` or `<commit>:<path>`; None for what does not exist."""
    if not names:
        return []
    asked = "".join(f"{name}\n" for name in names).encode()
    return list(_answers(git.run("cat-file", "--batch", data=asked)))


def _answers(output: bytes) -> Iterator[bytes | None]:
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        fields = output[position:end].split(b" ")
        position = end + 1
        if fields[-1] == b"missing":
            yield None
            continue
        size = int(fields[-1])
        yield output[position : position + size]
        position += size + 1


class BlobReader:
    """Reads blobs one after the other from one `git cat-file`; may be shared by threads."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: Runner.AutoInterrupt | None = None
        self._turn = threading.Lock()

    def read(self, blob: str) -> bytes:
        """The blob's bytes. Raises `SocialautoError` when the clone does not have it."""
        with self._turn:
            if self._process is None:
                self._process = self._git.start("cat-file", "--batch")
            self._process.stdin.write(f"{blob}\n".encode())
            self._process.stdin.flush()
            fields = self._process.stdout.readline().split()
            if len(fields) != 3:
                raise SocialautoError(
                    f"git cannot read object {blob}",
                    'check the clone with "git fsck", or make a new one',
                )
            data: bytes = self._process.stdout.read(int(fields[2]) + 1)
            return data[:-1]

    def close(self) -> None:
        """End the process; the next read would start another one."""
        with self._turn:
            if self._process is not None:
                self._process.communicate()
                self._process = None


def write_commit(
    git: Git,
    *,
    parent: str | None,
    files: Mapping[str, bytes] | Mapping[str, bytes | None],
    message: str,
    author: Author,
    blobs: Mapping[str, str] | None = None,
) -> str:
    """Make a commit that sets some files on top of `parent` (None: takes them away), and return
    its id. `blobs` are files of which git has the bytes already, by their ids.

    No ref, index or work tree changes. `git fast-import` needs a ref while it runs; the reset at
    the end takes it back before it is ever written.
    """
    ref = f"refs/socialauto/pending/{secrets.token_hex(8)}"
    text = message.encode("utf-8", "replace")
    stream = [
        f"commit {ref}\nmark :1\ncommitter {author} now\n".encode(),
        b"data %d\n%b\n" % (len(text), text),
        f"from {parent}\n".encode() if parent else b"",
        *_file_commands(files.items()),
        *(b"M 100644 %b %b\n" % (id.encode(), at.encode()) for at, id in (blobs or {}).items()),
        b"get-mark :1\n",
        f"reset {ref}\nfrom {git.no_object}\n\ndone\n".encode(),
    ]
    made = git.run("fast-import", "--quiet", "--done", "--date-format=now", data=b"".join(stream))
    return made.decode("ascii").strip()


def _file_commands(files: Iterable[tuple[str, bytes | None]]) -> Iterator[bytes]:
    for path, data in files:
        if data is None:
            yield b"D %b\n" % path.encode("ascii")
            continue
        yield b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode("ascii"), len(data), data)


def _plain(text: str) -> str:
    """Without what would end the author's line early."""
    return "".join(" " if char in "<>\n\r\0" else char for char in text).strip()
