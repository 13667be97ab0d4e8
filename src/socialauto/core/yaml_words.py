"""The YAML parser's complaints in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from yaml import MarkedYAMLError

from socialauto.core.finding import Finding

_QUOTES = "put the value in quotes"


@dataclass(frozen=True, slots=True)
class _Spot:
    """The place of a syntax error: the line's text, the index in it, the lines count from 0."""

    line: int
    column: int
    text: str
    opened: int
    """Line on which the unfinished thing begins."""

    @property
    def char(self) -> str:
        return self.text[self.column : self.column + 1]

    @property
    def before(self) -> str:
        return self.text[: self.column]

    @property
    def indented_by_tab(self) -> bool:
        return "\t" in self.text[: len(self.text) - len(self.text.lstrip())]


_SHOWN_WHERE_OPENED = ("expected ':'", "unexpected end of stream", "',' or")

Words = tuple[str, str]
"""Message and hint."""


def _cannot_start(spot: _Spot) -> Words:
    if spot.char == "\t":
        return "there is a tab in this line", "use spaces"
    return f'a value cannot begin with "{spot.char}"', _QUOTES


def _second_colon(spot: _Spot) -> Words:
    if ": " in spot.before:
        return 'there is a second ": " in this line', _QUOTES
    hint = "indent it like the keys around it, and look at the line above"
    return "this key stands where none can be", hint


def _unfinished_quote(spot: _Spot) -> Words:
    return f"a quote that opens in line {spot.opened} is never closed", "close it"


def _unfinished_list(spot: _Spot) -> Words:
    if "#" in spot.text:
        return _comment_in_list(spot)
    return f"a list or mapping that opens in line {spot.opened} is never closed", "add ] or }"


def _comment_in_list(spot: _Spot) -> Words:
    return "everything after # is a comment here", "leave the # away, or put the value in quotes"


def _no_value(spot: _Spot) -> Words:
    if "[#" in spot.text or ", #" in spot.text:
        return _comment_in_list(spot)
    return (
        f'a value cannot begin with "{spot.char}"' if spot.char else "a value is missing",
        _QUOTES,
    )


def _no_key(spot: _Spot) -> Words:
    if spot.text.lstrip().startswith(":"):
        return "there is a value without a key", "write a key before the :"
    if spot.before.strip():
        return "the value ends before this text", "put the whole value in quotes"
    return "this line is indented unlike the lines around it", "give all keys the same indentation"


def _mixed(spot: _Spot) -> Words:
    return "list items and keys are mixed", "indent one of them"


def _no_colon(spot: _Spot) -> Words:
    return "this line has no colon", "write key: value, or indent it like the text it belongs to"


def _list_in_line(spot: _Spot) -> Words:
    return "a list cannot begin on the line of its key", "begin it on the next line"


def _escape(spot: _Spot) -> Words:
    return "a backslash in double quotes is an escape", "use single quotes"


def _block_header(spot: _Spot) -> Words:
    return "after | and > the text begins on the next line", "move it there"


def _document(spot: _Spot) -> Words:
    return "this stands after the end of a document", 'remove the line "..." before it'


def _alias(spot: _Spot) -> Words:
    return "a value cannot begin with *", _QUOTES


_WORDS = (
    ("cannot start any token", _cannot_start),
    ("mapping values are not allowed", _second_colon),
    ("unexpected end of stream", _unfinished_quote),
    ("document separator", _unfinished_quote),
    ("',' or", _unfinished_list),
    ("node content", _no_value),
    ("expected key", _no_key),
    ("expected '-' indicator", _mixed),
    ("but found '?'", _mixed),
    ("but found '-'", _mixed),
    ("but found '<scalar>'", _no_key),
    ("but found '<block mapping start>'", _no_key),
    ("expected <block end>", _no_key),
    ("expected ':'", _no_colon),
    ("sequence entries are not allowed", _list_in_line),
    ("escape", _escape),
    ("comment or line break", _block_header),
    ("chomping or indentation", _block_header),
    ("document start", _document),
    ("alphabetic or numeric", _alias),
)
"""Parts of libyaml's and of PyYAML's own sentences; the first that occurs counts."""


def _spot(error: MarkedYAMLError, text: str, first_line: int) -> _Spot:
    mark, context = error.problem_mark, error.context_mark
    lines = text.split("\n")
    line = mark.line if mark else 0
    column = mark.column if mark else 0
    if context and any(part in str(error.problem) for part in _SHOWN_WHERE_OPENED):
        line, column = context.line, context.column
    while line and (line >= len(lines) or not lines[line].strip()):
        # the parser stops at the end of the text or on an empty line: show what stands before
        line, column = line - 1, len(lines[min(line - 1, len(lines) - 1)])
    opened = context.line if context else line
    return _Spot(line, column, lines[line], opened + first_line)


def explain(error: MarkedYAMLError, text: str, path: str, first_line: int) -> Finding:
    """A syntax error as a finding."""
    spot = _spot(error, text, first_line)
    line, column = spot.line + first_line, spot.column + 1
    if spot.indented_by_tab:
        message, hint = "this line is indented with a tab", "indent it with spaces"
        return Finding(path, line, 1, "SA109", message, hint)
    problem = str(error.problem)
    for part, words in _WORDS:
        if part in problem:
            message, hint = words(spot)
            return Finding(path, line, column, "SA108", message, hint)
    return Finding(path, line, column, "SA108", f"this is not valid YAML: {problem}")
