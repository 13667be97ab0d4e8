"""Rows for people: as a table where all of it fits, otherwise in lines that keep names whole.

Nothing is cut, and no name that somebody may want to copy is broken: width is counted in cells, of
which a Chinese character and most emoji take two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

LEAST = 20
"""Columns for the last cell, which is a sentence and may be broken."""
_GAP = 3
"""Columns between two of a table."""
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what is listed."""

    cells: Sequence[str]
    """Names and times, which are not broken but at their line breaks."""
    sentence: str
    """What is said about it."""
    style: str = ""
    """Of the first cell."""


def _width(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(_width, column)) for column in zip(*rows, strict=True)]


def packed(cells: Sequence[str], width: int) -> str:
    """Cells beside each other; one that does not fit begins a new line."""
    lines = [cells[0]]
    for cell in cells[1:]:
        longer = f"{lines[-1]}  {cell}"
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(_INDENT + cell)
    return "\n".join(lines)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def columns(heading: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The heading and each row as a line, where all fit; otherwise the rows alone, as `packed`."""
    if not rows:
        return []
    widths = _widths([heading, *rows])
    if sum(widths) + 2 * (len(widths) - 1) > width:
        return [packed([_padded(row[0], widths[0]), *row[1:]], width) for row in rows]
    return ["  ".join(map(_padded, row, [*widths[:-1], 0])) for row in (heading, *rows)]


def _table(headings: Sequence[str], rows: Sequence[Row]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings[:-1]:
        table.add_column(heading, no_wrap=True)
    table.add_column(headings[-1], overflow="fold", ratio=1, min_width=LEAST)
    for row in rows:
        first, *others = row.cells
        table.add_row(Text(first, style=row.style), *map(Text, others), Text(row.sentence))
    return table


def _lines(rows: Sequence[Row], width: int) -> Iterator[Text]:
    longest = max(cell_len(row.cells[0]) for row in rows)
    for row in rows:
        cells = [cell.replace("\n", " ") for cell in row.cells]
        line = Text(packed([_padded(cells[0], longest), *cells[1:]], width))
        line.stylize(row.style, 0, len(cells[0]))
        yield line
        if row.sentence:
            yield Text(_INDENT + row.sentence)


def print_rows(console: Console, headings: Sequence[str], rows: Sequence[Row]) -> None:
    """A table when names and times fit beside a sentence; else two lines or more a row."""
    if not rows:
        return
    fixed = _widths([headings[:-1], *(row.cells for row in rows)])
    longest = max(cell_len(row.sentence) for row in rows)
    if sum(fixed) + _GAP * len(fixed) + max(min(LEAST, longest), 8) <= console.width:
        console.print(_table(headings, rows))
        return
    for line in _lines(rows, console.width):
        # Broken by the terminal, not by us: a command or a link stays one piece to be copied.
        console.print(line, soft_wrap=True)


def print_title(console: Console, title: Text) -> None:
    """With a line behind it that goes to the edge, when there is room for one."""
    if title.cell_len + 2 < console.width:
        console.print(Rule(title, align="left"))
    else:
        console.print(title, soft_wrap=True)


def print_indented(console: Console, text: str) -> None:
    """A text of a person, moved to the right; on a terminal it is broken between words."""
    for line in text.split("\n"):
        pieces = [Text(line)]
        if console.is_terminal and line:
            pieces = list(Text(line).wrap(console, max(console.width - len(_INDENT), LEAST)))
        for piece in pieces:
            piece.rstrip()
            console.print(Text(_INDENT) + piece if piece else piece, soft_wrap=True)
