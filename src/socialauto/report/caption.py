"""A caption in Markdown as people will read it: quoted, with its fold, or with what has changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from socialauto.core.fold import fold
from socialauto.report.markdown import code

MOST = 3_000
"""Characters of one text that are shown. The longest caption that a platform takes is shorter."""
_MOST_WORDS = 800
"""Comparing more takes time that a hostile file could ask for again and again."""
_MOST_CHANGES = 40
_LEAST_IN_COMMON = 0.3
"""Of a text with more changes, or less in common, both versions are easier to read."""

_WORDS = re.compile(r"\n|[^\S\n]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|[^\w\s]+")
"""Words, what stands between them, and each sign of a script that has no words."""

_Piece = tuple[str, str]
"""An HTML tag, or none, and the text that stands in it. `MORE` is no text."""
_MORE: _Piece = ("more", "")


def _in_tag(tag: str, text: str) -> str:
    return f"<{tag}>{code(text)}</{tag}>" if tag else code(text)


def _lines(pieces: Iterable[_Piece]) -> Iterator[str]:
    """Lines of Markdown; a line break that came or went is shown as one."""
    line = ""
    for tag, text in pieces:
        if (tag, text) == _MORE:
            line += " **… more** "
            continue
        first, *others = text.split("\n")
        line += _in_tag(tag, first) if first else ""
        for other in others:
            line += f"<{tag}>`⏎`</{tag}>" if tag else ""
            if tag != "del":
                yield line
                line = ""
            line += _in_tag(tag, other) if other else ""
    yield line


def _quote(lines: Iterable[str]) -> str:
    """A block quote. A backslash at the end breaks the line wherever Markdown is read."""
    written = [line.strip() for line in lines]
    while written and not written[-1]:
        written.pop()
    quoted = []
    for line, following in zip_longest(written, written[1:], fillvalue=""):
        quoted.append(f"> {line}\\" if line and following else f"> {line}".rstrip())
    return "\n".join(quoted)


def _cut(text: str) -> tuple[str, str]:
    """What is shown, and a sentence about what is not."""
    left_out = len(text) - MOST
    return (text[:MOST], f"\n\n*and {left_out:,} more characters*") if left_out > 0 else (text, "")


def quoted(text: str) -> str:
    """The text with the place at which a phone folds it; nothing for an empty one."""
    if not text.strip():
        return ""
    text, rest = _cut(text)
    short, more = fold(text)
    pieces = [("", short), _MORE, ("", more)] if more.strip() else [("", text)]
    return _quote(_lines(pieces)) + rest


def beginning(text: str) -> str:
    """Only what is read without a tap."""
    short, more = fold(text)
    if not short.strip():
        return ""
    return _quote(_lines([("", short), *([_MORE] if more.strip() else [])]))


def _changes(before: str, after: str) -> list[_Piece] | None:
    """What stays, goes and comes, in the order of the text; None when that would not help."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return None
    operations = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    stays = sum(len("".join(old[i:j]).strip()) for name, i, j, *_ in operations if name == "equal")
    changes = sum(name != "equal" for name, *_ in operations)
    if changes > _MOST_CHANGES or stays < len(after) * _LEAST_IN_COMMON:
        return None
    pieces: list[_Piece] = []
    for name, i, j, k, m in operations:
        if name == "equal":
            pieces.append(("", "".join(old[i:j])))
        else:
            pieces += [("del", "".join(old[i:j]))] if i < j else []
            pieces += [("ins", "".join(new[k:m]))] if k < m else []
    return pieces


def compared(before: str, after: str) -> str:
    """The text with the words that went struck out, and those that came underlined."""
    old, _ = _cut(before)
    new, rest = _cut(after)
    pieces = _changes(old, new)
    if pieces is not None:
        return _quote(_lines(pieces)) + rest
    return f"was\n\n{quoted(before) or '*empty*'}\n\nis\n\n{quoted(after) or '*empty*'}"
