"""Rows of a spreadsheet or of an export on their way to posts: what they say, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from socialauto.core.finding import Finding, Severity
from socialauto.core.yaml_reader import Loc

DateOrder = Literal["", "dmy", "mdy"]
Kind = Literal["csv", "json", "buffer", "postiz", "mixpost"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the imported file; line and column count from 1."""

    line: int
    column: int
    name: str = ""
    """The column or the field as that file calls it; empty for a row as a whole."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the person who imports says beside the file."""

    accounts: tuple[str, ...] = ()
    """For rows that name none."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the file calls somebody → the account; → nothing: not imported."""
    timezone: str = ""
    """IANA name of the zone of times that do not say theirs; empty: the configuration's."""
    date_order: DateOrder = ""
    ignored: frozenset[str] = frozenset()
    """Columns that are not wanted, folded."""


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A finding in an imported file, and the row that it keeps out when it is an error."""

    row: int
    """Its number; 0 when the file as a whole is meant."""
    column: str
    finding: Finding


@dataclass(slots=True)
class Row:
    """One post to be, filled by the reader of its file's format."""

    file: str
    number: int
    """As a spreadsheet counts, with the header as 1; in JSON the first post is 1."""
    place: Place
    raw: str
    """The row as it stands in the file."""
    word: str = "row"
    values: dict[str, Any] = field(default_factory=dict)
    """A post's fields as texts, lists and mappings, as the YAML reader would give them."""
    places: dict[Loc, Place] = field(default_factory=dict)
    findings: list[RowFinding] = field(default_factory=list)
    wrong: set[Place] = field(default_factory=set)
    """Where something is wrong already, so that nobody judges what stands in for it."""
    key: str = ""
    """What the export calls the post, for a name of ours that stays the same."""
    left_out: bool = False
    """True: it is not for us, and a warning says so."""

    def put(self, name: str, value: Any, place: Place) -> None:
        self.values[name] = value
        self.places[(name,)] = place

    def place_of(self, loc: Loc) -> Place:
        """Where the value at `loc` came from, or the nearest thing around it."""
        for end in range(len(loc), 0, -1):
            if loc[:end] in self.places:
                return self.places[loc[:end]]
        return self.place

    def report(
        self, place: Place, code: str, message: str, hint: str = "", severity: Severity = "error"
    ) -> None:
        """Take down what is wrong, with the row and the column in front of it."""
        column = f', {"column " if self.word == "row" else ""}"{place.name}"' if place.name else ""
        told = f"{self.word} {self.number}{column}: {message}"
        finding = Finding(self.file, place.line, place.column, code, told, hint, severity)
        self.findings.append(RowFinding(self.number, place.name, finding))
        if severity == "error":
            self.wrong.add(place)

    def leave_out(self, place: Place, message: str, hint: str = "") -> None:
        self.left_out = True
        self.report(place, "SA958", message, hint, "warning")

    @property
    def broken(self) -> bool:
        return any(one.finding.severity == "error" for one in self.findings)


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was taken apart."""

    kind: Kind
    rows: tuple[Row, ...]
    findings: tuple[RowFinding, ...] = ()
    """About the file as a whole: with an error among them nothing of it can be imported."""
    header: str = ""
    """The header's row as it stands in the file; empty for JSON."""
    delimiter: str = ","


def whole(file: str, line: int, column: int, message: str, hint: str = "") -> RowFinding:
    """A fault because of which nothing of a file can be read."""
    return RowFinding(0, "", Finding(file, line, column, "SA951", message, hint))
