"""YAML as strings, mappings and lists that know where every value stands.

Built from the parser's events, without recursion: what YAML 1.1 would guess (`12:30` is 750, `no`
is false) and what it allows for programs (aliases, tags, merge keys) never comes into being.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from socialauto.core.decoding import character_name, first_invisible
from socialauto.core.finding import Finding
from socialauto.core.suggest import quoted
from socialauto.core.yaml_words import explain

try:
    from yaml._yaml import CParser as Parser
except ImportError:  # PyYAML without libyaml: the same events, more slowly
    from socialauto.core.yaml_pure import PureParser as Parser  # type: ignore[assignment]

MAX_DEPTH = 32
MAX_DOCUMENTS = 500
MAX_FINDINGS = 20
"""More of one file would only hide the first, which usually causes the others."""

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})

Loc = tuple[str | int, ...]
"""Keys and indices that lead to a value, as pydantic writes them."""


class _Mark(Protocol):
    line: int
    column: int


class Map(dict[str, Any]):
    """A mapping; `marks` has for each key where the key and where its value stands."""

    __slots__ = ("marks",)
    marks: dict[str, tuple[_Mark, _Mark]]


class Seq(list[Any]):
    """A list; `marks` has where each item stands."""

    __slots__ = ("marks",)
    marks: list[_Mark]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: strings, None, `Map` and `Seq`."""

    value: Any
    mark: _Mark
    first_line: int
    """Line of the file on which the YAML begins."""

    def place(self, loc: Loc, *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the value at `loc` or of its key; of the nearest thing
        around it when there is no such value."""
        node, mark = self.value, self.mark
        for index, step in enumerate(loc):
            if isinstance(node, Map) and step in node.marks:
                wants_key = key and index == len(loc) - 1
                mark = node.marks[str(step)][0 if wants_key else 1]
                node = node.get(str(step))
            elif isinstance(node, Seq) and isinstance(step, int) and step < len(node):
                mark, node = node.marks[step], node[step]
            else:
                break
        return mark.line + self.first_line, mark.column + 1


class _StopReading(Exception):  # noqa: N818 - no error, the findings say what is wrong
    """The rest of the file cannot be understood."""


class _Builder:
    """Turns events into documents and findings."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.documents: list[Document] = []
        self.findings: list[Finding] = []
        self._node: Map | Seq | None = None
        self._key: str | None = None
        self._key_mark: _Mark | None = None
        self._outer: list[tuple[Map | Seq | None, str | None, _Mark | None]] = []
        self._root: Any = None
        self._anchored = False

    def report(self, mark: _Mark, code: str, message: str, hint: str = "") -> None:
        line, column = mark.line + self.first_line, mark.column + 1
        self.findings.append(Finding(self.path, line, column, code, message, hint))
        if len(self.findings) >= MAX_FINDINGS:
            raise _StopReading

    # The type stubs hold every attribute of an event for optional, hence `Any`.

    def scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        value, mark = event.value, event.start_mark
        if event.style == '"':
            self._refuse_escapes(value, mark)
        if self._key is None and type(self._node) is Map:
            self._begin(value, event)
        elif value in _NULLS and not event.style and event.tag is None:
            self._put(None, mark)
        else:
            self._put(value, mark)

    def open(self, event: Any) -> None:
        mark = event.start_mark
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        if self._key is None and type(self._node) is Map:
            self._refuse_key(mark)
        if len(self._outer) == MAX_DEPTH:
            self.report(mark, "SA114", f"values are nested more than {MAX_DEPTH} levels deep")
            raise _StopReading
        node: Map | Seq
        if isinstance(event, MappingStartEvent):
            node = Map()
            node.marks = {}
        else:
            node = Seq()
            node.marks = []
        self._put_open(node, mark)

    def close(self, event: Any) -> None:
        self._node, self._key, self._key_mark = self._outer.pop()

    def alias(self, event: Any) -> None:
        message = f"the alias {quoted('*' + event.anchor)} is not read"
        self.report(event.start_mark, "SA111", message, "write the value out, or put it in quotes")
        raise _StopReading

    def start(self, event: Any) -> None:
        if len(self.documents) == MAX_DOCUMENTS:
            message = f"there are more than {MAX_DOCUMENTS} documents in this file"
            self.report(event.start_mark, "SA115", message, "use several files")
            raise _StopReading
        self._root = None

    def end(self, event: Any) -> None:
        value, mark = self._root or (None, event.start_mark)
        self.documents.append(Document(value, mark, self.first_line))

    def _begin(self, key: str, event: Any) -> None:
        """A key: its value comes with the next event."""
        mark = event.start_mark
        if key == "<<" and not event.style:
            self.report(mark, "SA113", 'the merge key "<<" is not read', "write the keys out")
            raise _StopReading
        if not key:
            self.report(mark, "SA116", "there is a value without a key", "write a key before the :")
            raise _StopReading
        assert isinstance(self._node, Map)
        if key in self._node:
            first = self._node.marks[key][0].line + self.first_line
            message = f"{quoted(key)} is here a second time, first in line {first}"
            self.report(mark, "SA110", message, "keep one of the two")
        self._key, self._key_mark = key, mark

    def _put(self, value: Any, mark: _Mark) -> None:
        node = self._node
        if type(node) is Map:
            assert self._key is not None
            assert self._key_mark is not None
            if self._key not in node:  # of a key that is there twice, the first counts
                node[self._key] = value
                node.marks[self._key] = (self._key_mark, mark)
            self._key = None
        elif type(node) is Seq:
            node.append(value)
            node.marks.append(mark)
        else:
            self._root = (value, mark)

    def _put_open(self, node: Map | Seq, mark: _Mark) -> None:
        self._put(node, mark)
        self._outer.append((self._node, self._key, self._key_mark))
        self._node = node
        self._key = None

    def _refuse_key(self, mark: _Mark) -> None:
        hint = "put the value in quotes when it begins with { or [, as templates do"
        self.report(mark, "SA116", "a key must be plain text", hint)
        raise _StopReading

    def _refuse_properties(self, event: Any) -> None:
        if event.tag is not None:
            message = f"the tag {quoted(event.tag)} is not read"
            hint = 'put the value in quotes when it begins with "!"'
            self.report(event.start_mark, "SA112", message, hint)
        elif not self._anchored:
            self._anchored = True
            message = f"the anchor {quoted('&' + event.anchor)} is not read"
            hint = 'put the value in quotes when it begins with "&"'
            self.report(event.start_mark, "SA111", message, hint)

    def _refuse_escapes(self, value: str, mark: _Mark) -> None:
        """Quotes can smuggle in what decoding keeps out: `"\\0"`."""
        index = first_invisible(value)
        if index is not None:
            message = f"this text contains an invisible {character_name(value[index])}"
            self.report(mark, "SA103", message, "remove its escape")


def _events(text: str) -> Iterator[Event]:
    parser = Parser(text)
    yield from iter(parser.get_event, None)


_STEPS: Final[dict[type[Event], Callable[[_Builder, Any], None]]] = {
    ScalarEvent: _Builder.scalar,
    MappingStartEvent: _Builder.open,
    SequenceStartEvent: _Builder.open,
    MappingEndEvent: _Builder.close,
    SequenceEndEvent: _Builder.close,
    AliasEvent: _Builder.alias,
    DocumentStartEvent: _Builder.start,
    DocumentEndEvent: _Builder.end,
}


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[list[Document], list[Finding]]:
    """All documents of decoded `text`, or none of them when it cannot be understood.

    `first_line` is the line of the file at which `text` begins.
    """
    builder = _Builder(path, first_line)
    try:
        for event in _events(text):
            step = _STEPS.get(type(event))
            if step is not None:
                step(builder, event)
    except _StopReading:
        return [], builder.findings
    except yaml.MarkedYAMLError as error:
        return [], [*builder.findings, explain(error, text, path, first_line)]
    return builder.documents, builder.findings
