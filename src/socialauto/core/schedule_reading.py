"""Files in `schedules/` to series; every problem in them is a finding."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from socialauto.core.accounts import in_groups
from socialauto.core.config import Config
from socialauto.core.decoding import decode
from socialauto.core.documents import read_documents, rest_of
from socialauto.core.finding import Finding
from socialauto.core.frontmatter import no_mapping
from socialauto.core.model_reader import lost_keys, read_model
from socialauto.core.post import Override, Variant
from socialauto.core.reading import (
    SCHEDULES,
    Source,
    default_id,
    eaten_hashtags,
    not_yet,
    own_findings,
    without_id,
)
from socialauto.core.removal import series_removals
from socialauto.core.schedule import Recurring, Slots
from socialauto.core.schedule_checks import (
    change_findings,
    named_by,
    pattern_of,
    pool_findings,
    slot_patterns,
)
from socialauto.core.timetable import Pattern
from socialauto.core.yaml_reader import Document, Map


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """A series, and where each of its values stands."""

    source: Source
    """The post that recurs, without the pool and the exceptions."""
    series: Recurring
    pattern: Pattern | None
    """None when nobody can say when it goes out."""

    @property
    def pool(self) -> tuple[Source, ...]:
        """What takes turns: the post itself when there is no pool."""
        entries = enumerate(self.series.pool)
        made = tuple(self._with(entry, f"pool.{index}") for index, entry in entries)
        return made or (self.source,)

    def replaced(self) -> Iterator[tuple[datetime, Source]]:
        """The post of each date that has one of its own; the account's own fields give way."""
        for _, wall, index in self.changes():
            entry = self.series.changes[index].replace
            if entry is not None:
                yield wall, self._with(entry, f"except.{index}.replace", over=True)

    def changes(self) -> Iterator[tuple[str, datetime, int]]:
        """Of each exception that means one date: where it stands, the date, which it is."""
        for index, change in enumerate(self.series.changes):
            found = named_by(change, self.pattern) if self.pattern else []
            if len(found) == 1:
                yield f"except.{index}", found[0], index

    def in_groups(self, config: Config) -> SeriesSource:
        """The series, which from now on knows whom the configuration's groups stand for."""
        return replace(self, source=in_groups(self.source, config))

    def _with(self, entry: Variant, place: str, *, over: bool = False) -> Source:
        fields = {name: getattr(entry, name) for name in entry.model_fields_set}
        if entry.vars is not None:
            fields["vars"] = {**(self.series.vars or {}), **entry.vars}
        post = self.series.model_copy(update=fields)
        if over:
            overrides = {
                name: _without(override, fields) for name, override in post.overrides.items()
            }
            post = post.model_copy(update={"overrides": overrides})
        stands = {**self.source.stands, **{name: f"{place}.{name}" for name in fields}}
        return replace(self.source, post=post, text=post.text or "", stands=stands)


def _without(override: Override, names: Iterable[str]) -> Override:
    kept = override.model_fields_set - set(names)
    return Override.model_construct(kept, **{name: getattr(override, name) for name in kept})


def _source(series: Recurring, document: Document, path: str, lost: frozenset[str]) -> Source:
    return Source(
        path=path,
        id=unicodedata.normalize("NFC", series.id) if series.id else default_id(path, SCHEDULES),
        post=series,
        document=document,
        text=series.text or "",
        lost=lost,
        stands={"time": "every" if series.every else "rule"},
    )


@dataclass(frozen=True, slots=True)
class SlotsSource:
    """Slots, and where each of their values stands."""

    path: str
    id: str
    slots: Slots
    document: Document
    patterns: tuple[Pattern, ...]

    def finding(self, field: str, code: str, message: str, hint: str) -> Finding:
        line, column = self.document.place((field,))
        return Finding(self.path, line, column, code, message, hint)


def _read_slots(document: Document, path: str) -> tuple[SlotsSource | None, list[Finding]]:
    typed = read_model(Slots, document, path)
    findings = list(typed.findings)
    if typed.value is None:
        return None, findings
    slots, patterns = typed.value, []
    if not slots.slots and not findings:
        line, column = typed.document.place(("slots",))
        hint = "write a day and a time, such as monday 09:00"
        findings.append(Finding(path, line, column, "SA207", '"slots" is empty', hint))
    for index, pattern in slot_patterns(slots):
        if pattern:
            patterns.append(pattern)
        elif not findings:
            line, column = typed.document.place(("slots", index))
            message = "this slot never comes, or nobody knows from which day it counts"
            hint = "see start: and until:, and the days that it names"
            findings.append(Finding(path, line, column, "SA315", message, hint))
    id = unicodedata.normalize("NFC", slots.id) if slots.id else default_id(path, SCHEDULES)
    if findings:
        patterns = []  # a slot too few would move every post behind it
    return SlotsSource(path, id, slots, typed.document, tuple(patterns)), findings


def _read_series(document: Document, path: str) -> tuple[SeriesSource | None, list[Finding]]:
    typed = read_model(Recurring, document, path)
    findings = list(not_yet(typed))
    if typed.value is None:
        return None, findings
    series = typed.value
    source = _source(series, typed.document, path, lost_keys(typed.lost))
    findings += [*own_findings(source, ""), *series_removals(source, series)]
    pattern, found = pattern_of(source, series)
    findings += found
    if pattern:
        findings += change_findings(source, series, pattern)
        findings += pool_findings(source, series, pattern)
    return SeriesSource(source, series, pattern), findings


Written = SeriesSource | SlotsSource


def read_schedules(data: bytes, path: str) -> tuple[list[Written], list[Finding]]:
    """Series and slots of a file and what is wrong in it. One that says nothing is no mistake."""
    text = decode(data, path)
    if isinstance(text, Finding):
        return [], [text]
    read = read_documents(text, path)
    findings, made = read.findings, list[Written]()
    for document in read.written:
        if not isinstance(document.value, Map):
            findings.append(no_mapping(document, path))
        elif read.several and "id" not in document.value:
            findings.append(without_id(document, path))
        elif "slots" in document.value:
            slots, found = _read_slots(document, path)
            findings += found
            made += [slots] if slots else []
        else:
            series, found = _read_series(document, path)
            findings += [*found, *eaten_hashtags(document, path, rest_of(text, document))]
            made += [series] if series else []
    return made, findings
