"""A week in one YAML file, through every command that looks at posts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.team import Team

WEEK = "content/week.yaml"


def day(id: str, time: str, text: str) -> str:
    return (
        f"id: {id}\naccount: acme\ntime: {time}\nmedia: [{{path: one.jpg, alt: A}}]\ntext: {text}\n"
    )


THREE = "---\n".join(
    [
        day("mon", "2026-12-07 09:00", "Monday"),
        day("tue", "2026-12-08 09:00", "Tuesday"),
        day("wed", "2026-12-09 09:00", "Wednesday"),
    ]
)
JUST_AFTER_MONDAY = "2026-12-07 09:00:05"
MONDAY_NOON = "2026-12-07 12:00"


@pytest.fixture
def week(acme: Team) -> Team:
    (acme.root / "content/hello.md").unlink()
    acme.write({WEEK: THREE})
    return acme


def steps(team: Team, now: str) -> list[tuple[str, str]]:
    found = team.say("plan", "--now", now, "--all", "--format", "json").json["steps"]
    return [(one["post"], one["step"]) for one in found]


def review(team: Team) -> tuple[list[tuple[str, str]], list[tuple[str, int]]]:
    """What the last commit changes, and what is found in the file with its lines."""
    found = team.say("validate", "--base", "HEAD~1", "--now", MONDAY_NOON, "--format", "json").json
    changes = [(one["post"], ", ".join(one["kinds"])) for one in found["review"]["changes"]]
    return changes, [(one["code"], one["line"]) for one in found["findings"] if one["path"] == WEEK]


def test_each_goes_out_at_its_time(week: Team) -> None:
    assert week.reconcile(now=JUST_AFTER_MONDAY).code == 0
    assert week.captions == ["Monday"]
    assert week.reconcile(now="2026-12-08 09:00:05").code == 0
    assert week.captions == ["Monday", "Tuesday"]
    assert dict(steps(week, "2026-12-08 12:00")) == {"mon": "done", "tue": "done", "wed": "wait"}


def test_an_edit_of_one_is_drift_of_that_one(week: Team) -> None:
    week.reconcile(now=JUST_AFTER_MONDAY)
    week.write({WEEK: THREE.replace("Monday", "Moonday").replace("Wednesday", "Woden's day")})
    assert dict(steps(week, MONDAY_NOON)) == {"mon": "drift", "tue": "wait", "wed": "wait"}
    assert review(week) == ([("mon", "edit"), ("wed", "edit")], [("SA904", 5)])


def test_the_order_in_the_file_is_nobodys_name(week: Team) -> None:
    week.reconcile(now=JUST_AFTER_MONDAY)
    week.write({WEEK: "---\n".join(reversed(THREE.split("---\n")))})
    assert review(week) == ([], [])
    assert dict(steps(week, MONDAY_NOON)) == {"mon": "done", "tue": "wait", "wed": "wait"}


def test_one_that_moves_to_a_file_of_its_own_stays_the_same(week: Team) -> None:
    week.reconcile(now=JUST_AFTER_MONDAY)
    monday, rest = THREE.split("---\n", 1)
    week.write({WEEK: rest, "content/monday.yaml": monday})
    assert dict(steps(week, MONDAY_NOON)) == {"mon": "done", "tue": "wait", "wed": "wait"}


def test_a_broken_one_stops_its_file_and_hides_no_other(week: Team) -> None:
    week.write({WEEK: THREE.replace("text: Tuesday", "text: : x")})
    assert dict(steps(week, MONDAY_NOON)) == {"mon": "invalid", "wed": "invalid"}
    said = week.say("validate", "--now", MONDAY_NOON)
    assert f"{WEEK}:11:7: SA108" in said.out
    assert week.reconcile(now=JUST_AFTER_MONDAY).code == 4
    assert week.captions == []
    week.write({WEEK: THREE})
    assert week.reconcile(now=JUST_AFTER_MONDAY).code == 0
    assert week.captions == ["Monday"]


def test_another_id_in_the_middle_is_found(week: Team) -> None:
    week.reconcile(now=JUST_AFTER_MONDAY)
    week.write({WEEK: THREE.replace("id: mon", "id: moon")})
    changes, found = review(week)
    assert changes == [("moon", "new id")]
    assert ("SA901", 1) in found


def test_one_of_them_is_adopted(week: Team) -> None:
    url = "https://www.instagram.com/p/x"
    assert week.say("adopt", "tue", "--account", "acme", "--published", url).code == 0
    assert dict(steps(week, MONDAY_NOON))["tue"] == "done"
    assert dict(steps(week, MONDAY_NOON))["wed"] == "wait"


def test_all_are_shown_and_in_the_dashboard_and_the_calendar(week: Team, tmp_path: Path) -> None:
    shown = week.say("show", str(week.root / WEEK))
    assert [word for word in ("Monday", "Tuesday", "Wednesday") if word in shown.out] == [
        "Monday",
        "Tuesday",
        "Wednesday",
    ]
    site = tmp_path / "site"
    built = week.say("dashboard", "build", "--out", str(site), "--now", MONDAY_NOON)
    assert built.code == 0, built.err
    data = json.loads((site / "data.json").read_text(encoding="utf-8"))
    lines = {one["post"]: (one["file"], one["line"]) for one in data["deliveries"]}
    assert lines == {"mon": (WEEK, 1), "tue": (WEEK, 7), "wed": (WEEK, 13)}
    calendar = week.say("calendar", "--now", "2026-12-07 08:00")
    assert all(id in calendar.out for id in ("mon", "tue", "wed"))
