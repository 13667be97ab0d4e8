from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.ledger import Entry, State
from socialauto.core.occurrences import Ago
from socialauto.core.recurrence_words import parse_words
from socialauto.core.slots import Queue, Waiting, queued
from socialauto.core.timetable import Pattern, Timetable
from socialauto.core.when import find_zone
from support.builders import delivery, entry

BEGAN = datetime.fromisoformat("2026-11-01T00:00+00:00")
SUNDAY = datetime.fromisoformat("2026-12-06T12:00+00:00")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def queue(*slots: str, name: str = "mornings", **more: Any) -> Queue:
    zone = find_zone("UTC")
    assert zone is not None
    patterns = [Pattern(parse_words(words), **more) for words in slots or ("day 09:00",)]
    return Queue(name, tuple(Timetable(pattern, zone) for pattern in patterns))


def waits(name: str, of: Queue, order: int = 0, **more: Any) -> Waiting:
    return Waiting(of, delivery(name, **more), order)


def laid_out(
    waiting: list[Waiting],
    now: datetime = SUNDAY,
    *entries: Entry,
    landed: datetime | None = None,
) -> dict[str, str]:
    ago = Ago(now, BEGAN, lambda path: landed)
    made = queued(waiting, entries, ago)
    return {one.key.post: f"{one.due:%m-%d %H:%M}" for one in made}


def sent(name: str, due: datetime, state: State = State.PUBLISHED) -> Entry:
    return entry(replace(delivery(name), due=due), state)


def test_posts_take_the_next_slots_by_their_order_and_then_by_path() -> None:
    of = queue("monday 09:00", "thursday 18:30")
    row = [waits("c", of), waits("a", of), waits("b", of, -1)]
    assert laid_out(row) == {"b": "12-07 09:00", "a": "12-10 18:30", "c": "12-14 09:00"}


def test_what_the_ledger_knows_keeps_its_time() -> None:
    of = queue()
    monday = SUNDAY + 21 * HOUR
    row = [waits(name, of) for name in "abc"]
    known = sent("b", monday, State.INTENT)
    assert laid_out(row, SUNDAY, known, landed=SUNDAY) == {
        "b": "12-07 09:00",
        "a": "12-08 09:00",
        "c": "12-09 09:00",
    }


def test_a_slot_whose_post_was_deleted_is_not_filled_again() -> None:
    of = queue()
    gone = sent("gone", SUNDAY - 3 * HOUR)
    assert laid_out([waits("a", of)], SUNDAY, gone) == {"a": "12-07 09:00"}


def test_a_late_run_fills_the_newest_slot_and_no_older_one() -> None:
    of = queue()
    row = [waits(name, of) for name in "ab"]
    assert laid_out(row) == {"a": "12-06 09:00", "b": "12-07 09:00"}
    assert laid_out(row, SUNDAY + 4 * HOUR) == {"a": "12-07 09:00", "b": "12-08 09:00"}


def test_a_post_that_came_after_the_slot_does_not_go_out_at_once() -> None:
    row = [waits("a", queue())]
    assert laid_out(row, landed=SUNDAY - HOUR) == {"a": "12-07 09:00"}
    assert laid_out(row, landed=SUNDAY - 4 * HOUR) == {"a": "12-06 09:00"}


def test_one_with_an_error_does_not_keep_the_others_waiting() -> None:
    of = queue()
    row = [waits("a", of, invalid="no picture"), waits("b", of)]
    assert laid_out(row, landed=SUNDAY) == {"b": "12-07 09:00", "a": "12-08 09:00"}


def test_drafts_take_no_slot() -> None:
    of = queue()
    row = [waits("a", of, draft=True), waits("b", of)]
    assert laid_out(row, landed=SUNDAY)["b"] == "12-07 09:00"


def test_there_are_days_without_slots() -> None:
    of = replace(queue(), blackout=((date(2026, 12, 7), date(2026, 12, 9)),))
    assert laid_out([waits("a", of)], landed=SUNDAY) == {"a": "12-10 09:00"}


def test_two_queues_of_an_account_share_no_slot_and_accounts_share_them() -> None:
    one, other = queue(), queue(name="others")
    row = [waits("a", one), waits("b", other)]
    assert laid_out(row, landed=SUNDAY) == {"a": "12-07 09:00", "b": "12-08 09:00"}
    row = [waits("a", one), waits("b", one, account="other")]
    assert laid_out(row, landed=SUNDAY) == {"a": "12-07 09:00", "b": "12-07 09:00"}


def test_a_queue_that_ends_says_who_has_no_slot() -> None:
    of = queue(until=datetime.fromisoformat("2026-12-07T23:59"))
    ago = Ago(SUNDAY, BEGAN, lambda path: SUNDAY)
    made = queued([waits("a", of), waits("b", of)], (), ago)
    assert [one.invalid for one in made] == ["", "mornings has no slot left for it"]


NAMES = [f"post-{number:02d}" for number in range(12)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(NAMES), unique=True, min_size=1),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=4),
    st.integers(0, 40),
    st.integers(-3, 3),
)
def test_slots_are_filled_completely_and_without_collision(
    names: list[str], known: list[str], hours: int, order: int
) -> None:
    of = queue("day 09:00", "weekday 15:00")
    now = SUNDAY + hours * HOUR
    row = [waits(name, of, order * number) for number, name in enumerate(names)]
    entries = [sent(name, SUNDAY + n * DAY - 3 * HOUR) for n, name in enumerate(known)]
    ago = Ago(now, BEGAN, lambda path: now + HOUR)
    made = queued(row, entries, ago)
    assert sorted(one.key.post for one in made) == sorted(names)
    fresh = [one for one in made if one.key.post not in known]
    dues = [one.due for one in fresh]
    assert len({*dues, *(entry.due for entry in entries)}) == len(dues) + len(known)
    assert all(due > now for due in dues)
    free = [slot for slot in of.between(now, now + 40 * DAY) if slot > now]
    free = [slot for slot in free if slot not in {entry.due for entry in entries}]
    assert sorted(dues) == free[: len(dues)]
    again = queued(list(reversed(row)), list(reversed(entries)), ago)
    assert {one.key: one for one in again} == {one.key: one for one in made}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(NAMES), unique=True, min_size=2), st.integers(1, 11))
def test_a_post_at_the_end_moves_nobody(names: list[str], cut: int) -> None:
    of = queue()
    names = sorted(names)
    few = [waits(name, of) for name in names[:cut]]
    more = [waits(name, of) for name in names]
    before, after = laid_out(few, landed=SUNDAY), laid_out(more, landed=SUNDAY)
    assert {name: after[name] for name in before} == before


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=5, max_size=30), st.integers(1, 8))
def test_whenever_runs_come_each_post_goes_out_once_in_order(gaps: list[int], size: int) -> None:
    """Runs at any hours; what is due is published at once, as an engine would."""
    of = queue("day 09:00")
    row = [waits(f"post-{number}", of) for number in range(size)]
    now, entries = SUNDAY - 4 * HOUR, [sent("before", SUNDAY - 3 * HOUR)]
    order: list[str] = []
    for gap in gaps:
        now += gap * HOUR
        made = queued(row, entries, Ago(now, BEGAN, lambda path: BEGAN))
        known = {one.key for one in entries}
        due = [one for one in made if one.due <= now and one.key not in known]
        assert len(due) <= 1
        order += [one.key.post for one in due]
        entries += [entry(one, State.PUBLISHED) for one in due]
    assert order == [f"post-{number}" for number in range(len(order))]
    assert len({one.due for one in entries}) == len(entries)


@pytest.mark.parametrize("state", [State.RETRY, State.FAILED, State.HELD, State.MISSED])
def test_every_state_keeps_its_slot(state: State) -> None:
    monday = SUNDAY + 21 * HOUR
    row = [waits("b", queue()), waits("a", queue())]
    assert laid_out(row, monday + HOUR, sent("b", monday, state)) == {
        "b": "12-07 09:00",
        "a": "12-08 09:00",
    }
