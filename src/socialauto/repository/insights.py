"""How posts did, kept beside the ledger: `insights/<account>/<post>.json`, never in its entries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from socialauto.core.delivery import DeliveryKey
from socialauto.core.insights import FORMAT, History
from socialauto.repository.layout import FOLDER as LEDGER_FOLDER
from socialauto.repository.layout import entry_path
from socialauto.repository.objects import read_all, tree_lines
from socialauto.repository.side_files import FileChange

if TYPE_CHECKING:
    from socialauto.repository.git import Git
    from socialauto.repository.side_files import SideFiles

FOLDER = "insights"


@dataclass(frozen=True, slots=True)
class Shelf:
    """All histories of a branch, and what nobody could read."""

    histories: dict[DeliveryKey, History] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    """By path, why: such a file is left alone, a newer version may have written it."""


def path_of(key: DeliveryKey) -> str:
    """The file of a publication's history, named as its entry is."""
    return FOLDER + entry_path(key).removeprefix(LEDGER_FOLDER)


def to_bytes(history: History) -> bytes:
    """As entries are written: sorted keys, small diffs."""
    fields = history.model_dump(mode="json", exclude_defaults=True) | {"format": history.format}
    return (json.dumps(fields, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


class _AnyFormat(BaseModel):
    format: int = FORMAT


def parse(data: bytes) -> History:
    """Raises `ValueError` with a clause that says what is wrong."""
    try:
        if _AnyFormat.model_validate_json(data).format > FORMAT:
            raise ValueError("was written by a newer socialauto")
        return History.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"is damaged: {first['msg']}") from None


def read_shelf(files: Mapping[str, bytes]) -> Shelf:
    """The histories in these files. One that cannot be read spoils no other."""
    histories: dict[DeliveryKey, History] = {}
    unreadable: dict[str, str] = {}
    for path, data in files.items():
        try:
            history = parse(data)
            if path_of(history.key) != path:
                raise ValueError(f"holds the numbers of {history.key}")
        except ValueError as error:
            unreadable[path] = str(error)
        else:
            histories[history.key] = history
    return Shelf(histories, unreadable)


def shelf_at(git: Git, commit: str) -> Shelf:
    """The histories as of a commit that this clone has; asks no remote."""
    lines = [line for line in tree_lines(git, commit, FOLDER, details=False) if _is_file(line.mode)]
    contents = read_all(git, [line.id for line in lines])
    pairs = zip(lines, contents, strict=True)
    return read_shelf({line.path: data for line, data in pairs if data is not None})


def _is_file(mode: str) -> bool:
    return mode in ("100644", "100755")


def keep(files: SideFiles, before: Mapping[str, bytes], histories: Iterable[History]) -> int:
    """Make the histories durable in one commit; how many the branch took.

    The rest was changed by another pull meanwhile, which has newer numbers anyway.
    """
    changes = [
        FileChange(path, before.get(path), to_bytes(history))
        for history in histories
        for path in [path_of(history.key)]
    ]
    if not changes:
        return 0
    return sum(files.write(changes, message=f"Keep insights of {len(changes)} posts"))
