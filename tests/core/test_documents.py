"""Several posts in one YAML file: each with its own places, and none hidden by another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.documents import read_documents
from socialauto.core.reading import read_posts
from socialauto.core.schedule_reading import SeriesSource, read_schedules
from socialauto.core.yaml_reader import MAX_DOCUMENTS, read_yaml

GOOD = "id: {0}\naccount: acme\ntime: 2026-12-01 09:00\ntext: Text of {0}\n"


def read(text: str) -> tuple[list[tuple[str, int]], list[str]]:
    """Ids with the line of each, and the findings."""
    sources, findings = read_posts(text.encode(), "content/week.yaml")
    return [(one.id, one.line) for one in sources], [str(one) for one in findings]


@pytest.mark.parametrize(
    ("bad", "finding"),
    [
        ("id: b\n  text: x\n", "7:7: SA108 this key stands where none can be"),
        ("id: b\ntext: 'x\n", "7:7: SA108 a quote that opens in line 7 is never closed"),
        ("id: b\ntext: *x\n", "7:7: SA111 the alias"),
        ("id: b\n<<: x\n", "7:1: SA113 the merge key"),
        ("id: b\n\ttext: x\n", "7:1: SA109 this line is indented with a tab"),
        ("text: B\n", "6:1: SA215 this is one of several posts in a file and has no id"),
        ("- b\n", "6:1: SA107 this is a list"),
        ("id: b\nid: c\n", '7:1: SA110 "id" is here a second time, first in line 6'),
        ("id: b\nmood: x\n", '7:1: SA201 unknown key "mood"'),
        ("id: b\ntext: Out #now\n", '7:11: SA117 YAML takes "#now" for a comment'),
    ],
)
def test_a_bad_document_is_told_at_its_line_and_hides_no_other(bad: str, finding: str) -> None:
    text = f"{GOOD.format('a')}---\n{bad}---\n{GOOD.format('z')}"
    found, told = read(text)
    after = 6 + bad.count("\n") + 1
    assert [one for one in found if one[0] != "b"] == [("a", 1), ("z", after)]
    assert [one.startswith(f"content/week.yaml:{finding}") for one in told] == [True]


def test_all_bad_documents_are_told() -> None:
    bad = "id: b\ntext: : x\n"
    found, told = read(f"{bad}---\n{GOOD.format('a')}---\n{bad}")
    assert found == [("a", 4)]
    assert [one.split(" ")[0] for one in told] == [
        "content/week.yaml:2:7:",
        "content/week.yaml:10:7:",
    ]


def test_what_is_left_of_several_still_needs_an_id() -> None:
    """Its position may change, and then its path would be another post's name."""
    found, told = read("text: : x\n---\naccount: acme\ntext: A\n")
    assert found == []
    assert [one.split(" ")[1] for one in told] == ["SA108", "SA215"]


@pytest.mark.parametrize("before", ["", "---\n", "# a week\n", "# a week\n---\n", "\n\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_and_marks_at_the_start_count_as_lines(before: str, newline: str) -> None:
    text = f"{before}{GOOD.format('a')}--- # tuesday\n{GOOD.format('b')}---\nid: : c\n"
    found, told = read(text.replace("\n", newline))
    start = before.count("\n")
    assert found == [("a", start + 1), ("b", start + 6)]
    assert told[0].startswith(f"content/week.yaml:{start + 11}:5: SA108")


def test_hashtags_that_a_comment_eats_are_found_beside_a_broken_document() -> None:
    text = f"id: : x\n---\n{GOOD.format('a')}first_comment: See #here\n"
    assert read(text)[1][1].startswith('content/week.yaml:7:20: SA117 YAML takes "#here"')


def test_a_text_may_have_lines_of_dashes_when_they_are_indented() -> None:
    text = "id: a\naccount: acme\ntext: |\n  one\n  ---\n  two\n---\nid: : b\n"
    sources, _ = read_posts(text.encode(), "content/week.yaml")
    assert [one.text for one in sources] == ["one\n---\ntwo"]


def test_too_many_documents_are_not_read_one_by_one() -> None:
    text = "---\n".join(["id: a\n"] * (MAX_DOCUMENTS + 1))
    found = read_documents(text, "content/week.yaml")
    assert ([one.code for one in found.findings], found.written) == (["SA115"], [])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([GOOD.format("a"), "x: 1\n", "", "- y\n", "# z\n"]), max_size=5))
def test_sound_files_are_read_as_ever(parts: list[str]) -> None:
    text = "---\n".join(parts)
    documents, findings = read_yaml(text, "a.yaml")
    found = read_documents(text, "a.yaml")
    assert found.findings == findings
    assert [(one.value, one.place(())) for one in found.written] == [
        (one.value, one.place(())) for one in documents if one.value is not None
    ]


SERIES = "id: {0}\naccount: acme\nevery: monday 09:00\ntext: Text of {0}\n"


def test_a_broken_series_hides_no_other_either() -> None:
    parts = [SERIES.format("a"), "id: b\ntext: : x\n", SERIES.format("c")]
    text = "---\n".join(parts) + "first_comment: See #it\n"
    sources, findings = read_schedules(text.encode(), "schedules/week.yaml")
    assert [one.source.id for one in sources if isinstance(one, SeriesSource)] == ["a", "c"]
    assert [(one.code, one.line) for one in findings] == [("SA108", 7), ("SA117", 13)]
