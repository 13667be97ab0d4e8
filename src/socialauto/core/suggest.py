"""Guesses what was meant by a misspelt word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` most likely stands for, or None."""
    by_fold = {name.casefold(): name for name in known}
    folded = word.casefold()[:100]  # comparing longer ones costs time and finds nothing
    if folded in by_fold:
        return by_fold[folded]
    matches = get_close_matches(folded, by_fold, n=1, cutoff=0.7)
    return by_fold[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint: the closest known word, or `otherwise`."""
    match = closest(word, known)
    return f'did you mean "{match}"?' if match else otherwise


def one_of(names: Iterable[str]) -> str:
    """`a, b or c`."""
    words = list(names)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def visible(text: str) -> str:
    """With escapes for what cannot be seen, or would move a terminal's cursor."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def quoted(value: object, limit: int = 60) -> str:
    """A value as people recognise it in a message, cut when it is long."""
    text = visible(" ".join(str(value).split()))
    return f'"{text[: limit - 1]}…"' if len(text) > limit else f'"{text}"'
