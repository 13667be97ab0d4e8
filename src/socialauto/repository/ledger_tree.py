"""The ledger as files of one commit: its header, its entries, and whether they can be trusted."""

from __future__ import annotations

from collections.abc import Iterable

from socialauto.core.config import LedgerSettings
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Entry, Header, Snapshot
from socialauto.repository.git import Git
from socialauto.repository.layout import (
    FOLDER,
    HEADER_PATH,
    entry_path,
    parse_entry,
    parse_header,
)
from socialauto.repository.objects import TreeLine, read_all, tree_lines

_FILE = "100644"


class LedgerTree:
    """Reads the ledger at `tip` and raises `SocialautoError` at the first thing that is wrong."""

    def __init__(self, git: Git, tip: str, *, place: str, settings: LedgerSettings) -> None:
        self._git = git
        self._tip = tip
        self._place = place
        self._lineage = settings.lineage

    def snapshot(self) -> Snapshot:
        """Everything, in two git processes."""
        lines = {line.path: line for line in self._lines()}
        data = dict(zip(lines, self._read([line.id for line in lines.values()]), strict=True))
        header = self._header(data.pop(HEADER_PATH, None))
        entries = [self._entry(lines[path], content) for path, content in data.items()]
        return Snapshot(self._tip, header, {entry.key: entry for entry in entries})

    def current(self, keys: Iterable[DeliveryKey]) -> dict[str, Entry | None]:
        """Some entries by path, None for those that do not exist, in one git process."""
        paths = list(dict.fromkeys(entry_path(key) for key in keys))
        header, *data = self._read([f"{self._tip}:{path}" for path in (HEADER_PATH, *paths)])
        self._header(header)
        return {
            path: None if content is None else self._parse(path, content)
            for path, content in zip(paths, data, strict=True)
        }

    def refuse_if_used(self) -> None:
        """Raise when a ledger, or what is left of one, lies here."""
        found = [line.path for line in self._lines()]
        if HEADER_PATH in found:
            raise SocialautoError(f"{self._place} already holds a ledger", "nothing is left to do")
        if found:
            raise SocialautoError(
                f"{self._place} holds {found[0]} and no {HEADER_PATH}, as if a ledger had been "
                "damaged",
                f'restore it; "git log {self._tip[:10]}" shows what happened',
            )

    def _lines(self) -> list[TreeLine]:
        return tree_lines(self._git, self._tip, FOLDER, details=False)

    def _read(self, names: list[str]) -> list[bytes | None]:
        return read_all(self._git, names)

    def _header(self, data: bytes | None) -> Header:
        if data is None:
            raise self._problem(HEADER_PATH, "is missing")
        try:
            header = parse_header(data)
        except ValueError as error:
            raise self._problem(HEADER_PATH, str(error)) from None
        if self._lineage not in (None, header.lineage):
            raise SocialautoError(
                f"{HEADER_PATH} on {self._place} has lineage {header.lineage}, and socialauto.yaml "
                f"names {self._lineage}: this is another ledger",
                "restore the right branch; only if this one is right, correct ledger.lineage",
            )
        return header

    def _entry(self, line: TreeLine, data: bytes | None) -> Entry:
        if line.mode != _FILE:
            raise self._problem(line.path, "is no regular file")
        if data is None:
            raise self._problem(line.path, "is not in this clone")
        if not line.path.endswith(".json"):
            raise self._problem(line.path, "is no ledger entry")
        return self._parse(line.path, data)

    def _parse(self, path: str, data: bytes) -> Entry:
        try:
            entry = parse_entry(data)
        except ValueError as error:
            raise self._problem(path, str(error)) from None
        if entry_path(entry.key) != path:
            raise self._problem(path, f"holds the entry of {entry.key}")
        return entry

    def _problem(self, path: str, clause: str) -> SocialautoError:
        return SocialautoError(
            f"{path} on {self._place} {clause}",
            f'restore it; "git log {self._tip[:10]} -- {path}" shows who changed it',
        )
