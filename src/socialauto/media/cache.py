"""The folder in which prepared media are remembered: safe to lose, and never large."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = "socialauto/prepared"
"""Of the git folder. Everything in it is made again when it is missing."""

UNUSED_DAYS = 90
MOST_BYTES = 2_000_000_000

_DAY = 86_400.0
_PASSING = _DAY
"""Seconds after which a half-written file was left by a process that was killed."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One file of the folder."""

    path: Path
    size: int
    used: float
    """When it was made or last sent, in Unix seconds of the disk's clock."""

    @property
    def is_passing(self) -> bool:
        """Still being written."""
        return self.path.name.startswith(".")


def superfluous(files: Iterable[Remembered], now: float) -> Iterator[Remembered]:
    """What nobody has used for long, and then what was used longest ago, until the rest is small.

    The newest stays, however large it is: somebody has just made it.
    """
    total = 0
    for file in sorted(files, key=lambda file: (file.used, file.path), reverse=True):
        unused = now - file.used
        if file.is_passing:
            if unused > _PASSING:
                yield file
        elif total and (unused > UNUSED_DAYS * _DAY or total + file.size > MOST_BYTES):
            yield file
        else:
            total += file.size


class Cache:
    """Files by name. One that cannot be read or written costs time and nothing else."""

    def __init__(self, folder: Path | None) -> None:
        """None remembers nothing."""
        self._folder = folder

    def files(self) -> list[Remembered]:
        """All that lies in the folder."""
        found: list[Remembered] = []
        if self._folder is not None:
            with suppress(OSError), os.scandir(self._folder) as entries:
                for entry in entries:
                    with suppress(OSError):
                        facts = entry.stat(follow_symlinks=False)
                        found.append(Remembered(Path(entry), facts.st_size, facts.st_mtime))
        return found

    def recall(self, name: str) -> Iterator[bytes]:
        """What is remembered under this name, whatever its suffix."""
        if self._folder is None:
            return
        for path in self._folder.glob(f"{name}.*"):
            try:
                data = path.read_bytes()
            except OSError:
                continue
            with suppress(OSError):
                os.utime(path)  # it is in use
            yield data

    def keep(self, name: str, data: bytes) -> None:
        """Remember, and forget what is superfluous then."""
        if self._folder is None:
            return
        passing = self._folder / f".{name}.{secrets.token_hex(4)}"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            passing.write_bytes(data)
            os.replace(passing, self._folder / name)
            # The disk's clock, which has dated all the others.
            self.forget(superfluous(self.files(), (self._folder / name).stat().st_mtime))

    def forget(self, files: Iterable[Remembered]) -> None:
        for file in files:
            with suppress(OSError):
                file.path.unlink()
