"""What a finding's code means: its explanation, its cure, and an example that gives it.

The words are in `explanations.md`; `examples.json` is made from the tests' broken files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from socialauto.core.codes import CODES

JSON_VERSION = 1

_CURE = "Cure: "
_EXAMPLE = "Example: "


@dataclass(frozen=True, slots=True)
class Example:
    """A finding as it is printed, and the line of a file that gives it."""

    finding: str
    line: str = ""
    """Empty when the fault is in no single line that can be shown."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is to be said about a code."""

    code: str
    title: str
    meaning: str
    cure: str
    example: Example


def _resource(name: str) -> str:
    return (files("socialauto.report") / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _sections() -> dict[str, list[str]]:
    """Code → its lines."""
    parts = _resource("explanations.md").split("## ")[1:]
    return {part[:5]: part[5:].strip().splitlines() for part in parts}


@lru_cache(maxsize=1)
def _examples() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(_resource("examples.json"))
    return found


def _starting(lines: list[str], mark: str) -> str:
    found = (line.removeprefix(mark) for line in lines if line.startswith(mark))
    return next(found, "")


def explain(code: str) -> Explanation:
    """The explanation of a code of `core.codes.CODES`."""
    lines = _sections()[code]
    meaning = " ".join(line for line in lines if not line.startswith((_CURE, _EXAMPLE)))
    made = _examples().get(code)
    example = Example(**made) if made else Example(_starting(lines, _EXAMPLE))
    return Explanation(code, CODES[code], meaning, _starting(lines, _CURE), example)


def as_text(one: Explanation) -> str:
    """For a terminal."""
    parts = [f"{one.code}: {one.title}", one.meaning, f"What to do: {one.cure}"]
    if one.example.line:
        parts.append(f"This line of a file\n\n    {one.example.line}\n\nis told as")
    else:
        parts.append("It is told as")
    parts.append(f"    {one.example.finding}")
    return "\n\n".join(parts)


def as_json(one: Explanation) -> str:
    """A stable document: `version`, `code`, `title`, `meaning`, `cure`, `example`."""
    document: dict[str, Any] = {
        "version": JSON_VERSION,
        "code": one.code,
        "title": one.title,
        "meaning": one.meaning,
        "cure": one.cure,
        "example": {"finding": one.example.finding, "line": one.example.line or None},
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def list_text() -> str:
    """Every code with its title."""
    return "\n".join(f"{code}  {title}" for code, title in CODES.items())


def list_json() -> str:
    """`version` and `codes`."""
    codes = [{"code": code, "title": title} for code, title in CODES.items()]
    return json.dumps({"version": JSON_VERSION, "codes": codes}, indent=2, ensure_ascii=False)
