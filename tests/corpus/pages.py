"""What the reference pages must say, made from the code tables, the models and the golden files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

from socialauto.core.codes import CODES

SECTIONS = {
    "1": "How a file is written",
    "2": "Fields",
    "3": "Times",
    "4": "Media",
    "5": "Text",
    "6": "Across files",
    "7": "Configuration",
    "8": "Policies",
    "9": "What a change or an import does",
}

HEAD = """\
# Findings

What `socialauto validate` can say, with an example of each. A finding names the file, the line and
the column, its code, what is wrong, and what to do:

    content/2026/12/launch.md:2:10: SA203 unknown account "acmee"; did you mean "acme"?

An error keeps every post of its file from going out. A warning keeps nothing: it is shown, and
`validate` still exits with 0. An info is an exception from one of your team's
[policies](policies.md), with its reason: it is counted, and shown with `--verbose`.
`socialauto explain SA203` says more about a code.

`--format json` prints an object with `version` (1), `posts`, `accounts`, `errors`, `warnings`,
`exceptions` and `findings`, a list of objects with `path`, `line`, `column`, `code`, `severity`
(`error`, `warning` or `info`), `title`, `message` and `hint`. New keys may come; `version` changes
when one changes its meaning or goes. `--format github` prints workflow commands that annotate a
pull request.
"""

_LONGEST = 300
_LONGEST_LINE = 90


def _examples(cases: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for golden in sorted(cases.glob("*/findings.txt")):
        for line in golden.read_text().splitlines():
            match = re.match(r"\S+:\d+:\d+: (SA\d{3}) (.*?)(?: \((?:warning|info)\))?$", line)
            if match and len(match[2]) < len(found.get(match[1], "x" * _LONGEST)):
                found[match[1]] = match[2]
    return found


def findings_page(cases: Path) -> str:
    examples = _examples(cases)
    parts = [HEAD]
    for digit, title in SECTIONS.items():
        rows = [
            f"| {code} | {meaning} | {_code(examples.get(code, ''))} |\n"
            for code, meaning in CODES.items()
            if code[2] == digit
        ]
        parts.append(
            f"\n## {title}\n\n| code | what | for example |\n|---|---|---|\n{''.join(rows)}"
        )
    return "".join(parts)


def examples(cases: Path) -> dict[str, dict[str, str]]:
    """Code → the shortest finding that a case has of it, and the line of the file that gives it;
    what comes with the program, as `socialauto explain` has no tests at hand."""
    found: dict[str, dict[str, str]] = {}
    for golden in sorted(cases.glob("*/findings.txt")):
        for told in golden.read_text().splitlines():
            match = re.match(r"(\S+):(\d+):\d+: (SA\d{3}) ", told)
            known = found.get(match[3]) if match else None
            if match:
                line = _line(golden.parent / match[1], int(match[2]))
                new = {"finding": told, "line": line}
                found[match[3]] = min(new, known or new, key=_simplest)
    return {code: found[code] for code in CODES if code in found}


def _simplest(example: dict[str, str]) -> tuple[bool, int]:
    """One that shows its line comes first, then the shortest."""
    return not example["line"], len(example["finding"])


def _line(file: Path, number: int) -> str:
    """As it stands there, when a case brings the file and the line can be shown."""
    lines = file.read_text().splitlines() if file.is_file() else []
    line = lines[number - 1].strip() if number <= len(lines) else ""
    return line if len(line) <= _LONGEST_LINE else ""


def _code(text: str) -> str:
    return f"``{text}``".replace("|", "\\|") if text else ""


def field_rows(model: type[BaseModel], skip: Iterable[str] = ()) -> str:
    rows = [
        f"| `{field.alias or name}` | {field.description} | {_shown(field.examples)} |\n"
        for name, field in model.model_fields.items()
        if name not in skip
    ]
    return "| field | what | for example |\n|---|---|---|\n" + "".join(rows)


def _shown(examples: list[object] | None) -> str:
    return f"`{_flow(examples[0])}`" if examples else ""


def _flow(value: object) -> str:
    """As YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)
