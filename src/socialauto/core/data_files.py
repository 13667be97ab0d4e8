"""Files in `data/` as values for templates: YAML, JSON or CSV, all of them as text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from posixpath import splitext
from typing import Any

from socialauto.core.decoding import decode
from socialauto.core.finding import Finding
from socialauto.core.suggest import quoted
from socialauto.core.yaml_reader import MAX_DEPTH, read_yaml

DATA = "data"
SUFFIXES = frozenset({".yaml", ".yml", ".json", ".csv"})
MAX_ROWS = 5_000

Read = tuple[Any, list[Finding]]


def is_data(path: str) -> bool:
    """Directly in `data/`, with a suffix that is read; hidden files are not ours."""
    folder, _, name = path.rpartition("/")
    return folder == DATA and not name.startswith(".") and suffix_of(name) in SUFFIXES


def suffix_of(path: str) -> str:
    return splitext(path)[1].lower()


def name_of(path: str) -> str:
    """`data/products.yaml` is `data.products`."""
    return splitext(path.rpartition("/")[2])[0]


def _wrong(path: str, line: int, message: str, hint: str, column: int = 1) -> Finding:
    return Finding(path, line, column, "SA513", message, hint)


def _read_yaml(text: str, path: str) -> Read:
    documents, findings = read_yaml(text, path)
    written = [document for document in documents if document.value is not None]
    if len(written) > 1:
        line, _ = written[1].place(())
        findings.append(_wrong(path, line, "a data file is one document", "remove the line ---"))
    return (written[0].value if len(written) == 1 and not findings else None), findings


class _JSONFlaw(Exception):  # noqa: N818 - becomes a finding
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise _JSONFlaw(f"{quoted(key)} is here a second time")
        made[key] = value
    return made


def _constant(name: str) -> str:
    raise _JSONFlaw(f"{name} is no JSON")


def _as_text(value: Any, depth: int = 0) -> Any:
    """As YAML would have it: true and false are words."""
    if depth > MAX_DEPTH:
        raise _JSONFlaw(f"values are nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        return {key: _as_text(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner, depth + 1) for inner in value]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def _read_json(text: str, path: str) -> Read:
    try:
        read = json.loads(
            text,
            parse_float=str,
            parse_int=str,
            parse_constant=_constant,
            object_pairs_hook=_pairs,
        )
        return _as_text(read), []
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        return None, [_wrong(path, error.lineno, message, "correct it here", error.colno)]
    except _JSONFlaw as flaw:
        line = _line_of(text, str(flaw))
        return None, [_wrong(path, line, str(flaw), "correct the file")]
    except RecursionError:
        message = f"values are nested more than {MAX_DEPTH} levels deep"
        return None, [_wrong(path, 1, message, "nest less deeply")]


def _line_of(text: str, message: str) -> int:
    """Where the key that a flaw names stands for the second time; the first line otherwise."""
    match = re.match(r'("[^"]*")', message)
    key = match[1] if match and message.endswith("second time") else ""
    places = [found.start() for found in re.finditer(re.escape(key), text)] if key else []
    return text.count("\n", 0, places[1]) + 1 if len(places) > 1 else 1


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; Excel in half of Europe separates by `;`."""
    first = text.partition("\n")[0]
    comma = first.count(",") >= first.count(";")
    lines = (f"{line}\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter="," if comma else ";", strict=True)
    line = 1
    for row in reader:
        yield line, [cell.strip() for cell in row]
        line = reader.line_num + 1


def _header_flaw(header: list[str]) -> str:
    for number, name in enumerate(header, start=1):
        if not name:
            return f"column {number} has no name"
        if header.index(name) != number - 1:
            return f"there are two columns {quoted(name)}"
    return ""


def _read_csv(text: str, path: str) -> Read:
    made: list[Mapping[str, str]] = []
    findings: list[Finding] = []
    header: list[str] = []
    try:
        for line, row in _rows(text):
            if not header:
                header = row
                if flaw := _header_flaw(header) if row else "the first line is empty":
                    return None, [_wrong(path, line, flaw, "name each column once")]
            elif len(row) not in (0, len(header)):
                message = f"there are {len(row)} cells here, the first line has {len(header)}"
                findings.append(_wrong(path, line, message, 'put cells with commas in "quotes"'))
            elif row:
                made.append(dict(zip(header, row, strict=True)))
            if len(made) > MAX_ROWS or len(findings) > 20:
                break
    except csv.Error as error:
        findings.append(_wrong(path, 1, f"this is no CSV: {error}", "correct the file"))
    if len(made) > MAX_ROWS:
        message = f"there are more than {MAX_ROWS:,} rows"
        findings.append(_wrong(path, line, message, "keep what texts need"))
    return (None if findings else made), findings


_READERS: Mapping[str, Callable[[str, str], Read]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".json": _read_json,
    ".csv": _read_csv,
}


def read_data(data: bytes, path: str) -> Read:
    """What a data file says: text, mappings and lists, numbers as they are written. None when
    something is wrong with it."""
    text = decode(data, path)
    if isinstance(text, Finding):
        return None, [text]
    if not text.strip():
        return None, [Finding(path, 1, 1, "SA101", "the file is empty", "write data into it")]
    return _READERS[suffix_of(path)](text, path)
