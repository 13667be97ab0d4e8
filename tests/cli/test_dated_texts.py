"""Texts that know their date, from their files to the public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import anyio
import pytest

from socialauto.cli.looking import Lookout
from socialauto.cli.place import plan_for, read_ledger, terms_for, usable_config
from socialauto.core.plan import Kind, Step
from socialauto.engine.clock import SystemClock
from socialauto.engine.load import load
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import Git
from socialauto.repository.history import head
from support.team import Team

SERIES = """\
account: acme
every: monday 09:00
template: week
text: "{{ due | date('EEEE, d. MMMM', locale='de') }}"
first_comment: "{{ due }}"
media: [{path: /content/one.jpg, alt: A picture}]
"""
SLOTS = "slots: [tuesday 18:30]\ntimezone: Asia/Tokyo\n"
QUEUED = """\
account: acme
schedule: evenings
text: "Slot {{ due }}"
media: [{path: /content/one.jpg, alt: A picture}]
"""


@pytest.fixture(autouse=True)
def _dated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z")


@pytest.fixture
def team(acme: Team) -> Team:
    (acme.root / "content" / "hello.md").unlink()
    return acme


def test_each_date_goes_out_with_its_own_words(team: Team) -> None:
    week = "Week {{ due | date('w') }}: {{ text }}"
    team.write({"schedules/week.yaml": SERIES, "templates/week.j2": week})
    for day in ("2026-11-23", "2026-11-30"):
        team.reconcile(now=f"{day} 09:00")
    said = team.reconcile(now="2026-11-30 09:10")
    assert (said.code, "drift" in said.out) == (0, False)
    assert team.captions == ["Week 48: Montag, 23. November", "Week 49: Montag, 30. November"]
    public = [team.world.comments(line.id) for line in team.world.log]
    assert [one.text for found in public for one in found] == [
        "2026-11-23 09:00",
        "2026-11-30 09:00",
    ]
    planned = team.say("plan", "--now", "2026-12-01 12:00", "--all", "--format", "json").json
    steps = {step["occurrence"]: step["step"] for step in planned["steps"] if not step.get("part")}
    assert steps["2026-11-23T09:00"] == "done"


def test_a_queued_post_goes_out_with_the_words_of_its_slot(team: Team) -> None:
    team.write({"schedules/evenings.yaml": SLOTS, "content/a.yaml": QUEUED})
    team.reconcile(now="2026-11-24 09:30")
    assert team.captions == ["Slot 2026-11-24 18:30"]
    later = team.say("plan", "--now", "2027-01-01 12:00", "--all").out
    assert "drift" not in later


def _waiting(acme: Team, now: datetime) -> tuple[Lookout, Step]:
    """A run that waits for its only post."""
    git = Git(acme.root)
    tree = CommitTree(git, head(git))
    loaded = load(tree)
    config = usable_config(loaded)
    ledger = read_ledger(git, config).snapshot
    terms = terms_for(loaded, config, ahead=timedelta(minutes=10))
    plan = plan_for(loaded, ledger, config, now=now, accounts=frozenset({"acme"}), terms=terms)
    clock = SystemClock.moved_to(now)
    (step,) = (step for step in plan.steps if step.kind is Kind.PUBLISH)
    return Lookout(git, config, clock, tree, loaded, ledger.header.began, terms), step


@pytest.mark.parametrize("schedule", ["series", "queue"])
def test_a_run_that_waits_keeps_the_words_of_its_date(team: Team, schedule: str) -> None:
    files: dict[str, str | bytes] = {
        "schedules/week.yaml": SERIES,
        "templates/week.j2": "{{ text }}",
    }
    now, words = datetime(2026, 11, 30, 8, 55, tzinfo=UTC), "Montag, 30. November"
    if schedule == "queue":
        files = {"schedules/evenings.yaml": SLOTS, "content/a.yaml": QUEUED}
        now, words = datetime(2026, 12, 1, 9, 25, tzinfo=UTC), "Slot 2026-12-01 18:30"
    team.write(files)
    lookout, step = _waiting(team, now)
    assert step.delivery is not None
    assert step.delivery.message.text == words
    seen = anyio.run(lookout.look, step)
    assert seen.delivery is not None
    assert (seen.kind, seen.delivery.message.digest) == (Kind.PUBLISH, step.delivery.message.digest)
    lookout.close()


def test_people_see_the_words_of_the_next_slot(team: Team) -> None:
    team.write({"schedules/evenings.yaml": SLOTS, "content/a.yaml": QUEUED})
    file, now = str(team.root / "content" / "a.yaml"), ("--now", "2026-12-01 10:00")
    shown = team.say("show", file, *now)
    assert "Slot 2026-12-08 18:30" in shown.out
    page = team.root / "a.html"
    assert team.say("preview", file, *now, "--out", str(page)).code == 0
    assert "Slot 2026-12-08 18:30" in page.read_text()


def test_what_was_published_in_a_slot_is_no_drift_and_its_edit_is(team: Team) -> None:
    team.write({"schedules/evenings.yaml": SLOTS, "content/a.yaml": QUEUED})
    team.reconcile(now="2026-11-24 09:30")
    file = str(team.root / "content" / "a.yaml")
    assert "Slot 2026-11-24" not in team.say("show", file, "--now", "2026-12-20 10:00").out
    team.write({"content/a.yaml": QUEUED.replace("Slot", "Place")})
    planned = team.say("plan", "--now", "2026-12-20 10:00", "--all", "--format", "markdown").out
    assert "drift" in planned
    shown = team.say("show", file, "--now", "2026-12-20 10:00").out
    assert "Slot 2026-11-24 18:30" in shown
    assert "Place 2026-11-24 18:30" in shown


def test_a_template_can_be_checked_alone(team: Team) -> None:
    team.write({"schedules/week.yaml": SERIES, "templates/week.j2": "{{ due | dat }}"})
    file = str(team.root / "templates" / "week.j2")
    said = team.say("validate", file)
    assert said.code == 1
    assert 'templates/week.j2:1:1: SA512 unknown filter "dat"' in said.out
    assert "schedules/week.yaml" not in said.out
    assert "there is no post in" in team.say("show", file).err


def test_what_is_not_committed_is_named(team: Team) -> None:
    team.write({"schedules/week.yaml": SERIES, "templates/week.j2": "{{ text }}"})
    (team.root / "templates" / "week.j2").write_text("Later: {{ text }}")
    (team.root / "data").mkdir()
    (team.root / "data" / "a.yaml").write_text("a: 1\n")
    said = team.reconcile(now="2026-11-23 09:00")
    assert "not committed, so not acted on: data/a.yaml, templates/week.j2" in said.err
    assert team.captions == ["Montag, 23. November"]
