"""The judgements of `doctor`: what is found, what it means, what to do."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from socialauto.core.account_checkup import (
    Lack,
    Life,
    judge_life,
    judge_quota,
    judge_scopes,
    judge_type,
    judge_usage,
    judge_version,
)
from socialauto.core.checkup import (
    Status,
    judge_clock,
    judge_commit,
    judge_config,
    judge_git,
    judge_lineage,
    judge_room,
    judge_runs,
)
from socialauto.core.finding import Finding
from socialauto.core.guard import make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.plan import Plan
from support.builders import HOUR, MINUTE, NOON, attempt, config, delivery, entry, snapshot

OK, WARN, FAIL, SKIP = Status
DAY = 24 * HOUR
FILE = "socialauto.yaml"


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([], OK),
        ([Finding("content/a.md", 1, 1, "SA101", "odd", severity="warning")], OK),
        ([Finding("content/a.md", 1, 1, "SA101", "wrong")], WARN),
        ([Finding(FILE, 1, 1, "SA101", "wrong"), Finding("a", 1, 1, "SA101", "wrong")], FAIL),
    ],
)
def test_config(findings: list[Finding], status: Status) -> None:
    check = judge_config(findings, FILE)
    assert (check.status, bool(check.todo)) == (status, status is not OK)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("git version 2.30.0", OK),
        ("git version 2.39.5 (Apple Git-154)", OK),
        ("git version 3.0", OK),
        ("git version 2.29.2", FAIL),
        ("git version 1.8.3.1", FAIL),
        ("something else", WARN),
    ],
)
def test_git(said: str, status: Status) -> None:
    assert judge_git(said).status is status


MB = 1024 * 1024


@pytest.mark.parametrize(
    ("free", "status"), [(0, FAIL), (49 * MB, FAIL), (51 * MB, WARN), (501 * MB, OK)]
)
def test_disk(free: int, status: Status) -> None:
    assert judge_room(free).status is status


def test_a_missing_lineage_is_said_as_it_is_written() -> None:
    check = judge_lineage(None, "abc")
    assert (check.status, check.todo) == (
        WARN,
        "add to socialauto.yaml, below ledger: lineage: abc",
    )
    assert judge_lineage("abc", "abc").status is OK


@pytest.mark.parametrize(
    ("pushed", "newest", "uncommitted", "status", "word"),
    [
        (True, True, [], OK, "newest"),
        (True, False, [], OK, "has newer ones"),
        (True, None, [], OK, "no branch is checked out"),
        (False, True, [], WARN, "on no branch of the remote"),
        (True, True, ["a", "b", "c", "d"], WARN, "a, b, c and 1 more"),
    ],
)
def test_commit(
    pushed: bool, newest: bool | None, uncommitted: list[str], status: Status, word: str
) -> None:
    check = judge_commit(pushed=pushed, newest=newest, uncommitted=uncommitted)
    assert check.status is status
    assert word in check.found


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("skews", "status"),
    [
        ({}, SKIP),
        ({"instagram": 30 * SECOND}, OK),
        ({"instagram": -30 * SECOND}, OK),
        ({"instagram": 31 * SECOND}, WARN),
        ({"instagram": -31 * SECOND}, WARN),
        ({"instagram": 5 * MINUTE}, WARN),
        ({"instagram": -301 * SECOND}, FAIL),
        # one of two clocks that agrees with ours shows that it is the other one
        ({"instagram": SECOND, "github.com": HOUR}, OK),
        ({"instagram": -HOUR, "github.com": -HOUR}, FAIL),
    ],
)
def test_clock(skews: dict[str, timedelta], status: Status) -> None:
    assert judge_clock(skews).status is status


def test_a_wrong_clock_is_told_with_its_side() -> None:
    assert "1 h behind that of instagram" in judge_clock({"instagram": -HOUR}).found
    assert "1 h ahead of that of instagram" in judge_clock({"instagram": HOUR}).found


def plan(*known: Entry, now: datetime, posts: tuple[str, ...] = ("hello",), **more: object) -> Plan:
    deliveries = [delivery(post, **more) for post in posts]
    return make_plan(deliveries, snapshot(*known), config(), now=now)


def runs(of: Plan, shared: datetime = NOON - DAY) -> tuple[Status, str]:
    check = judge_runs(of, shared=shared, last_trace=NOON - HOUR)
    return check.status, check.found


def test_what_is_due_for_two_hours_without_a_word_shows_that_no_run_looks() -> None:
    status, found = runs(plan(now=NOON + 2 * HOUR + MINUTE))
    assert status is FAIL
    assert "hello on acme waits for one for 2 h 1 min" in found
    assert "last written 2026-12-01 11:00 UTC" in found


def test_a_run_may_be_late_by_two_hours() -> None:
    assert runs(plan(now=NOON + 2 * HOUR))[0] is OK


def test_before_anything_is_due_nothing_shows_it() -> None:
    assert runs(plan(now=NOON - HOUR))[0] is SKIP


def test_what_was_shared_only_now_could_not_be_seen_before() -> None:
    now = NOON + 5 * HOUR
    assert runs(plan(now=now), shared=now - MINUTE)[0] is OK
    assert runs(plan(now=now), shared=now - 3 * HOUR)[0] is FAIL


def test_a_missed_post_that_nobody_wrote_down_counts_and_a_recorded_one_does_not() -> None:
    late = plan(now=NOON + 9 * HOUR)
    assert runs(late)[0] is FAIL
    recorded = entry(delivery(), State.MISSED, reason="9 h late")
    assert runs(plan(recorded, now=NOON + 9 * HOUR))[0] is OK


def test_a_try_of_late_is_a_word() -> None:
    now = NOON + 4 * HOUR
    tried = attempt().model_copy(update={"at": now - HOUR})
    known = entry(delivery(), State.RETRY, attempts=(tried,))
    assert runs(plan(known, now=now))[0] is OK
    old = attempt().model_copy(update={"at": now - 3 * HOUR})
    assert runs(plan(entry(delivery(), State.RETRY, attempts=(old,)), now=now))[0] is FAIL
    paused = entry(delivery(), State.RETRY, attempts=(old,), not_before=now - HOUR)
    assert runs(plan(paused, now=now))[0] is OK


def test_an_intent_that_nobody_settles_shows_it_too() -> None:
    intent = entry(delivery(), State.INTENT)
    assert runs(plan(intent, now=NOON + 2 * HOUR))[0] is OK
    assert runs(plan(intent, now=NOON + 3 * HOUR))[0] is FAIL


def test_the_longest_wait_is_named() -> None:
    due = {"a": NOON, "b": NOON - HOUR}
    deliveries = [delivery(post, due=at) for post, at in due.items()]
    made = make_plan(deliveries, snapshot(), config(), now=NOON + 4 * HOUR)
    status, found = runs(made)
    assert status is FAIL
    assert "b on acme waits for one for 5 h, and 1 more" in found


@pytest.mark.parametrize(
    ("kind", "status"),
    [("BUSINESS", OK), ("PERSONAL", FAIL), (None, SKIP), ("", SKIP)],
)
def test_account_type(kind: str | None, status: Status) -> None:
    assert judge_type("acme", kind, ("BUSINESS", "MEDIA_CREATOR")).status is status


PUBLISH = Lack("publish", "nothing can be published", required=True)
INSIGHTS = Lack("insights", "insights are not read", required=False)


@pytest.mark.parametrize(
    ("lacking", "status"),
    [(None, SKIP), ((), OK), ((INSIGHTS,), WARN), ((INSIGHTS, PUBLISH), FAIL)],
)
def test_scopes(lacking: tuple[Lack, ...] | None, status: Status) -> None:
    check = judge_scopes("acme", lacking, "connect it again")
    assert check.status is status
    for lack in lacking or ():
        assert f"without {lack.name} {lack.stops}" in check.found


@pytest.mark.parametrize(
    ("life", "status", "word"),
    [
        (Life(known=False), SKIP, "not known"),
        (Life(known=True), OK, "no end"),
        (Life(known=True, expires=NOON + 11 * DAY), OK, "in 11 d"),
        (Life(known=True, expires=NOON + 10 * DAY), WARN, "in 10 d"),
        (Life(known=True, expires=NOON), FAIL, "the token ended"),
        (Life(known=True, data_access_expires=NOON - DAY), FAIL, "the app's access"),
        (
            Life(known=True, expires=NOON + 50 * DAY, data_access_expires=NOON + 5 * DAY),
            WARN,
            "the app's access to its data ends 2026-12-06",
        ),
        (Life(known=True, expires=NOON + 50 * DAY, renews=True), OK, "runs renew it"),
    ],
)
def test_expiry(life: Life, status: Status, word: str) -> None:
    check = judge_life("acme", life, NOON, "connect it again")
    assert check.status is status
    assert word in check.found
    assert (check.todo == "connect it again") is (status in (WARN, FAIL))


@pytest.mark.parametrize(
    ("used", "total", "status"),
    [
        (None, 100, SKIP),
        (0, None, SKIP),
        (0, 100, OK),
        (79, 100, OK),
        (80, 100, WARN),
        (100, 100, WARN),
        (0, 0, WARN),
    ],
)
def test_quota(used: int | None, total: int | None, status: Status) -> None:
    assert judge_quota("acme", used, total).status is status


@pytest.mark.parametrize(
    ("load", "status"), [(None, SKIP), (0, OK), (89.9, OK), (90, WARN), (100, FAIL)]
)
def test_usage(load: float | None, status: Status) -> None:
    assert judge_usage("acme", load).status is status


BORN = date(2026, 2, 18)


@pytest.mark.parametrize(
    ("version", "released", "ends", "today", "status"),
    [
        ("", None, None, BORN, SKIP),
        ("v99.0", None, None, BORN, SKIP),
        ("v25.0", BORN, None, date(2026, 11, 23), OK),
        ("v25.0", BORN, None, date(2027, 10, 20), OK),
        ("v25.0", BORN, None, date(2027, 10, 22), WARN),
        ("v25.0", BORN, None, date(2029, 1, 1), WARN),
        ("v25.0", BORN, date(2028, 7, 29), date(2028, 3, 30), OK),
        ("v25.0", BORN, date(2028, 7, 29), date(2028, 4, 1), WARN),
        ("v20.0", None, date(2026, 9, 24), date(2026, 11, 23), WARN),
    ],
)
def test_api_version(
    version: str, released: date | None, ends: date | None, today: date, status: Status
) -> None:
    assert judge_version("acme", version, released, ends, today).status is status
