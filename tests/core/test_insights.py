"""Which posts are asked about, what is kept of the answers, and what is let go."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from socialauto.core.insights import (
    MAX_SAMPLES,
    History,
    Sample,
    Told,
    extended,
    headline,
    refusals_by_kind,
    thinned,
    to_ask,
)
from socialauto.core.ledger import Entry, State
from support.builders import HOUR, NOON, delivery, entry

DAY = 24 * HOUR
MONTH = 30 * DAY


def published(post: str = "hello", *, at: datetime = NOON, **more: Any) -> Entry:
    fields = {"published_at": at, "remote_id": f"id-{post}"} | more
    return entry(delivery(post), State.PUBLISHED, **fields)


def history(of: Entry, *, asked: datetime = NOON, **more: Any) -> History:
    fields = {"remote_id": of.remote_id, "kind": "FEED"} | more
    return History(account=of.account, post=of.post, asked=asked, **fields)


def told(kind: str = "FEED", refused: tuple[str, ...] = (), **metrics: float) -> Told:
    return Told(kind, metrics, refused)


def asked(*entries: Entry, known: tuple[History, ...] = (), **more: Any) -> list[str]:
    now = more.pop("now", NOON + DAY)
    histories = {one.key: one for one in known}
    found = to_ask(entries, histories, now=now, since=more.pop("since", MONTH), **more)
    return [each.post for each in found]


def test_only_what_is_published_and_can_be_named_is_asked_about() -> None:
    wanted = published()
    others = [
        entry(delivery("failed"), State.FAILED),
        published("nameless", remote_id=None),
        published("old", at=NOON - MONTH),
        published("to-come", at=NOON + 2 * DAY),
        published("gone").model_copy(update={"state": State.DELETED}),
    ]
    assert asked(wanted, *others) == ["hello"]


@pytest.mark.parametrize(
    ("kind", "after", "age", "expected"),
    [
        ("FEED", 19 * HOUR, 5 * DAY, []),
        ("FEED", 20 * HOUR, 5 * DAY, ["hello"]),
        ("STORY", 2 * HOUR, 10 * HOUR, []),
        ("STORY", 3 * HOUR, 10 * HOUR, ["hello"]),
        ("STORY", 9 * HOUR, 25 * HOUR, []),
    ],
)
def test_a_post_is_asked_about_once_a_day_and_a_story_while_it_lives(
    kind: str, after: timedelta, age: timedelta, expected: list[str]
) -> None:
    now = NOON + age
    one = published()
    known = history(one, asked=now - after, kind=kind)
    assert asked(one, known=(known,), now=now) == expected


def test_asking_again_is_possible() -> None:
    one = published()
    known = history(one, asked=NOON + DAY - HOUR)
    assert asked(one, known=(known,)) == []
    assert asked(one, known=(known,), again=True) == ["hello"]


def test_a_post_that_went_out_again_is_another_publication() -> None:
    one = published()
    other = history(one, asked=NOON + DAY, remote_id="an-earlier-one")
    assert asked(one, known=(other,)) == ["hello"]
    fresh = extended(other, one, told(reach=1), NOON + DAY)
    assert (fresh.remote_id, len(fresh.samples)) == ("id-hello", 1)


def test_what_vanishes_comes_first_then_what_never_told_then_the_oldest_news() -> None:
    story, new, older, oldest = (published(name) for name in ("story", "new", "older", "oldest"))
    now = NOON + 23 * HOUR
    known = (
        history(older, asked=NOON),
        history(oldest, asked=NOON - DAY),
        history(story, asked=NOON, kind="STORY"),
    )
    found = asked(older, new, oldest, story, known=known, now=now)
    assert found == ["story", "new", "oldest", "older"]


def test_samples_are_added_and_those_of_one_day_are_one() -> None:
    one = published()
    first = extended(None, one, told(reach=5), NOON + HOUR)
    second = extended(first, one, told(reach=9), NOON + DAY)
    third = extended(second, one, told(reach=11), NOON + DAY + HOUR)
    assert [sample.metrics["reach"] for sample in third.samples] == [5, 11]
    assert third.newest == Sample(at=NOON + DAY + HOUR, metrics={"reach": 11})


def test_a_story_keeps_every_sample_of_its_day() -> None:
    first = extended(None, published(), told("STORY", reach=5), NOON + HOUR)
    second = extended(first, published(), told("STORY", reach=6), NOON + 4 * HOUR)
    assert [sample.metrics["reach"] for sample in second.samples] == [5, 6]


def test_nothing_yet_is_remembered_as_asked_and_not_as_zero() -> None:
    kept = extended(None, published(), told(), NOON + HOUR)
    assert (kept.samples, kept.newest, kept.asked) == ((), None, NOON + HOUR)
    later = extended(kept, published(), told(reach=1), NOON + DAY)
    assert extended(later, published(), told(), NOON + 2 * DAY).samples == later.samples


def test_numbers_of_years_are_few_and_the_first_days_keep_their_detail() -> None:
    kept: History | None = None
    for day in range(1, 400):
        kept = extended(kept, published(), told(reach=day), NOON + day * DAY)
    assert kept is not None
    days = [sample.metrics["reach"] for sample in kept.samples]
    assert len(days) == MAX_SAMPLES
    assert days == sorted(days)
    assert (days[0], days[-1]) == (1, 399)
    assert days[:4] == [1, 2, 3, 4]
    assert max(later / earlier for earlier, later in pairwise(days[4:])) < 1.5


def test_few_samples_are_all_kept() -> None:
    few = [Sample(at=NOON + n * DAY, metrics={"reach": n}) for n in range(MAX_SAMPLES)]
    assert thinned(few) == few


def test_a_refused_metric_is_left_alone_for_a_month() -> None:
    first = extended(None, published(), told(refused=("reposts",)), NOON)
    assert refusals_by_kind([first], "acme", NOON + DAY) == {"FEED": frozenset({"reposts"})}
    assert refusals_by_kind([first], "acme", NOON + MONTH) == {"FEED": frozenset()}
    assert refusals_by_kind([first], "other", NOON + DAY) == {}
    assert extended(first, published(), told(reposts=1), NOON + MONTH).refused == {}
    later = extended(first, published(), told(reach=1), NOON + DAY)
    assert later.refused == {"reposts": NOON}


def test_the_headline_shows_the_best_known_numbers() -> None:
    metrics = {"saved": 3, "reach": 1204, "likes": 98, "comments": 0, "views": 2000}
    assert headline(Sample(at=NOON, metrics=metrics)) == (
        "2,000 views, 1,204 reach, 98 likes, 0 comments"
    )
    assert headline(Sample(at=NOON, metrics={"navigation": 1})) == ""


@pytest.mark.parametrize("value", [float("inf"), float("nan"), -1, "many"])
def test_only_numbers_are_kept(value: object) -> None:
    with pytest.raises(ValueError, match="metrics"):
        Sample.model_validate({"at": NOON, "metrics": {"reach": value}})
