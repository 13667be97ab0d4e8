"""Puts the files of an import into a person's folder: all of them, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from socialauto.cli.writing import check_inside, put
from socialauto.core.errors import SocialautoError


class _Changes:
    """What was made on the way, to be taken back when it does not come to an end."""

    def __init__(self) -> None:
        self._files: list[Path] = []
        self._folders: list[Path] = []

    def folder(self, path: Path) -> None:
        missing = [one for one in (path, *path.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir()
            self._folders.append(one)

    def move(self, draft: Path, target: Path) -> None:
        if target.exists() or target.is_symlink():
            raise SocialautoError(f"{target} was made meanwhile", "look at it, and import again")
        draft.rename(target)
        self._files.append(target)

    def made(self, file: Path) -> None:
        self._files.append(file)

    def take_back(self) -> None:
        for file in self._files:
            file.unlink(missing_ok=True)
        for folder in reversed(self._folders):
            try:
                folder.rmdir()
            except OSError:
                continue  # somebody else has put something there


@contextmanager
def _all_or_nothing(where: Path) -> Iterator[_Changes]:
    changes = _Changes()
    try:
        yield changes
    except OSError as error:
        changes.take_back()
        reason = error.strerror or str(error)
        hint = "nothing was written; make room or change the rights, and import again"
        raise SocialautoError(f"cannot write below {where}: {reason}", hint) from error
    except BaseException:  # an interruption, too: half an import would be worse than none
        changes.take_back()
        raise


def write_all(root: Path, files: Mapping[str, bytes], rejected: tuple[Path, bytes] | None) -> None:
    """Write all files under other names first, where a full disk shows, then move them.

    `files` are new, by path from the root; `rejected` is one more, somewhere else. A kill that no
    program can answer leaves whole files only, and perhaps the hidden folder of the others;
    importing again brings those that are missing. Raises `SocialautoError`.
    """
    with _all_or_nothing(root) as changes:
        if rejected is not None:
            put(*rejected)
            changes.made(rejected[0])
        if not files:
            return
        check_inside(root, root / "content" / "x")
        changes.folder(root / "content")
        stage = Path(tempfile.mkdtemp(prefix=".import-", dir=root / "content"))
        try:
            drafts = [(stage / f"{number}", path) for number, path in enumerate(files)]
            for draft, path in drafts:
                draft.write_bytes(files[path])
            for draft, path in drafts:
                target = root / path
                check_inside(root, target)
                changes.folder(target.parent)
                changes.move(draft, target)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
