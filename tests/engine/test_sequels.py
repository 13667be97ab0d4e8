"""What follows a post: a first comment goes out once, too, and never without its post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.ledger import Change, State
from socialauto.core.outcome import InDoubt, NotPublished
from socialauto.engine.events import Event, Outcome, Phase, Progress
from support.builders import HOUR, NOON, delivery, message
from support.fakes import Killed, Platform
from support.memory_runs import AUTH, TRANSIENT, World, outcomes


def commented(post: str = "a", **more: Any) -> Delivery:
    """A post with a first comment."""
    options = {"first_comment": f"First of {post}"}
    return delivery(post, message=message(f"Text of {post}", options=options), **more)


def test_a_first_comment_follows_its_post_in_the_same_run() -> None:
    world = World([commented("a"), delivery("b")])
    report = world.run()
    assert outcomes(report) == [
        ("a", Outcome.PUBLISHED),
        ("a", Outcome.PUBLISHED),
        ("b", Outcome.PUBLISHED),
    ]
    publishes = [call for call in world.platform.calls if call.startswith("publish")]
    assert publishes == ["publish a", "publish First of a", "publish b"]
    entry = world.ledger.entries[DeliveryKey("acme", "a", part="comment")]
    assert entry.state is State.PUBLISHED
    assert world.run().results == ()


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_comment_whose_answer_was_lost_is_settled_and_sent_once(*, applied: bool) -> None:
    world = World([commented("a")])

    def lose_the_comment(event: Event) -> None:
        if isinstance(event, Progress) and event.phase is Phase.PUBLISHING and event.key.part:
            doubt = InDoubt(TRANSIENT)
            world.platform.publish_script = [("after", doubt) if applied else doubt]

    world.listen = lose_the_comment
    assert [word for _, word in outcomes(world.run())] == [Outcome.PUBLISHED, Outcome.IN_DOUBT]
    world.listen = lambda event: None
    world.run(NOON + HOUR)
    assert (world.platform.public("a"), world.platform.public("First of a")) == (1, 1)


def test_a_run_that_dies_after_the_post_leaves_the_comment_to_the_next() -> None:
    world = World([commented("a")])

    def die(changes: Sequence[Change]) -> None:
        if any(change.after.part for change in changes):
            raise Killed

    world.ledger.before = die
    with pytest.raises(BaseExceptionGroup):
        world.run()
    world.ledger.before = lambda changes: None
    assert outcomes(world.run(NOON + 5 * HOUR)) == [("a", Outcome.PUBLISHED)]
    assert (world.platform.public("a"), world.platform.public("First of a")) == (1, 1)


def test_an_edit_after_the_post_went_out_adds_no_comment() -> None:
    world = World([delivery("a")])
    world.run()
    world.posts = [commented("a")]
    assert world.run(NOON + HOUR).results == ()
    assert world.platform.public("First of a") == 0


def test_a_missing_permission_to_comment_stops_no_posts() -> None:
    world = World([commented("a"), delivery("b")])

    def refuse_the_comment(event: Event) -> None:
        if isinstance(event, Progress) and event.phase is Phase.PUBLISHING and event.key.part:
            world.platform.publish_script = [NotPublished(AUTH)]

    world.listen = refuse_the_comment
    report = world.run()
    assert [word for _, word in outcomes(report)] == [
        Outcome.PUBLISHED,
        Outcome.RETRY,
        Outcome.PUBLISHED,
    ]
    assert not report.stopped
    world.listen = lambda event: None
    assert outcomes(world.run(NOON + HOUR)) == [("a", Outcome.PUBLISHED)]


def test_comments_use_up_no_quota_of_posts() -> None:
    world = World([commented("a"), commented("b"), delivery("c")], platform=Platform(quota=2))
    report = world.run()
    assert [word for _, word in outcomes(report)] == [Outcome.PUBLISHED] * 4
    assert [stop.waiting for stop in report.stopped] == [1]
