"""How an account is asked: in order, within its calls, and no longer than it likes to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from socialauto.adapters.protocol import Insights, NoInsights, Question
from socialauto.core.insights import History
from socialauto.core.ledger import Entry, State
from socialauto.core.outcome import ErrorClass, Problem
from socialauto.engine.insights import Pulled, pull
from support.builders import HOUR, NOON, delivery, entry

pytestmark = pytest.mark.anyio

TOLD = Insights("FEED", {"reach": 7.0}, calls=2)
GONE = NoInsights(Problem(ErrorClass.TRANSIENT, "unknown"), gone=True)
DOWN = NoInsights(Problem(ErrorClass.TRANSIENT, "no answer"))
DENIED = NoInsights(Problem(ErrorClass.AUTH, "grant it"))
LIMITED = NoInsights(Problem(ErrorClass.RATE_LIMITED, "too many", until=NOON + HOUR))


@dataclass
class Teller:
    """A platform that answers like this, one after the other; the last answer stays."""

    answers: Sequence[Insights | NoInsights]
    asked: list[Question] = field(default_factory=list)

    async def insights(self, question: Question) -> Insights | NoInsights:
        self.asked.append(question)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


class Noon:
    def now(self) -> Any:
        return NOON

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")


def published(count: int) -> list[Entry]:
    return [
        entry(
            delivery(f"p{number}"),
            State.PUBLISHED,
            remote_id=str(number),
            published_at=NOON - HOUR,
            handle={"container": str(number)},
        )
        for number in range(count)
    ]


async def ask(session: Any, count: int = 4, calls: int = 100, **more: Any) -> Pulled:
    histories = more.pop("histories", {})
    return await pull(
        session,
        "acme",
        published(count),
        histories,
        clock=Noon(),
        most_calls=calls,
    )


async def test_every_post_is_asked_about_in_order() -> None:
    teller = Teller([TOLD])
    pulled = await ask(teller)
    assert [question.remote_id for question in teller.asked] == ["0", "1", "2", "3"]
    assert teller.asked[0].handle == {"container": "0"}
    assert (pulled.told, pulled.calls, pulled.left, pulled.stopped) == (4, 8, 0, "")


async def test_a_platform_without_insights_is_no_trouble() -> None:
    pulled = await ask(object())
    assert (pulled.left, pulled.stopped, pulled.trouble) == (
        4,
        "its platform tells no insights",
        False,
    )


async def test_what_is_left_of_the_calls_is_handed_on() -> None:
    teller = Teller([TOLD])
    pulled = await ask(teller, calls=5)
    assert [question.most_calls for question in teller.asked] == [5, 3]
    assert (pulled.calls, pulled.left, pulled.trouble) == (4, 2, False)


async def test_what_one_post_taught_the_next_need_not_learn() -> None:
    refusing = Insights("FEED", {"reach": 1.0}, refused=("reposts",), calls=9)
    old = History(
        account="acme", post="old", remote_id="x", kind="REELS", asked=NOON, refused={"views": NOON}
    )
    teller = Teller([refusing, TOLD])
    pulled = await ask(teller, histories={old.key: old})
    assert teller.asked[0].refused == {"REELS": frozenset({"views"})}
    assert teller.asked[1].refused["FEED"] == frozenset({"reposts"})
    assert list(pulled.histories[published(1)[0].key].refused) == ["reposts"]


@pytest.mark.parametrize("answer", [DENIED, LIMITED])
async def test_some_answers_are_the_last(answer: NoInsights) -> None:
    teller = Teller([TOLD, answer])
    pulled = await ask(teller)
    assert len(teller.asked) == 2
    assert (pulled.told, pulled.left, pulled.trouble) == (1, 3, True)
    assert pulled.stopped == answer.problem.message


async def test_three_failures_in_a_row_are_enough() -> None:
    pulled = await ask(Teller([DOWN, DOWN, TOLD, DOWN, DOWN, DOWN]), count=7)
    assert (pulled.told, len(pulled.failed), pulled.left, pulled.trouble) == (1, 4, 2, True)


async def test_posts_that_are_gone_are_no_failures() -> None:
    pulled = await ask(Teller([GONE]))
    assert (len(pulled.gone), pulled.stopped, pulled.trouble) == (4, "", False)


@pytest.mark.parametrize(("until", "asked"), [(HOUR, 1), (-HOUR, 4)])
async def test_nearly_used_up_limits_end_it_while_they_last(until: timedelta, asked: int) -> None:
    busy = Insights("FEED", {}, busy_until=NOON + until)
    teller = Teller([busy])
    pulled = await ask(teller)
    assert (len(teller.asked), pulled.trouble) == (asked, False)
    assert pulled.left == 4 - asked
