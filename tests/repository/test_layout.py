"""Names and bytes of ledger entries."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Attempt, Entry, Header, Lease, Provenance, State
from socialauto.core.outcome import ErrorClass
from socialauto.repository.layout import entry_path, parse_entry, parse_header, to_bytes

DUE = datetime(2026, 12, 1, 8, tzinfo=UTC)

awkward = st.sampled_from(
    [
        *(
            "",
            ".",
            "..",
            "/",
            "\\",
            "\0",
            "\n",
            " ",
            "%",
            "%61",
            "~",
            "@",
            ".json",
            "con",
            "ledger",
        ),
        *("a", "A", "é", "e\u0301", "ß", "ſ", "\u212a", "ı", "x" * 121),
        *("2026-12-07T09:00", "2026-12-07t0900"),
    ]
)
texts = st.lists(awkward | st.text(max_size=8), max_size=4).map("".join)
keys = st.builds(DeliveryKey, texts, texts, texts)


def same_post(one: DeliveryKey, other: DeliveryKey) -> bool:
    """Ids that differ only in how accents are encoded are the same id."""
    return all(
        unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b)
        for a, b in zip(_parts(one), _parts(other), strict=True)
    )


def _parts(key: DeliveryKey) -> tuple[str, str, str]:
    return key.account, key.post, key.occurrence


def as_a_careless_disk_sees(path: str) -> str:
    return unicodedata.normalize("NFD", path).casefold()


@pytest.mark.parametrize(
    ("key", "path"),
    [
        (("acme-instagram", "launch-2026"), "ledger/acme-instagram/launch-2026.json"),
        (("acme", "2026/12/launch"), "ledger/acme/2026/12/launch.json"),
        (
            ("acme", "monday-quote", "2026-12-07T09:00"),
            "ledger/acme/monday-quote@2026-12-07t0900.json",
        ),
        (("acme", "Launch"), "ledger/acme/%4caunch.json"),
        (("acme", "a.b c"), "ledger/acme/a%2eb%20c.json"),
        (("acme", "grüße"), "ledger/acme/gr%c3%bc%c3%9fe.json"),
        (("acme", "../../etc/passwd"), "ledger/acme/%2e%2e/%2e%2e/etc/passwd.json"),
        (("acme", "/a//b"), "ledger/acme/%/a/%/b.json"),
        (("acme", "a@b"), "ledger/acme/a%40b.json"),
        (("acme", "con"), "ledger/acme/%63on.json"),
        (("acme", "x", "2026-12-07t0900"), "ledger/acme/x@%2026-12-07t0900.json"),
    ],
)
def test_a_delivery_has_a_readable_and_safe_file_name(key: tuple[str, ...], path: str) -> None:
    assert entry_path(DeliveryKey(*key)) == path


@settings(max_examples=100, deadline=None)
@given(keys, keys)
@example(DeliveryKey("a", "b/c"), DeliveryKey("a", "b%2fc"))
@example(DeliveryKey("a", "b", "c"), DeliveryKey("a", "b@c"))
@example(DeliveryKey("a", "b", "2026-12-07T09:00"), DeliveryKey("a", "b", "2026-12-07t0900"))
@example(DeliveryKey("a", "x" * 200), DeliveryKey("a", "x" * 201))
@example(DeliveryKey("a", "K"), DeliveryKey("a", "k"))
def test_two_deliveries_never_share_a_file(one: DeliveryKey, other: DeliveryKey) -> None:
    assume(not same_post(one, other))
    paths = [as_a_careless_disk_sees(entry_path(key)) for key in (one, other)]
    assert paths[0] != paths[1]


@settings(max_examples=100, deadline=None)
@given(keys)
def test_a_file_stays_below_its_accounts_folder(key: DeliveryKey) -> None:
    path = entry_path(key)
    segments = path.split("/")
    assert segments[0] == "ledger"
    assert segments[1] == entry_path(DeliveryKey(key.account, "x")).split("/")[1]
    assert len(segments) >= 3
    assert path.endswith(".json")
    assert path.isascii()
    assert path == path.lower()
    assert all(0 < len(segment) <= 255 for segment in segments)
    assert all("." not in segment for segment in segments[:-1])
    assert segments[-1].count(".") == 1


@settings(max_examples=100, deadline=None)
@given(texts)
def test_a_name_that_was_not_shortened_can_be_read_back(post: str) -> None:
    path = entry_path(DeliveryKey("acme", post))
    assume("~" not in path)
    stem = path.removeprefix("ledger/acme/").removesuffix(".json")
    read_back = "/".join("" if part == "%" else unquote(part) for part in stem.split("/"))
    assert read_back == unicodedata.normalize("NFC", post)


def test_a_long_name_is_shortened_between_two_escapes() -> None:
    for length in range(40, 60):
        segment = entry_path(DeliveryKey("acme", "x" * (length % 3) + "é" * length)).split("/")[-1]
        kept = segment.removesuffix(".json").partition("~")[0]
        assert len(kept) > 80
        assert re.fullmatch("x*(%[0-9a-f]{2})+", kept)


def full_entry() -> Entry:
    return Entry(
        account="acme",
        post="grüße/launch",
        occurrence="2026-12-07T09:00",
        state=State.INTENT,
        due=DUE,
        digest="sha256:00",
        handle={"b": 1, "a": {"nested": [1, None]}},
        lease=Lease(run="run-1", until=DUE, since=DUE.replace(microsecond=120)),
        tries=1,
        attempts=(Attempt(at=DUE, stage="publish", kind=ErrorClass.TRANSIENT, message="späääter"),),
        provenance=Provenance(commit="a" * 40),
    )


def test_an_entry_is_written_with_one_field_a_line_in_order() -> None:
    entry = Entry(account="acme", post="launch", state=State.PUBLISHED, due=DUE, digest="sha256:1f")
    assert to_bytes(entry).decode() == (
        "{\n"
        '  "account": "acme",\n'
        '  "digest": "sha256:1f",\n'
        '  "due": "2026-12-01T08:00:00Z",\n'
        '  "post": "launch",\n'
        '  "state": "published"\n'
        "}\n"
    )


def test_reading_and_writing_an_entry_changes_nothing() -> None:
    entry = full_entry()
    data = to_bytes(entry)
    assert parse_entry(data) == entry
    assert to_bytes(parse_entry(data)) == data


def test_reading_and_writing_a_header_changes_nothing() -> None:
    header = Header(format=1, lineage="0123", began=DUE)
    assert to_bytes(parse_header(to_bytes(header))) == to_bytes(header)


@pytest.mark.parametrize(
    ("data", "clause"),
    [
        (b"", "is damaged: Invalid JSON: EOF while parsing a value"),
        (b"[]", "is damaged: Input should be an object"),
        (b"\xff", "is damaged: Invalid JSON"),
        (b'{"account": "a"}', "is damaged: post: Field required"),
        (to_bytes(full_entry()).replace(b'"intent"', b'"sent"'), "is damaged: state: Input should"),
        (to_bytes(full_entry()).replace(b'"run"', b'"ran"'), "is damaged: lease.run: Field"),
    ],
)
def test_a_damaged_entry_is_named_by_its_first_flaw(data: bytes, clause: str) -> None:
    with pytest.raises(ValueError, match="is damaged") as caught:
        parse_entry(data)
    assert str(caught.value).startswith(clause)


def test_a_header_of_a_newer_format_asks_for_a_newer_version() -> None:
    with pytest.raises(ValueError, match="has format 2, and this version knows formats up to 1"):
        parse_header(b'{"format": 2, "anything": "else"}')
