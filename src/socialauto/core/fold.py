"""What a phone shows of a caption at first. No page of the platforms says it: it is measured."""

from __future__ import annotations

FOLD = 125
"""Characters of a caption before `more`."""
LINES = 2


def fold(text: str) -> tuple[str, str]:
    """What is shown, cut at a word where there is one, and what `more` brings."""
    start = text[:FOLD]
    cut = text if len(text) <= FOLD else start[: start.rfind(" ")] if " " in start[80:] else start
    short = "\n".join(cut.split("\n")[:LINES]).rstrip()
    return short, text[len(short) :]
