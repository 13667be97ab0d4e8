from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.guard import make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.message import Message
from socialauto.core.occurrences import Ago, Series, calendar_of, delivery_for, occurring
from socialauto.core.plan import Kind, Plan
from socialauto.core.recurrence_words import parse_words
from socialauto.core.timetable import Exemption, Pattern, Timetable
from socialauto.core.when import find_zone
from support.builders import config, delivery, entry, message, snapshot

BEGAN = datetime.fromisoformat("2026-11-01T00:00+00:00")
MONDAY = datetime.fromisoformat("2026-12-07T09:00+00:00")
START = datetime.fromisoformat("2026-12-07")
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


def series(every: str = "monday 09:00", *texts: str, **more: Any) -> Series:
    zone = find_zone("UTC")
    assert zone is not None
    pattern = Pattern(parse_words(every), **more.pop("ends", {}))
    table = Timetable(pattern, zone, more.pop("exemptions", {}))
    pool = tuple(delivery("quote", text=text) for text in texts or ("Happy Monday",))
    return Series(table, pool, **more)


def made(of: Series, now: datetime, *entries: Entry, **more: Any) -> list[Delivery]:
    ago = Ago(now, more.pop("began", BEGAN), lambda path: more.get("landed"), timedelta(0))
    return occurring([of], entries, ago)


def plan(of: Series, now: datetime, *entries: Entry, **more: Any) -> Plan:
    deliveries = made(of, now, *entries, **more)
    return make_plan(deliveries, snapshot(*entries, began=BEGAN), config(), now=now)


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(step.kind.value, step.key.occurrence[5:]) for step in plan.steps]


def ledgered(of: Series, day: str, state: State, text: str = "", **more: Any) -> Entry:
    due = datetime.fromisoformat(f"{day}T09:00+00:00")
    version = delivery("quote", text=text) if text else of.pool[0]
    key = replace(version.key, occurrence=f"{day}T09:00")
    shown = {"published_at": due, "remote_id": "1"} if state is State.PUBLISHED else {}
    return entry(replace(version, key=key, due=due), state, **shown, **more)


def test_the_next_dates_wait_and_the_one_that_is_due_goes_out() -> None:
    assert told(plan(series(), MONDAY + HOUR)) == [
        ("publish", "12-07T09:00"),
        ("wait", "12-14T09:00"),
        ("wait", "12-21T09:00"),
    ]


def test_a_daily_series_does_not_fill_the_plan() -> None:
    steps = told(
        plan(series("day 09:00"), MONDAY - HOUR, ledgered(series(), "2026-12-06", State.PUBLISHED))
    )
    assert [kind for kind, _ in steps] == ["wait"] * 5 + ["done"]


def test_at_least_the_next_date_is_told_however_far() -> None:
    table = plan(series("24 december 09:00"), MONDAY + 60 * timedelta(days=1), landed=MONDAY)
    assert [key for kind, key in told(table) if kind == "wait"] == ["12-24T09:00"]


def test_what_a_sleeping_runner_missed_never_goes_out_in_a_burst() -> None:
    last = ledgered(series("day 09:00"), "2026-12-01", State.PUBLISHED)
    steps = plan(series("day 09:00"), MONDAY + HOUR, last).steps
    sent = [step for step in steps if step.kind is Kind.PUBLISH]
    assert [step.key.occurrence for step in sent] == ["2026-12-07T09:00"]
    assert sent[0].reason == "due 1 h ago; 5 dates before it were missed, too"
    assert [step for step in steps if step.record] == []


def test_of_dates_beyond_grace_one_is_recorded() -> None:
    last = ledgered(series("day 09:00"), "2026-12-01", State.PUBLISHED)
    steps = plan(series("day 09:00"), MONDAY + 10 * HOUR, last).steps
    recorded = [(step.kind, step.key.occurrence) for step in steps if step.record]
    assert recorded == [(Kind.MISSED, "2026-12-07T09:00")]


def test_a_new_series_never_sends_its_past() -> None:
    assert told(plan(series(), MONDAY + 2 * HOUR, landed=MONDAY + HOUR))[0][0] == "wait"
    assert told(plan(series(), MONDAY + 2 * HOUR, landed=MONDAY - HOUR))[0][0] == "publish"
    assert told(plan(series(), MONDAY + 2 * HOUR, landed=None))[0][0] == "publish"


def test_what_was_due_before_the_ledger_began_is_not_even_history() -> None:
    steps = told(plan(series(), BEGAN + HOUR, began=BEGAN))
    assert [kind for kind, _ in steps] == ["wait", "wait"]


def test_a_rule_that_is_moved_back_does_not_send_the_day_again() -> None:
    sent = ledgered(series(), "2026-12-07", State.PUBLISHED)
    steps = told(plan(series("monday 08:00"), MONDAY + HOUR, sent))
    assert steps == [("wait", "12-14T08:00"), ("wait", "12-21T08:00"), ("done", "12-07T09:00")]


@pytest.mark.parametrize("later", ["10:00", "18:00"])
def test_a_time_that_is_moved_on_does_not_send_the_day_again(later: str) -> None:
    sent = ledgered(series(), "2026-12-07", State.PUBLISHED)
    steps = told(plan(series(f"monday {later}"), MONDAY + 2 * HOUR, sent))
    assert steps[0] == ("wait", f"12-14T{later}")


def test_a_series_may_repeat_itself() -> None:
    sent = ledgered(series("day 09:00"), "2026-12-06", State.PUBLISHED)
    assert told(plan(series("day 09:00"), MONDAY, sent))[0] == ("publish", "12-07T09:00")


def test_another_post_with_its_words_is_still_refused() -> None:
    sent = ledgered(series(), "2026-12-07", State.PUBLISHED)
    twin = delivery("twin", text="Happy Monday", due=MONDAY + HOUR)
    settings = config()
    (step,) = [
        step
        for step in make_plan(
            [twin], snapshot(sent, began=BEGAN), settings, now=MONDAY + HOUR
        ).steps
        if step.key.post == "twin"
    ]
    assert (step.kind, step.guard) == (Kind.BLOCKED, "duplicate")


def test_an_edit_changes_nothing_about_what_is_published() -> None:
    sent = ledgered(series(), "2026-12-07", State.PUBLISHED)
    steps = plan(series("monday 09:00", "Another text"), MONDAY + HOUR, sent).steps
    assert [(step.kind, step.reason) for step in steps if step.entry] == [(Kind.DONE, "published")]


@pytest.mark.parametrize(
    ("state", "kind", "reason"),
    [
        (State.PUBLISHED, Kind.DONE, "published"),
        (State.MISSED, Kind.DONE, "missed; its series has gone on"),
        (State.FAILED, Kind.DONE, "failed; its series has gone on"),
        (State.RETRY, Kind.MISSED, "its series has gone on without it"),
        (State.HELD, Kind.HELD, ""),
        (State.INTENT, Kind.SETTLE, "run r1 left no receipt: ask the platform"),
    ],
)
def test_a_series_goes_on(state: State, kind: Kind, reason: str) -> None:
    old = ledgered(series(), "2026-11-30", state)
    steps = [step for step in plan(series(), MONDAY + HOUR, old).steps if step.entry]
    assert [(step.kind, step.reason) for step in steps] == [(kind, reason)]


@pytest.mark.parametrize(
    ("tried", "kind"), [(None, Kind.PUBLISH), (State.RETRY, Kind.RETRY), (State.HELD, Kind.HELD)]
)
def test_what_follows_a_date_is_not_overtaken(tried: State | None, kind: Kind) -> None:
    """A comment belongs to its post, which is public: it is late."""
    commented = message("Happy Monday", options={"first_comment": "Link in bio"})
    weekly = replace(series(), pool=(replace(series().pool[0], message=commented),))
    post = ledgered(weekly, "2026-11-30", State.PUBLISHED, sequels=("comment",))
    below = [entry(replace(weekly.pool[0], key=post.key), tried, part="comment")] if tried else []
    steps = plan(weekly, MONDAY + HOUR, post, *below).steps
    assert [step.kind for step in steps if step.key.part] == [kind]


def test_a_try_goes_on_until_the_next_date() -> None:
    old = ledgered(series(), "2026-12-07", State.RETRY)
    assert told(plan(series(), MONDAY + HOUR, old))[0] == ("retry", "12-07T09:00")


def test_a_date_that_is_skipped_later_is_given_up() -> None:
    skipped = {datetime.fromisoformat("2026-12-07T09:00"): Exemption(skip=True)}
    old = ledgered(series(), "2026-12-07", State.RETRY)
    steps = plan(series(exemptions=skipped), MONDAY + HOUR, old).steps
    assert [step.kind for step in steps if step.entry] == [Kind.MISSED]


def test_a_pool_takes_turns_from_the_start() -> None:
    pool = series("monday 09:00", "One", "Two", "Three", ends={"start": START})
    texts = [one.message.text for one in calendar_of(pool, MONDAY, MONDAY + 4 * WEEK)]
    assert texts == ["One", "Two", "Three", "One", "Two"]
    (due,) = [one for one in made(pool, MONDAY + WEEK + HOUR) if one.due <= MONDAY + WEEK + HOUR]
    assert due.message.text == "Two"


def test_what_has_rested_too_little_waits_for_its_next_turn() -> None:
    ends = {"start": START}
    rest = timedelta(days=12)
    pool = series("monday 09:00", "New", "One", "Two", ends=ends, cool_down=rest)
    before = ledgered(pool, "2026-12-07", State.PUBLISHED, "One")
    due = next(one for one in made(pool, MONDAY + WEEK, before) if one.due == MONDAY + WEEK)
    assert due.message.text == "Two"


def test_a_try_keeps_its_text_when_the_pool_grows() -> None:
    ends = {"start": START}
    pool = series("monday 09:00", "New", "One", ends=ends)
    tried = ledgered(pool, "2026-12-07", State.RETRY, "One")
    due = next(one for one in made(pool, MONDAY + HOUR, tried) if one.due == MONDAY)
    assert due.message.text == "One"


def test_one_date_can_be_replaced() -> None:
    wall = datetime.fromisoformat("2026-12-14T09:00")
    other: Mapping[datetime, Delivery] = {wall: delivery("quote", text="Happy birthday")}
    table = series(replaced=other)
    texts = [one.message.text for one in calendar_of(table, MONDAY, MONDAY + 2 * WEEK)]
    assert texts == ["Happy Monday", "Happy birthday", "Happy Monday"]


def test_a_run_that_looks_again_finds_the_date_by_its_name() -> None:
    of = series("monday 09:00", "One", "Two")
    key = DeliveryKey("acme", "quote", "2026-12-07T09:00")
    digest = of.pool[1].message.digest
    found = delivery_for([of], key, digest)
    assert found is not None
    assert (found.key, found.due, found.message.text) == (key, MONDAY, "Two")
    assert delivery_for([of], replace(key, occurrence="2026-12-08T09:00"), digest) is None
    assert delivery_for([of], replace(key, account="other"), digest) is None
    assert delivery_for([of], replace(key, occurrence="nonsense"), digest) is None
    assert delivery_for([], key, digest) is None


def _dated(due: datetime) -> tuple[Message, str]:
    return message(f"Happy {due:%A, %d %B}"), ""


def test_a_try_goes_on_with_the_words_of_its_date() -> None:
    of = series("day 09:00")
    words = replace(of.pool[0], message=_dated(MONDAY - WEEK)[0], dated=_dated)
    of = replace(of, pool=(words,))
    tried = entry(
        replace(of.pool[0].at(MONDAY), key=replace(words.key, occurrence="2026-12-07T09:00")),
        State.RETRY,
    )
    (step,) = [one for one in plan(of, MONDAY + HOUR, tried).steps if one.entry]
    assert (step.kind, step.key.occurrence) == (Kind.RETRY, "2026-12-07T09:00")
    assert step.delivery is not None
    assert step.delivery.message.text == "Happy Monday, 07 December"
    assert step.delivery.due == MONDAY


def test_an_edit_of_dated_words_is_sent_with_the_date_of_what_was_tried() -> None:
    of = series("day 09:00")
    of = replace(of, pool=(replace(of.pool[0], dated=_dated),))
    tried = ledgered(of, "2026-12-07", State.RETRY, "Words from before the edit")
    (step,) = [one for one in plan(of, MONDAY + HOUR, tried).steps if one.entry]
    assert step.delivery is not None
    assert step.delivery.message.text == "Happy Monday, 07 December"
