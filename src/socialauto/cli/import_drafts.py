"""Rows become the files that they will be, each with an id and a path of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from socialauto.core.decoding import character_name, first_invisible
from socialauto.core.finding import Finding
from socialauto.core.frontmatter import read_front_matter
from socialauto.core.importing import Place, Row
from socialauto.core.importing_fields import with_literals
from socialauto.core.importing_names import id_for, path_for
from socialauto.core.reading import CONTENT, Source, is_post, read_posts
from socialauto.core.suggest import quoted
from socialauto.core.tree import Tree
from socialauto.core.yaml_reader import Document, Loc, Map, Seq
from socialauto.scaffold.post_document import document_text

_WHERE = re.compile(r"(content/[^\s:]+):\d+")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where rows are imported to."""

    tree: Tree
    folder: str
    now: datetime
    markdown: bool = False
    """Texts lose their Markdown marks here, unless a post says otherwise."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Ids of the ledger, with what it says of them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as the file that it will be."""

    row: Row
    path: str
    data: bytes
    sources: list[Source]
    """The one post in it; none when it cannot be read at all."""
    body_line: int
    locs: Mapping[tuple[int, int], Loc] = field(repr=False)
    """Where its values stand in that file."""

    @property
    def source(self) -> Source:
        return self.sources[0]

    def loc(self, finding: Finding) -> Loc:
        """What a finding about the file is about."""
        if self.body_line and finding.line >= self.body_line:
            return ("text",)
        return self.locs.get((finding.line, finding.column), ())


def _in_rows(message: str, drafts: Mapping[str, Draft]) -> str:
    """A finding that names another post of the import names its row instead."""

    def row(match: re.Match[str]) -> str:
        other = drafts.get(match[1])
        return f"{other.row.word} {other.row.number}" if other else match[0]

    return _WHERE.sub(row, message)


def tell(findings: Iterable[Finding], drafts: Mapping[str, Draft]) -> None:
    """What `validate` would say about the files, said about their rows; of a cell in which
    something is wrong already, nothing more."""
    known = {path: frozenset(draft.row.wrong) for path, draft in drafts.items()}
    for one in findings:
        draft = drafts.get(one.path)
        if draft is None or one.severity == "info":
            continue
        place = draft.row.place_of(draft.loc(one))
        if place not in known[one.path]:
            message = _in_rows(one.message, drafts)
            draft.row.report(place, one.code, message, one.hint, one.severity)


def _scalars(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield (*loc, key), key
            yield from _scalars(inner, (*loc, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _scalars(inner, (*loc, index))
    else:
        yield loc, value


def is_visible(row: Row) -> bool:
    """Refuses what no file of ours may contain, at the cell in which it stands."""
    for loc, text in _scalars(row.values):
        index = first_invisible(text)
        if index is not None:
            name = character_name(text[index])
            row.report(
                row.place_of(loc), "SA103", f"there is an invisible {name} here", "delete it"
            )
            return False
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, Map):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, Seq) else value


def _locs(document: Document) -> dict[tuple[int, int], Loc]:
    """Every place of a file at which a finding may point, with what stands there."""
    found: dict[tuple[int, int], Loc] = {document.place(()): ()}
    for loc in _all_locs(document.value, ()):
        for key in (False, True):
            found.setdefault(document.place(loc, key=key), loc)
    return found


def _all_locs(value: Any, loc: Loc) -> Iterator[Loc]:
    """The outer ones after those in them: of two that begin at one place, the inner is meant."""
    items = value.items() if isinstance(value, Map) else enumerate(value)
    for step, inner in items:
        if isinstance(inner, Map | Seq):
            yield from _all_locs(inner, (*loc, step))
        yield (*loc, step)


def _draft(row: Row, path: str) -> Draft | None:
    """The row's file, read back as a run would read it; None when it would say something else."""
    values = with_literals(row.values)
    text = values.pop("text").strip() if isinstance(values.get("text"), str) else ""
    written = document_text(values, text)
    front, _ = read_front_matter(written, path)
    if front is None or (_plain(front.document.value), front.body) != (values, text):
        hint = "please report this row; the others can be imported without it"
        row.report(row.place, "SA962", "written as a post it would read otherwise", hint)
        return None
    body_line = front.body_line if front.body else 0
    sources, findings = read_posts(written.encode(), path)
    made = Draft(row, path, written.encode(), sources, body_line, _locs(front.document))
    if sources:
        return made
    tell(findings, {path: made})
    return None


class Names:
    """Gives each row its id and its path, and sees to it that no two have the same."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.present: dict[str, int] = {}
        self._there = dict(_sources(ground.tree))
        self._ids: dict[str, int] = {}
        self._paths: dict[str, int] = {}

    def draft(self, row: Row) -> Draft | None:
        """The row as a file, unless it is there already or is in the way of another."""
        place = row.place_of(("id",))
        id = id_for(row)
        row.values = {**row.values, "id": id}
        if self.ground.markdown:  # a text goes out as it is
            row.values.setdefault("markup", "plain")
        path = path_for(row, id, self.ground.folder)
        made = _draft(row, path)
        if made is None:
            return None
        if id in self._ids:
            hint = "give one of them another id" if place.name else 'add a column "id"'
            message = f"the id {quoted(id)} is also that of {row.word} {self._ids[id]}"
            row.report(place, "SA955", message, hint)
            return None
        self._ids[id] = row.number
        if id in self._there:
            self._compare(made, self._there[id], place)
            return None
        return made if self._is_free(made, place) else None

    def _compare(self, made: Draft, there: Source, place: Place) -> None:
        told = replace(there, post=there.post.model_copy(update={"id": there.id}))
        if (told.post, told.text) == (made.source.post, made.source.text):
            self.present[made.source.id] = made.row.number
            return
        message = f"the id {quoted(there.id)} is that of {there.path}, which says something else"
        hint = "give it another id, or change that file by hand: an import changes nothing"
        made.row.report(place, "SA955", message, hint)

    def _is_free(self, made: Draft, place: Place) -> bool:
        folded, known = made.path.casefold(), self.ground.known.get(made.source.id)
        if known:
            message = f"the ledger knows the id {quoted(made.source.id)}: {known}"
            hint = "give it another id, because with this one it would not go out"
            made.row.report(place, "SA955", message, hint)
            return False
        if self.ground.tree.entry(made.path) is not None:
            what = f"there is a file {made.path} already"
        elif folded in self._paths:
            what = f"its file would be that of {made.row.word} {self._paths[folded]}"
        else:
            self._paths[folded] = made.row.number
            return True
        made.row.report(place, "SA956", what, "give it another id")
        return False


def _sources(tree: Tree) -> Iterator[tuple[str, Source]]:
    for entry in tree.files(CONTENT):
        if entry.kind == "file" and is_post(entry.path):
            for source in read_posts(tree.read(entry.path), entry.path)[0]:
                yield source.id, source
