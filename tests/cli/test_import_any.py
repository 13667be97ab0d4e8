"""Whatever a file says, an import answers with findings and never with a fault of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.cli.import_drafts import Ground
from socialauto.cli.importing import Judged, judge
from socialauto.core.finding import has_errors
from socialauto.core.importing import Row, Terms
from socialauto.core.importing_reading import Source, read_table
from socialauto.core.importing_rejected import rejected_text
from socialauto.core.importing_tree import TreeWith
from socialauto.core.post import Post
from socialauto.core.tree import TreeEntry
from socialauto.engine.load import load
from socialauto.scaffold.templates import binary

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CONFIG = b"""\
accounts:
  acme: {platform: instagram, id: "17841400000000001", token: env:ACME_TOKEN}
"""
TERMS = Terms(accounts=("acme",), names={"x": "acme", "y": ""}, date_order="dmy")
SOURCES: list[Source] = ["auto", "csv", "json", "buffer", "postiz", "mixpost"]

PIECES = st.sampled_from(
    ["id", "text", "time", "media", "alt", "account", "hashtags", "draft", "type", "Posting Time",
     "acme", "x", "y", "2026-12-01 09:00", "1.12.2026 9:00 PM", "a.jpg", "true", "reel",
     "/one.jpg",
     ",", ";", "\t", "|", '"', '""', "\n", "\r\n", "\r", " ", "#a", "{{", "---", "'", "[", "{", "]",
     "}", ":", "null", "\0", "\ufeff", "\u2028", "é", "👩‍👩‍👧", "sep=;", "\x07", "@", "..",
     "~", "no"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map("".join)
WORDS = st.one_of(PIECES, st.text(max_size=5))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1, 99), WORDS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=6,
)
THEIRS = ["content", "publishDate", "state", "integration", "image", "versions", "accounts",
          "status", "scheduled_at", "trashed", "uuid", "finding"]  # fmt: skip
POSTS = st.lists(
    st.dictionaries(st.sampled_from([*Post.model_fields, *THEIRS]), VALUES, max_size=5), max_size=3
)
MIXPOST = st.fixed_dictionaries(
    {"status": st.sampled_from(["scheduled", "draft", 3]), "accounts": VALUES, "versions": VALUES},
    optional={"scheduled_at": VALUES, "uuid": VALUES},
)
POSTIZ = st.fixed_dictionaries(
    {"publishDate": VALUES, "integration": st.one_of(VALUES, st.just({"name": "x"}))},
    optional={"content": VALUES, "media": VALUES, "state": VALUES, "id": VALUES},
)


class Nothing:
    """A tree without files."""

    def files(self, folder: str) -> Iterable[TreeEntry]:
        return []

    def entry(self, path: str) -> TreeEntry | None:
        return None

    def read(self, path: str) -> bytes:
        raise AssertionError(path)

    def blob(self, path: str) -> str:
        raise AssertionError(path)


TREE = TreeWith(Nothing(), {"socialauto.yaml": CONFIG, "one.jpg": binary("example.jpg")})


def numbers(rows: Iterable[Row]) -> set[int]:
    return {row.number for row in rows}


def fates(found: Judged) -> list[int]:
    """Of each row that is written, rejected or left out its number, as often as one of these."""
    written = {number for number, _ in found.ids.values()}
    return sorted([*written, *numbers(found.rejected), *numbers(found.left_out)])


def rows_of(found: Judged) -> list[int]:
    return sorted(numbers(found.table.rows))


def imported(data: bytes, source: Source) -> Judged:
    table = read_table(data, "posts.x", TERMS, source)
    found = judge(table, Ground(TREE, "content/imported", NOW))
    rows = numbers(found.table.rows)
    assert {one.row for one in found.findings} <= rows | {0}
    assert not has_errors(list(load(TreeWith(TREE, found.files), now=NOW).findings))
    if found.rejected:
        again = read_table(rejected_text(table).encode(), "again.x", TERMS, source)
        assert [one.row for one in again.findings] == []
        assert len(again.rows) == len(found.rejected)
    return found


often = settings(max_examples=60, deadline=None)


@often
@given(text=TEXTS, source=st.sampled_from(SOURCES))
def test_any_text(text: str, source: Source) -> None:
    found = imported(text.encode("utf-8", "surrogatepass"), source)
    assert fates(found) == rows_of(found)


@often
@given(data=st.binary(max_size=40))
def test_any_bytes(data: bytes) -> None:
    found = imported(data, "auto")
    assert fates(found) == rows_of(found)


@often
@given(rows=st.lists(st.lists(TEXTS, min_size=4, max_size=4), max_size=3))
def test_any_cells(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    found = imported("\n".join(["id,time,text,media", *quoted]).encode(), "auto")
    assert fates(found) == rows_of(found)


@often
@given(posts=POSTS, source=st.sampled_from(["auto", "json", "postiz", "mixpost"]))
def test_any_posts(posts: list[Any], source: Source) -> None:
    found = imported(json.dumps(posts).encode(), source)
    assert fates(found) == rows_of(found)


@often
@given(posts=st.lists(st.one_of(MIXPOST, POSTIZ), min_size=1, max_size=2))
def test_any_answers_of_others(posts: list[Any]) -> None:
    found = imported(json.dumps({"data": posts}).encode(), "auto")
    assert fates(found) == rows_of(found)


GOOD = {"id": "a", "time": "2026-12-01 09:00", "media": ["/one.jpg"], "type": "image"}
FIELDS = st.sampled_from(["text", "first_comment", "hashtags", "overrides", "vars", "id", "draft"])


@often
@given(
    text=st.lists(PIECES, max_size=6).map(" ".join),
    more=st.dictionaries(FIELDS, st.one_of(WORDS, VALUES), max_size=1),
)
def test_any_words_of_a_good_post(text: str, more: dict[str, Any]) -> None:
    found = imported(json.dumps([{**GOOD, "text": text, **more}]).encode(), "json")
    plain = all(char.isprintable() or char == "\n" for char in text)
    if plain and not more:
        (delivery,) = load(TreeWith(TREE, found.files), now=NOW).deliveries
        # As every text goes out: without white space at the ends of lines.
        expected = "\n".join(line.rstrip() for line in text.strip().split("\n"))
        assert delivery.message.text == expected
