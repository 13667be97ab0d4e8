from __future__ import annotations

from datetime import timedelta

import pytest

from socialauto.core.likeness import alike, near_pairs, runs_of
from socialauto.core.message import Message
from support.builders import HOUR, NOON, message

WEEK = timedelta(days=7)
RYE = "Our new rye bread rests for two days before it meets the oven, and you can taste that."


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (RYE, 1.0),
        (RYE.upper().replace(",", " –"), 1.0),
        (f"{RYE} #bread #rye", 1.0),
        (RYE.replace("taste", "smell"), 0.78),
        ("Today the oven stays cold, because all of us are at the fair in the next town.", 0.0),
        (f"{RYE} {RYE[::-1]} {RYE.replace(' ', ' x')}", 0.0),
    ],
)
def test_texts_are_compared_by_their_runs_of_words(other: str, share: float) -> None:
    assert alike(runs_of(RYE), runs_of(other)) == pytest.approx(share, abs=0.01)


def test_a_short_text_is_like_no_other() -> None:
    assert runs_of("See you at the fair on Monday #fair #acme") == frozenset()
    assert alike(frozenset(), frozenset()) == 0.0


def pairs(*lane: tuple[timedelta, str, Message], now: timedelta = -WEEK) -> list[tuple[int, int]]:
    moved = [(NOON + after, post, message) for after, post, message in lane]
    return [(first, second) for first, second, _ in near_pairs(moved, WEEK, NOON + now)]


SMELL = message(RYE.replace("taste", "smell"))
BLUE = message(RYE.replace("taste", "smell"), blob="b" * 40)
ZERO = timedelta(0)


@pytest.mark.parametrize(
    ("after", "other", "found"),
    [
        (2 * HOUR, SMELL, [(0, 1)]),
        (WEEK, SMELL, [(0, 1)]),
        (WEEK + HOUR, SMELL, []),
        (ZERO, SMELL, []),  # the same instant has a finding of its own
        (HOUR, message(RYE), []),  # equal texts have a finding of their own
        (HOUR, BLUE, []),  # with another picture, more has to be the same
        (HOUR, message(RYE, blob="b" * 40), [(0, 1)]),
    ],
)
def test_two_posts_near_each_other(
    after: timedelta, other: Message, found: list[tuple[int, int]]
) -> None:
    assert pairs((ZERO, "one", message(RYE)), (after, "two", other)) == found


def test_dates_of_one_series_may_resemble_each_other() -> None:
    assert pairs((ZERO, "one", message(RYE)), (HOUR, "one", SMELL)) == []


def test_what_is_past_is_compared_with_and_not_judged() -> None:
    lane = ((ZERO, "one", message(RYE)), (HOUR, "two", SMELL))
    assert pairs(*lane, now=HOUR / 2) == [(0, 1)]
    assert pairs(*lane, now=2 * HOUR) == []


def test_ten_thousand_alike_in_a_week_are_compared_with_few_each() -> None:
    words = [f"{RYE} And now for number {number}." for number in range(2_000)]
    lane = [
        (NOON + timedelta(minutes=number), f"p{number}", message(text))
        for number, text in enumerate(words)
    ]
    found = list(near_pairs(lane, WEEK, NOON - WEEK))
    assert [(first, second) for first, second, _ in found] == [
        (number - 1, number) for number in range(1, 2_000)
    ]


def test_the_far_ones_of_a_crowd_are_not_compared() -> None:
    crowd = [
        (timedelta(minutes=number), f"p{number}", message(" ".join([f"w{number}"] * 9)))
        for number in range(1, 51)
    ]
    seen = ((ZERO, "one", message(RYE)), *crowd[:49], (HOUR, "two", SMELL))
    assert pairs(*seen) == [(0, 50)]
    unseen = ((ZERO, "one", message(RYE)), *crowd, (HOUR, "two", SMELL))
    assert pairs(*unseen) == []
