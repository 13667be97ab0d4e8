"""Which posts read alike. The fingerprint is in every ledger, so it never changes."""

from __future__ import annotations

import unicodedata

import pytest

from socialauto.core.media_facts import UnreadableMedia
from socialauto.core.message import MediaItem, Message, PostType


def _fingerprint(text: str, *blobs: str) -> str:
    facts = UnreadableMedia(0, "")
    media = tuple(MediaItem(path=f"{blob}.jpg", blob=blob, facts=facts) for blob in blobs)
    return Message("instagram", PostType.IMAGE, text, media).fingerprint


@pytest.mark.parametrize(
    "text",
    [
        "two doors one street",
        "  TWO   doors;\n\none_street!",
        "#Two #doors — one street 🚪",
        "Ｔｗｏ doors, one street.",
    ],
)
def test_case_spacing_and_punctuation_make_no_difference(text: str) -> None:
    assert _fingerprint(text, "a", "b") == _fingerprint("Two doors, one street.", "b", "a")


@pytest.mark.parametrize(
    "text", ["Two doors, one streets.", "Two doors one", "Twodoors one street"]
)
def test_words_make_a_difference(text: str) -> None:
    assert _fingerprint(text) != _fingerprint("Two doors, one street.")


def test_it_is_what_older_ledgers_have() -> None:
    assert _fingerprint("Öffnung am 1. Mai: Straße_7, ½ Preis!", "a1") == (
        "d8731096bcecd76c7f619c59a8dc5e1e"
    )


def test_a_word_is_made_of_what_python_calls_letters_and_digits() -> None:
    """All of Unicode, a character at a time: each counts, or it does not."""
    nothing = _fingerprint("a")
    for char in map(chr, range(0x3000)):
        folded = unicodedata.normalize("NFKC", char).casefold()
        counts = _fingerprint(f"a {char}") != nothing
        assert counts == any(one.isalnum() for one in folded), f"U+{ord(char):04X}"
