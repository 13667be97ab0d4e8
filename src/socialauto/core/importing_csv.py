"""Our own tables: a column is a field of a post, a row is a post."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from socialauto.core.finding import Finding
from socialauto.core.importing import Place, Row, RowFinding, Table, Terms
from socialauto.core.importing_cells import Cell, Record, best_delimiter, declared, records
from socialauto.core.importing_fields import (
    accounts_of,
    files_of,
    from_root,
    has_zone,
    iso_time,
    words_of,
)
from socialauto.core.post import NOT_YET, Post
from socialauto.core.suggest import did_you_mean, quoted
from socialauto.core.wrong_values import Words

MOST_MEDIA = 20
"""Columns `media1` to `media20`; no platform takes more."""

FINDING = "finding"
"""The column of a file of rejected rows; when they are mended, it says nothing any more."""

_NUMBERED = re.compile(r"(media|alt)_?([1-9]\d?)")
_VARS = "vars."
_OWN = ("account", "accounts", "time", "date", "media", "alt", "cover", FINDING)

Cells = dict[str, tuple[str, Place]]
"""What is filled in, by folded column."""


def folded(header: str) -> str:
    """`First Comment ` and `first-comment` are `first_comment`."""
    return re.sub(r"[\s_-]+", "_", header.strip().lower()).strip("_")


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The one model of a nested field, such as `late`."""
    parts = list(_parts(annotation))
    if any(get_origin(part) in (dict, tuple) for part in parts):
        return None
    models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
    return models[0] if models else None


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, str]:
    """Column → how its cells are read: a text, a list of words, a nested field; or `json`, for
    fields that no table can show."""
    kinds: dict[str, str] = {}
    for name, field in Post.model_fields.items():
        parts = list(_parts(field.annotation))
        inner = _inner(field.annotation)
        if name in _OWN:
            kinds[name] = "own"
        elif inner is not None:
            kinds.update({f"{name}.{key}": "nested" for key in inner.model_fields})
            kinds[name] = "json"
        elif any(get_origin(part) is dict for part in parts):
            kinds[name] = "json"
        else:
            kinds[name] = "list" if any(get_origin(part) is tuple for part in parts) else "text"
    numbers = range(1, MOST_MEDIA + 1)
    kinds.update({f"{name}{number}": "own" for name in ("media", "alt") for number in numbers})
    return {**kinds, **dict.fromkeys(_OWN, "own")}


def column_of(header: str) -> str:
    """The column that a header's cell names, whether we have it or not."""
    name = folded(header)
    if name.startswith(_VARS):  # what comes then is a name of the author's
        return _VARS + header.strip()[len(_VARS) :].strip()
    numbered = _NUMBERED.fullmatch(name)
    return f"{numbered[1]}{numbered[2]}" if numbered else name


def _kind(name: str) -> str | None:
    return "nested" if name.startswith(_VARS) and name != _VARS else _kinds().get(name)


def is_known(header: str) -> bool:
    return _kind(column_of(header)) is not None


def _bad_column(name: str, cell: Cell) -> Words | None:
    """Why a column cannot be imported."""
    kind = _kind(name)
    if kind == "json":
        hint = "import JSON, where it can be written as in a post"
        dotted = [key for key in _kinds() if key.startswith(f"{name}.")]
        dotted = ["vars.price"] if name == "vars" else dotted
        if dotted:
            hint = f"use columns such as {dotted[0]}"
        return Words("SA952", f"no cell can hold {quoted(name)}", hint)
    if kind is None and name in NOT_YET:
        message = f"{quoted(name)}: {NOT_YET[name]} are not part of this version yet"
        return Words("SA952", message, f"remove the column, or say --ignore {name}")
    if kind is None:
        ignore = f"rename or remove it, or say --ignore {quoted(cell.text.strip())}"
        meant = did_you_mean(name, _kinds())
        hint = f"{meant} otherwise {ignore}" if meant else ignore
        return Words("SA952", f"unknown column {quoted(cell.text.strip())}", hint)
    return None


class _Header:
    """The columns in their order, and what is wrong with them."""

    def __init__(self, record: Record, file: str, terms: Terms) -> None:
        self.names: list[tuple[str, str]] = []
        """Folded, and as it is written; folded is empty for a column that is not read."""
        self.findings: list[RowFinding] = []
        seen: set[str] = set()
        for cell in record.cells:
            name = column_of(cell.text)
            wrong = None if name in terms.ignored or not name else _bad_column(name, cell)
            if name in seen:
                wrong = Words("SA952", f"a second column {quoted(name)}", "keep one of them")
            if wrong:
                place = Finding(file, cell.line, cell.column, wrong.code, wrong.message, wrong.hint)
                self.findings.append(RowFinding(0, cell.text.strip(), place))
            seen.add(name)
            read = name and not wrong and name not in terms.ignored and name != FINDING
            self.names.append((name if read else "", cell.text.strip()))

    def cells(self, record: Record) -> Cells:
        """What the row has filled in."""
        found: Cells = {}
        for (name, written), cell in zip(self.names, record.cells, strict=False):
            if name and cell.text.strip():
                found[name] = cell.text.strip(), Place(cell.line, cell.column, written)
        return found


def _too_many_or_few(record: Record, header: _Header) -> Words | None:
    wanted = len(header.names)
    rest = record.cells[wanted:]
    if len(record.cells) < wanted or any(cell.text.strip() for cell in rest):
        message = f"it has {len(record.cells)} cells, and there are {wanted} columns"
        return Words("SA953", message, "put texts with separators or line breaks in quotes")
    unnamed = [cell for (_, written), cell in zip(header.names, record.cells, strict=False)
               if not written and cell.text.strip()]  # fmt: skip
    if unnamed:
        message = f"{quoted(unnamed[0].text)} stands in a column without a name"
        return Words("SA953", message, "name the column in the first row, or empty the cell")
    return None


def _put_accounts(row: Row, cells: Cells, terms: Terms) -> None:
    found = [cells[name] for name in ("account", "accounts") if name in cells]
    if not found:
        row.values.update(accounts_of(terms.accounts))
        return
    names: list[str] = []
    for part in (part.strip() for text, _ in found for part in re.split(r"[,;\n]", text)):
        names += [part] if part in terms.names else words_of(part)
    place = found[0][1]
    values = accounts_of(filter(None, (terms.names.get(name, name) for name in names)))
    if not values:
        row.leave_out(place, "this account is not imported", "say --map NAME=ACCOUNT to import it")
    for name, value in values.items():
        row.put(name, value, place)


def _put_time(row: Row, cells: Cells, terms: Terms) -> None:
    parts = [cells[name] for name in ("date", "time") if name in cells]
    if not parts:
        return
    place = parts[0][1]
    written = " ".join(text for text, _ in parts)
    time = iso_time(written, terms.date_order)
    if isinstance(time, Words):
        row.report(place, time.code, time.message, time.hint)
        time = written
    row.put("time", time, place)
    if terms.timezone and "timezone" not in cells and not has_zone(time):
        row.values["timezone"] = terms.timezone


def _media_of(cells: Cells) -> list[tuple[str, Place]]:
    """All paths with where each stands: those of `media`, then those of `media1` and so on."""
    found = []
    if "media" in cells:
        text, place = cells["media"]
        found += [(path, place) for path in files_of(text)]
    for number in range(1, MOST_MEDIA + 1):
        if f"media{number}" in cells:
            found.append(cells[f"media{number}"])
    return found


def _alts_of(row: Row, cells: Cells, count: int) -> dict[int, tuple[str, Place]]:
    """By index of the media; `alt` is for one file, or has a line for each of several."""
    alts: dict[int, tuple[str, Place]] = {}
    if "alt" in cells:
        text, place = cells["alt"]
        lines = [text] if count == 1 else text.split("\n")
        alts = {index: (line.strip(), place) for index, line in enumerate(lines) if line.strip()}
        if count > 1 and len(lines) != count:
            message = f"there are {len(lines)} lines for {count} media"
            row.report(place, "SA957", message, "write one line for each, or columns alt1, alt2")
    for number in range(1, MOST_MEDIA + 1):
        if f"alt{number}" in cells:
            alts[number - 1] = cells[f"alt{number}"]
    for index, (_, place) in alts.items():
        if index >= count and not row.broken:
            message = f"it describes file {index + 1}, and there are {count}"
            row.report(place, "SA957", message, "add the file, or empty the cell")
    return alts


def put_media(row: Row, media: list[tuple[str, Place]], alts: dict[int, tuple[str, Place]]) -> None:
    """Paths from the root of the repository, each with what it shows."""
    if not media:
        return
    entries: list[Any] = []
    for index, (path, place) in enumerate(media):
        alt = alts.get(index)
        entries.append({"path": from_root(path), "alt": alt[0]} if alt else from_root(path))
        row.places[("media", index)] = place
        if alt:
            row.places[("media", index, "alt")] = alt[1]
    row.values["media"] = entries
    row.places[("media",)] = media[0][1]


def _put_others(row: Row, cells: Cells) -> None:
    for name, (text, place) in cells.items():
        kind = _kind(name)
        if kind == "text":
            row.put(name, text, place)
        elif kind == "list":
            words = words_of(text)
            if name == "hashtags":  # a # would need quotes in the file, and says nothing
                words = [word.removeprefix("#") for word in words]
            row.put(name, words, place)
            row.places.update({(name, index): place for index in range(len(row.values[name]))})
        elif kind == "nested":
            outer, _, inner = name.partition(".")
            row.values.setdefault(outer, {})[inner] = text
            row.places[(outer, inner)] = place
            row.places.setdefault((outer,), place)
        elif name == "cover":
            row.put(name, from_root(text), place)


def _row(record: Record, header: _Header, file: str, terms: Terms) -> Row:
    row = Row(file, record.number, Place(record.line, 1), record.raw)
    if wrong := _too_many_or_few(record, header):
        row.report(row.place, wrong.code, wrong.message, wrong.hint)
        return row
    cells = header.cells(record)
    _put_accounts(row, cells, terms)
    _put_time(row, cells, terms)
    media = _media_of(cells)
    put_media(row, media, _alts_of(row, cells, len(media)))
    _put_others(row, cells)
    return row


def without_account(file: str, line: int, or_else: str = "") -> RowFinding:
    """For a file whose rows do not say where they go out."""
    hint = f"say --account NAME{or_else}"
    message = "nothing here says on which account the posts go out"
    return RowFinding(0, "", Finding(file, line, 1, "SA959", message, hint))


def split(text: str, file: str) -> tuple[Record | None, list[Record], str]:
    """Header, rows and delimiter; rows without anything in them are left away. Raises `BadFile`."""
    told = declared(text)
    delimiter = told or best_delimiter(text, file, is_known)
    found = [one for one in records(text, delimiter, file, skip=1 if told else 0) if not one.empty]
    return (found[0] if found else None), found[1:], delimiter


def read_csv(header: Record, rows: list[Record], delimiter: str, file: str, terms: Terms) -> Table:
    """A table of our own columns."""
    columns = _Header(header, file, terms)
    if not terms.accounts and not {"account", "accounts"} & {name for name, _ in columns.names}:
        columns.findings.append(without_account(file, header.line, ", or add a column account"))
    read = () if columns.findings else tuple(_row(one, columns, file, terms) for one in rows)
    return Table("csv", read, tuple(columns.findings), header.raw, delimiter)
