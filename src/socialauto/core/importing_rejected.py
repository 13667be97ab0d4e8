"""Rows that were rejected, as a file that people mend and import again."""

from __future__ import annotations

import json

from socialauto.core.importing import Row, Table
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


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"'


def _csv(table: Table, rows: list[Row]) -> str:
    """Every row exactly as it stood in the file, with one cell more."""
    again = column_of(table.header.rpartition(table.delimiter)[2].strip('"')) == FINDING
    header = table.header if again else f"{table.header}{table.delimiter}{FINDING}"
    lines = [header]
    for row in rows:
        raw = row.raw
        if again:  # it was rejected before: the reason of then gives way
            raw = raw[: _last_cell(raw, table.delimiter)]
        else:
            raw += table.delimiter
        lines.append(f"{raw}{_quoted(_reasons(row))}")
    return "\r\n".join(lines) + "\r\n"


def _last_cell(raw: str, delimiter: str) -> int:
    """Where the last cell of a row begins."""
    at, inside = 0, False
    for index, char in enumerate(raw):
        if char == '"':
            inside = not inside
        elif char == delimiter and not inside:
            at = index + 1
    return at


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
