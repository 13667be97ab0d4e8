"""`socialauto prepare`: makes media what a platform takes, as new files beside the old ones.

For teams whose media host serves the repository's own files: there nothing can be prepared on the
way. Nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED
from socialauto.cli.place import account_option, find_root, folder_option
from socialauto.core.errors import MediaHostError, SocialautoError

if TYPE_CHECKING:
    from socialauto.core.config import Config
    from socialauto.core.message import MediaItem
    from socialauto.engine.preview import Preview
    from socialauto.media.prepared import Prepared, PreparedFile
    from socialauto.repository.worktree import WorkTree

_SHORT = {"instagram": "ig"}
"""How a platform is called in the names of files."""
_MOST_NAMES = 99


@click.command("prepare")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@account_option
@folder_option
def command(paths: tuple[Path, ...], accounts: tuple[str, ...], folder: Path) -> int:
    """Make media what a platform takes, as new files beside them.

    A PATH is a post, or a media file that posts name. What is made of media/door.png for Instagram
    is written to media/door.ig.jpg, and the line to change in the post is printed. Files that are
    taken as they are stay alone, and nothing is ever overwritten. Exit code 1 when one of them
    cannot be made what is taken.
    """
    from socialauto.cli.keeping import prepared_in
    from socialauto.cli.place import check_accounts, usable_config
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.engine.preview import Part
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    names = [_name(path, folder, root) for path in paths]
    tree = WorkTree(root)
    # The posts are read below; here only the configuration is judged.
    config = usable_config(load(Part(tree, frozenset()), now=SystemClock().now()))
    wanted = check_accounts(config, accounts)
    work = _Work(root, prepared_in(root))
    for name in names:
        uses = [use for use in _uses(tree, config, name) if use.preview.account in wanted]
        if not uses:
            raise click.BadParameter(
                f"{name} is neither a post with media nor a file that a post names",
                param_hint="PATH",
            )
        for use in uses:
            work.do(use)
    return REFUSED if work.failed else DONE


def _name(path: Path, folder: Path, root: Path) -> str:
    """The path from the root, however it was written."""
    for start in (folder, root):
        full = (start / path).resolve()
        if full.is_file() and full.is_relative_to(root):
            return full.relative_to(root).as_posix()
    raise click.BadParameter(f"{path} does not exist in {root}", param_hint="PATH")


@dataclass(frozen=True, slots=True)
class _Use:
    """One file in one post on one account."""

    preview: Preview
    field: str
    written: str
    """The path as the post writes it."""
    item: MediaItem

    @property
    def place(self) -> str:
        source = self.preview.source
        line, _ = source.place(self.preview.version.field(self.field))
        return f"{source.path}:{line}"


def _uses(tree: WorkTree, config: Config, name: str) -> Iterator[_Use]:
    from socialauto.core.reading import is_post
    from socialauto.engine.preview import Part, previews

    part = Part(tree, frozenset({name})) if is_post(name) else tree
    for preview in previews(part, config):
        for place, written, item in preview.media():
            if item.profile is not None and name in (preview.source.path, item.path):
                yield _Use(preview, place, written, item)


@dataclass
class _Work:
    """What has been made in this call, each result once."""

    root: Path
    prepared: Prepared
    failed: bool = False
    _files: dict[tuple[str, str], str] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def do(self, use: _Use) -> None:
        from socialauto.core.media_path import same_style

        try:
            file = self.prepared.of(use.item)
        except MediaHostError as error:
            self.failed = True
            self._say(f"{use.place}: {error.message}")
            return
        if not file.steps:
            self._say(f"{use.place}: {use.item.path} is taken as it is")
            return
        path = self._path(use, file)
        written = same_style(use.written, Path(path).name)
        self._say(f"{use.place}: write {written} instead of {use.written}")

    def _say(self, line: str) -> None:
        """Once: two accounts of a post often need the same."""
        if line not in self._said:
            self._said.add(line)
            click.echo(line)

    def _path(self, use: _Use, file: PreparedFile) -> str:
        from socialauto.report.show import describe

        known = self._files.get((use.item.path, file.sha256))
        if known is not None:
            return known
        path, new = _placed(self.root, use, file)
        self._files[use.item.path, file.sha256] = path
        done = f"{describe(file.facts)}; {', '.join(file.steps)}"
        click.echo(f"{path} {'written' if new else 'is there already'}: {done}")
        return path


def _candidates(path: str, tag: str, suffix: str) -> Iterable[str]:
    stem = str(Path(path).with_suffix(""))
    yield f"{Path(stem).as_posix()}.{tag}.{suffix}"
    for number in range(2, _MOST_NAMES):
        yield f"{Path(stem).as_posix()}.{tag}-{number}.{suffix}"


def _placed(root: Path, use: _Use, file: PreparedFile) -> tuple[str, bool]:
    """The new file's path, and whether it was written now."""
    platform = use.preview.message.platform
    for path in _candidates(use.item.path, _SHORT.get(platform, platform), file.suffix):
        try:
            with (root / path).open("xb") as target:
                target.write(file.data)
        except FileExistsError:
            if _same(root / path, file.data):
                return path, False
        except OSError as error:
            raise SocialautoError(f"cannot write {path}: {error.strerror}") from None
        else:
            return path, True
    raise SocialautoError(f"{use.item.path} has too many prepared files", "remove some of them")


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == data
