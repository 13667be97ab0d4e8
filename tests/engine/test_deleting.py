"""`delete: true`: what was published is deleted once, and is never public again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from socialauto.core.config import Guard
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.ledger import Change, Entry, State
from socialauto.core.outcome import InDoubt, NotPublished, Unknown
from socialauto.core.plan import Kind
from socialauto.engine.events import Outcome
from support.builders import HOUR, MINUTE, NOON, config, delivery, message
from support.fakes import Killed
from support.memory_runs import AUTH, TRANSIENT, World, outcomes

LOST = InDoubt(TRANSIENT)
DELETION = DeliveryKey("acme", "a", part="delete")


def commented(post: str = "a") -> Delivery:
    options = {"first_comment": f"First of {post}"}
    return delivery(post, message=message(f"Text of {post}", options=options))


def deleting(*posts: Delivery) -> list[Delivery]:
    return [replace(post, delete=True) for post in posts]


def published(*posts: Delivery, **more: Any) -> World:
    """All of these are out, and their files ask for their deletion now."""
    world = World(list(posts), **more)
    world.run()
    world.posts = deleting(*posts)
    return world


def test_a_published_post_is_deleted_once_and_stays_deleted() -> None:
    world = published(delivery("a"))
    report = world.run(NOON + HOUR)
    assert outcomes(report) == [("a", Outcome.DELETED)]
    assert report.clean
    assert world.ledger.state("a").state is State.DELETED
    assert world.run(NOON + 2 * HOUR).results == ()
    world.posts = [delivery("a")]
    assert world.run(NOON + 3 * HOUR).results == ()
    assert (world.platform.public("a"), world.platform.deleted) == (1, ["m1"])


def test_the_intent_is_durable_before_the_deletion_and_its_receipt_takes_the_post_along() -> None:
    world = published(delivery("a"))
    seen: list[int] = []
    world.ledger.after = lambda changes: seen.append(len(world.platform.deleted))
    world.ledger.batches.clear()
    world.run(NOON + HOUR)
    assert world.ledger.batches == [["a:intent"], ["a:published", "a:deleted"]]
    assert seen == [0, 1]
    intent = world.ledger.entries[DELETION]
    assert intent.handle == {"deletes": "m1"}
    assert intent.lateness == 0


def test_what_was_never_sent_never_goes_out_and_nothing_is_deleted() -> None:
    world = World(deleting(delivery("a")))
    assert world.run().results == ()
    assert (world.platform.calls, world.ledger.entries) == ([], {})


def test_a_post_between_two_tries_is_withdrawn() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [NotPublished(TRANSIENT)]
    world.run()
    world.posts = deleting(delivery("a"))
    assert world.run(NOON + HOUR).results == ()
    assert (world.platform.public("a"), world.platform.deleted) == (0, [])


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_an_open_intent_is_settled_before_anything_is_deleted(*, applied: bool) -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [("after", LOST) if applied else LOST]
    world.run()
    world.posts = deleting(delivery("a"))
    world.run(NOON + MINUTE)
    assert world.platform.deleted == []
    world.run(NOON + HOUR)
    world.run(NOON + 2 * HOUR)
    assert world.platform.deleted == (["m1"] if applied else [])
    assert world.platform.public("a") == applied


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_deletion_whose_answer_was_lost_is_looked_up_first(*, applied: bool) -> None:
    world = published(delivery("a"))
    world.platform.delete_script = [("after", LOST) if applied else LOST]
    assert outcomes(world.run(NOON + HOUR)) == [("a", Outcome.IN_DOUBT)]
    assert world.ledger.state("a").state is State.PUBLISHED
    world.run(NOON + 2 * HOUR)
    assert world.platform.deleted == ["m1"]
    assert world.ledger.state("a").state is State.DELETED


def test_a_deletion_that_nobody_can_look_up_is_held_and_not_repeated() -> None:
    world = published(delivery("a"))
    world.platform.delete_script = [("after", LOST)]
    world.run(NOON + HOUR)
    world.platform.find_script = [Unknown(TRANSIENT)]
    assert outcomes(world.run(NOON + 2 * HOUR)) == [("a", Outcome.HELD)]
    assert world.run(NOON + 3 * HOUR).results == ()
    assert world.platform.deleted == ["m1"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_dies_around_the_receipt_leaves_it_to_the_next(moment: str) -> None:
    world = published(delivery("a"))

    def die(changes: Sequence[Change]) -> None:
        if any(change.after.state is State.DELETED for change in changes):
            raise Killed

    setattr(world.ledger, moment, die)
    with pytest.raises(BaseExceptionGroup):
        world.run(NOON + HOUR)
    setattr(world.ledger, moment, lambda changes: None)
    world.run(NOON + 5 * HOUR)
    assert world.ledger.state("a").state is State.DELETED
    assert world.platform.deleted == ["m1"]


def test_a_receipt_that_lost_its_post_is_made_good_by_the_next_run() -> None:
    world = published(delivery("a"))
    before = world.ledger.state("a")
    world.run(NOON + HOUR)
    world.ledger.entries[before.key] = before
    assert outcomes(world.run(NOON + 2 * HOUR)) == [("a", Outcome.DELETED)]
    assert world.ledger.state("a").state is State.DELETED
    assert world.platform.deleted == ["m1"]


def test_it_is_made_good_also_when_the_file_is_gone_or_asks_for_nothing_any_more() -> None:
    for posts in ([], [delivery("a")]):
        world = published(delivery("a"))
        before = world.ledger.state("a")
        world.run(NOON + HOUR)
        world.ledger.entries[before.key] = before
        world.posts = posts
        world.run(NOON + 2 * HOUR)
        assert world.ledger.state("a").state is State.DELETED
        assert world.platform.deleted == ["m1"]


def test_a_file_that_goes_away_deletes_nothing() -> None:
    world = World([delivery("a")])
    world.run()
    world.posts = []
    assert world.run(NOON + HOUR).results == ()
    assert (world.platform.deleted, world.ledger.state("a").state) == ([], State.PUBLISHED)


def test_a_comment_is_not_sent_below_a_post_that_is_to_be_deleted() -> None:
    world = World([commented()])

    def die(changes: Sequence[Change]) -> None:
        if any(change.after.part for change in changes):
            raise Killed

    world.ledger.before = die
    with pytest.raises(BaseExceptionGroup):
        world.run()
    world.ledger.before = lambda changes: None
    world.posts = deleting(commented())
    assert outcomes(world.run(NOON + 5 * HOUR)) == [("a", Outcome.DELETED)]
    assert world.platform.public("First of a") == 0
    assert world.run(NOON + 6 * HOUR).results == ()


def test_a_deletion_waits_until_a_comment_on_its_way_is_settled() -> None:
    world = World([commented()])
    world.platform.publish_script = [None, ("after", LOST)]
    world.run()
    world.posts = deleting(commented())
    world.run(NOON + HOUR)
    assert world.platform.deleted == []
    world.run(NOON + 2 * HOUR)
    assert world.platform.deleted == ["m1"]
    assert world.platform.public("First of a") == 1


def test_a_settled_post_that_is_to_be_deleted_gets_no_comment() -> None:
    world = World([commented()])
    world.platform.publish_script = [("after", LOST)]
    world.run()
    world.posts = deleting(commented())
    world.run(NOON + HOUR)
    assert world.platform.public("First of a") == 0


def test_a_missing_permission_to_delete_stops_no_posts() -> None:
    world = published(delivery("a"))
    world.posts.append(delivery("b", due=NOON + HOUR))
    world.platform.delete_script = [NotPublished(AUTH)]
    report = world.run(NOON + HOUR)
    assert outcomes(report) == [("a", Outcome.RETRY), ("b", Outcome.PUBLISHED)]
    assert not report.stopped
    assert outcomes(world.run(NOON + 2 * HOUR)) == [("a", Outcome.DELETED)]


def test_more_deletions_than_the_guard_allows_hold_up_no_posts() -> None:
    posts = [delivery(name) for name in "abc"]
    world = published(*posts, settings=config(guard=Guard(max_deletes=2)))
    world.posts.append(delivery("d", due=NOON + HOUR))
    assert outcomes(world.run(NOON + HOUR)) == [("d", Outcome.PUBLISHED)]
    assert world.platform.deleted == []


def test_a_deletion_that_nobody_wants_any_more_is_not_tried_again() -> None:
    world = published(delivery("a"))
    world.platform.delete_script = [NotPublished(TRANSIENT)]
    world.run(NOON + HOUR)
    world.posts = [delivery("a")]
    assert world.run(NOON + 2 * HOUR).results == ()
    assert world.ledger.state("a").state is State.PUBLISHED
    assert world.platform.deleted == []


def test_deletions_use_up_no_quota_of_posts() -> None:
    world = published(delivery("a"))
    world.posts.append(delivery("b", due=NOON + HOUR))
    world.platform.quota = 1
    report = world.run(NOON + HOUR)
    assert [word for _, word in outcomes(report)] == [Outcome.DELETED, Outcome.PUBLISHED]
    assert not report.stopped


def test_what_was_settled_by_a_person_is_deleted_by_one() -> None:
    world = published(delivery("a"))
    unknown: Entry = world.ledger.state("a").model_copy(update={"remote_id": None})
    world.ledger.entries[unknown.key] = unknown
    assert world.run(NOON + HOUR).results == ()
    assert world.platform.deleted == []


def test_the_kind_has_a_name() -> None:
    assert Kind.DELETE.value == "delete"
