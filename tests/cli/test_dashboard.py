"""`socialauto dashboard build` and `calendar` for a real team, ledger and insights included."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
from click.testing import CliRunner

from socialauto.cli import socialauto
from socialauto.cli.staging import commit_url
from socialauto.cli.vaults import workplace
from support.repositories import git
from support.team import JUST_AFTER, TOKEN, Team, post
from support.tokens import CANARY, IDENTITY, RECIPIENT, credential

LATER = "2026-12-05 10:00"


@pytest.fixture
def shown(acme: Team) -> Team:
    """One post is out, one is coming, one was missed, one is wrong."""
    assert acme.reconcile(now=JUST_AFTER).code == 0
    soon = post("Soon", time="2026-12-24 18:00", more="timezone: Asia/Tokyo\n")
    acme.write(
        {
            "content/coming.md": soon,
            "content/next-year.md": post("A new year", time="2027-01-01 00:00"),
            "content/lost.md": post("Too late", time="2026-12-03 09:00"),
            "content/wrong.md": post("Nothing", time="2026-12-25 09:00", media="none.jpg"),
        }
    )
    return acme


def test_the_site_shows_plan_and_ledger(shown: Team, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build = ("dashboard", "build", "--out", str(out), "--now", LATER)
    said = shown.say(*build)
    assert (said.code, said.err) == (0, "")
    assert f"pages in {out}" in said.out
    found = {
        one["post"]: one["status"]
        for one in json.loads((out / "data.json").read_text())["deliveries"]
    }
    assert found == {
        "hello": "published", "lost": "missed", "coming": "wait", "wrong": "invalid",
        "next-year": "wait",
    }  # fmt: skip
    page = (out / "posts" / "hello.html").read_text()
    assert "Hello, world" in page
    assert shown.ledger()["url"] in page
    assert 'src="../media/' in page
    assert len(list((out / "media").iterdir())) == 1
    assert TOKEN not in "".join(path.read_text() for path in out.rglob("*.html"))
    assert "0 files written" in shown.say(*build).out


def test_pages_know_who_changed_a_file_last(shown: Team, tmp_path: Path) -> None:
    git(shown.root, "commit", "--amend", "--no-edit", "--quiet", "--author", "Bo Ek <b@acme.org>")
    out = tmp_path / "site"
    assert shown.say("dashboard", "build", "--out", str(out), "--now", LATER).code == 0
    found = json.loads((out / "data.json").read_text())["deliveries"]
    authors = {one["post"]: one["author"] for one in found}
    assert (authors["hello"], authors["coming"]) == ("Ana Author", "Bo Ek")


def test_the_end_of_a_token_is_known_with_the_key_alone(
    acme: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.configure("token: env:ACME_KEY", "token: secret:acme")
    text = (acme.root / "socialauto.yaml").read_text()
    acme.write({"socialauto.yaml": f"{text}secrets:\n  recipients: [{RECIPIENT}]\n"})
    ends = datetime(2027, 1, 20, tzinfo=UTC)
    vault = workplace(acme.root).vault()
    assert vault.put("acme", credential(expires=ends), None)
    build = ("dashboard", "build", "--out", str(tmp_path / "site"), "--now", LATER)

    def told() -> tuple[bool, str | None]:
        assert acme.say(*build).code == 0
        (one,) = json.loads((tmp_path / "site" / "data.json").read_text())["accounts"]
        return one["token_known"], one["token_ends"]

    assert told() == (False, None)
    monkeypatch.setenv("SOCIALAUTO_KEY", str(IDENTITY))
    assert told() == (True, "2027-01-20T00:00:00Z")
    files = [path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert CANARY.encode() not in b"".join(files)
    monkeypatch.setenv("SOCIALAUTO_KEY", "AGE-SECRET-KEY-1BROKEN")
    assert told() == (False, None)


def test_the_end_that_is_noted_in_clear_needs_no_key(acme: Team, tmp_path: Path) -> None:
    acme.configure("token: env:ACME_KEY", "token: secret:acme")
    text = (acme.root / "socialauto.yaml").read_text()
    acme.write({"socialauto.yaml": f"{text}secrets:\n  recipients: [{RECIPIENT}]\n"})
    ends = datetime(2027, 1, 20, tzinfo=UTC)
    assert (
        workplace(acme.root).vault().put("acme", credential(login="facebook", expires=ends), None)
    )
    out = tmp_path / "site"
    assert acme.say("dashboard", "build", "--out", str(out), "--now", LATER).code == 0
    (one,) = json.loads((out / "data.json").read_text())["accounts"]
    assert (one["token_known"], one["token_ends"]) == (True, "2027-01-20T00:00:00Z")


def test_a_folder_with_other_files_is_refused(acme: Team, tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    (study / "thesis.txt").write_text("years of work")
    said = acme.say("dashboard", "build", "--out", str(study))
    assert said.code == 1
    assert 'holds "thesis.txt"' in said.err
    assert "--out" in said.err


def test_an_address_must_be_one(shown: Team, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "site"))
    said = shown.say("dashboard", "build", *out, "--base-url", "javascript:alert(1)")
    assert said.code == 2
    good = shown.say(
        "dashboard", "build", *out, "--base-url", "https://acme.example/s", "--now", LATER
    )
    assert good.code == 0
    feed = (tmp_path / "site" / "calendar.ics").read_text()
    assert "URL:https://acme.example/s/posts/coming.html" in feed


def test_the_calendar_is_a_table_by_day(shown: Team) -> None:
    said = shown.say("calendar", "--now", LATER)
    assert said.code == 0
    assert said.out.splitlines() == [
        "Tuesday 1 December 2026",
        "  09:00  published   acme  hello  Hello, world",
        "Thursday 3 December 2026",
        "  09:00  missed      acme  lost  Too late",
        "Thursday 24 December 2026",
        "  09:00  scheduled   acme  coming  Soon",
        "Friday 25 December 2026",
        "  09:00  has errors  acme  wrong  Nothing",
        "Friday 1 January 2027",
        "  00:00  scheduled   acme  next-year  A new year",
        "5 posts, times in UTC, at 2026-12-05 10:00 UTC",
    ]


def test_one_month_can_be_asked_for(shown: Team) -> None:
    document = shown.say("calendar", "--month", "2027-01", "--json", "--now", LATER).json
    assert [one["post"] for one in document["deliveries"]] == ["next-year"]
    december = shown.say("calendar", "--month", "2026-12", "--format", "json", "--now", LATER).json
    assert len(december["deliveries"]) == 4
    assert (
        "no posts in this time" in shown.say("calendar", "--month", "2030-01", "--now", LATER).out
    )


@pytest.mark.parametrize("month", ["2026-13", "december", "2026-1", "2026-12-01"])
def test_a_month_must_be_one(acme: Team, month: str) -> None:
    said = acme.say("calendar", "--month", month)
    assert said.code == 2
    assert "2026-12" in said.err


def test_the_feed_is_read_by_another_parser(shown: Team) -> None:
    place = ["-C", str(shown.root), "--now", LATER]
    said = CliRunner().invoke(socialauto, ["calendar", "--ics", *place])
    same = CliRunner().invoke(socialauto, ["calendar", "--format", "ics", *place])
    assert said.stdout_bytes == same.stdout_bytes
    feed = icalendar.Calendar.from_ical(said.stdout_bytes)
    starts = {str(event["UID"]): event["DTSTART"].dt for event in feed.walk("VEVENT")}
    assert starts["coming/acme@socialauto"] == datetime(2026, 12, 24, 9, tzinfo=UTC)
    assert len(starts) == 5


@pytest.mark.parametrize(
    ("remote", "environment", "expected"),
    [
        ("git@github.com:acme/social.git", {}, "https://github.com/acme/social/commit/"),
        ("https://x:secret@github.com/acme/social", {}, "https://github.com/acme/social/commit/"),
        ("ssh://git@gitlab.com/a/b/c.git", {}, "https://gitlab.com/a/b/c/-/commit/"),
        ("/srv/git/social.git", {}, ""),
        ("git@git.acme.internal:social.git", {}, ""),
        (
            "/x",
            {"GITHUB_SERVER_URL": "https://ghe.acme", "GITHUB_REPOSITORY": "a/b"},
            "https://ghe.acme/a/b/commit/",
        ),
        ("/x", {"CI_PROJECT_URL": "https://gl.acme/a/b"}, "https://gl.acme/a/b/-/commit/"),
    ],
)
def test_where_the_forge_shows_commits(
    remote: str, environment: dict[str, str], expected: str
) -> None:
    assert commit_url(remote, environment) == expected
