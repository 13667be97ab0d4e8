"""A finding: one problem in a file that a person wrote, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong, where (line and column count from 1), and what to do.

    `code` is one of `core.codes.CODES`; `message` is one sentence without a full stop that names
    the value found and the limit; `hint` says what to type, or is empty.
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        tail = f"; {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.message}{tail}"


def has_errors(findings: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A finding that does not yet know where it stands: a rule broken by a field's value."""

    field: str
    """The post's field, `media.0.alt`; the reader of the file knows its line and column."""
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"

    def at(self, path: str, place: tuple[int, int]) -> Finding:
        """The finding, once its line and column are known."""
        return Finding(path, *place, self.code, self.message, self.hint, self.severity)
