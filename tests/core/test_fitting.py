from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialauto.core.check_text import length_of
from socialauto.core.fitting import clusters, shortened

FAMILY = "👩‍👩‍👧‍👦"
TEXTS = st.text(alphabet="ab ,.\n…é" + FAMILY + "🇩🇪👍🏽" + "e\u0301", max_size=60)


def utf16(text: str) -> int:
    return length_of(text, "utf16")


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("Rye takes two days.", 19, "Rye takes two days."),
        ("Rye takes two days.", 18, "Rye takes two…"),
        ("Rye takes two days.", 14, "Rye takes two…"),
        ("Rye takes two days.", 13, "Rye takes…"),
        ("Rye, wheat, spelt", 11, "Rye, wheat…"),
        ("Donaudampfschiff", 8, "Donauda…"),
        ("パンを焼くのは楽しい", 6, "パンを焼く…"),
        ("See https://example.org/a/long/path", 20, "See…"),
        ("https://example.org/a/long/path", 20, "…"),
        (f"Us: {FAMILY}{FAMILY}{FAMILY}", 6, f"Us: {FAMILY}…"),
        ("🇩🇪🇫🇷🇮🇹", 2, "🇩🇪…"),
        ("Hello", 1, "…"),
        ("Hello", 0, ""),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_word(text: str, room: int, expected: str) -> None:
    assert shortened(text, room) == expected


def test_the_room_is_measured_as_the_caller_counts() -> None:
    assert shortened("👍👍👍👍", 7, utf16) == "👍👍👍…"
    assert shortened("👍👍👍👍", 8, utf16) == "👍👍👍👍"


@given(TEXTS)
def test_clusters_are_the_whole_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@given(TEXTS, st.integers(0, 40))
def test_what_is_cut_fits_and_is_a_beginning(text: str, room: int) -> None:
    cut = shortened(text, room, utf16)
    assert utf16(cut) <= max(room, 0)
    if cut != text:
        kept = cut.removesuffix("…")
        assert text.startswith(kept)
        assert "".join(clusters(text)).startswith("".join(clusters(kept)))
        assert not kept or list(clusters(text))[: len(list(clusters(kept)))] == list(clusters(kept))
