"""A run carries the plan out: prepare, intent, publish, receipt, and what can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import anyio
import pytest

from socialauto.core.config import Guard, Run
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Change, State
from socialauto.core.outcome import ErrorClass, InDoubt, NotPublished, Problem, Published, Unknown
from socialauto.core.plan import Kind, Step
from socialauto.engine.clock import LoopClock
from socialauto.engine.events import AccountStopped, Event, Outcome, Phase, Progress
from socialauto.engine.journal import Journal
from socialauto.engine.ports import Look
from support.builders import HOUR, MINUTE, NOON, config, delivery, lease
from support.fakes import LOST_ANSWER, Killed, MemoryLedger, Platform
from support.memory_runs import AUTH, TRANSIENT, World, outcomes


def test_a_due_post_goes_out_once_and_is_recorded() -> None:
    world = World([delivery("a")])
    report = world.run()
    assert outcomes(report) == [("a", Outcome.PUBLISHED)]
    assert report.clean
    assert world.platform.public("a") == 1
    done = world.ledger.state("a")
    assert (done.state, done.remote_id, done.url) == (
        State.PUBLISHED,
        "m1",
        "https://fake.test/m1",
    )


def test_a_second_run_does_nothing_and_writes_nothing() -> None:
    world = World([delivery("a")])
    world.run()
    pushes = world.ledger.pushes
    assert world.run(NOON + HOUR).results == ()
    assert (world.ledger.pushes, world.platform.public("a")) == (pushes, 1)


def test_the_intent_is_durable_before_the_visible_call() -> None:
    world = World([delivery("a")])
    seen: list[int] = []
    world.ledger.after = lambda changes: seen.append(len(world.platform.log))
    world.run()
    assert world.ledger.batches == [["a:intent"], ["a:published"]]
    assert seen == [0, 1]


def test_posts_of_an_account_go_out_in_due_order() -> None:
    world = World([delivery("b", due=NOON - MINUTE), delivery("a"), delivery("c")])
    world.run()
    order = [call for call in world.platform.calls if call.startswith("publish")]
    assert order == ["publish b", "publish a", "publish c"]


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_posts_are_prepared_so_many_ahead(ahead: int) -> None:
    names = [f"p{number}" for number in range(6)]
    settings = config(run=Run(ahead=ahead))
    posts = [delivery(name, text=f"Text of {name}") for name in names]
    world = World(posts, settings, platform=Platform(processing=1, publishing=60))
    world.run()
    for number, name in enumerate(names):
        before = world.platform.calls[: world.platform.calls.index(f"publish {name}")]
        prepared = sum(call.startswith("prepare") for call in before)
        # those that went out, itself, and as many as may wait behind it
        assert prepared <= number + 1 + ahead
    before = world.platform.calls[: world.platform.calls.index("publish p1")]
    prepared = sum(call.startswith("prepare") for call in before)
    assert prepared in (1 + ahead, 2 + ahead)  # taking the second one makes room for another


def test_waits_of_an_account_run_side_by_side_when_several_are_prepared_ahead() -> None:
    posts = [delivery(f"p{number}", text=f"Text of p{number}") for number in range(12)]
    slow = World(posts, config(run=Run(ahead=1)), platform=Platform(processing=60))
    slow.run()
    quick = World(posts, config(run=Run(ahead=3)), platform=Platform(processing=60))
    quick.run()
    assert slow.took == 6 * MINUTE  # two at a time
    assert quick.took == 3 * MINUTE  # four


def test_a_receipt_shares_its_push_with_the_next_intent() -> None:
    world = World([delivery("a"), delivery("b", text="Other"), delivery("c", text="Third")])
    world.run()
    assert world.ledger.batches == [
        ["a:intent"],
        ["a:published", "b:intent"],
        ["b:published", "c:intent"],
        ["c:published"],
    ]


@pytest.mark.parametrize("slower", [0, 1], ids=["one push", "two pushes"])
def test_nothing_is_sent_before_the_receipt_of_the_last_one_is_durable(slower: float) -> None:
    """Also when the next intent is durable already, because it was written while the receipt,
    which the remote had refused, waited to be written again."""
    refusals = 0
    doubts: list[int] = []

    def refuse_receipts(changes: Sequence[Change]) -> None:
        nonlocal refusals
        receipts = [change for change in changes if change.after.state is State.PUBLISHED]
        if receipts and refusals < 3:
            refusals += 1
            raise SocialautoError("the remote hung up")

    def count_doubts(event: Event) -> None:
        if isinstance(event, Progress) and event.phase is Phase.PUBLISHING:
            states = [entry.state for entry in world.ledger.entries.values()]
            doubts.append(states.count(State.INTENT))

    posts = [delivery("a"), delivery("b", text="Other")]
    world = World(posts, config(run=Run(ahead=1)), listen=count_doubts)
    world.platform.slower["Other"] = slower
    world.ledger.before = refuse_receipts
    world.run()
    assert refusals == 3
    assert doubts == [1, 1]


def test_accounts_work_side_by_side() -> None:
    accounts = [f"acme-{number}" for number in range(10)]
    posts = [delivery("a", account=account, text=f"Text of {account}") for account in accounts]
    world = World(posts, config(*accounts), platform=Platform(processing=60))
    world.run()
    assert len(world.platform.log) == 10
    assert world.took < 2 * MINUTE


def test_another_run_that_was_faster_wins() -> None:
    world = World([delivery("a")])

    def somebody_else(changes: Any) -> None:
        world.ledger.before = lambda changes: None
        world.ledger.entries[changes[0].after.key] = changes[0].after.model_copy(
            update={"handle": {"container": "theirs"}}
        )

    world.ledger.before = somebody_else
    assert outcomes(world.run()) == [("a", Outcome.TAKEN)]
    assert world.platform.log == []


def test_a_ledger_that_refuses_stops_before_anything_is_sent() -> None:
    world = World([delivery("a"), delivery("b")])

    def protected(changes: Any) -> None:
        raise SocialautoError("the branch is protected", "let the bot push")

    world.ledger.before = protected
    report = world.run()
    assert world.platform.log == []
    assert [(stop.account, stop.waiting) for stop in report.stopped] == [("acme", 2)]
    assert "the branch is protected" in report.stopped[0].message


def test_a_lost_answer_is_settled_later_and_never_sent_again() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [("after", LOST_ANSWER)]
    assert outcomes(world.run()) == [("a", Outcome.IN_DOUBT)]
    assert world.ledger.state("a").state is State.INTENT
    assert outcomes(world.run(NOON + 10 * MINUTE)) == [("a", Outcome.SETTLED)]
    assert world.platform.public("a") == 1
    assert world.ledger.state("a").remote_id == "m1"


def test_a_lost_request_is_sent_later_with_the_same_handle() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [LOST_ANSWER]
    world.run()
    assert outcomes(world.run(NOON + 10 * MINUTE)) == [("a", Outcome.PUBLISHED)]
    assert world.platform.log == [("c1", "m1")]


def test_what_is_in_doubt_is_left_alone_until_effects_have_had_time_to_show() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [LOST_ANSWER]
    world.run()
    assert world.run(NOON + MINUTE).results == ()


@pytest.mark.parametrize("applied", [False, True])
def test_a_kill_during_the_visible_call_is_survived(applied: bool) -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [("after", Killed()) if applied else Killed()]
    with pytest.raises(BaseExceptionGroup):
        world.run()
    assert world.run(NOON + 29 * MINUTE).results == ()
    world.run(NOON + 40 * MINUTE)
    assert world.platform.public("a") == 1
    assert world.ledger.state("a").state is State.PUBLISHED


def test_a_kill_after_the_receipt_changes_nothing() -> None:
    world = World([delivery("a")])

    def die_after_receipt(changes: Any) -> None:
        if changes[0].after.state is State.PUBLISHED:
            raise Killed

    world.ledger.after = die_after_receipt
    with pytest.raises(BaseExceptionGroup):
        world.run()
    world.ledger.after = lambda changes: None
    assert world.run(NOON + HOUR).results == ()
    assert world.platform.public("a") == 1


def test_a_receipt_is_asked_for_again_until_it_is_durable() -> None:
    world = World([delivery("a")])
    failures = [SocialautoError("remote hung up")] * 4

    def flaky(changes: list[Change]) -> None:
        if changes[0].after.state is State.PUBLISHED and failures:
            raise failures.pop()

    world.ledger.before = flaky  # type: ignore[assignment]  # a list is a sequence
    assert outcomes(world.run()) == [("a", Outcome.PUBLISHED)]
    assert world.took > 25 * timedelta(seconds=1)


def test_a_receipt_that_cannot_be_written_is_said_loudly_and_ends_the_lane() -> None:
    world = World([delivery("a"), delivery("b")])

    def gone(changes: Any) -> None:
        if changes[0].after.state is State.PUBLISHED:
            raise SocialautoError("remote is gone")

    world.ledger.before = gone
    report = world.run()
    assert outcomes(report) == [("a", Outcome.UNRECORDED)]
    assert report.results[0].url == "https://fake.test/m1"
    assert [stop.waiting for stop in report.stopped] == [1]
    world.ledger.before = lambda changes: None
    world.run(NOON + HOUR)
    assert [world.platform.public(post) for post in ("a", "b")] == [1, 1]


def test_a_definite_refusal_waits_and_tries_again() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [NotPublished(TRANSIENT)]
    report = world.run()
    assert outcomes(report) == [("a", Outcome.RETRY)]
    assert report.results[0].at == NOON + 5 * MINUTE
    assert world.run(NOON + 4 * MINUTE).results == ()
    assert outcomes(world.run(NOON + 5 * MINUTE)) == [("a", Outcome.PUBLISHED)]


def test_three_tries_and_no_more() -> None:
    world = World([delivery("a")])
    world.platform.prepare_script["a"] = [TRANSIENT] * 9
    now, seen = NOON, []
    for _ in range(9):
        seen += outcomes(world.run(now))
        now += 30 * MINUTE
    assert seen == [("a", Outcome.RETRY), ("a", Outcome.RETRY), ("a", Outcome.FAILED)]
    assert world.ledger.state("a").reason == "try later"


def test_one_bad_post_does_not_hold_up_the_next() -> None:
    world = World([delivery("a"), delivery("b")])
    world.platform.prepare_script["a"] = [Problem(ErrorClass.CONTENT, "caption refused")]
    assert outcomes(world.run()) == [("a", Outcome.FAILED), ("b", Outcome.PUBLISHED)]


def test_a_dead_token_stops_its_account_with_one_line_and_no_other() -> None:
    posts = [delivery("a"), delivery("b"), delivery("c", account="other", text="Text of c")]
    world = World(posts, config("acme", "other"))
    world.platform.prepare_script["a"] = [AUTH]
    report = world.run()
    assert outcomes(report) == [("c", Outcome.PUBLISHED)]
    assert [(stop.account, stop.waiting) for stop in report.stopped] == [("acme", 2)]
    assert [event for event in world.events if isinstance(event, AccountStopped)] == list(
        report.stopped
    )
    assert "a" not in {key.post for key in world.ledger.entries}


def test_a_token_that_dies_at_the_visible_call_leaves_no_open_intent() -> None:
    world = World([delivery("a"), delivery("b")])
    world.platform.publish_script = [NotPublished(AUTH)]
    report = world.run()
    assert (world.ledger.state("a").state, world.ledger.state("a").tries) == (State.RETRY, 0)
    assert [stop.waiting for stop in report.stopped] == [2]
    world.run(NOON + MINUTE)
    assert [world.platform.public(post) for post in ("a", "b")] == [1, 1]


def test_an_account_that_cannot_be_opened_is_one_line() -> None:
    world = World([delivery("a")], refused={"acme": "ACME_TOKEN is not set"})
    assert [stop.message for stop in world.run().stopped] == ["ACME_TOKEN is not set"]


def test_a_rate_limit_stops_the_lane_until_it_ends() -> None:
    world = World([delivery("a"), delivery("b")])
    limit = Problem(ErrorClass.RATE_LIMITED, "daily quota reached", until=NOON + 2 * HOUR)
    world.platform.publish_script = [NotPublished(limit)]
    report = world.run()
    assert outcomes(report) == [("a", Outcome.RETRY)]
    assert report.stopped[0].waiting == 1
    assert world.run(NOON + HOUR).results == ()
    world.run(NOON + 2 * HOUR)
    assert [world.platform.public(post) for post in ("a", "b")] == [1, 1]


def test_a_suspicion_of_spam_stops_the_account_though_nobody_knows_what_it_did() -> None:
    suspicion = Problem(ErrorClass.RATE_LIMITED, "it looks like spam", until=NOON + 6 * HOUR)
    world = World([delivery("a"), delivery("b", text="Other")])
    world.platform.publish_script = [("after", InDoubt(suspicion))]
    report = world.run()
    assert outcomes(report) == [("a", Outcome.IN_DOUBT)]
    assert [(stop.message, stop.waiting) for stop in report.stopped] == [("it looks like spam", 1)]
    # what it did is found out meanwhile, and nothing more is sent
    assert outcomes(world.run(NOON + 10 * MINUTE)) == [("a", Outcome.SETTLED)]
    assert world.run(NOON + 20 * MINUTE).results == ()
    assert [call for call in world.platform.calls if call.startswith("publish")] == ["publish a"]
    assert outcomes(world.run(NOON + 6 * HOUR)) == [("b", Outcome.PUBLISHED)]


def test_no_more_than_the_platforms_quota_goes_out() -> None:
    world = World([delivery(name) for name in "abc"], platform=Platform(quota=2))
    report = world.run()
    assert outcomes(report) == [("a", Outcome.PUBLISHED), ("b", Outcome.PUBLISHED)]
    assert (report.stopped[0].waiting, len(world.platform.log)) == (1, 2)


def test_an_answer_that_cannot_be_read_is_never_not_published() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [("after", LOST_ANSWER)]
    world.run()
    unreadable = Unknown(Problem(ErrorClass.TRANSIENT, "the status could not be read"), later=True)
    world.platform.find_script = [unreadable, unreadable, unreadable]
    words = []
    for minutes in (10, 20, 30, 40):
        words += outcomes(world.run(NOON + minutes * MINUTE))
    assert words == [("a", Outcome.IN_DOUBT), ("a", Outcome.IN_DOUBT), ("a", Outcome.HELD)]
    assert world.platform.public("a") == 1


def test_what_nobody_can_know_is_held_for_a_person() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [LOST_ANSWER]
    world.run()
    world.platform.find_script = [Unknown(Problem(ErrorClass.UNKNOWN, "two posts match"))]
    report = world.run(NOON + 10 * MINUTE)
    assert outcomes(report) == [("a", Outcome.HELD)]
    assert report.results[0].message == (
        "nobody knows whether it went out: two posts match; look at the account and say so with "
        "socialauto settle"
    )
    assert world.run(NOON + HOUR).results == ()


def test_a_dead_handle_is_replaced_by_a_new_one() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [LOST_ANSWER]
    world.run()
    dead = Problem(ErrorClass.TRANSIENT, "the container expired")
    world.platform.find_script = [NotPublished(dead, handle_dead=True)]
    world.run(NOON + 10 * MINUTE)
    assert world.platform.log == [("c2", "m1")]


def test_an_intent_whose_file_is_gone_is_settled_and_not_sent() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [LOST_ANSWER]
    world.run()
    world.posts = []
    report = world.run(NOON + 10 * MINUTE)
    assert outcomes(report) == [("a", Outcome.RETRY)]
    assert report.results[0].message == "it never went out; now: its file is gone"
    assert world.platform.log == []


def test_a_published_handle_found_while_preparing_is_recorded_and_not_sent_again() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [("after", NotPublished(TRANSIENT))]
    world.run()
    # The platform said no although it had done it; the container tells when it is used again.
    world.platform.publish_script = []

    world.platform.find_script = [Published("m1", "https://fake.test/m1")]
    world.platform.adopt = True
    assert outcomes(world.run(NOON + 10 * MINUTE)) == [("a", Outcome.SETTLED)]
    assert world.platform.public("a") == 1


def test_too_late_is_recorded_as_missed_once() -> None:
    world = World([delivery("a")])
    report = world.run(NOON + 7 * HOUR)
    assert outcomes(report) == [("a", Outcome.MISSED)]
    assert world.run(NOON + 8 * HOUR).results == ()
    assert world.ledger.state("a").state is State.MISSED


def test_a_slow_platform_does_not_eat_the_lease() -> None:
    world = World([delivery("a")], platform=Platform(processing=3600))
    assert outcomes(world.run()) == [("a", Outcome.PUBLISHED)]


def test_a_write_that_takes_longer_than_the_lease_sends_nothing() -> None:
    world = World([delivery("a")])

    class Slow(MemoryLedger):
        async def write(self, changes: Any) -> Any:
            results = await super().write(changes)
            if changes[0].after.state is State.INTENT:
                await anyio.sleep(28 * 60)
            return results

    world.ledger = Slow()
    assert outcomes(world.run()) == [("a", Outcome.RETRY)]
    assert world.platform.log == []


def test_progress_is_told_while_it_happens() -> None:
    world = World([delivery("a")])
    world.run()
    phases = [event.phase.value for event in world.events if isinstance(event, Progress)]
    assert phases == ["preparing", "publishing"]


def test_two_runs_that_settle_the_same_intent_ask_once() -> None:
    world = World([delivery("a")])
    world.platform.publish_script = [LOST_ANSWER]
    world.run()
    world.platform.calls.clear()

    def somebody_else(changes: Any) -> None:
        world.ledger.before = lambda changes: None
        key = changes[0].after.key
        theirs = changes[0].after.model_copy(update={"lease": lease(NOON + HOUR, run="theirs")})
        world.ledger.entries[key] = theirs

    world.ledger.before = somebody_else
    assert outcomes(world.run(NOON + 10 * MINUTE)) == [("a", Outcome.TAKEN)]
    assert world.platform.calls == []


def test_an_interruption_does_not_come_between_the_call_and_its_receipt() -> None:
    world = World([delivery("a"), delivery("b", account="other", text="Text of b")])
    world.settings = config("acme", "other")
    slow = Platform(publishing=60)
    world.platform = slow

    def interrupt(event: Event) -> None:
        # The other account's lane meets a bug while a post of this one is on its way.
        if event == Progress(DeliveryKey("other", "b"), Phase.PUBLISHING):
            raise RuntimeError("bug")

    world.listen = interrupt
    with pytest.raises(BaseExceptionGroup):
        world.run()
    assert slow.public("a") == 1
    assert world.ledger.state("a").state is State.PUBLISHED


@pytest.mark.anyio
async def test_nobody_waits_for_a_writer_that_is_gone() -> None:
    journal = Journal(MemoryLedger(), LoopClock(NOON))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(journal.run)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    with anyio.fail_after(1), pytest.raises(SocialautoError, match="writer has stopped"):
        await journal.write([])


# Precise time: a run that waits for what falls due soon.

TEN = 10 * MINUTE


def test_what_falls_due_in_the_window_goes_out_at_its_instant() -> None:
    posts = [delivery("a", due=NOON + 4 * MINUTE), delivery("b", due=NOON + 9 * MINUTE)]
    world = World([*posts, delivery("c", due=NOON + 11 * MINUTE)], platform=Platform(processing=30))
    report = world.run(ahead=TEN)
    assert outcomes(report) == [("a", Outcome.PUBLISHED), ("b", Outcome.PUBLISHED)]
    assert [result.lateness for result in report.results] == [0.0, 0.0]
    assert world.took == 9 * MINUTE


def test_it_is_prepared_ahead_and_its_intent_comes_shortly_before() -> None:
    world = World([delivery("a", due=NOON + 5 * MINUTE)])
    world.run(ahead=TEN)
    first = world.ledger.state("a")
    assert first.published_at == NOON + 5 * MINUTE
    told = [event.phase for event in world.events if isinstance(event, Progress)]
    assert told == [Phase.PREPARING, Phase.WAITING, Phase.PUBLISHING]


def looking(changed: Callable[[Step], Step]) -> Look:
    async def look(step: Step) -> Step:
        return changed(step)

    return look


def test_a_post_that_is_withdrawn_while_it_waits_stays_in() -> None:
    world = World([delivery("a", due=NOON + 5 * MINUTE)])
    gone = Step(Kind.ORPHAN, DeliveryKey("acme", "a"), "its file is gone")
    world.look = looking(lambda step: gone)
    report = world.run(ahead=TEN)
    assert outcomes(report) == [("a", Outcome.CHANGED)]
    assert report.clean
    assert (world.platform.log, world.ledger.entries) == ([], {})


def test_an_edit_that_lands_while_it_waits_is_obeyed() -> None:
    before = delivery("a", due=NOON + 5 * MINUTE)
    after = delivery("a", due=NOON + 5 * MINUTE, text="Text of edited")
    world = World([before])
    world.look = looking(lambda step: replace(step, delivery=after))
    world.run(ahead=TEN)
    assert (world.platform.public("a"), world.platform.public("edited")) == (0, 1)
    assert world.ledger.state("a").digest == after.message.digest


def test_an_unchanged_post_is_prepared_only_once() -> None:
    world = World([delivery("a", due=NOON + 5 * MINUTE)])
    world.look = looking(lambda step: step)
    world.run(ahead=TEN)
    assert world.platform.calls.count("prepare a") == 1


def test_a_run_that_is_asked_to_stop_while_it_waits_leaves_nothing_behind() -> None:
    world = World([delivery("a", due=NOON + 5 * MINUTE)], halt_at=NOON + MINUTE)
    report = world.run(ahead=TEN)
    assert [stop.waiting for stop in report.stopped] == [1]
    assert (world.took, world.ledger.entries, world.platform.log) == (MINUTE, {}, [])
    world.halt_at = None
    assert outcomes(world.run(NOON + 5 * MINUTE)) == [("a", Outcome.PUBLISHED)]


def test_an_intent_is_given_back_when_the_run_is_asked_to_stop_before_the_call() -> None:
    world = World(
        [delivery("a", due=NOON + 5 * MINUTE)], halt_at=NOON + 5 * MINUTE - timedelta(seconds=5)
    )
    world.run(ahead=TEN)
    assert (world.ledger.state("a").state, world.platform.log) == (State.RETRY, [])
    world.halt_at = None
    assert outcomes(world.run(NOON + 5 * MINUTE)) == [("a", Outcome.PUBLISHED)]
    assert world.platform.log == [("c1", "m1")]


def test_what_is_on_its_way_is_finished_before_the_run_stops() -> None:
    world = World(
        [delivery("a"), delivery("b")],
        platform=Platform(publishing=60),
        halt_at=NOON + timedelta(seconds=30),
    )
    report = world.run()
    assert outcomes(report) == [("a", Outcome.PUBLISHED)]
    assert [stop.waiting for stop in report.stopped] == [1]
    assert world.ledger.state("a").state is State.PUBLISHED


def test_a_run_makes_two_pushes_and_one_more_each_interval() -> None:
    accounts = [f"acme-{number}" for number in range(20)]
    posts = [
        delivery(f"p{number}", account=account, text=f"Text of {account} {number}")
        for account in accounts
        for number in range(5)
    ]
    guarded = config(*accounts, guard=Guard(max_per_run=100))
    world = World(posts, guarded, platform=Platform(publishing=0.3), flush_interval=2.0)
    world.run()
    assert len(world.platform.log) == 100
    assert world.ledger.pushes <= 2 + world.took.total_seconds() / 2.0
    assert world.ledger.pushes < 15


def test_a_small_run_waits_for_no_interval() -> None:
    world = World([delivery("a")], flush_interval=60.0)
    world.run()
    assert world.took == timedelta(0)
