"""A renamed file is a new post, and does not go out as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from socialauto.core.config import Guard
from socialauto.core.delivery import Delivery
from socialauto.core.guard import Terms, make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.plan import Kind, Step
from support.builders import HOUR, NOON, config, delivery, entry, lease, snapshot

DAY = 24 * HOUR
DUE = NOON - HOUR


def step(new: Delivery, *known: Entry, duplicates: timedelta = 7 * DAY, **terms: Any) -> Step:
    settings = config("acme", "bakery", guard=Guard(duplicates=duplicates))
    plan = make_plan([new], snapshot(*known), settings, now=NOON, terms=Terms(**terms))
    (found,) = (one for one in plan.steps if one.key == new.key)
    return found


def old(at: Any = DUE, state: State = State.PUBLISHED, **more: Any) -> Entry:
    seen = {"published_at": at} if state is State.PUBLISHED else {}
    return entry(delivery("old", due=at, text="The words"), state, **(seen | more))


def new(due: Any = DUE, text: str = "The words", **more: Any) -> Delivery:
    return delivery("new", due=due, text=text, **more)


WORDS = (
    'reads like "old", published 2026-12-01 11:00 UTC, whose file is gone: if it was renamed, '
    'write id: old; if it is meant, type "--allow duplicate"'
)


def test_a_renamed_post_is_named_and_blocked() -> None:
    found = step(new(), old())
    assert (found.kind, found.guard, found.reason) == (Kind.BLOCKED, "duplicate", WORDS)


@pytest.mark.parametrize("duplicates", [timedelta(0), 7 * DAY], ids=["off", "over"])
def test_it_is_blocked_however_long_ago_the_old_one_went_out(duplicates: timedelta) -> None:
    found = step(new(NOON), old(NOON - 20 * DAY), duplicates=duplicates)
    assert (found.kind, found.guard) == (Kind.BLOCKED, "duplicate")


def test_a_renamed_post_with_other_words_is_known_by_its_time() -> None:
    found = step(new(text="The words, mended"), old())
    assert found.kind is Kind.BLOCKED
    assert found.reason.startswith('has the very time of "old", published')


def test_a_person_can_say_that_it_is_meant() -> None:
    found = step(new(), old(), allowed=frozenset({"duplicate"}))
    assert found.kind is Kind.PUBLISH


def test_with_the_old_id_it_is_the_old_post() -> None:
    kept = replace(new(), key=replace(new().key, post="old"))
    assert step(kept, old()).kind is Kind.DONE


@pytest.mark.parametrize(
    ("due", "kind"), [(NOON + HOUR, Kind.WAIT), (NOON - 8 * HOUR, Kind.MISSED)]
)
def test_what_would_not_go_out_now_is_named_only(due: Any, kind: Kind) -> None:
    found = step(new(due), old())
    assert found.kind is kind
    assert "whose file is gone: if it was renamed, write id: old" in found.reason


@pytest.mark.parametrize(
    "known",
    [
        old(state=State.INTENT, lease=lease(NOON)),
        old(state=State.HELD, reason="nobody knows"),
        old(state=State.DELETED),
    ],
    ids=["intent", "held", "deleted"],
)
def test_what_may_have_been_public_counts(known: Entry) -> None:
    assert step(new(), known).kind is Kind.BLOCKED


@pytest.mark.parametrize(
    "known",
    [
        old(state=State.MISSED, reason="late"),
        old(state=State.RETRY),
        old(state=State.HELD, late_hold=True, reason="late"),
        old().model_copy(update={"account": "bakery"}),
        old().model_copy(update={"occurrence": "2026-12-01T11:00"}),
    ],
    ids=["missed", "retry", "late", "another account", "series"],
)
def test_what_nobody_has_seen_there_does_not(known: Entry) -> None:
    assert step(new(), known, duplicates=timedelta(0)).kind is Kind.PUBLISH


def test_a_post_whose_file_is_there_is_no_renamed_one() -> None:
    kept = delivery("old", due=NOON - 20 * DAY, text="The words")
    plan = make_plan([kept, new()], snapshot(old(NOON - 20 * DAY)), config(), now=NOON)
    assert {one.key.post: one.kind for one in plan.steps} == {
        "old": Kind.DONE,
        "new": Kind.PUBLISH,
    }
