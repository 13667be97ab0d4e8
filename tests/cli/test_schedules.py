"""Series from their file to the public: weeks of runs against the emulated platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialauto.cli.looking import Lookout
from socialauto.cli.place import plan_for, read_ledger, terms_for, usable_config
from socialauto.core.delivery import DeliveryKey
from socialauto.core.plan import Kind, Step
from socialauto.engine.clock import SystemClock
from socialauto.engine.load import load
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import Git
from socialauto.repository.history import head
from socialauto.repository.layout import entry_path
from support.team import Team

QUOTE = """\
account: acme
every: monday 09:00
text: Happy Monday
media: [{path: /content/one.jpg, alt: A picture}]
"""
WRITTEN = "2026-11-20T12:00:00Z"
"""When everything is committed, whatever the year in which this runs."""


@pytest.fixture(autouse=True)
def _dated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", WRITTEN)


@pytest.fixture
def series(acme: Team) -> Team:
    """A team with a series alone."""
    (acme.root / "content" / "hello.md").unlink()
    acme.write({"schedules/quote.yaml": QUOTE})
    # The Monday before is over, so that each test begins with an empty week.
    acme.reconcile(now="2026-11-23 09:00")
    assert acme.captions == ["Happy Monday"]
    return acme


def told(acme: Team, now: str) -> list[tuple[str, str]]:
    steps = acme.say("plan", "--now", now, "--all", "--format", "json").json["steps"]
    return [(step["step"], step["occurrence"][5:]) for step in steps if step["occurrence"]]


def test_three_weeks_of_runs(series: Team) -> None:
    assert series.say("validate").out == "1 post, 1 account, no findings\n"
    for now in ("2026-11-24 08:00", "2026-11-30 08:59", "2026-11-30 09:04", "2026-12-07 09:05"):
        series.reconcile(now=now)
    said = series.reconcile(now="2026-12-07 09:10")
    assert (said.code, said.out) == (0, "nothing to do; 2 wait\n")
    assert series.captions == ["Happy Monday"] * 3
    assert told(series, "2026-12-08 12:00") == [
        ("wait", "12-14T09:00"),
        ("wait", "12-21T09:00"),
        ("done", "11-23T09:00"),
        ("done", "11-30T09:00"),
        ("done", "12-07T09:00"),
    ]
    entry = series.ledger(entry_path(DeliveryKey("acme", "quote", "2026-12-07T09:00")))
    assert (entry["occurrence"], entry["lateness"] > 299) == ("2026-12-07T09:00", True)


def test_a_runner_that_slept_sends_one_and_says_what_is_missing(series: Team) -> None:
    series.write({"schedules/quote.yaml": QUOTE.replace("monday", "day")})
    series.reconcile(now="2026-11-24 09:00")
    said = series.reconcile(now="2026-12-01 09:30")
    assert "quote@2026-12-01T09:00 on acme, 30 min late" in said.out
    assert len(series.captions) == 3
    said = series.reconcile(now="2026-12-08 20:00")
    assert said.code == 4
    assert said.out == (
        "✗ missed quote@2026-12-08T09:00 on acme: 11 h late, grace is 6 h; "
        "6 dates before it were missed, too; the next date follows\n1 missed; 5 wait\n"
    )
    again = series.reconcile(now="2026-12-08 21:00")
    assert (again.code, again.out) == (0, "nothing to do; 5 wait\n")
    status = series.say("status", "--now", "2026-12-09 10:00")
    assert "missed     2026-12-08 09:00  acme     quote@2026-12-08T09:00" in status.out
    assert len(series.captions) == 3


def test_an_edit_is_for_the_dates_to_come(series: Team) -> None:
    edited = QUOTE.replace("Happy Monday", "A new week").replace("09:00", "08:00")
    edited += "first_comment: Every {{ id }}\n"
    series.write({"schedules/quote.yaml": edited})
    series.reconcile(now="2026-11-23 09:30")
    assert told(series, "2026-11-23 09:30")[-1] == ("done", "11-23T09:00")
    series.reconcile(now="2026-11-30 08:00")
    series.write({"schedules/quote.yaml": QUOTE})
    series.reconcile(now="2026-11-30 09:00")
    assert series.captions == ["Happy Monday", "A new week"]
    below = [[one.text for one in series.world.comments(line.id)] for line in series.world.log]
    assert below == [[], ["Every quote"]]


def test_exceptions_are_obeyed(series: Team) -> None:
    exceptions = """\
except:
  - {on: 2026-11-30, skip: true}
  - {on: 2026-12-07, move: 2026-12-08 10:00}
  - on: 2026-12-14
    replace: {text: Closed today}
"""
    series.write({"schedules/quote.yaml": QUOTE + exceptions})
    for day in ("11-30", "12-01", "12-07", "12-08", "12-14"):
        series.reconcile(now=f"2026-{day} 10:00")
    assert series.captions == ["Happy Monday", "Happy Monday", "Closed today"]
    entry = series.ledger(entry_path(DeliveryKey("acme", "quote", "2026-12-07T09:00")))
    assert entry["due"] == "2026-12-08T10:00:00Z"


def test_a_series_that_is_gone_leaves_its_history(series: Team) -> None:
    (series.root / "schedules" / "quote.yaml").unlink()
    series.write({})
    said = series.reconcile(now="2026-11-30 09:00")
    assert (said.code, len(series.captions)) == (0, 1)
    assert told(series, "2026-11-30 09:00") == [("orphan", "11-23T09:00")]


def test_a_series_does_not_send_what_was_due_before_it_came(
    series: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-30T10:30:00Z")
    new = QUOTE.replace("monday 09:00", "monday 10:00").replace("Happy", "Late")
    series.write({"schedules/new.yaml": new})
    series.reconcile(now="2026-11-30 10:40")
    assert series.captions == ["Happy Monday"] * 2
    series.reconcile(now="2026-12-07 10:05")
    assert sorted(series.captions)[-1] == "Late Monday"


def test_an_uncommitted_series_waits_for_its_next_date(series: Team) -> None:
    new = QUOTE.replace("monday 09:00", "day 09:00")
    (series.root / "schedules" / "new.yaml").write_text(new)
    assert ("publish", "11-24T09:00") not in told(series, "2026-11-24 09:10")


def test_a_series_with_an_error_goes_nowhere(series: Team) -> None:
    series.write({"schedules/quote.yaml": QUOTE.replace("monday", "mondy")})
    said = series.reconcile(now="2026-11-30 09:00")
    assert said.code == 4
    assert 'SA311 "mondy" says nothing about when' in said.err
    series.write({"schedules/quote.yaml": QUOTE.replace("one.jpg", "none.jpg")})
    said = series.reconcile(now="2026-11-30 09:00")
    assert (said.code, len(series.captions)) == (4, 1)


def test_the_plan_says_what_the_clock_does(series: Team) -> None:
    night = "timezone: Europe/Berlin\n" + QUOTE.replace("monday 09:00", "sunday 02:30")
    series.write({"schedules/quote.yaml": night})
    said = series.say("plan", "--now", "2027-03-27 12:00", "--format", "json").json
    waits = [(step["due"], step["reason"]) for step in said["steps"] if step["step"] == "wait"]
    assert waits[0] == (
        "2027-03-28T01:00:00Z",
        "due in 13 h; the clock skips 02:30 that day, so at 03:00",
    )


def _waiting(acme: Team) -> tuple[Lookout, Step]:
    """A run that waits for the next Monday."""
    repository = Git(acme.root)
    now = datetime(2026, 11, 30, 8, 55, tzinfo=UTC)
    tree = CommitTree(repository, head(repository))
    loaded = load(tree)
    settings = usable_config(loaded)
    snapshot = read_ledger(repository, settings).snapshot
    terms = terms_for(loaded, settings, ahead=timedelta(minutes=10))
    plan = plan_for(loaded, snapshot, settings, now=now, accounts=frozenset({"acme"}), terms=terms)
    clock = SystemClock.moved_to(now)
    lookout = Lookout(repository, settings, clock, tree, loaded, snapshot.header.began, terms)
    return lookout, next(step for step in plan.steps if step.kind is Kind.PUBLISH)


def _queued(text: str, order: int = 0) -> str:
    return (
        f"---\naccount: acme\nschedule: mornings\norder: {order}\n"
        f"media: [{{path: one.jpg, alt: A picture}}]\n---\n{text}\n"
    )


def test_a_queue_fills_its_slots(acme: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    acme.write(
        {
            "schedules/mornings.yaml": "slots: [weekday 09:00]\nblackout: [2026-12-03]\n",
            "content/hello.md": _queued("Third", 5),
            "content/a.md": _queued("First"),
            "content/b.md": _queued("Second"),
        }
    )
    assert acme.say("validate").out == "3 posts, 1 account, no findings\n"
    plan = acme.say("plan", "--now", "2026-12-01 08:00", "--format", "json").json["steps"]
    assert [(step["post"], step["due"]) for step in plan] == [
        ("a", "2026-12-01T09:00:00Z"),
        ("b", "2026-12-02T09:00:00Z"),
        ("hello", "2026-12-04T09:00:00Z"),
    ]
    acme.reconcile(now="2026-12-01 09:03")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-12-02T09:10:00Z")
    # Ahead of all others, and later than the slot that a late run still has to fill.
    acme.write({"content/0.md": _queued("News", -1)})
    for now in ("12-02 09:20", "12-02 10:00", "12-03 09:00", "12-04 09:00", "12-07 09:01"):
        acme.reconcile(now=f"2026-{now}")
    said = acme.reconcile(now="2026-12-08 09:00")
    assert (said.code, said.out) == (0, "nothing to do\n")
    assert acme.captions == ["First", "Second", "News", "Third"]
    assert acme.ledger("ledger/acme/a.json")["lateness"] > 179


def test_a_queue_with_an_error_is_named_and_sends_nothing(acme: Team) -> None:
    acme.write(
        {
            "schedules/mornings.yaml": "slots: [weekdy 09:00]\n",
            "content/hello.md": _queued("Hello"),
        }
    )
    said = acme.reconcile(now="2026-12-01 09:03")
    assert (said.code, acme.captions) == (4, [])
    assert "schedules/mornings.yaml:1:9: SA311" in said.err


@pytest.mark.anyio
async def test_a_run_that_waits_keeps_the_slot(acme: Team) -> None:
    acme.write(
        {
            "schedules/mornings.yaml": "slots: [day 09:00]\n",
            "content/hello.md": _queued("Hello"),
        }
    )
    lookout, step = _waiting(acme)
    try:
        acme.write({"content/0.md": _queued("News", -1)})
        fresh = await lookout.look(step)
    finally:
        lookout.close()
    assert (fresh.kind, fresh.delivery and fresh.delivery.due) == (
        Kind.PUBLISH,
        datetime(2026, 11, 30, 9, tzinfo=UTC),
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("change", "kind", "text"),
    [
        ("", Kind.PUBLISH, "Happy Monday"),
        ("text: Rainy Monday", Kind.PUBLISH, "Rainy Monday"),
        ("except: [{on: 2026-11-30, skip: true}]", Kind.ORPHAN, ""),
        ("except: [{on: 2026-11-30, move: 2026-12-01 09:00}]", Kind.WAIT, "Happy Monday"),
    ],
)
async def test_a_run_that_waits_obeys_what_lands(
    series: Team, change: str, kind: Kind, text: str
) -> None:
    lookout, step = _waiting(series)
    try:
        if change.startswith("text"):
            series.write({"schedules/quote.yaml": QUOTE.replace("text: Happy Monday", change)})
        elif change:
            series.write({"schedules/quote.yaml": QUOTE + change + "\n"})
        fresh = await lookout.look(step)
    finally:
        lookout.close()
    assert fresh.kind is kind
    assert (fresh.delivery.message.text if fresh.delivery else "") == text
