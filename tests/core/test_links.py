from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialauto.core.links import addresses, leads_to, tagged, with_parameters

OURS = ("example.org", "müller.example")
NEWS = {"source": "instagram", "medium": "social"}
TAG = "utm_source=instagram&utm_medium=social"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org.", ["https://example.org"]),
        ("(https://example.org/a_(b)) and", ["https://example.org/a_(b)"]),
        ("„https://example.org/x“, ok", ["https://example.org/x"]),
        ("**https://example.org/x**!", ["https://example.org/x"]),
        ("https://example.org/?a=1&b=[2]#c, http://b.example", None),
        ("example.org and mailto:a@example.org", []),
        ("ahttps://example.org", []),
        ("HTTPS://EXAMPLE.ORG/A…", ["HTTPS://EXAMPLE.ORG/A"]),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(text: str, found: list[str] | None) -> None:
    expected = ["https://example.org/?a=1&b=[2]#c", "http://b.example"] if found is None else found
    assert [text[begin:end] for begin, end in addresses(text)] == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.org", f"https://a.org?{TAG}"),
        ("https://a.org/p?x=1#top", f"https://a.org/p?x=1&{TAG}#top"),
        ("https://a.org/?", f"https://a.org/?{TAG}"),
        ("https://a.org/?x=%20&", f"https://a.org/?x=%20&{TAG}"),
        ("https://a.org/?utm_source=mail", "https://a.org/?utm_source=mail&utm_medium=social"),
        (f"https://a.org/?{TAG}#?x", f"https://a.org/?{TAG}#?x"),
    ],
)
def test_parameters_are_added_and_nothing_else_changes(address: str, expected: str) -> None:
    assert with_parameters(address, NEWS) == expected


def test_values_are_written_as_addresses_have_them() -> None:
    found = with_parameters("https://a.org", {"campaign": "Brot & Spiele/ä"})
    assert found == "https://a.org?utm_campaign=Brot%20%26%20Spiele%2F%C3%A4"


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("https://example.org/a", True),
        ("https://shop.example.org:8443", True),
        ("https://EXAMPLE.org.", True),
        ("https://user@example.org", True),
        ("https://xn--mller-kva.example", True),
        ("https://www.müller.example", True),
        ("https://badexample.org", False),
        ("https://example.org.evil.example", False),
        ("https://evil.example/?https://example.org", False),
        ("https://[bad", False),
    ],
)
def test_only_links_of_the_team_are_its_own(address: str, ours: bool) -> None:
    assert leads_to(address, OURS) is ours


def test_other_peoples_links_stay() -> None:
    text = "Ours: https://example.org/a. Theirs: https://b.example/a."
    assert tagged(text, NEWS, OURS) == text.replace("/a. T", f"/a?{TAG}. T")


@given(st.text(alphabet="ab:/.?&=#()* \nhtps", max_size=30))
def test_tagging_twice_is_tagging_once(noise: str) -> None:
    text = f"{noise}https://example.org/{noise} {noise}"
    once = tagged(text, NEWS, OURS)
    assert tagged(once, NEWS, OURS) == once
