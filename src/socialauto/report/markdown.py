"""Texts of people inside Markdown: shown as they are, whatever they hold.

A forge makes more of Markdown than its standard says: `@name` tells somebody, `#1` and addresses of
issues leave a note there, HTML is taken, pictures are loaded. None of that happens inside of code,
so that is what a text of a person becomes; only words in tables are escaped instead.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape
from itertools import groupby

_KEPT = frozenset("\u200c\u200d\u200e\u200f\u061c")
"""Joiners of emoji and of scripts, and marks that turn nothing beyond their neighbours."""

_ACTIVE = re.compile(r"[\\`*\[\]<>|~&$]|(?<!\w)_|_(?!\w)|!(?=\[)")
_CALLS = re.compile(r"[@#](?=\w)")
_APART = "\u200b"
"""Not seen, and keeps a name from being one that the forge knows."""


def _character(char: str) -> str:
    if char.isprintable() or char in _KEPT:
        return char
    if unicodedata.category(char) == "Zs":
        return " "
    return ascii(char)[1:-1]


def shown(text: str) -> str:
    """Without what cannot be seen, or would turn around what stands beside it: as escapes."""
    if text.isprintable():
        return text
    return "".join(map(_character, text.replace("\t", "    ")))


def code(text: str) -> str:
    """One line of text as code, in which nothing is Markdown, HTML, a name or a link.

    Line breaks are seen as `\\n`. An empty text stays empty.
    """
    text = shown(text)
    if not text:
        return ""
    runs = [len(list(run)) for char, run in groupby(text) if char == "`"]
    fence = "`" * (max(runs, default=0) + 1)
    # One space at both ends is taken away by who reads it, when there is more than spaces.
    spaced = text[0] == text[-1] == " " and text.strip(" ")
    pad = " " if spaced or "`" in (text[0], text[-1]) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(text: str) -> str:
    """Words of a sentence, for a cell of a table or a line of a list; addresses stay links."""
    words = shown(" ".join(text.split()))
    escaped = _ACTIVE.sub(lambda match: f"\\{match[0]}", words)
    return _CALLS.sub(lambda match: f"{match[0]}{_APART}", escaped)


def attribute(text: str) -> str:
    """The value of an attribute of an HTML tag of ours, between double quotes."""
    return escape(shown(" ".join(text.split())), quote=True).replace("`", "&#96;")
