"""Entries made from what happened, and when it is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialauto.core import record
from socialauto.core.config import Retries
from socialauto.core.ledger import (
    TRANSITIONS,
    Change,
    Entry,
    IllegalTransitionError,
    State,
    check_transition,
)
from socialauto.core.outcome import ErrorClass, Problem, Published
from socialauto.core.retry import wait_after
from support.builders import HOUR, MINUTE, NOON, delivery, entry

RUN = record.RunInfo("r1", timedelta(minutes=30), "c" * 40, "0.1.0", "https://ci/1")
POST = delivery()


def intent() -> Entry:
    return record.intent(POST, None, {"container": "9"}, run=RUN, now=NOON, author="ana")


def after(problem: Problem, base: Entry | None = None) -> Entry:
    return record.not_sent(
        base or intent(), problem, stage="publish", run=RUN, now=NOON, retries=Retries(),
        chance=0.5, handle={"container": "9"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tries", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 120), (60, 120)]
)
def test_the_wait_doubles_up_to_the_longest(tries: int, minutes: int) -> None:
    assert wait_after(tries, Retries(), chance=0.5) == minutes * MINUTE


def test_chance_spreads_the_wait_by_a_quarter() -> None:
    shortest, longest = (wait_after(1, Retries(), chance=c) for c in (0.0, 1.0))
    assert (shortest, longest) == (3.75 * MINUTE, 6.25 * MINUTE)


def test_an_intent_carries_handle_lease_and_provenance() -> None:
    made = intent()
    assert made.handle == {"container": "9"}
    assert made.lease is not None
    assert made.lease.until == NOON + 30 * MINUTE
    assert made.provenance is not None
    assert (made.provenance.commit, made.provenance.author) == ("c" * 40, "ana")


def test_a_receipt_frees_the_lease_and_tells_the_lateness() -> None:
    done = record.receipt(intent(), Published("77", "https://x/p/77"), NOON + 40 * MINUTE / 60)
    assert (done.state, done.lease, done.remote_id, done.lateness) == (
        State.PUBLISHED,
        None,
        "77",
        40.0,
    )


@pytest.mark.parametrize("kind", [ErrorClass.TRANSIENT, ErrorClass.MEDIA, ErrorClass.UNKNOWN])
def test_the_third_failed_try_is_the_last(kind: ErrorClass) -> None:
    problem = Problem(kind, "no luck")
    first = after(problem)
    assert (first.state, first.tries, first.not_before) == (State.RETRY, 1, NOON + 5 * MINUTE)
    third = after(problem, first.model_copy(update={"tries": 2}))
    assert (third.state, third.reason) == (State.FAILED, "no luck")


def test_content_fails_at_once() -> None:
    assert after(Problem(ErrorClass.CONTENT, "caption too long")).state is State.FAILED


def test_a_rate_limit_uses_up_no_try() -> None:
    limited = after(Problem(ErrorClass.RATE_LIMITED, "quota", until=NOON + HOUR))
    assert (limited.tries, limited.not_before) == (0, NOON + HOUR)


def test_a_dead_token_uses_up_no_try_and_waits_for_nothing() -> None:
    refused = after(Problem(ErrorClass.AUTH, "token expired"))
    assert (refused.state, refused.tries, refused.not_before) == (State.RETRY, 0, None)


def test_a_changed_message_starts_counting_again() -> None:
    known = entry(POST, State.RETRY, tries=2)
    changed = delivery(text="New words")
    assert record.intent(changed, known, {}, run=RUN, now=NOON, author="").tries == 0
    assert record.intent(POST, known, {}, run=RUN, now=NOON, author="").tries == 2


def test_doubt_gives_the_lease_back_but_remembers_when_it_began() -> None:
    doubt = record.in_doubt(
        intent(), Problem(ErrorClass.UNKNOWN, "no answer"), stage="publish", run=RUN,
        now=NOON + MINUTE,
    )  # fmt: skip
    assert doubt.state is State.INTENT
    assert doubt.lease is not None
    assert (doubt.lease.since, doubt.lease.until) == (NOON, NOON + MINUTE)


def test_a_takeover_keeps_when_the_intent_was_first_written() -> None:
    taken = record.taken_over(intent(), RUN, NOON + HOUR)
    assert taken.lease is not None
    assert (taken.lease.since, taken.lease.until) == (NOON, NOON + HOUR + 30 * MINUTE)


def test_old_attempts_are_dropped() -> None:
    entry_ = intent()
    for _ in range(30):
        entry_ = after(Problem(ErrorClass.RATE_LIMITED, "quota"), entry_)
    assert len(entry_.attempts) == 10


@pytest.mark.parametrize("before", [State.PUBLISHED, State.DELETED])
def test_nothing_leads_back_from_a_terminal_state(before: State) -> None:
    for state in set(State) - {State.PUBLISHED, State.DELETED}:
        change = Change(entry(POST, before), entry(POST, state))
        with pytest.raises(IllegalTransitionError):
            check_transition(change)


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == {None, *State}


def test_an_entry_survives_json() -> None:
    for made in (intent(), after(Problem(ErrorClass.MEDIA, "gone", code="9004/2207052"))):
        assert Entry.model_validate_json(made.model_dump_json()) == made


def test_a_naive_or_foreign_time_is_refused() -> None:
    with pytest.raises(ValueError, match=r"timezone|UTC"):
        entry(POST, State.RETRY, due=NOON.replace(tzinfo=None))
