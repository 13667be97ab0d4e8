"""The table of errors in the documentation is the one in the code.

`SOCIALAUTO_WRITE_DOCS=1 pytest tests/adapters/instagram/test_docs.py` writes it anew.
"""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

import pytest

from socialauto.adapters.instagram.errors import RULES, Rule

BEGIN = "<!-- errors: begin (checked by tests/adapters/instagram/test_docs.py) -->\n"
END = "<!-- errors: end -->\n"

WRITE = bool(os.environ.get("SOCIALAUTO_WRITE_DOCS"))


def _codes(rule: Rule) -> str:
    if rule.word:
        return f"`{rule.word}`"
    codes = (str(code) for code in (rule.code, rule.subcode) if code is not None)
    return "/".join(codes)


def _meaning(rule: Rule) -> tuple[str, str, str]:
    advice = rule.prepare.value
    if rule.publish and rule.publish is not rule.prepare:
        advice += f"; after publishing {rule.publish.value}"
    says = "; ".join(part for part in (rule.says, rule.cure) if part)
    says = says.replace("{renew}", "get a new token").replace("{token}", "`token:`")
    return (says, advice, rule.word)


def _table() -> str:
    rows = ["| code | what is told | advice |", "|---|---|---|"]
    for (says, advice, _), rules in groupby(RULES, key=_meaning):
        codes = [_codes(rule) for rule in rules]
        named = f"{codes[0]} to {codes[-1]}" if len(codes) > 3 else ", ".join(codes)
        rows.append(f"| {named} | {says} | {advice} |")
    rows.append("| 200 to 299 | the token lacks a permission | auth |")
    return "\n".join(rows) + "\n"


def test_the_documented_errors_are_those_of_the_code(project_root: Path) -> None:
    page = project_root / "docs" / "instagram.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    documented, _, after = rest.partition(END)
    if WRITE:
        page.write_text(before + BEGIN + _table() + END + after, encoding="utf-8")
        pytest.skip("written")

    assert documented == _table()
