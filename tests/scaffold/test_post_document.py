"""Parse → write → parse is the identity, whatever a post says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socialauto.core.decoding import first_invisible
from socialauto.core.importing_fields import literal
from socialauto.core.reading import Source, read_posts
from socialauto.core.render import render
from socialauto.core.yaml_reader import Map, Seq
from socialauto.scaffold.post_document import document_text

AWKWARD = [
    "---", "--- ", "...", "# no comment", "#launch", "a #b", "a: b", "- x", "no", "Yes", "NULL",
    "~", "null", "12:30", "0x1f", "1e3", "08", "2026-12-01", "2026-12-01 09:00", "<<", "=", "!tag",
    "&a", "*a", "%x", "@acme", "`x`", "|", ">", "?", "? x", ":", ",", "[", "]", "{", "}", "{{ x }}",
    "{% if x %}", "{# no #}", "{{{%", "}}", "'", '"', "it's", '"quoted"', "\\", "\\n", "a\tb",
    "👩‍👩‍👧", "🇩🇪", "é", "e\u0301", "עברית", "日本語", "\u00ad", "\u200b", "\u200d", "", "text: |-",
]  # fmt: skip
"""What YAML, front matter or templates would take for something of theirs."""

VISIBLE = st.characters(exclude_categories=["Cs", "Cc"]).filter(
    lambda c: first_invisible(c) is None
)
WORDS = st.one_of(st.sampled_from(AWKWARD), st.text(VISIBLE, max_size=12))
LINES = st.lists(WORDS, max_size=3).map(" ".join)
VALUES = LINES.map(str.strip)
TEXTS = st.builds(
    lambda lines, break_, indent: break_.join(indent + line for line in lines),
    st.lists(LINES, max_size=5),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.sampled_from(["", "  ", "\t"]),
)


def one_line_break(text: str) -> str:
    """As every file and every cell is read."""
    return text.replace("\r\n", "\n").strip()


KEYS = VALUES.filter(lambda key: 0 < len(key) <= 100)
NESTED = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MEDIA = st.lists(
    st.one_of(
        VALUES.filter(bool),
        st.fixed_dictionaries(
            {"path": VALUES.filter(bool)},
            optional={
                "alt": VALUES,
                "tags": st.lists(
                    st.fixed_dictionaries({"user": VALUES.filter(bool)}), min_size=1, max_size=2
                ),
            },
        ),
    ),
    min_size=1,
    max_size=3,
)
IDS = st.text("abcXYZ012-_ é", min_size=1, max_size=20).map(str.strip).filter(bool)
TAGS = st.lists(st.sampled_from(["launch", "no", "1e3", "été", "日本"]), max_size=3)
POSTS = st.fixed_dictionaries(
    {"id": IDS, "account": VALUES},
    optional={
        "time": st.sampled_from(["2026-12-01 09:00", "2026-12-01T09:00+01:00"]),
        "timezone": st.just("Europe/Berlin"),
        "type": st.sampled_from(["image", "carousel"]),
        "media": MEDIA,
        "hashtags": TAGS,
        "first_comment": TEXTS.map(one_line_break),
        "collaborators": st.lists(VALUES, max_size=3),
        "location": VALUES,
        "draft": st.sampled_from(["true", "false"]),
        "late": st.just({"grace": "6h", "then": "hold"}),
        "vars": st.dictionaries(KEYS, NESTED, max_size=3),
        "overrides": st.dictionaries(
            KEYS, st.fixed_dictionaries({"text": TEXTS.map(one_line_break)}), max_size=2
        ),
    },
)
FORMATS = ["md", "yaml"]

often = settings(max_examples=60, deadline=None)


def bare(value: Any) -> Any:
    """A read value without the places."""
    if isinstance(value, Map):
        return {key: bare(inner) for key, inner in value.items()}
    return [bare(inner) for inner in value] if isinstance(value, Seq) else value


def read(data: str, format: Any) -> Source:
    sources, findings = read_posts(data.encode(), f"content/a.{format}")
    assert [str(finding) for finding in findings] == []
    (source,) = sources
    return source


@pytest.mark.parametrize("format", FORMATS)
@often
@given(values=POSTS, text=TEXTS)
@example(values={"id": "a", "account": "b"}, text="---\n---\nid: c")
@example(values={"id": "a", "account": "b", "vars": {"x": [[], {}, [["no"]], {"y": []}]}}, text="")
@example(values={"id": "a", "account": "b"}, text="one\n \n  two\n\n\n   \n\tthree")
def test_what_is_written_is_read_as_it_was(format: Any, values: dict[str, Any], text: str) -> None:
    source = read(document_text(values, text, format), format)
    written = bare(source.document.value)
    expected = one_line_break(text)
    assert (source.text, written.pop("text", expected)) == (expected, expected)
    assert written == values


@pytest.mark.parametrize("format", FORMATS)
@often
@given(values=POSTS, text=TEXTS)
def test_reading_writing_and_reading_again_changes_nothing(
    format: Any, values: dict[str, Any], text: str
) -> None:
    first = read(document_text(values, text, format), format)
    fields = bare(first.document.value)
    fields.pop("text", None)
    again = read(document_text(fields, first.text, format), format)
    assert (again.post, again.text, again.id) == (first.post, first.text, first.id)
    assert document_text(fields, first.text, format) == document_text(values, text, format)


@often
@given(text=TEXTS)
@example(text="{{{{%{#{")
@example(text="{% raw %}{{ a }}{% endraw %}")
def test_a_text_that_looks_like_a_template_goes_out_as_it_is(text: str) -> None:
    plain = text.replace("{", "\N{DESERET CAPITAL LETTER LONG I}")
    assert render(literal(text), {}) == render(plain, {}).replace(
        "\N{DESERET CAPITAL LETTER LONG I}", "{"
    )


def test_a_post_as_people_would_write_it() -> None:
    values = {
        "id": "launch",
        "account": "acme",
        "time": "2026-12-01 09:00",
        "media": ["/media/one.jpg", {"path": "/media/two: best.jpg", "alt": "A red door"}],
        "hashtags": ["launch", "acme"],
        "late": {"grace": "6h"},
        "first_comment": "Hello\nthere",
    }
    assert document_text(values, "Our launch.\n\n  #1 of many") == (
        "---\n"
        "id: launch\n"
        "account: acme\n"
        "time: 2026-12-01 09:00\n"
        "media:\n"
        "  - /media/one.jpg\n"
        '  - path: "/media/two: best.jpg"\n'
        "    alt: A red door\n"
        "hashtags: [launch, acme]\n"
        "late:\n"
        '  grace: "6h"\n'
        'first_comment: "Hello\\nthere"\n'
        "---\n"
        "Our launch.\n"
        "\n"
        "  #1 of many\n"
    )
