from __future__ import annotations

from typing import Any

import pytest

from socialauto.core import yaml_reader
from socialauto.core.yaml_pure import PureParser
from socialauto.core.yaml_reader import read_yaml

PARSERS = {"libyaml": yaml_reader.Parser, "pure": PureParser}


@pytest.fixture(params=PARSERS, autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs on libyaml and on the parser for a PyYAML without it."""
    monkeypatch.setattr(yaml_reader, "Parser", PARSERS[request.param])


def value(text: str) -> Any:
    documents, findings = read_yaml(text, "a.yaml")
    assert findings == []
    assert len(documents) == 1
    return documents[0].value


def findings(text: str) -> list[str]:
    _, found = read_yaml(text, "a.yaml")
    assert found
    return [str(finding) for finding in found]


@pytest.mark.parametrize(
    "written",
    ["12:30", "no", "yes", "010", "0x1f", "1e3", "2026-12-01", "1_000", ".inf", "true", "<<"],
)
def test_nothing_that_yaml_would_guess_is_guessed(written: str) -> None:
    assert value(f"a: [{written}]\n") == {"a": [written]}


def test_only_plain_words_for_nothing_are_nothing() -> None:
    text = "a:\nb: ~\nc: null\nd: ''\ne: '~'\nf: \"null\"\n"
    assert value(text) == {"a": None, "b": None, "c": None, "d": "", "e": "~", "f": "null"}


def test_every_value_knows_line_and_column_in_characters() -> None:
    text = 'first: 1\n"é😀": {b: x, c: [y, "z"]}\n'
    documents, _ = read_yaml(text, "a.yaml")
    place = documents[0].place
    assert place(()) == (1, 1)
    assert place(("first",)) == (1, 8)
    assert place(("é😀",), key=True) == (2, 1)
    assert place(("é😀", "b")) == (2, 11)
    assert place(("é😀", "c", 1)) == (2, 21)
    assert place(("é😀", "c"), key=True) == (2, 14)


def test_a_value_that_is_not_there_has_the_place_of_what_is_around_it() -> None:
    documents, _ = read_yaml("a: {b: x}\n", "a.yaml")
    assert documents[0].place(("a", "c", "d")) == (1, 4)
    assert documents[0].place(("z",)) == (1, 1)


def test_lines_count_from_where_the_text_begins_in_the_file() -> None:
    documents, found = read_yaml("a: 1\na: 2\n", "a.md", first_line=2)
    assert documents[0].place(("a",)) == (2, 4)
    assert str(found[0]).startswith('a.md:3:1: SA110 "a" is here a second time, first in line 2')


def test_several_documents_are_read_in_their_order() -> None:
    documents, found = read_yaml("a: 1\n---\n---\nb: 2\n", "a.yaml")
    assert [document.value for document in documents] == [{"a": "1"}, None, {"b": "2"}]
    assert found == []


def test_of_a_key_that_is_there_twice_the_first_counts() -> None:
    documents, found = read_yaml("a: 1\na: {b: 2}\nc: 3\n", "a.yaml")
    assert documents[0].value == {"a": "1", "c": "3"}
    assert [finding.code for finding in found] == ["SA110"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: &x 1\nb: &y 2\n", ["SA111"]),  # told once
        ("a: *x\n", ["SA111"]),
        ("a: !!str 1\nb: !x 2\n", ["SA112", "SA112"]),
        ("<<: {a: 1}\n", ["SA113"]),
        ("{a: 1}: b\n", ["SA116"]),
        ("'': b\n", ["SA116"]),
        ('a: "\\0"\n', ["SA103"]),
        ("a:\n\tb: 1\n", ["SA109"]),
    ],
)
def test_what_only_programs_need_is_refused(text: str, codes: list[str]) -> None:
    _, found = read_yaml(text, "a.yaml")
    assert [finding.code for finding in found] == codes


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{" * 100_000,
        "a: " + "[" * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: &a [x]\n" + "".join(f"k{n}: &k{n} [*a, *a]\n" for n in range(500)),
        "a: 1\n" * 20_000,
        "---\n" * 20_000,
        "!x " * 20_000,
        '"' + "a\n" * 20_000,
        "[: " * 20_000,
        "%x\n" * 20_000,
    ],
    ids=lambda text: text[:6],
)
def test_no_text_crashes_or_exhausts_the_reader(text: str) -> None:
    documents, found = read_yaml(text, "a.yaml")
    assert 1 <= len(found) <= yaml_reader.MAX_FINDINGS
    assert documents == [] or len(found) >= 1


def test_depth_is_counted_and_not_recursed_into() -> None:
    deepest = "[" * yaml_reader.MAX_DEPTH + "]" * yaml_reader.MAX_DEPTH
    assert read_yaml(deepest, "a.yaml")[1] == []
    assert findings(f"[{deepest}]") == [
        "a.yaml:1:33: SA114 values are nested more than 32 levels deep"
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: b: c\n", 'there is a second ": " in this line; put the value in quotes'),
        ("a: @b\n", 'a value cannot begin with "@"; put the value in quotes'),
        ("a:\n  - \t{b: c}\n", "there is a tab in this line; use spaces"),
        ("a: `b`\n", 'a value cannot begin with "`"; put the value in quotes'),
        ('a: "x\nb: 2\n', "a quote that opens in line 1 is never closed; close it"),
        ("a: [1, 2\nb: 3\n", "a list or mapping that opens in line 1 is never closed; add ] or }"),
        ("a: 'it's'\n", "the value ends before this text; put the whole value in quotes"),
        ("a: - b\n", "a list cannot begin on the line of its key; begin it on the next line"),
        ('a: "\\q"\n', "a backslash in double quotes is an escape; use single quotes"),
        ("a: |x\n  b\n", "after | and > the text begins on the next line; move it there"),
        ("a: ]\n", 'a value cannot begin with "]"; put the value in quotes'),
        (
            "a:\n  b: 1\n c: 2\n",
            "this line is indented unlike the lines around it; give all keys the same indentation",
        ),
        (
            "a: >\n b\nc\n",
            "this line has no colon; write key: value, or indent it like the text it belongs to",
        ),
        ("- a\nb: c\n", "list items and keys are mixed; indent one of them"),
        ("a: *\n", "a value cannot begin with *; put the value in quotes"),
    ],
)
def test_syntax_errors_are_told_in_plain_words(text: str, sentence: str) -> None:
    (found,) = findings(text)
    assert found.partition(" SA108 ")[2] == sentence


def test_an_escape_beyond_unicode_is_a_finding() -> None:
    (found,) = findings('a: "\\UFFFFFFFF"\n')
    assert "SA108 a backslash in double quotes is an escape" in found
