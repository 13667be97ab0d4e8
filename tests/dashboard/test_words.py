"""Texts of people on pages: what is shown, what is cut, what may be a link."""

from __future__ import annotations

import pytest

from socialauto.core.fold import FOLD
from socialauto.core.plan import Kind
from socialauto.dashboard.words import (
    STATUS_WORDS,
    folded,
    lateness,
    listed,
    readable,
    tagged,
    tags,
    title,
    web_link,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello\nworld", "Hello"),
        ("\n  \n  Second   line ", "Second line"),
        ("", "the-id"),
        ("\u200b\u200d\u2060\n\u3000", "the-id"),
        ("\u202egnp.cod", "gnp.cod"),
        ("a\x00b", "a\ufffdb"),
        ("x" * 200, "x" * 79 + "…"),
        ("שלום", "שלום"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_a_title_is_the_first_line_that_shows_anything(text: str, expected: str) -> None:
    assert title(text, "the-id") == expected


def test_a_short_caption_is_not_folded() -> None:
    assert folded("One coffee.\nTwo moods.") == ("One coffee.\nTwo moods.", False)


def test_a_long_caption_is_folded_at_a_word() -> None:
    text = "coffee " * 40
    short, more = folded(text)
    assert more
    assert short.endswith("coffee")
    assert len(short) <= FOLD


def test_a_third_line_is_folded_away() -> None:
    assert folded("a\nb\nc") == ("a\nb", True)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "//evil.example", "/etc/passwd", "", None,
        "https://a b", 'https://a"onmouseover="x', "java\nscript:x", "https://\u202eevil",
        " https://a", "file:///etc/passwd", "https:\\\\evil",
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert web_link(url) == ""


@pytest.mark.parametrize("url", ["https://www.instagram.com/p/C1/", "http://127.0.0.1:8700/x"])
def test_addresses_of_the_web_become_links(url: str) -> None:
    assert web_link(url) == url


def test_halves_of_characters_and_line_ends_are_made_readable() -> None:
    assert readable("a\ud800b\r\nc\rd\te") == "a\ufffdb\nc\nd\te"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(None, ""), (2, "on time"), (-3, "on time"), (400, "6 min late")]
)
def test_lateness_in_words(seconds: float | None, expected: str) -> None:
    assert lateness(seconds) == expected


def test_every_step_has_words() -> None:
    assert {kind.value for kind in Kind} - {"done"} <= set(STATUS_WORDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One #Coffee, two #coffee #Tag_2", ("coffee", "tag_2")),
        ("a#b &#39; https://acme.example/#top #", ()),
        ("＃コーヒー #Straße", ("コーヒー", "straße")),
    ],
)
def test_hashtags_are_found_as_the_platform_finds_them(
    text: str, expected: tuple[str, ...]
) -> None:
    assert tags(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi @lena #a", 'Hi <span class="tag">@lena</span> <span class="tag">#a</span>'),
        ("#a<b>", '<span class="tag">#a</span>&lt;b&gt;'),
        ("mail me@acme.example", "mail me@acme.example"),
        ('<i>@x"', '&lt;i&gt;<span class="tag">@x</span>&#34;'),
    ],
)
def test_what_is_set_apart_is_escaped_with_the_rest(text: str, expected: str) -> None:
    assert tagged(text) == expected


def test_several_names_are_listed_and_one_stands_alone() -> None:
    assert (listed(["a", "b"]), listed(("a",)), listed("a")) == ("a, b", "a", "a")
