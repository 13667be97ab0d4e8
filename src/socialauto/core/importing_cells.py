"""CSV taken apart into cells that know where they stand: RFC 4180, as spreadsheets write it.

The standard library's reader does not say on which line and column a cell begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from socialauto.core.importing import RowFinding, whole

MAX_BYTES = 32 * 1024 * 1024
"""Of a file to import: more than ten thousand rows of long texts."""

DELIMITERS = (",", ";", "\t", "|")

_BREAK = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r' *"((?:[^"]|"")*)(")? *')
_DECLARED = re.compile(r'"?sep=(.)"?(?:\r\n|\n|\r|$)')
"""A first line by which Excel is told the delimiter."""


class BadFile(Exception):  # noqa: N818 - its finding says what is wrong
    """Nothing of the file can be read."""

    def __init__(self, finding: RowFinding) -> None:
        super().__init__(str(finding.finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text with `\\n` as its line break; line and column count from 1."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Record:
    """One row, as a spreadsheet counts them."""

    number: int
    line: int
    raw: str
    """As it stands in the file, without the line break at its end."""
    cells: tuple[Cell, ...]

    @property
    def empty(self) -> bool:
        return not any(cell.text.strip() for cell in self.cells)


class Lines:
    """Turns positions in a text into lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1


def decoded(data: bytes, file: str) -> str:
    """The text of UTF-8 or, with its mark, of UTF-16, as Excel writes it. Raises `BadFile`."""
    if len(data) > MAX_BYTES:
        size = f"{len(data):,} bytes, at most {MAX_BYTES:,}"
        raise BadFile(whole(file, 1, 1, f"the file has {size}", "import it in parts"))
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    try:
        text = data.removeprefix(BOM_UTF8).decode(encoding)
    except UnicodeDecodeError as error:
        line = len(_BREAK.findall(data[: error.start].decode("latin-1"))) + 1
        what = f"byte 0x{data[error.start]:02X}" if encoding == "utf-8" else "this"
        hint = 'in Excel, save it as "CSV UTF-8"; elsewhere choose UTF-8'
        message = f"{what} is not {encoding.upper()}"
        raise BadFile(whole(file, line, 1, message, hint)) from None
    if "\0" in text:
        raise BadFile(whole(file, 1, 1, "this is no text", "export it as CSV or JSON in UTF-8"))
    return text


class _Scanner:
    """Goes through a text once."""

    def __init__(self, text: str, delimiter: str, file: str) -> None:
        self.text = text
        self.file = file
        self.delimiter = delimiter
        self.lines = Lines(text)
        self.at = 0
        self._bare = re.compile(rf"[^\r\n{re.escape(delimiter)}]*")

    def cell(self) -> Cell:
        """The cell that begins here; afterwards we stand on what ends it."""
        start = self.at
        quoted = _QUOTED.match(self.text, start)
        if quoted is None:
            match = self._bare.match(self.text, start)
            assert match is not None
            self.at = match.end()
            return Cell(match[0], *self.lines.place(start))
        opened = self.lines.place(quoted.start(1) - 1)
        if quoted[2] is None:
            message = "a quote that opens here is never closed"
            raise BadFile(whole(self.file, *opened, message, 'close it; a quote in a text is ""'))
        self.at = quoted.end()
        if not self._ended():
            message = "there is text after the closing quote of a cell"
            hint = 'write a quote that belongs to the text twice: ""'
            raise BadFile(whole(self.file, *self.lines.place(self.at), message, hint))
        text = _BREAK.sub("\n", quoted[1].replace('""', '"'))
        return Cell(text, *opened)

    def _ended(self) -> bool:
        return self.text[self.at : self.at + 1] in ("", "\r", "\n", self.delimiter)

    def record(self, number: int) -> Record:
        start, cells = self.at, [self.cell()]
        while self.text[self.at : self.at + 1] == self.delimiter:
            self.at += 1
            cells.append(self.cell())
        raw = self.text[start : self.at]
        ends = _BREAK.match(self.text, self.at)
        self.at = ends.end() if ends else self.at
        return Record(number, self.lines.place(start)[0], raw, tuple(cells))


def records(text: str, delimiter: str, file: str, *, skip: int = 0) -> Iterator[Record]:
    """The rows of a text, the first `skip` of them unseen. Raises `BadFile`."""
    scanner = _Scanner(text, delimiter, file)
    number = 0
    while scanner.at < len(text):
        number += 1
        record = scanner.record(number)
        if number > skip:
            yield record


def declared(text: str) -> str:
    """The delimiter of a first line `sep=;`, or nothing."""
    match = _DECLARED.match(text)
    return match[1] if match else ""


def best_delimiter(text: str, file: str, known: Callable[[str], bool]) -> str:
    """The one with which the header has the most known columns, then the most columns.

    `csv.Sniffer` looks at texts and is led astray by their commas. Raises `BadFile`.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            header = next((one for one in records(text, delimiter, file) if not one.empty), None)
        except BadFile:
            return -1, 0
        cells = header.cells if header else ()
        return sum(known(cell.text) for cell in cells), len(cells)

    return max(DELIMITERS, key=worth)
