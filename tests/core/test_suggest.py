from __future__ import annotations

import pytest

from socialauto.core.suggest import closest, did_you_mean, one_of, quoted


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("accont", "account"),
        ("ACCOUNT", "account"),
        ("hashtag", "hashtags"),
        ("mood", None),
        ("", None),
    ],
)
def test_a_misspelt_word_is_recognised(word: str, expected: str | None) -> None:
    assert closest(word, ["account", "hashtags", "media"]) == expected


def test_a_huge_word_costs_nothing() -> None:
    assert closest("x" * 1_000_000, ["account"]) is None


def test_a_hint_falls_back_to_other_words() -> None:
    assert did_you_mean("tme", ["time"]) == 'did you mean "time"?'
    assert did_you_mean("zzz", ["time"], otherwise="use time") == "use time"


def test_lists_and_values_are_shown_as_people_write_them() -> None:
    assert [one_of([]), one_of("a"), one_of("ab"), one_of("abc")] == [
        "",
        "a",
        "a or b",
        "a, b or c",
    ]
    assert quoted("a\n b") == '"a b"'
    assert quoted("x" * 100) == '"' + "x" * 59 + '…"'
