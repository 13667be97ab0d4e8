"""Writes a text as YAML, quoted only where a reader would take it for something else."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[A-Za-z_/][\w./+-]*(?: [\w./+-]+)*", re.ASCII)
_WORDS_WITH_MEANING = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def scalar(text: str) -> str:
    """One line. JSON's quoted strings are YAML's, too, but for how they escape emoji."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_WITH_MEANING:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)


def block(text: str, indent: str) -> str:
    """The lines of a literal block below `key: |-`."""
    return "\n".join(f"{indent}{line}" if line else "" for line in text.split("\n"))
