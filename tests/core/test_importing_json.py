"""JSON with its places, and what Buffer, Postiz and Mixpost write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.importing import Table, Terms
from socialauto.core.importing_exports import plain
from socialauto.core.importing_json import Content
from socialauto.core.importing_names import id_for, path_for
from socialauto.core.importing_reading import read_table
from socialauto.core.importing_rejected import rejected_text

ACME = Terms(accounts=("acme",))
NEVO = Terms(names={"Nevo David": "acme", "Old": ""})

JSON = st.recursive(
    st.one_of(st.text(max_size=8), st.integers(), st.booleans()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


def table(text: str | Any, terms: Terms = ACME, **more: Any) -> Table:
    written = text if isinstance(text, str) else json.dumps(text, indent=1)
    return read_table(written.encode("utf-8", "surrogatepass"), "posts.json", terms, **more)


def told(found: Table) -> list[str]:
    rows = [one for row in found.rows for one in row.findings]
    return [str(one.finding) for one in (*found.findings, *rows)]


def as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_texts(inner) for inner in value]
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return json.dumps(value)


# --- JSON ------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(value=JSON, indent=st.sampled_from([None, 2]), ascii_=st.booleans())
def test_every_value_is_the_text_that_is_written(value: Any, indent: int, ascii_: bool) -> None:
    if isinstance(value, dict):
        value = {key.replace("\r", ""): one for key, one in value.items()}
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    try:
        found = Content(text, "a.json").value
    except UnicodeEncodeError:
        return
    assert as_texts_of_keys(found) == as_texts_of_keys(as_texts(value))


def as_texts_of_keys(value: Any) -> Any:
    """Keys with a carriage return are read with one line break, too."""
    if isinstance(value, dict):
        return {key.replace("\r", "\n"): as_texts_of_keys(one) for key, one in value.items()}
    return [as_texts_of_keys(one) for one in value] if isinstance(value, list) else value


def test_values_know_where_they_stand() -> None:
    text = (
        '[\n {"id": "a", "draft": true,\n  "media": ["x.jpg", {"path": "y.jpg"}], "order": 1.50}\n]'
    )
    (row,) = table(text).rows
    assert row.values == {
        "account": "acme",
        "id": "a",
        "draft": "true",
        "media": ["/x.jpg", {"path": "/y.jpg"}],
        "order": "1.50",
    }
    assert (row.number, row.place.line, row.place.column) == (1, 2, 2)
    place = row.place_of(("media", 1, "path"))
    assert (place.line, place.column, place.name) == (3, 31, "media.1.path")


def test_nothing_is_what_null_says() -> None:
    assert table('[{"id": "a", "text": null}]').rows[0].values == {"account": "acme", "id": "a"}


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("[{]", "posts.json:1:3: SA951 this is not valid JSON: expecting property name enclosed"),
        (
            '[{"id": "a",\n "id": "b"}]',
            'posts.json:2:2: SA951 "id" is here a second time; keep one',
        ),
        ('{"id": "a"}', "posts.json:1:1: SA951 there is no list of posts here; write [ ... ]"),
        ("[" * 40 + "]" * 40, "posts.json:1:34: SA951 values are nested more than 32 levels deep"),
        ("[" * 99_999, "posts.json:1:1: SA951 values are nested too deeply"),
        ("[3]", "posts.json:1:2: SA951 post 1: this is no post; write fields and values in { }"),
    ],
)
def test_what_is_no_list_of_posts_is_said_so(text: str, finding: str) -> None:
    assert told(table(text))[0].startswith(finding)


def test_names_dates_and_zones_are_as_in_tables() -> None:
    terms = Terms(names={"Acme Inc": "acme"}, timezone="Europe/Berlin", date_order="dmy")
    posts = [
        {"account": "Acme Inc", "time": "1.12.2026 09:00"},
        {"accounts": ["Acme Inc", "bakery"], "time": "2026-12-01T09:00:00.000Z"},
    ]
    assert [row.values for row in table(posts, terms).rows] == [
        {"account": "acme", "time": "2026-12-01 09:00", "timezone": "Europe/Berlin"},
        {"accounts": ["acme", "bakery"], "time": "2026-12-01 09:00Z"},
    ]


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "id", "path"),
    [
        ({"id": "launch", "time": "2026-12-01 09:00"}, "launch", "2026/12/launch.md"),
        ({"id": "2026/Launch day"}, "2026/Launch day", "2026-Launch-day.md"),
        ({"id": "../../etc"}, "../../etc", "etc.md"),
        ({"id": ".hidden"}, ".hidden", "hidden.md"),
        ({"id": "con"}, "con", "post-con.md"),
        ({"text": "Hello from the wide, wide coast!"}, "hello-from-the-wide-wide", None),
        (
            {"text": "Ähm … Über #Brot", "time": "2026-12-01 09:00"},
            "2026-12-01-0900-ähm-über-brot",
            None,
        ),
        ({"text": "👋", "media": [{"path": "/media/red door.jpg"}]}, "red-door", None),
        ({"text": "👋"}, "post", "post.md"),
        ({"text": "x" * 400}, "x" * 60, None),
    ],
)
def test_posts_are_called_the_same_every_time(
    post: dict[str, Any], id: str, path: str | None
) -> None:
    (row,) = table([post]).rows
    assert id_for(row) == id
    if path:
        assert path_for(row, id, "content/imported") == f"content/imported/{path}"


# --- Buffer ----------------------------------------------------------------------------------

BUFFER = """\
Text,Image URL,Tags,Posting Time
"Hello, coast",https://example.org/one.jpg,,2026-12-01 09:00
Second,media/one.jpg,spring,2026-12-02 09:00
"""


def test_a_table_of_buffers_bulk_upload() -> None:
    found = read_table(BUFFER.encode(), "b.csv", Terms(("acme",), timezone="Europe/Berlin"))
    assert (found.kind, [row.values for row in found.rows]) == (
        "buffer",
        [
            {
                "account": "acme",
                "text": "Hello, coast",
                "media": ["https://example.org/one.jpg"],
                "time": "2026-12-01 09:00",
                "timezone": "Europe/Berlin",
            },
            {
                "account": "acme",
                "text": "Second",
                "media": ["/media/one.jpg"],
                "time": "2026-12-02 09:00",
                "timezone": "Europe/Berlin",
            },
        ],
    )
    assert told(found) == [
        'b.csv:3:22: SA961 row 3, column "Tags": this is Buffer\'s own and not taken over; empty '
        "the cell, or leave it"
    ]


def test_buffers_table_does_not_say_for_whom_it_is() -> None:
    (finding,) = told(read_table(BUFFER.encode(), "b.csv", Terms()))
    assert "SA959" in finding
    assert finding.endswith("; say --account NAME")


def test_rejected_rows_of_buffers_table_are_still_of_buffers() -> None:
    found = read_table((BUFFER + "Third,,,1/2/26 9:00\n").encode(), "b.csv", ACME)
    again = read_table(rejected_text(found).encode(), "b.rejected.csv", ACME)
    assert (again.kind, [row.values["text"] for row in again.rows]) == ("buffer", ["Third"])
    assert rejected_text(again) == rejected_text(found)


def test_another_table_is_not_taken_for_buffers() -> None:
    found = read_table(b"text,media\na,b\n", "b.csv", ACME, "buffer")
    assert told(found) == [
        "b.csv:1:1: SA951 this is no table of Buffer's bulk upload; its columns are Text, Image "
        "URL, Tags, Posting Time"
    ]


# --- Postiz ----------------------------------------------------------------------------------


def postiz(**more: Any) -> dict[str, Any]:
    """A post as https://docs.postiz.com/public-api shows it."""
    return {
        "id": "cm4gklk8o00008copo77fa0f8",
        "content": "blabla",
        "publishDate": "2026-12-09T05:06:00.000Z",
        "releaseURL": "",
        "state": "QUEUE",
        "integration": {
            "id": "cm4ean69r0003w8w1cdomox9n",
            "providerIdentifier": "instagram",
            "name": "Nevo David",
            "picture": "https://uploads.gitroom.com/5g9mEIVCAq.jpeg",
        },
    } | more


def test_what_postiz_answers() -> None:
    found = table(
        {"posts": [postiz(), postiz(state="DRAFT", content="<p>Hi <b>all</b></p>")]}, NEVO
    )
    assert (found.kind, told(found)) == ("postiz", [])
    assert found.rows[0].values == {
        "account": "acme",
        "text": "blabla",
        "time": "2026-12-09 05:06Z",
    }
    assert found.rows[1].values["draft"] == "true"
    assert found.rows[1].values["text"] == "Hi all"
    assert id_for(found.rows[0]) == "blabla-po77fa0f8"[:7] + "o77fa0f8"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"state": "PUBLISHED"}, "it was published there"),
        ({"releaseURL": "https://www.instagram.com/p/x"}, "it was published there"),
        ({"state": "ERROR"}, 'its state there is "ERROR"'),
        ({"integration": {"name": "Old"}}, "this account is not imported"),
    ],
)
def test_what_went_out_there_is_never_sent_again(more: dict[str, Any], reason: str) -> None:
    found = table({"posts": [postiz(**more)]}, NEVO)
    assert found.rows[0].left_out
    (finding,) = told(found)
    assert "SA958" in finding
    assert reason in finding


def test_postiz_accounts_have_to_be_told() -> None:
    (finding,) = told(table({"posts": [postiz(integration={"name": "Ana"})]}, NEVO))
    assert 'SA959 post 1, "integration": nobody said which of your accounts "Ana" is' in finding
    assert '--map "Ana=ACCOUNT"' in finding


# --- Mixpost ---------------------------------------------------------------------------------


def mixpost(**more: Any) -> dict[str, Any]:
    """A post as https://docs.inovector.com/books/api-reference/page/posts shows it."""
    version = {
        "account_id": 0,
        "is_original": True,
        "content": [{"body": "<div>Hello</div><div>coast</div>", "media": [], "url": ""}],
        "options": {"instagram": {"type": "reel"}},
    }
    return {
        "id": 3,
        "uuid": "8eb4e98d-2b93-44bd-a664-7a6438eff67b",
        "status": "scheduled",
        "accounts": [
            {"id": 1, "name": "Nevo David", "username": "nevo", "provider": "instagram"},
            {"id": 2, "name": "Old", "username": "old", "provider": "twitter"},
        ],
        "versions": [version],
        "tags": [],
        "scheduled_at": "2026-12-09 05:06:00",
        "trashed": False,
    } | more


BERLIN = Terms(names=NEVO.names, timezone="Europe/Berlin")


def test_what_mixpost_answers() -> None:
    found = table(
        {"data": [mixpost(), mixpost(scheduled_at={"date": "2026-12-09", "time": "05:06"})]}, BERLIN
    )
    assert (found.kind, told(found)) == ("mixpost", [])
    for row in found.rows:
        assert row.values == {
            "account": "acme",
            "time": "2026-12-09 05:06",
            "timezone": "Europe/Berlin",
            "text": "Hello\ncoast",
            "type": "reel",
        }
    assert id_for(found.rows[0]) == "hello-coast-38eff67b"


def test_a_version_of_its_own_is_an_override() -> None:
    own = {"account_id": 1, "is_original": False, "content": [{"body": "Mine", "media": []}]}
    found = table({"data": [mixpost(versions=[*mixpost()["versions"], own])]}, BERLIN)
    assert found.rows[0].values["overrides"] == {"acme": {"text": "Mine"}}


@pytest.mark.parametrize("more", [{"status": "published"}, {"status": "failed"}, {"trashed": True}])
def test_only_what_waits_in_mixpost_is_imported(more: dict[str, Any]) -> None:
    found = table({"data": [mixpost(**more)]}, BERLIN)
    assert found.rows[0].left_out
    assert "SA958" in told(found)[0]


@pytest.mark.parametrize(
    ("version", "finding"),
    [
        (
            {"content": [{"body": "a", "media": [12]}]},
            'SA961 post 1, "versions.0.content.0.media.0": ',
        ),
        (
            {"content": [{"body": "a"}, {"body": "b"}]},
            'SA961 post 1, "versions.0.content.1": it has ',
        ),
    ],
)
def test_what_has_no_counterpart_is_told(version: dict[str, Any], finding: str) -> None:
    found = table({"data": [mixpost(versions=[{"is_original": True, **version}])]}, BERLIN)
    assert finding in told(found)[0]


def test_the_zone_of_mixpost_has_to_be_told() -> None:
    (finding,) = told(table({"data": [mixpost()]}, NEVO))
    assert "SA960" in finding
    assert finding.endswith("say --timezone, with the zone of your Mixpost")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 < 2 & 3", "1 < 2 & 3"),
        ("<3 you", "<3 you"),
        ("<p>One &amp; two</p><p></p><p>Three<br>four</p>", "One & two\n\nThree\nfour"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<div>a&nbsp;b <a href='x'>c</a></div>", "a b c"),
        ("<p>a\nb</p>", "a b"),
    ],
)
def test_an_editors_html_becomes_the_text_it_shows(text: str, expected: str) -> None:
    assert plain(text) == expected
