"""The parts of the simulation keep the rules that they stand for."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import anyio
import pytest

from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Applied, Change, Entry, Header, Lost, State
from socialauto.engine.clock import LoopClock
from support.builders import HOUR, MINUTE, NOON, delivery, entry
from support.simulation.exhaustive import CASES, play_scripted
from support.simulation.feeds import Feed, Stage
from support.simulation.ills import OPERATIONS, Fate, Ill, Script
from support.simulation.loop import run_virtually
from support.simulation.process import Killed, Process
from support.simulation.remote import Clone, Remote
from support.simulation.wire import Failure, RefusedError, Token, Wire

RETRY = entry(delivery("a"), State.RETRY)
INTENT = entry(delivery("a"), State.INTENT)


def feed() -> Feed:
    return Feed(random.Random(1), lag=60)


def process(*ills: Ill, share: float = 0.9, dies_after: timedelta | None = None) -> Process:
    clock = LoopClock(NOON)
    fates = Script({number: Fate(ill, share) for number, ill in enumerate(ills)})
    dies_at = clock.now() + dies_after if dies_after else None
    return Process("r", clock, fates, dies_at=dies_at)


def play(main: Callable[[], Awaitable[Any]]) -> Any:
    return run_virtually(main)


# platforms


def test_a_record_key_names_one_record_for_ever() -> None:
    site = feed()
    site.put_record("k", "one", NOON)
    site.put_record("k", "two", NOON + 48 * HOUR)
    assert [item.text for item in site.log] == ["one"]


def test_an_idempotency_key_is_forgotten_and_knows_nothing_of_what_has_not_shown_yet() -> None:
    site = feed()
    site.post_with_key("k", "one", NOON + MINUTE, NOON)
    site.post_with_key("k", "one", NOON, NOON)
    assert len(site.log) == 2
    site.post_with_key("k", "one", NOON, NOON + MINUTE)
    assert len(site.log) == 2
    site.post_with_key("k", "one", NOON, NOON + 2 * HOUR)
    assert len(site.log) == 3


def test_a_listing_lags() -> None:
    site = feed()
    site.append("one", NOON)
    seen = {len(site.listed(NOON - HOUR, NOON + 30 * timedelta(seconds=1))) for _ in range(20)}
    assert seen == {0, 1}
    assert len(site.listed(NOON - HOUR, NOON + MINUTE)) == 1


def test_the_same_text_is_refused_once_it_shows() -> None:
    site = feed()
    site.post_unless_same("one", NOON + MINUTE, NOON)
    site.post_unless_same("one", NOON, NOON)
    with pytest.raises(RefusedError):
        site.post_unless_same("one", NOON, NOON + MINUTE)


def test_a_container_that_is_published_twice_is_public_twice() -> None:
    stage = Stage(feed())
    made = stage.create("one", NOON, seconds=5)
    assert stage.status(made.id, NOON) == "IN_PROGRESS"
    for _ in range(2):
        stage.publish(made.id, NOON + MINUTE, NOON + MINUTE)
    assert stage.status(made.id, NOON + MINUTE) == "PUBLISHED"
    assert len(stage.feed.log) == 2


# requests


def ask(ill: Ill, share: float = 0.9) -> tuple[Any, list[float], float]:
    """The answer to a call, when it takes effect, and when the answer comes; in seconds."""

    async def main() -> tuple[Any, list[float], float]:
        runner, effects = process(ill, share=share), []
        wire = Wire(runner, Token(), latest=100)
        answer = await wire.call("publish", lambda at: effects.append((at - NOON).total_seconds()))
        return answer, effects, (runner.true_now() - NOON).total_seconds()

    result: tuple[Any, list[float], float] = play(main)
    return result


@pytest.mark.parametrize(
    ("ill", "effects"),
    [
        (Ill.NEVER_SENT, []),
        (Ill.LOST_REQUEST, []),
        (Ill.LOST_RESPONSE, [0]),
        (Ill.ERROR_BEFORE, []),
        (Ill.ERROR_AFTER, [0]),
        (Ill.GARBAGE_BEFORE, []),
        (Ill.GARBAGE_AFTER, [0]),
        (Ill.REFUSED, []),
        (Ill.RATE_LIMIT, []),
        (Ill.LATE_EFFECT, [90]),
        (Ill.SLOW, [200]),
    ],
)
def test_what_befalls_a_request(ill: Ill, effects: list[float]) -> None:
    answer, at, _ = ask(ill)
    assert isinstance(answer, Failure)
    assert at == effects
    certain = (Ill.NEVER_SENT, Ill.REFUSED, Ill.RATE_LIMIT)
    assert answer.surely_nothing == (ill in certain)


def test_a_slow_answer_that_is_still_waited_for_arrives() -> None:
    answer, at, seconds = ask(Ill.SLOW, share=0.4)
    assert (answer, at, seconds) == (None, [48], 96)


# runs


def test_nothing_follows_a_kill() -> None:
    async def main() -> None:
        runner = process(Ill.CRASH_AFTER)
        with pytest.raises(Killed):
            await Wire(runner, Token(), latest=1).call("publish", lambda at: None)
        with pytest.raises(Killed):
            runner.now()
        with pytest.raises(Killed):
            await runner.sleep(1)

    play(main)


def test_a_stopped_run_stands_still_and_finds_its_clock_later() -> None:
    async def main() -> tuple[float, float]:
        runner = process(Ill.PAUSE_AFTER, share=0.5)
        seen: list[float] = []

        async def other_lane() -> None:
            await runner.sleep(10)
            seen.append((runner.now() - NOON).total_seconds())

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(other_lane)
            await Wire(runner, Token(), latest=1).call("list", lambda at: None)
        return seen[0], (runner.true_now() - NOON).total_seconds()

    seen, ended = play(main)
    assert 5400 < seen <= ended < 5403


def test_ci_kills_a_run_at_its_time_out_even_while_it_stands_still() -> None:
    async def main() -> float:
        runner = process(Ill.PAUSE_BEFORE, dies_after=25 * MINUTE)
        with pytest.raises(Killed):
            await Wire(runner, Token(), latest=1).call("list", lambda at: None)
        return (runner.true_now() - NOON).total_seconds()

    assert play(main) == 1500


# the ledger


def write(*ills: Ill, share: float = 0.9) -> tuple[Any, dict[str, Entry]]:
    """What a run is told of writing one entry, and what the branch has a while later."""

    async def main() -> tuple[Any, dict[str, Entry]]:
        remote = Remote(Header(format=1, lineage="x", began=NOON))
        told: Any
        runner = process(*ills, share=share)
        try:
            told = await Clone(remote, runner, _known=True).write([Change(None, RETRY)])
        except SocialautoError as error:
            told = error
        remote.arrive(NOON + HOUR)
        return told, {key.post: entry for key, entry in remote.entries.items()}

    result: tuple[Any, dict[str, Entry]] = play(main)
    return result


@pytest.mark.parametrize("ill", [Ill.STALE, Ill.UNCLEAR_APPLIED, Ill.UNCLEAR_LOST, Ill.LATE_PUSH])
def test_an_unclear_push_is_looked_up_and_made_good(ill: Ill) -> None:
    assert write(ill) == ([Applied(RETRY)], {"a": RETRY})


@pytest.mark.parametrize(
    ("ill", "landed"),
    [
        (Ill.GIVEN_UP_APPLIED, True),
        (Ill.GIVEN_UP_LOST, False),
        (Ill.DECLINED, False),
    ],
)
def test_a_push_that_is_given_up_may_have_landed(ill: Ill, landed: bool) -> None:
    told, entries = write(ill)
    assert isinstance(told, SocialautoError)
    assert bool(entries) == landed


def test_a_push_that_was_given_up_may_land_later() -> None:
    told, entries = write(Ill.LATE_PUSH, share=0.3)
    assert isinstance(told, SocialautoError)
    assert entries == {"a": RETRY}


def test_who_was_second_loses_the_entry() -> None:
    async def main() -> Any:
        remote = Remote(Header(format=1, lineage="x", began=NOON))
        one, two = (Clone(remote, process()) for _ in range(2))
        await one.read()
        await two.read()
        await one.write([Change(None, RETRY)])
        return await two.write([Change(None, INTENT)])

    assert play(main) == [Lost(RETRY)]


# the exhaustive part


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_run_fetches_and_makes_intent_and_receipt_durable(case: Any) -> None:
    async def main() -> list[str]:
        return (await play_scripted(case, [{}])).met[0]

    met = play(main)
    assert met[0] == "fetch"
    assert met.count("push") == (4 if case.comment else 2)
    assert met.index("publish") > met.index("push")
    assert set(met) <= set(OPERATIONS)
