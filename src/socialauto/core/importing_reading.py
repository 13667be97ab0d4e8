"""An imported file of any format as rows."""

from __future__ import annotations

from posixpath import splitext
from typing import Any, Literal

from socialauto.core.importing import Table, Terms, whole
from socialauto.core.importing_cells import BadFile, decoded
from socialauto.core.importing_csv import read_csv, split
from socialauto.core.importing_exports import is_buffer, read_buffer, read_mixpost, read_postiz
from socialauto.core.importing_json import Content, read_json
from socialauto.core.yaml_reader import Loc

Source = Literal["auto", "csv", "json", "buffer", "postiz", "mixpost"]

_READERS = {"json": read_json, "postiz": read_postiz, "mixpost": read_mixpost}


def _is_json(text: str, file: str, wanted: Source) -> bool:
    if wanted != "auto":
        return wanted in _READERS
    return splitext(file)[1].lower() == ".json" or text.lstrip()[:1] in ("[", "{")


def _items(content: Content) -> tuple[Loc, list[Any]]:
    """The list of posts, at the top or where the two tools have it. Raises `BadFile`."""
    value = content.value
    for loc, found in (
        ((), value),
        (("posts",), value.get("posts") if isinstance(value, dict) else None),
        (("data",), value.get("data") if isinstance(value, dict) else None),
    ):
        if isinstance(found, list):
            return loc, found
    message = "there is no list of posts here"
    raise BadFile(whole(content.file, 1, 1, message, 'write [ ... ], or {"posts": [ ... ]}'))


def _kind_of(items: list[Any]) -> str:
    first = next((item for item in items if isinstance(item, dict)), {})
    if "publishDate" in first and "integration" in first:
        return "postiz"
    return "mixpost" if "versions" in first else "json"


def _json(text: str, file: str, terms: Terms, wanted: Source) -> Table:
    content = Content(text, file)
    start, items = _items(content)
    return _READERS[_kind_of(items) if wanted == "auto" else wanted](content, start, items, terms)


def _csv(text: str, file: str, terms: Terms, wanted: Source) -> Table:
    header, rows, delimiter = split(text, file)
    if header is None:
        raise BadFile(whole(file, 1, 1, "the file is empty", "write a row of columns first"))
    buffer = is_buffer(header)
    if wanted == "buffer" and not buffer:
        hint = "its columns are Text, Image URL, Tags, Posting Time"
        raise BadFile(whole(file, header.line, 1, "this is no table of Buffer's bulk upload", hint))
    read = read_buffer if buffer and wanted != "csv" else read_csv
    return read(header, rows, delimiter, file, terms)


def read_table(data: bytes, file: str, terms: Terms, wanted: Source = "auto") -> Table:
    """The rows of a file, and what is wrong with it as a whole. `file` names it in findings."""
    try:
        text = decoded(data, file)
        if _is_json(text, file, wanted):
            return _json(text, file, terms, wanted)
        return _csv(text, file, terms, wanted)
    except BadFile as bad:
        return Table("csv", (), (bad.finding,))
