"""Puts new files into a person's folder: whole or not at all, and never over an existing one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from socialauto.core.errors import SocialautoError


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the files."""

    created: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Stood there before with another content."""


def write_new(root: Path, files: Mapping[str, bytes]) -> Written:
    """Create what is missing; name what stands there with another content, and leave it alone."""
    created, kept = [], []
    for path, data in files.items():
        target = root / path
        if not os.path.lexists(target):
            check_inside(root, target)
            put(target, data)
            created.append(path)
        elif not target.is_file() or target.read_bytes() != data:
            kept.append(path)
    return Written(tuple(created), tuple(kept))


def put(target: Path, data: bytes) -> None:
    """Write under another name first: a kill leaves the old file or the new one, never a part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.new")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SocialautoError(f"{target} cannot be written: {error.strerror}") from error


def check_inside(root: Path, target: Path) -> None:
    """A link on the way could lead anywhere."""
    if not target.parent.resolve().is_relative_to(root.resolve()):
        folder = target.parent.relative_to(root)
        raise SocialautoError(
            f"{folder} is a link that leads out of {root}", "replace it by a folder"
        )
