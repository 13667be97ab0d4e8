"""JSON that knows where each of its values stands, every scalar as the text that is written there.

As with YAML, nothing is guessed: `1.0` stays `1.0`, and an account's id keeps all of its digits.
"""

from __future__ import annotations

import json
import re
from typing import Any

from socialauto.core.importing import Place, Row, Table, Terms, whole
from socialauto.core.importing_cells import BadFile, Lines
from socialauto.core.importing_fields import accounts_of, from_root, has_zone, iso_time
from socialauto.core.suggest import quoted
from socialauto.core.wrong_values import Words
from socialauto.core.yaml_reader import Loc

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR = re.compile(r"[-+.\w]+")
_MAX_DEPTH = 32


class _Walker:
    """Goes through a text that is known to be JSON."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = Lines(text)
        self.at = 0
        self.places: dict[Loc, tuple[int, int]] = {}
        self.spans: dict[Loc, tuple[int, int]] = {}

    def value(self, loc: Loc) -> Any:
        self._skip()
        start = self.at
        self.places[loc] = self.lines.place(start)
        if len(loc) > _MAX_DEPTH:
            message = f"values are nested more than {_MAX_DEPTH} levels deep"
            raise BadFile(whole(self.file, *self.places[loc], message))
        char = self.text[start]
        if char == "{":
            found: Any = self._object(loc)
        elif char == "[":
            found = self._array(loc)
        elif char == '"':
            found = self._string()
        else:
            found = self._scalar()
        self.spans[loc] = start, self.at
        return found

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return match[0]

    def _string(self) -> str:
        found: str = json.loads(self._take(_STRING), strict=False)
        return found.replace("\r\n", "\n").replace("\r", "\n")

    def _scalar(self) -> str | None:
        word = self._take(_SCALAR)
        return None if word == "null" else word

    def _next(self, closing: str) -> bool:
        """Whether another one follows; afterwards we stand on it, or behind the end."""
        self._skip()
        if self.text[self.at] == closing:
            self.at += 1
            return False
        if self.text[self.at] == ",":
            self.at += 1
            self._skip()
        return True

    def _object(self, loc: Loc) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        while self._next("}"):
            at = self.at
            key = self._string()
            self._skip()
            self.at += 1  # the colon
            if key in found:
                message = f"{quoted(key)} is here a second time"
                raise BadFile(whole(self.file, *self.lines.place(at), message, "keep one of them"))
            found[key] = self.value((*loc, key))
        return {key: value for key, value in found.items() if value is not None}

    def _array(self, loc: Loc) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        while self._next("]"):
            value = self.value((*loc, len(found)))
            found.append("" if value is None else value)
        return found


class Content:
    """What a JSON file says: `value`, and where its parts stand. Raises `BadFile`."""

    def __init__(self, text: str, file: str) -> None:
        try:
            json.loads(text, strict=False)
        except json.JSONDecodeError as error:
            message = f"this is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
            raise BadFile(whole(file, error.lineno, error.colno, message)) from None
        except RecursionError:
            raise BadFile(whole(file, 1, 1, "values are nested too deeply")) from None
        self._walker = _Walker(text, file)
        self.value = self._walker.value(())
        self.file = file

    def place(self, loc: Loc, start: int) -> Place:
        """Where a value stands, named by its steps from `start` on."""
        line, column = self._walker.places[loc]
        return Place(line, column, ".".join(str(step) for step in loc[start:]))

    def raw(self, loc: Loc) -> str:
        begin, end = self._walker.spans[loc]
        return self._walker.text[begin:end]

    def parts(self, start: Loc, count: int) -> list[dict[Loc, Place]]:
        """For each item of the list at `start`, where what is in it stands; in one look."""
        found: list[dict[Loc, Place]] = [{} for _ in range(count)]
        size = len(start)
        for loc in self._walker.places:
            if loc[:size] == start and len(loc) > size + 1:
                found[int(loc[size])][loc[size + 1 :]] = self.place(loc, size + 1)
        return found

    def rows(self, start: Loc, items: list[Any]) -> list[Row]:
        """A row without values for each item of the list at `start`."""
        return [
            Row(
                self.file,
                index + 1,
                self.place((*start, index), len(start) + 1),
                self.raw((*start, index)),
                word="post",
                places=places,
            )
            for index, places in enumerate(self.parts(start, len(items)))
        ]


def _with_paths(values: dict[str, Any]) -> dict[str, Any]:
    """Media from the root: nobody knows yet where the post's file will lie."""
    made = dict(values)
    if isinstance(made.get("cover"), str):
        made["cover"] = from_root(made["cover"])
    if isinstance(made.get("media"), list):
        made["media"] = [_with_path(entry) for entry in made["media"]]
    if isinstance(made.get("overrides"), dict):
        made["overrides"] = {
            name: _with_paths(one) if isinstance(one, dict) else one
            for name, one in made["overrides"].items()
        }
    return made


def _with_path(entry: Any) -> Any:
    if isinstance(entry, str):
        return from_root(entry)
    if isinstance(entry, dict) and isinstance(entry.get("path"), str):
        return {**entry, "path": from_root(entry["path"])}
    return entry


def _named(values: dict[str, Any], terms: Terms) -> dict[str, Any] | None:
    """With our names of accounts; None when all of them are not imported."""
    written = values.get("accounts", values.get("account"))
    if written is None:
        return {**accounts_of(terms.accounts), **values}
    names: list[Any] = written if isinstance(written, list) else [written]
    if not all(isinstance(name, str) for name in names) or not set(names) & set(terms.names):
        return values  # what is no name gets its finding later
    kept = [terms.names.get(name, name) for name in names]
    rest = {key: one for key, one in values.items() if key not in ("account", "accounts")}
    found = accounts_of(name for name in kept if name)
    return {**found, **rest} if found else None


def _fill(row: Row, item: dict[str, Any], terms: Terms) -> None:
    values = _named({key: one for key, one in item.items() if key != "finding"}, terms)
    if values is None:
        place = row.place_of(("account",))
        row.leave_out(place, "this account is not imported", "say --map NAME=ACCOUNT to import it")
        return
    row.values = _with_paths(values)
    if isinstance(row.values.get("time"), str):
        time = iso_time(row.values["time"], terms.date_order)
        if isinstance(time, Words):
            row.report(row.place_of(("time",)), time.code, time.message, time.hint)
            return
        row.values["time"] = time
        if terms.timezone and "timezone" not in row.values and not has_zone(time):
            row.values["timezone"] = terms.timezone


def read_json(content: Content, start: Loc, items: list[Any], terms: Terms) -> Table:
    """A list of posts with the fields that a post's file has."""
    rows = content.rows(start, items)
    for row, item in zip(rows, items, strict=True):
        if isinstance(item, dict):
            _fill(row, item, terms)
        else:
            row.report(row.place, "SA951", "this is no post", "write fields and values in { }")
    return Table("json", tuple(rows))
