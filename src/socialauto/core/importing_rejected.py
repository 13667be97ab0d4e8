"""Rows that were rejected, as a file that people mend and import again."""

from __future__ import annotations

import json

from socialauto.core.importing import Row, Table
from socialauto.core.importing_cells import records
from socialauto.core.importing_csv import FINDING, column_of


def _reasons(row: Row) -> str:
    """Without the number of the row, which is another one here."""
    errors = [one.finding for one in row.findings if one.finding.severity == "error"]
    start = f"{row.word} {row.number}"
    sentences = (
        f"{one.code} {one.message.removeprefix(start).lstrip(':, ')}"
        + (f"; {one.hint}" if one.hint else "")
        for one in errors
    )
    return " | ".join(dict.fromkeys(sentences))


def _cells(raw: str, table: Table) -> list[str]:
    return [cell.text for cell in next(records(raw, table.delimiter, "")).cells]


def _line(cells: list[str], delimiter: str) -> str:
    """Quoted only where a reader would take it apart otherwise."""

    def written(text: str) -> str:
        plain = text == text.strip() and not set(text) & {delimiter, '"', "\n", "\r"}
        return text if plain else f'"{text.replace(chr(34), chr(34) * 2)}"'

    return delimiter.join(map(written, cells))


def _csv(table: Table, rows: list[Row]) -> str:
    """Every row with its cells as they were, and with one more; the reason of an earlier time gives
    way."""
    columns = _cells(table.header, table)
    kept = [index for index, name in enumerate(columns) if column_of(name) != FINDING]
    lines = [_line([*(columns[index] for index in kept), FINDING], table.delimiter)]
    for row in rows:
        cells = _cells(row.raw, table)
        beyond = range(len(columns), len(cells))
        found = [cells[index] for index in (*kept, *beyond) if index < len(cells)]
        lines.append(_line([*found, _reasons(row)], table.delimiter))
    return "\r\n".join(lines) + "\r\n"


def _json(rows: list[Row]) -> str:
    items = []
    for row in rows:
        item = json.loads(row.raw, strict=False)
        items.append({**item, FINDING: _reasons(row)} if isinstance(item, dict) else item)
    return json.dumps(items, indent=2, ensure_ascii=False) + "\n"


def rejected_text(table: Table) -> str:
    """The file's text, in the format of the imported one."""
    rows = [row for row in table.rows if row.broken]
    return _csv(table, rows) if table.header else _json(rows)
