"""What follows a post, in the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from socialauto.core.config import Guard
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.freeze import Freeze
from socialauto.core.guard import Terms, make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.parts import parts_of
from socialauto.core.plan import Kind, Step
from support.builders import HOUR, MINUTE, NOON, config, delivery, entry, message, snapshot

SINCE = NOON - 5 * MINUTE


def post(**options: Any) -> Delivery:
    return delivery("a", due=SINCE, message=message("Text of a", options=options))


COMMENTED = post(first_comment="Link in bio")
KEY = DeliveryKey("acme", "a", part="comment")


def published(of: Delivery = COMMENTED, **more: Any) -> Entry:
    known = {"remote_id": "m1", "published_at": SINCE, "sequels": parts_of(of.message)} | more
    return entry(of, State.PUBLISHED, **known)


def steps(of: Delivery, *entries: Entry, **terms: Any) -> dict[str, Step]:
    settings = config(guard=Guard(max_per_run=1, min_gap=timedelta(hours=9), daily_cap=1))
    plan = make_plan([of], snapshot(*entries), settings, now=NOON, terms=Terms(**terms))
    assert not plan.refusals
    return {step.key.name: step for step in plan.steps}


def test_nothing_follows_a_post_that_is_not_out() -> None:
    assert set(steps(COMMENTED)) == {"a"}


def test_a_comment_goes_out_below_the_post_whatever_the_gap_and_the_cap() -> None:
    step = steps(COMMENTED, published())["a@comment"]
    assert (step.kind, step.key, step.at) == (Kind.PUBLISH, KEY, NOON)
    assert step.delivery is not None
    assert step.delivery.message.text == "Link in bio"
    assert step.delivery.message.below == "m1"


def test_comments_are_switched_off_as_a_step_of_its_own() -> None:
    quiet = post(comments=False)
    step = steps(quiet, published(quiet))["a@comments-off"]
    assert step.delivery is not None
    assert dict(step.delivery.message.options) == {"comments": False}


def test_only_what_was_promised_when_the_post_went_out_follows() -> None:
    assert set(steps(COMMENTED, published(sequels=()))) == {"a"}


def test_a_comment_that_is_there_is_done() -> None:
    done = entry(replace(COMMENTED, key=KEY), State.PUBLISHED, part="comment", remote_id="c1")
    done = done.model_copy(update={"digest": _sequel().message.digest})
    assert steps(COMMENTED, published(), done)["a@comment"].kind is Kind.DONE


def test_an_edit_of_a_comment_that_is_there_is_drift() -> None:
    done = entry(replace(COMMENTED, key=KEY), State.PUBLISHED, part="comment", remote_id="c1")
    assert steps(COMMENTED, published(), done)["a@comment"].kind is Kind.DRIFT


def test_a_freeze_holds_up_what_follows_too() -> None:
    freeze = Freeze("quiet please", NOON + HOUR)
    step = steps(COMMENTED, published(), freezes=(freeze,))["a@comment"]
    assert (step.kind, step.at) == (Kind.WAIT, NOON + HOUR)


def test_a_post_whose_id_nobody_knows_gets_its_comment_by_hand() -> None:
    step = steps(COMMENTED, published(remote_id=None))["a@comment"]
    assert step.kind is Kind.HELD
    assert "do it by hand" in step.reason


def test_a_comment_is_no_post_to_the_guard() -> None:
    comment = entry(replace(COMMENTED, key=KEY), State.PUBLISHED, part="comment", remote_id="c1",
                    published_at=NOON - MINUTE)  # fmt: skip
    other = delivery("b", message=message("Link in bio"))
    assert steps(other, comment)["b"].kind is Kind.PUBLISH


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (DeliveryKey("acme", "a", part="comment"), "a@comment"),
        (DeliveryKey("acme", "a", "2026-12-07T09:00", "comment"), "a@2026-12-07T09:00@comment"),
        (DeliveryKey("acme", "a"), "a"),
    ],
)
def test_a_part_has_a_name(key: DeliveryKey, name: str) -> None:
    assert key.name == name
    assert str(key) == f"{name} on acme"


def _sequel() -> Delivery:
    found = steps(COMMENTED, published())["a@comment"].delivery
    assert found is not None
    return found
