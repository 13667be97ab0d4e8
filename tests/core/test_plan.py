"""One delivery, one entry, one instant: one step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialauto.core.delivery import LatePolicy
from socialauto.core.guard import make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.plan import Circumstances, Kind, decide
from support.builders import (
    HOUR,
    MINUTE,
    NOON,
    attempt,
    config,
    delivery,
    entry,
    lease,
    snapshot,
)

POST = delivery()
OTHER_DIGEST = "sha256:" + "0" * 64


def world(now: Any = NOON, **more: Any) -> Circumstances:
    return Circumstances(now, NOON - 24 * HOUR, 2 * MINUTE, 3, **more)


def in_state(state: State, **more: Any) -> Entry:
    return entry(POST, state, **more)


TABLE = [
    # what the files say, what the ledger says, now → step
    ("not due", POST, None, NOON - MINUTE, Kind.WAIT),
    ("due to the second", POST, None, NOON, Kind.PUBLISH),
    ("late within grace", POST, None, NOON + 6 * HOUR, Kind.PUBLISH),
    ("too late", POST, None, NOON + 6 * HOUR + MINUTE, Kind.MISSED),
    ("draft", delivery(draft=True), None, NOON, Kind.DRAFT),
    ("broken file", delivery(invalid="a.md:1:1: SA101 x"), None, NOON, Kind.INVALID),
    ("late, hold", delivery(late=LatePolicy(HOUR, "hold")), None, NOON + 2 * HOUR, Kind.HELD),
    (
        "late, publish",
        delivery(late=LatePolicy(HOUR, "publish")),
        None,
        NOON + 200 * HOUR,
        Kind.PUBLISH,
    ),
    ("before the ledger", delivery(due=NOON - 25 * HOUR), None, NOON, Kind.BLOCKED),
    ("published", POST, in_state(State.PUBLISHED), NOON + HOUR, Kind.DONE),
    ("edited after", POST, in_state(State.PUBLISHED, digest=OTHER_DIGEST), NOON, Kind.DRIFT),
    ("re-timed after", POST, in_state(State.PUBLISHED, due=NOON - HOUR), NOON, Kind.DONE),
    (
        "broken after",
        delivery(invalid="x"),
        in_state(State.PUBLISHED, digest=OTHER_DIGEST),
        NOON,
        Kind.DONE,
    ),
    ("deleted", POST, in_state(State.DELETED), NOON, Kind.DONE),
    ("intent, lease runs", POST, in_state(State.INTENT), NOON + 29 * MINUTE, Kind.BUSY),
    ("intent, settle time", POST, in_state(State.INTENT), NOON + 31 * MINUTE, Kind.BUSY),
    ("intent, left alone", POST, in_state(State.INTENT), NOON + 32 * MINUTE, Kind.SETTLE),
    ("intent, draft now", delivery(draft=True), in_state(State.INTENT), NOON + HOUR, Kind.SETTLE),
    ("intent, missed now", POST, in_state(State.INTENT), NOON + 99 * HOUR, Kind.SETTLE),
    ("retry, waits", POST, in_state(State.RETRY, not_before=NOON + MINUTE), NOON, Kind.WAIT),
    ("retry, ready", POST, in_state(State.RETRY, not_before=NOON), NOON, Kind.RETRY),
    ("retry, too late", POST, in_state(State.RETRY, not_before=NOON), NOON + 7 * HOUR, Kind.MISSED),
    ("retry, moved", delivery(due=NOON + HOUR), in_state(State.RETRY), NOON, Kind.WAIT),
    ("failed", POST, in_state(State.FAILED, reason="too long"), NOON + HOUR, Kind.FAILED),
    ("failed, mended", POST, in_state(State.FAILED, digest=OTHER_DIGEST), NOON, Kind.PUBLISH),
    ("missed", POST, in_state(State.MISSED), NOON + HOUR, Kind.MISSED),
    ("missed, new time", POST, in_state(State.MISSED, due=NOON - 20 * HOUR), NOON, Kind.PUBLISH),
    ("skipped", POST, in_state(State.SKIPPED), NOON, Kind.MISSED),
    ("held in doubt", POST, in_state(State.HELD), NOON, Kind.HELD),
    ("held in doubt, moved", POST, in_state(State.HELD, due=NOON - HOUR), NOON, Kind.HELD),
    ("held late", POST, in_state(State.HELD, late_hold=True), NOON, Kind.HELD),
    (
        "held late, new time",
        POST,
        in_state(State.HELD, late_hold=True, due=NOON - HOUR),
        NOON,
        Kind.PUBLISH,
    ),
]


@pytest.mark.parametrize(("post", "known", "now", "kind"), [row[1:] for row in TABLE],
                         ids=[row[0] for row in TABLE])  # fmt: skip
def test_the_table(post: Any, known: Entry | None, now: Any, kind: Kind) -> None:
    assert decide(post, known, world(now)).kind is kind


@pytest.mark.parametrize("state", [State.PUBLISHED, State.DELETED])
@pytest.mark.parametrize("days", [-400, -1, 0, 1, 400])
def test_a_post_the_ledger_knows_is_never_published_again(state: State, days: int) -> None:
    post = delivery(text="Edited", due=NOON + timedelta(days=days))
    step = decide(post, in_state(state), world(NOON + timedelta(days=abs(days))))
    assert step.kind in (Kind.DONE, Kind.DRIFT)


def test_history_goes_out_only_when_somebody_asks() -> None:
    old = delivery(due=NOON - 25 * HOUR, late=LatePolicy(HOUR, "publish"))
    assert decide(old, None, world()).guard == "history"
    assert decide(old, None, world(history_allowed=True)).kind is Kind.PUBLISH


def test_an_open_intent_is_settled_even_when_its_file_is_gone() -> None:
    plan = make_plan([], snapshot(in_state(State.INTENT)), config(), now=NOON + HOUR)
    assert [step.kind for step in plan.steps] == [Kind.SETTLE]


def test_an_entry_without_a_file_is_an_orphan() -> None:
    plan = make_plan([], snapshot(in_state(State.PUBLISHED)), config(), now=NOON)
    assert [(step.kind, step.reason) for step in plan.steps] == [
        (Kind.ORPHAN, "published; its file is gone")
    ]


def test_fresh_decisions_are_recorded_and_known_ones_are_not() -> None:
    late = NOON + 9 * HOUR
    assert decide(POST, None, world(late)).record
    assert not decide(POST, in_state(State.MISSED), world(late)).record


def test_a_retry_says_which_try_it_is_and_why() -> None:
    known = in_state(State.RETRY, tries=1, attempts=(attempt(message="host did not answer"),))
    assert decide(POST, known, world()).reason == "try 2 of 3: host did not answer"


def test_the_reason_of_a_busy_delivery_names_the_run_and_its_end() -> None:
    known = in_state(State.INTENT, lease=lease(NOON, run="gh-7"))
    assert decide(POST, known, world()).reason == "run gh-7 has it until 2026-12-01 12:30 UTC"


def test_what_acts_comes_first_and_by_due_time() -> None:
    posts = [
        delivery("later", due=NOON + HOUR),
        delivery("second", due=NOON - MINUTE),
        delivery("first", due=NOON - HOUR),
    ]
    plan = make_plan(posts, snapshot(), config(), now=NOON)
    assert [step.key.post for step in plan.steps] == ["first", "second", "later"]
