"""A YAML document as a model: every problem is a finding, and what is sound is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from socialauto.core.finding import Finding
from socialauto.core.wrong_values import Wrong, as_wrong, finding_of, meant_key, plain
from socialauto.core.yaml_reader import Document, Loc, Map, Seq

M = TypeVar("M", bound=BaseModel)

_ROUNDS = 4
"""A value that is taken out can make what is around it incomplete; no model nests deeper."""


@dataclass(frozen=True, slots=True)
class Typed(Generic[M]):
    """A document that has been read as `M`."""

    value: M | None
    """The model without what was wrong; None when nothing of it is left."""
    document: Document
    """Without what was wrong, so that indices agree with `value`."""
    findings: tuple[Finding, ...]
    lost: frozenset[Loc]
    """What was taken out, and the keys that misspelt ones probably stand for."""


def _without(value: Any, gone: set[Loc], here: Loc = ()) -> Any:
    """A copy that leaves out the values at `gone`; marks go with them."""
    if isinstance(value, Map):
        copy = Map()
        copy.marks = value.marks
        for key, inner in value.items():
            if (*here, key) not in gone:
                copy[key] = _without(inner, gone, (*here, key))
        return copy
    if isinstance(value, Seq):
        kept = [index for index in range(len(value)) if (*here, index) not in gone]
        items = Seq(_without(value[index], gone, (*here, index)) for index in kept)
        items.marks = [value.marks[index] for index in kept]
        return items
    return value


def _empty_values(value: Any, here: Loc = ()) -> Iterator[Loc]:
    """Keys and items without a value: forgotten, or eaten by a comment."""
    items = value.items() if isinstance(value, Map) else enumerate(value)
    for step, inner in items:
        if inner is None:
            yield (*here, step)
        elif not isinstance(inner, str) and step != "vars":
            yield from _empty_values(inner, (*here, step))


def _empty_finding(loc: Loc, document: Document, path: str) -> Finding:
    line, column = document.place(loc)
    wrong = Wrong(loc, None, {}, BaseModel, path)
    hint = "write one, or remove the line"
    if isinstance(loc[-1], int):
        hint = "in YAML, what follows # is a comment: leave the # away, or put the text in quotes"
    return Finding(path, line, column, "SA207", f"{wrong.name} has no value", hint)


def _gone(error: ErrorDetails, wrong: Wrong) -> Loc:
    """What must be taken out for the rest to make sense."""
    return wrong.loc[:-1] if error["type"] == "missing" else wrong.loc


def _lost(wrong: Wrong, error: ErrorDetails) -> Iterator[Loc]:
    yield _gone(error, wrong)
    meant = meant_key(wrong) if error["type"] == "extra_forbidden" else None
    if meant:
        yield (*wrong.loc[:-1], meant)


class _Reading(Generic[M]):
    """The rounds of reading one document."""

    def __init__(self, model: type[M], document: Document, path: str) -> None:
        self.model = model
        self.document = document
        self.path = path
        self.findings: list[Finding] = []
        self.lost: set[Loc] = set()

    def take_out(self, gone: set[Loc]) -> None:
        value = _without(self.document.value, gone)
        self.document = Document(value, self.document.mark, self.document.first_line)
        self.lost |= gone

    def drop_empty(self) -> None:
        empty = set(_empty_values(self.document.value))
        if empty:
            self.findings += [_empty_finding(loc, self.document, self.path) for loc in empty]
            self.take_out(empty)

    def judge(self, errors: list[ErrorDetails], *, report: bool) -> bool:
        """Take out what is wrong; False when that leaves nothing."""
        gone: set[Loc] = set()
        for error in map(plain, errors):
            wrong = as_wrong(error, self.model, self.path)
            if report and wrong.loc not in self.lost:
                self.findings.append(finding_of(error, wrong, self.document))
            gone.add(_gone(error, wrong))
            self.lost.update(_lost(wrong, error))
        self.take_out(gone)
        return () not in gone

    def run(self) -> M | None:
        self.drop_empty()
        for number in range(_ROUNDS):
            try:
                return self.model.model_validate(self.document.value)
            except ValidationError as error:
                # The first round sees everything; later ones see what it left incomplete.
                if not self.judge(error.errors(include_url=False), report=number == 0):
                    break
        return None


def read_model(model: type[M], document: Document, path: str) -> Typed[M]:
    """The document as `model`, with a finding for every value that is wrong."""
    reading = _Reading(model, document, path)
    value = reading.run()
    return Typed(value, reading.document, tuple(sorted(reading.findings)), frozenset(reading.lost))


def lost_keys(lost: frozenset[Loc]) -> frozenset[str]:
    """The top-level keys of which something was taken out."""
    return frozenset(str(loc[0]) for loc in lost if loc)
