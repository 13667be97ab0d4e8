"""Findings as text, JSON and annotations of GitHub: one list, three renderers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from socialauto.core.codes import CODES
from socialauto.core.finding import Finding
from socialauto.core.suggest import visible

JSON_VERSION = 1

_STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at and what was found."""

    posts: int
    accounts: int
    findings: Sequence[Finding]

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)


def _some(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def summary(checked: Checked) -> str:
    """`12 posts, 2 accounts, no findings`."""
    errors, warnings = checked.count("error"), checked.count("warning")
    found = [_some(errors, "error")] if errors else []
    found += [_some(warnings, "warning")] if warnings else []
    notes = checked.count("info")
    noted = [_some(notes, "exception")] if notes else []
    counted = [_some(checked.posts, "post"), _some(checked.accounts, "account")]
    return ", ".join([*counted, *(found or ["no findings"]), *noted])


def as_json(checked: Checked) -> str:
    """Stable: `version` changes when a field changes its meaning or goes; new ones may come."""
    return json.dumps(content_of(checked), indent=2, ensure_ascii=False)


def content_of(checked: Checked) -> dict[str, Any]:
    """What `as_json` prints."""
    findings = [fields_of(finding) for finding in checked.findings]
    return {
        "version": JSON_VERSION,
        "posts": checked.posts,
        "accounts": checked.accounts,
        "errors": checked.count("error"),
        "warnings": checked.count("warning"),
        "exceptions": checked.count("info"),
        "findings": findings,
    }


def fields_of(finding: Finding) -> dict[str, Any]:
    """A finding as JSON shows it."""
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "severity": finding.severity,
        "title": CODES[finding.code],
        "message": finding.message,
        "hint": finding.hint,
    }


def _data(text: str) -> str:
    """Escapes what ends a workflow command's message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_github(checked: Checked, prefix: str = "") -> Iterator[str]:
    """Workflow commands that annotate a pull request; `prefix` leads from the checkout to the
    folder of `socialauto.yaml`."""
    for finding in checked.findings:
        place = {
            "file": prefix + finding.path,
            "line": str(finding.line),
            "col": str(finding.column),
            "title": f"{finding.code} {CODES[finding.code]}",
        }
        where = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        message = "; ".join(part for part in (finding.message, finding.hint) if part)
        kind = "notice" if finding.severity == "info" else finding.severity
        yield f"::{kind} {where}::{_data(message)}"


def line_of(finding: Finding) -> Text:
    """A finding as a terminal shows it."""
    place = f"{visible(finding.path)}:{finding.line}:{finding.column}:"
    text = Text.assemble((place, "bold"), " ", (finding.code, _STYLES[finding.severity]))
    if finding.severity != "error":
        text.append(f" {finding.severity}:", _STYLES[finding.severity])
    text.append(f" {visible(finding.message)}")
    if finding.hint:
        text.append(f"; {visible(finding.hint)}", "green")
    return text


def print_text(checked: Checked, console: Console, *, everything: bool = False) -> None:
    """One line a finding, as editors and terminals make links of it, and a summary; exceptions
    from policies are counted, and listed with `everything`."""
    for finding in checked.findings:
        if finding.severity == "info" and not everything:
            continue
        # Wrapped by the terminal, not by us: a line that is cut is no link any more.
        console.print(line_of(finding), soft_wrap=True)
    console.print(summary(checked), soft_wrap=True)
