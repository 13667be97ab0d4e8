"""Tables: cells with their places, columns, and what people type into them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socialauto.core.importing import RowFinding, Table, Terms
from socialauto.core.importing_cells import BadFile, records
from socialauto.core.importing_csv import column_of
from socialauto.core.importing_fields import files_of, from_root, iso_time
from socialauto.core.importing_reading import read_table
from socialauto.core.importing_rejected import rejected_text
from socialauto.core.wrong_values import Words

ACME = Terms(accounts=("acme",))
CELLS = st.text(st.sampled_from("ab \",;\n'é👩"), max_size=6)


def table(text: str, terms: Terms = ACME, **more: Any) -> Table:
    return read_table(text.encode(), "posts.csv", terms, **more)


def values(text: str, terms: Terms = ACME) -> list[dict[str, Any]]:
    found = table(text, terms)
    assert told(found) == []
    return [row.values for row in found.rows]


def told(found: Table) -> list[str]:
    rows: list[RowFinding] = [one for row in found.rows for one in row.findings]
    return [str(one.finding) for one in (*found.findings, *rows)]


# --- cells -----------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
@example(rows=[['"', '""'], ["\n", ""]], delimiter=";", newline="\r\n")
def test_cells_are_those_of_the_standard_library(
    rows: list[list[str]], delimiter: str, newline: str
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=newline).writerows(rows)
    text = written.getvalue()
    found = list(records(text, delimiter, "a.csv"))
    assert [[cell.text for cell in one.cells] for one in found] == rows
    assert list(csv.reader(io.StringIO(text), delimiter=delimiter)) == rows
    lines = text.split(newline) if newline == "\r\n" else text.split("\n")
    assert found[0].line == 1
    if "\n" not in "".join(map("".join, rows)):
        assert [one.line for one in found] == list(range(1, len(rows) + 1))
        assert [one.raw for one in found] == lines[: len(rows)]


def test_every_cell_knows_its_line_and_column() -> None:
    text = 'id,text\r\na,"one\r\ntwo"\r\n\r\nb, "c"\r\n'
    found = [
        (one.number, cell.text, cell.line, cell.column)
        for one in records(text, ",", "a.csv")
        for cell in one.cells
    ]
    assert found == [
        (1, "id", 1, 1),
        (1, "text", 1, 4),
        (2, "a", 2, 1),
        (2, "one\ntwo", 2, 3),
        (3, "", 4, 1),
        (4, "b", 5, 1),
        (4, "c", 5, 4),
    ]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('text\nfine\n"never', "2:... opens"),
        ('text\n"a" b', "there is text after the closing quote of a cell"),
    ],
)
def test_quotes_that_do_not_fit_stop_the_reading(text: str, finding: str) -> None:
    with pytest.raises(BadFile):
        list(records(text, ",", "a.csv"))
    assert "SA951" in told(table(text))[0]


def test_the_place_of_an_open_quote_is_told() -> None:
    assert told(table('text\nfine\nb,"never\nclosed')) == [
        "posts.csv:3:3: SA951 a quote that opens here is never closed; close it; a quote in a text "
        'is ""'
    ]


# --- the file --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_spreadsheets_save_is_read(encoding: str, delimiter: str) -> None:
    text = f"ID{delimiter}Text\r\nx{delimiter}Grüße, ihr; da\t👋\r\n"
    text = text.replace("Grüße, ihr; da\t👋", '"Grüße, ihr; da\t👋"')
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    found = read_table(mark + text.encode(encoding), "posts.csv", ACME)
    assert told(found) == []
    assert found.rows[0].values == {"account": "acme", "id": "x", "text": "Grüße, ihr; da\t👋"}


def test_the_delimiter_is_told_by_the_header_and_not_by_commas_in_texts() -> None:
    assert values("id;text\na;b, c, d, e\n") == [
        {"account": "acme", "id": "a", "text": "b, c, d, e"}
    ]


def test_a_first_line_can_name_the_delimiter() -> None:
    found = table("sep=;\nid;text\na;b\n")
    assert [(row.number, row.values["text"]) for row in found.rows] == [(3, "b")]


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (b"", "posts.csv:1:1: SA951 the file is empty; write a row of columns first"),
        (
            b"text\nGr\xfc\xdfe\n",
            "posts.csv:2:1: SA951 byte 0xFC is not UTF-8; in Excel, save it as "
            '"CSV UTF-8"; elsewhere choose UTF-8',
        ),
        (
            b"t\0e\0",
            "posts.csv:1:1: SA951 this is no text; export it as CSV or JSON in UTF-8",
        ),
    ],
)
def test_what_is_no_text_is_said_so(data: bytes, finding: str) -> None:
    assert told(read_table(data, "posts.csv", ACME)) == [finding]


def test_empty_rows_are_no_posts_and_count_as_rows() -> None:
    found = table("id,text\n\n,\na,b\n")
    assert [(row.number, row.place.line) for row in found.rows] == [(4, 4)]


# --- columns ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" First Comment ", "first_comment"),
        ("first-comment", "first_comment"),
        ("Media 2", "media2"),
        ("ALT_10", "alt10"),
        ("late.grace", "late.grace"),
    ],
)
def test_a_header_may_be_written_carelessly(written: str, name: str) -> None:
    assert column_of(written) == name


def test_every_bad_column_is_named_before_any_row() -> None:
    found = table("id,Captoin,overrides,late,Text,text,thread,mood\na,b,c,d,e,f,g,h\n")
    assert found.rows == ()
    assert told(found) == [
        'posts.csv:1:4: SA952 unknown column "Captoin"; rename or remove it, or say --ignore '
        '"Captoin"',
        'posts.csv:1:12: SA952 no cell can hold "overrides"; import JSON, where it can be written '
        "as in a post",
        'posts.csv:1:22: SA952 no cell can hold "late"; use columns such as late.grace',
        'posts.csv:1:32: SA952 a second column "text"; keep one of them',
        'posts.csv:1:37: SA952 "thread": threads are not part of this version yet; remove the '
        "column, or say --ignore thread",
        'posts.csv:1:44: SA952 unknown column "mood"; rename or remove it, or say --ignore "mood"',
    ]


def test_a_misspelt_column_gets_a_guess() -> None:
    assert 'did you mean "hashtags"? otherwise' in told(table("text,hashtag\na,b\n"))[0]


def test_a_column_that_is_not_wanted_is_ignored_when_somebody_says_so() -> None:
    ignoring = Terms(accounts=("acme",), ignored=frozenset({"mood"}))
    assert values("text,Mood\na,b\n", ignoring) == [{"account": "acme", "text": "a"}]


def test_without_any_account_the_file_is_refused_once() -> None:
    assert told(table("text\na\nb\n", Terms())) == [
        "posts.csv:1:1: SA959 nothing here says on which account the posts go out; say --account "
        "NAME, or add a column account"
    ]


def test_a_row_of_another_length_is_no_post() -> None:
    found = table("id,text\na\nb,c,d\ne,f,\n")
    assert told(found) == [
        "posts.csv:2:1: SA953 row 2: it has 1 cells, and there are 2 columns; put texts with "
        "separators or line breaks in quotes",
        "posts.csv:3:1: SA953 row 3: it has 3 cells, and there are 2 columns; put texts with "
        "separators or line breaks in quotes",
    ]
    assert found.rows[2].values["text"] == "f"


def test_a_cell_below_no_name_is_not_dropped() -> None:
    assert told(table("text,\na,b\n")) == [
        'posts.csv:2:1: SA953 row 2: "b" stands in a column without a name; name the column in the '
        "first row, or empty the cell"
    ]


def test_all_kinds_of_columns() -> None:
    text = (
        "id,accounts,date,time,timezone,type,text,media,alt,cover,hashtags,first comment,"
        "location,collaborators,draft,late.grace,late.then,share_to_feed\n"
        'a,"acme, bakery",2026-12-01,9:05,UTC,carousel,Hi,"media/one.jpg; ./two.jpg",'
        '"One\nTwo",media/c.jpg,#launch acme,Link in bio,123,"bob ana",true,6h,hold,false\n'
    )
    assert values(text) == [
        {
            "accounts": ["acme", "bakery"],
            "time": "2026-12-01 09:05",
            "media": [
                {"path": "/media/one.jpg", "alt": "One"},
                {"path": "/two.jpg", "alt": "Two"},
            ],
            "id": "a",
            "timezone": "UTC",
            "type": "carousel",
            "text": "Hi",
            "cover": "/media/c.jpg",
            "hashtags": ["launch", "acme"],
            "first_comment": "Link in bio",
            "location": "123",
            "collaborators": ["bob", "ana"],
            "draft": "true",
            "late": {"grace": "6h", "then": "hold"},
            "share_to_feed": "false",
        }
    ]


def test_variables_of_a_template_have_columns_and_keep_their_names() -> None:
    assert values("template,vars.Price_eur,Vars.two words\nsale,{{ 5 }},b\n") == [
        {
            "account": "acme",
            "template": "sale",
            "vars": {"Price_eur": "{{ 5 }}", "two words": "b"},
        }
    ]
    assert "use columns such as vars.price" in told(table("text,vars\na,b\n"))[0]


def test_media_and_their_texts_can_have_columns_of_their_own() -> None:
    (row,) = table("text,media1,alt1,media2,alt2\na,one.jpg,One,two.jpg,\n").rows
    assert row.values["media"] == [{"path": "/one.jpg", "alt": "One"}, "/two.jpg"]
    assert row.place_of(("media", 0, "alt")).name == "alt1"
    assert row.place_of(("media", 1, "path")).name == "media2"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ('"a.jpg b.jpg","One"', 'row 2, column "alt": there are 1 lines for 2 media'),
        (",One", 'row 2, column "alt": it describes file 1, and there are 0'),
    ],
)
def test_a_text_for_no_file_is_not_dropped(cells: str, message: str) -> None:
    assert f"SA957 {message}" in told(table(f"media,alt\n{cells}\n"))[0]


@pytest.mark.parametrize(
    ("cell", "files"),
    [
        ("one.jpg", ["one.jpg"]),
        ("my photo.jpg", ["my photo.jpg"]),
        ("my photo.jpg two.jpeg", ["my photo.jpg", "two.jpeg"]),
        ("v1.0 final.jpg; two.mp4", ["v1.0 final.jpg", "two.mp4"]),
        ("one.jpg,two.jpg", ["one.jpg", "two.jpg"]),
        ("one.jpg\ntwo.jpg\n", ["one.jpg", "two.jpg"]),
        ("https://x.org/a.jpg https://x.org/b.jpg", ["https://x.org/a.jpg", "https://x.org/b.jpg"]),
    ],
)
def test_several_files_in_a_cell(cell: str, files: list[str]) -> None:
    assert files_of(cell) == files


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("media/a.jpg", "/media/a.jpg"),
        ("./a.jpg", "/a.jpg"),
        ("/a.jpg", "/a.jpg"),
        ("https://x.org/a.jpg", "https://x.org/a.jpg"),
        ("C:\\a.jpg", "C:\\a.jpg"),
        ("~/a.jpg", "~/a.jpg"),
    ],
)
def test_paths_are_from_the_root(path: str, kept: str) -> None:
    assert from_root(path) == kept


def test_an_old_reason_gives_way_wherever_its_column_was_moved() -> None:
    text = 'id;Finding;text;time\r\na;"old; one";"x; ""y""\nz";1/2/2026\r\n b;;c\r\n'
    found = rejected_text(table(text))
    header, first, second = csv.reader(io.StringIO(found, newline=""), delimiter=";")
    assert header == ["id", "text", "time", "finding"]
    assert first[:3] == ["a", 'x; "y"\nz', "1/2/2026"]
    assert first[3].startswith('SA954 column "time": "1/2/2026" does not say')
    assert second[:3] == [" b", "c", second[2]]
    assert "SA953 it has 3 cells" in second[2]


# --- accounts --------------------------------------------------------------------------------


def test_accounts_can_be_called_otherwise_in_the_file() -> None:
    terms = Terms(names={"Acme Inc": "acme", "Old shop": ""})
    text = 'account,text\nAcme Inc,a\nbakery,b\nOld shop,c\n"Acme Inc; Old shop",d\n'
    found = table(text, terms)
    accounts = [row.values.get("account") for row in found.rows]
    assert accounts == ["acme", "bakery", None, "acme"]
    assert [row.left_out for row in found.rows] == [False, False, True, False]
    assert told(found) == [
        'posts.csv:4:1: SA958 row 4, column "account": this account is not imported; say --map '
        "NAME=ACCOUNT to import it"
    ]


# --- times -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-12-01 09:00", "2026-12-01 09:00"),
        ("2026-12-1 9:00", "2026-12-01 09:00"),
        ("2026/12/01 9:05 PM", "2026-12-01 21:05"),
        ("2026-12-01 12:00 am", "2026-12-01 00:00"),
        ("2026-12-01T09:00:00.000Z", "2026-12-01 09:00Z"),
        ("2026-12-01T09:00:30+01:00", "2026-12-01 09:00:30+01:00"),
        ("2026-12-01", "2026-12-01"),
        ("tomorrow", "tomorrow"),
        ("2026-12-01 13:00 PM", "2026-12-01 13:00 PM"),
        ("46357.375", "46357.375"),
    ],
)
def test_times_with_the_year_first_need_no_help(text: str, time: str) -> None:
    assert iso_time(text, "") == time
    assert iso_time(text, "dmy") == time


@pytest.mark.parametrize(
    ("text", "dmy", "mdy"),
    [
        ("1.12.2026 09:00", "2026-12-01 09:00", "2026-01-12 09:00"),
        ("12/1/2026 9:00 AM", "2026-01-12 09:00", "2026-12-01 09:00"),
        ("1/23/26 17:30", "2026-23-01 17:30", "2026-01-23 17:30"),
        ("01-12-2026, 17:30", "2026-12-01 17:30", "2026-01-12 17:30"),
    ],
)
def test_other_dates_are_read_as_somebody_says_and_never_guessed(
    text: str, dmy: str, mdy: str
) -> None:
    assert (iso_time(text, "dmy"), iso_time(text, "mdy")) == (dmy, mdy)
    assert isinstance(iso_time(text, ""), Words)


def test_both_readings_are_named() -> None:
    ambiguous, clear = iso_time("1.12.2026 09:00", ""), iso_time("25/12/2026 09:00", "")
    assert ambiguous == Words(
        "SA954",
        '"1.12.2026 09:00" does not say which is the month',
        "say --date-format dmy for 2026-12-01 or --date-format mdy for 2026-01-12",
    )
    assert isinstance(clear, Words)
    assert clear.hint == "say --date-format dmy for 2026-12-25"


def test_a_zone_is_for_times_that_do_not_say_theirs() -> None:
    terms = Terms(accounts=("acme",), timezone="America/New_York")
    found = values(
        "time,timezone\n2026-12-01 09:00,\n2026-12-01 09:00Z,\n2026-12-01 09:00,UTC\n", terms
    )
    assert [one.get("timezone") for one in found] == ["America/New_York", None, "UTC"]


def sequence(text: str) -> Sequence[str]:
    return [str(row.values.get("text")) for row in table(text).rows]


def test_texts_keep_their_line_breaks_and_quotes() -> None:
    assert sequence('text\n"a\r\n""b""\r\n\r\nc"\n') == ['a\n"b"\n\nc']
