"""The folder that a site is written into: only what changed, each file whole, nobody else's files
touched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from socialauto.core.errors import SocialautoError

MANIFEST = ".socialauto-dashboard.json"
"""Names the files that are ours; a folder without it is not ours unless it is empty."""
FORMAT = 1


@dataclass(slots=True)
class SiteFolder:
    """One build into one folder: `open_site`, `put` each file, `finish`."""

    root: Path
    ours: frozenset[str]
    """Files of earlier builds."""
    named: set[str] = field(default_factory=set)
    """Files of this one."""
    written: int = 0
    removed: int = 0
    _folders: set[Path] = field(default_factory=set)

    def has(self, path: str) -> bool:
        """Whether an earlier build left this file; by its name its content is known, too."""
        return path in self.ours and (self.root / path).is_file()

    def keep(self, path: str) -> None:
        """This file stays as it is."""
        self.named.add(path)

    def put(self, path: str, data: bytes) -> None:
        """Write the file unless it has this content already."""
        self.named.add(path)
        target = self.root / path
        if _read(target) != data:
            self._enter(target.parent)
            _replace(target, data)
            self.written += 1

    def _enter(self, folder: Path) -> None:
        if folder not in self._folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _unwritable(folder, error) from error
            if not folder.resolve().is_relative_to(self.root.resolve()):
                raise SocialautoError(
                    f"{folder} is a link that leads out of {self.root}", "remove the link"
                )
            self._folders.add(folder)

    def claim(self, paths: Iterable[str]) -> None:
        """Say that these files are ours before the first of them is written, so that a build that
        is killed leaves nothing that the next one takes for somebody else's."""
        paths = list(paths)
        foreign = [path for path in paths if path not in self.ours and _exists(self.root / path)]
        if foreign:
            raise SocialautoError(
                f"{self.root / foreign[0]} is not a file of this dashboard and stands in its way",
                "move it, or build into another folder with --out",
            )
        self._note(self.ours | set(paths))

    def finish(self) -> None:
        """Remove what earlier builds wrote and this one did not."""
        for path in sorted(self.ours - self.named):
            target = self.root / path
            if target.is_file() and not target.is_symlink():
                target.unlink()
                self.removed += 1
        for folder in sorted({str(PurePosixPath(path).parent) for path in self.ours - self.named}):
            _remove_if_empty(self.root / folder, self.root)
        self._note(self.named)

    def _note(self, files: Iterable[str]) -> None:
        document = {"format": FORMAT, "files": sorted(files)}
        data = (json.dumps(document, indent=0) + "\n").encode()
        if _read(self.root / MANIFEST) != data:
            self._enter(self.root)
            _replace(self.root / MANIFEST, data)


def _unwritable(path: Path, error: OSError) -> SocialautoError:
    return SocialautoError(f"{path} cannot be written: {error.strerror}")


def _exists(path: Path) -> bool:
    return os.path.lexists(path)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if not path.is_symlink() else None
    except OSError:
        return None


def _replace(target: Path, data: bytes) -> None:
    """Under another name first: a kill leaves the old file or the new one, never a part."""
    draft = target.with_name(f".{target.name}.new")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise _unwritable(target, error) from error


def _remove_if_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _is_inside(path: object) -> bool:
    if not isinstance(path, str) or "\\" in path:
        return False
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def _files_of(manifest: bytes, root: Path) -> frozenset[str]:
    try:
        document = json.loads(manifest)
        files = document["files"]
        if document["format"] == FORMAT and all(map(_is_inside, files)):
            return frozenset(files)
    except (ValueError, KeyError, TypeError):
        pass
    raise SocialautoError(
        f"{root / MANIFEST} is damaged or of a newer version: whose files these are is not known",
        "build into another folder with --out, or delete this one if nothing else is in it",
    )


def open_site(root: Path) -> SiteFolder:
    """Raises `SocialautoError` when the folder holds something and no build of ours made it."""
    manifest = _read(root / MANIFEST)
    if manifest is not None:
        return SiteFolder(root, _files_of(manifest, root))
    try:
        strangers = sorted(os.listdir(root)) if _exists(root) else []
    except OSError as error:
        raise SocialautoError(f"{root} is no folder that can be used: {error.strerror}") from error
    if strangers:
        raise SocialautoError(
            f'{root} holds "{strangers[0]}" and is not the folder of a dashboard; nothing was '
            "written",
            "name an empty folder, or one that does not exist yet, with --out",
        )
    return SiteFolder(root, frozenset())
