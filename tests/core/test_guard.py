"""The guard refuses what looks like an accident, and says how a person lifts it."""

from __future__ import annotations

from typing import Any

from socialauto.core.config import Guard
from socialauto.core.freeze import Freeze
from socialauto.core.guard import Terms, make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.outcome import ErrorClass
from socialauto.core.plan import Kind, Plan
from support.builders import (
    HOUR,
    MINUTE,
    NOON,
    attempt,
    config,
    delivery,
    entry,
    lease,
    message,
    snapshot,
)


def kinds(plan: Plan) -> dict[str, Kind]:
    return {step.key.post: step.kind for step in plan.steps}


def published(post: str, hours_ago: float, **more: Any) -> Entry:
    return entry(delivery(post, **more), State.PUBLISHED, published_at=NOON - hours_ago * HOUR)


def test_a_burst_is_refused_as_a_whole() -> None:
    posts = [delivery(f"p{number}") for number in range(21)]
    plan = make_plan(posts, snapshot(), config(), now=NOON)
    assert [refusal.message for refusal in plan.refusals] == [
        "21 posts would go out in one run, guard.max_per_run is 20"
    ]


def test_a_burst_goes_out_when_somebody_asks() -> None:
    posts = [delivery(f"p{number}") for number in range(21)]
    plan = make_plan(
        posts, snapshot(), config(), now=NOON, terms=Terms(allowed=frozenset({"burst"}))
    )
    assert (plan.refusals, plan.count(Kind.PUBLISH)) == ((), 21)


def test_twenty_posts_are_no_burst() -> None:
    posts = [delivery(f"p{number}") for number in range(20)]
    assert make_plan(posts, snapshot(), config(), now=NOON).refusals == ()


def test_the_minimum_gap_holds_between_runs_and_inside_one() -> None:
    guarded = config(guard=Guard(min_gap="30m"))
    fresh = make_plan([delivery("a"), delivery("b")], snapshot(), guarded, now=NOON)
    assert kinds(fresh) == {"a": Kind.PUBLISH, "b": Kind.WAIT}
    after = make_plan([delivery("b")], snapshot(published("a", 0.25)), guarded, now=NOON)
    assert after.steps[0].at == NOON + 15 * MINUTE


def test_an_intent_counts_for_the_gap_because_the_public_may_have_seen_it() -> None:
    guarded = config(guard=Guard(min_gap="1h"))
    open_one = entry(delivery("a"), State.INTENT, lease=lease(NOON - MINUTE))
    plan = make_plan([delivery("a"), delivery("b")], snapshot(open_one), guarded, now=NOON)
    assert kinds(plan) == {"a": Kind.BUSY, "b": Kind.WAIT}


def test_another_account_has_its_own_gap_and_cap() -> None:
    guarded = config("acme", "other", guard=Guard(min_gap="1h", daily_cap=1))
    posts = [delivery("a"), delivery("b", account="other")]
    assert make_plan(posts, snapshot(), guarded, now=NOON).count(Kind.PUBLISH) == 2


def test_the_daily_cap_waits_until_the_oldest_is_a_day_old() -> None:
    guarded = config(guard=Guard(daily_cap=2))
    past = snapshot(published("x", 20), published("y", 3), published("z", 30))
    plan = make_plan([delivery("a")], past, guarded, now=NOON)
    step = next(step for step in plan.steps if step.key.post == "a")
    assert (step.kind, step.at) == (Kind.WAIT, NOON + 4 * HOUR)


def test_the_platforms_cap_counts_where_nobody_set_another() -> None:
    posts = [delivery("a"), delivery("b")]
    plan = make_plan(posts, snapshot(), config(), now=NOON, terms=Terms(caps={"acme": 1}))
    assert kinds(plan) == {"a": Kind.PUBLISH, "b": Kind.WAIT}


def test_the_same_words_with_the_same_picture_are_a_duplicate() -> None:
    posts = [
        delivery("a", message=message("Big NEWS today!")),
        delivery("b", message=message("big  news, today")),
    ]
    plan = make_plan(posts, snapshot(), config(), now=NOON)
    assert kinds(plan) == {"a": Kind.PUBLISH, "b": Kind.BLOCKED}
    lifted = make_plan(
        posts, snapshot(), config(), now=NOON, terms=Terms(allowed=frozenset({"duplicate"}))
    )
    assert lifted.count(Kind.PUBLISH) == 2


def test_a_duplicate_of_last_week_is_refused_and_of_last_month_is_not() -> None:
    again = delivery("b", text="Text of a")
    recent = make_plan([again], snapshot(published("a", 24 * 6)), config(), now=NOON)
    assert kinds(recent)["b"] is Kind.BLOCKED
    files = [delivery("a"), again]
    old = make_plan(files, snapshot(published("a", 24 * 8)), config(), now=NOON)
    assert kinds(old)["b"] is Kind.PUBLISH


def test_a_retry_is_no_duplicate_of_itself() -> None:
    post = delivery("a")
    known = entry(post, State.RETRY)
    assert make_plan([post], snapshot(known), config(), now=NOON).count(Kind.RETRY) == 1


def test_a_rate_limit_holds_for_the_whole_account() -> None:
    limited = entry(
        delivery("a"),
        State.RETRY,
        not_before=NOON + HOUR,
        attempts=(attempt(ErrorClass.RATE_LIMITED, "quota"),),
    )
    plan = make_plan([delivery("a"), delivery("b")], snapshot(limited), config(), now=NOON)
    assert kinds(plan) == {"a": Kind.WAIT, "b": Kind.WAIT}


def test_what_is_planned_ahead_goes_out_at_its_instant() -> None:
    posts = [delivery("a"), delivery("b", due=NOON + 5 * MINUTE), delivery("c", due=NOON + HOUR)]
    plan = make_plan(posts, snapshot(), config(), now=NOON, terms=Terms(ahead=10 * MINUTE))
    assert [(step.kind, step.key.post, step.at) for step in plan.steps] == [
        (Kind.PUBLISH, "a", NOON),
        (Kind.PUBLISH, "b", NOON + 5 * MINUTE),
        (Kind.WAIT, "c", NOON + HOUR),
    ]


def test_a_gap_inside_the_time_ahead_moves_a_post_and_beyond_it_lets_it_wait() -> None:
    guarded = config(guard=Guard(min_gap="6m"))
    posts = [delivery(name) for name in "abc"]
    plan = make_plan(posts, snapshot(), guarded, now=NOON, terms=Terms(ahead=10 * MINUTE))
    assert [(step.kind, step.at) for step in plan.steps] == [
        (Kind.PUBLISH, NOON),
        (Kind.PUBLISH, NOON + 6 * MINUTE),
        (Kind.WAIT, NOON + 12 * MINUTE),
    ]


def test_a_freeze_silences_its_accounts_until_it_ends() -> None:
    freeze = Freeze("storm", NOON + HOUR, frozenset({"acme"}))
    posts = [delivery("a"), delivery("b", account="other")]
    both = config("acme", "other")
    plan = make_plan(posts, snapshot(), both, now=NOON, terms=Terms(freezes=(freeze,)))
    frozen = next(step for step in plan.steps if step.key.account == "acme")
    assert (frozen.kind, frozen.at) == (Kind.WAIT, NOON + HOUR)
    assert frozen.reason == "frozen until 2026-12-01 13:00 UTC: storm"
    assert kinds(plan)["b"] is Kind.PUBLISH
    over = make_plan(posts, snapshot(), both, now=NOON + HOUR, terms=Terms(freezes=(freeze,)))
    assert over.count(Kind.PUBLISH) == 2


def test_a_freeze_of_nobody_in_particular_silences_everybody() -> None:
    terms = Terms(freezes=(Freeze("storm", NOON + HOUR),))
    plan = make_plan([delivery("a")], snapshot(), config(), now=NOON, terms=terms)
    assert plan.count(Kind.PUBLISH) == 0
