"""`delete: true` in the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from socialauto.core.compare import Kind as Change
from socialauto.core.compare import compare
from socialauto.core.config import Guard
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.freeze import Freeze
from socialauto.core.guard import Terms, make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.outcome import ErrorClass
from socialauto.core.plan import Kind, Plan, Step
from support.builders import HOUR, NOON, attempt, config, delivery, entry, lease, message, snapshot

AGO = NOON - 48 * HOUR


def wish(post: str = "a", **more: Any) -> Delivery:
    return delivery(post, due=AGO, delete=True, **more)


def out(of: Delivery, **more: Any) -> Entry:
    return entry(of, State.PUBLISHED, **({"remote_id": "m1", "published_at": AGO} | more))


def plan_of(wanted: list[Delivery], *entries: Entry, guard: Guard | None = None,
            **terms: Any) -> Plan:  # fmt: skip
    settings = config("acme", "bakery", guard=guard or Guard())
    plan = make_plan(wanted, snapshot(*entries), settings, now=NOON, terms=Terms(**terms))
    assert not plan.refusals
    return plan


def steps(wanted: list[Delivery], *entries: Entry, **more: Any) -> dict[str, Step]:
    return {step.key.name: step for step in plan_of(wanted, *entries, **more).steps}


def test_the_deletion_of_a_published_post_is_a_step_of_its_own() -> None:
    found = steps([wish()], out(wish()))
    assert {name: step.kind for name, step in found.items()} == {
        "a": Kind.DONE,
        "a@delete": Kind.DELETE,
    }
    step = found["a@delete"]
    assert (step.at, step.reason) == (NOON, "delete: true; this cannot be taken back")
    assert step.delivery is not None
    assert (step.delivery.message.below, dict(step.delivery.message.options)) == (
        "m1",
        {"delete": True},
    )


@pytest.mark.parametrize(
    "known",
    [
        None,
        entry(wish(), State.RETRY),
        entry(wish(), State.FAILED, reason="no"),
        entry(wish(), State.MISSED, reason="late"),
        entry(wish(), State.SKIPPED, reason="history"),
        entry(wish(), State.HELD, late_hold=True, reason="late"),
    ],
    ids=lambda known: known.state.value if known else "unknown",
)
def test_what_was_never_sent_never_is(known: Entry | None) -> None:
    found = steps([wish()], *([known] if known else []))
    assert {name: (step.kind, step.record) for name, step in found.items()} == {
        "a": (Kind.DRAFT, False)
    }
    assert found["a"].reason == "delete: true, and it was never sent"


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (entry(wish(), State.INTENT, lease=lease(NOON)), Kind.BUSY),
        (entry(wish(), State.INTENT), Kind.SETTLE),
        (entry(wish(), State.HELD, reason="nobody knows"), Kind.HELD),
    ],
    ids=["busy", "settle", "held"],
)
def test_what_may_be_public_is_found_out_first(known: Entry, kind: Kind) -> None:
    found = steps([wish()], known)
    assert {name: step.kind for name, step in found.items()} == {"a": kind}


def test_a_deleted_post_is_done_with_or_without_the_wish() -> None:
    gone = out(wish()).model_copy(update={"state": State.DELETED})
    for wanted in (wish(), replace(wish(), delete=False), replace(wish(), message=message("New"))):
        found = steps([wanted], gone)
        assert [(step.kind, step.reason) for step in found.values()] == [
            (Kind.DONE, "deleted on the platform")
        ]


def test_an_unknown_id_is_for_a_person() -> None:
    step = steps([wish()], out(wish(), remote_id=None))["a@delete"]
    assert step.kind is Kind.HELD
    assert 'type "socialauto settle a acme --deleted"' in step.reason


def test_a_file_with_findings_deletes_nothing() -> None:
    found = steps([wish(invalid="content/a.md:1:1: SA203")], out(wish()))
    assert found["a@delete"].kind is Kind.INVALID


def test_a_freeze_holds_up_deletions() -> None:
    found = steps([wish()], out(wish()), freezes=(Freeze("storm", NOON + HOUR),))
    assert found["a@delete"].kind is Kind.WAIT


def test_a_platform_that_asked_for_a_pause_gets_it() -> None:
    attempts = (attempt(ErrorClass.RATE_LIMITED),)
    other = entry(delivery("b"), State.RETRY, not_before=NOON + HOUR, attempts=attempts)
    assert steps([wish()], out(wish()), other)["a@delete"].kind is Kind.WAIT


def test_gaps_caps_and_bursts_do_not_count_deletions() -> None:
    guard = Guard(max_per_run=1, min_gap=900 * HOUR, daily_cap=1)
    posts = [wish("a"), wish("b")]
    found = steps(posts, *(out(post) for post in posts), guard=guard)
    assert {found["a@delete"].kind, found["b@delete"].kind} == {Kind.DELETE}


def many(number: int) -> list[Delivery]:
    return [wish(f"p{index}", account="acme" if index % 2 else "bakery") for index in range(number)]


def test_more_than_three_deletions_are_all_held_back_and_nothing_else_is() -> None:
    posts = many(4)
    found = steps([*posts, delivery("new")], *(out(post) for post in posts))
    blocked = {name for name, step in found.items() if step.kind is Kind.BLOCKED}
    assert blocked == {f"p{index}@delete" for index in range(4)}
    assert found["new"].kind is Kind.PUBLISH
    step = found["p0@delete"]
    assert (step.guard, step.at) == ("deletes", None)
    assert step.reason == (
        "4 posts would be deleted in one run, guard.max_deletes is 3; read the plan; if it is "
        'meant, type "--allow deletes"'
    )


@pytest.mark.parametrize(
    ("number", "terms"), [(3, {}), (4, {"allowed": frozenset({"deletes"})})], ids=["3", "allowed"]
)
def test_three_deletions_or_more_that_a_person_allows_are_done(
    number: int, terms: dict[str, Any]
) -> None:
    posts = many(number)
    plan = plan_of(posts, *(out(post) for post in posts), **terms)
    assert plan.count(Kind.DELETE) == number


def test_a_deletion_that_is_tried_again_counts_too() -> None:
    posts = many(4)
    key = replace(posts[0].key, part="delete")
    again = entry(replace(posts[0], key=key), State.RETRY, part="delete")
    plan = plan_of(posts, *(out(post) for post in posts), again)
    assert plan.count(Kind.BLOCKED) == 4


def test_what_belonged_to_a_deleted_post_is_over() -> None:
    gone = out(wish(), sequels=("comment",)).model_copy(update={"state": State.DELETED})
    part = replace(wish(), key=replace(wish().key, part="comment"))
    for state, kind in ((State.PUBLISHED, Kind.DONE), (State.INTENT, Kind.ORPHAN)):
        comment = entry(part, state, part="comment")
        step = steps([wish()], gone, comment)["a@comment"]
        assert (step.kind, step.reason) == (kind, f"{state.value}; its post is deleted")


def test_a_wish_that_was_dropped_leaves_no_open_end() -> None:
    key = replace(wish().key, part="delete")
    retry = entry(replace(wish(), key=key), State.RETRY, part="delete")
    step = steps([replace(wish(), delete=False)], out(wish()), retry)["a@delete"]
    assert (step.kind, step.reason) == (Kind.ORPHAN, "retry; its post asks for it no more")


def kinds(before: Delivery | None, after: Delivery | None) -> list[tuple[Change, ...]]:
    base = [before] if before else []
    return [one.kinds for one in compare(base, base, [after] if after else [])]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (delivery("a"), delivery("a", delete=True), (Change.DELETE,)),
        (None, delivery("a", delete=True), (Change.DELETE,)),
        (delivery("a", delete=True), delivery("a"), (Change.ADD,)),
        (delivery("a", draft=True), delivery("a", delete=True), (Change.DELETE,)),
        (delivery("a", delete=True), None, (Change.WITHDRAW,)),
    ],
)
def test_a_change_names_its_deletions(
    before: Delivery | None, after: Delivery | None, expected: tuple[Change, ...]
) -> None:
    assert kinds(before, after) == [expected]


def test_to_keep_the_wish_is_no_change() -> None:
    assert kinds(delivery("a", delete=True), delivery("a", delete=True)) == []


def test_the_key_of_a_deletion_has_a_name() -> None:
    assert DeliveryKey("acme", "a", part="delete").name == "a@delete"
