"""Insights from the platform to the ledger branch and into the status."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from socialauto.cli.vaults import workplace
from socialauto.core.config import LedgerSettings
from socialauto.repository.git import Git
from socialauto.repository.side_files import FileChange, SideFiles
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.state import Token
from support.repositories import git
from support.team import TOKEN, Said, Team, post
from support.tokens import CANARY, IDENTITY, RECIPIENT, credential

PATH = "insights/acme/hello.json"
DAY_AFTER = "2026-12-02 09:00"
LATER = "2026-12-03 09:00"


def pull(team: Team, *flags: str, now: str = DAY_AFTER) -> Said:
    """A pull at `now`, with the platform's clock at the same time."""
    team.clock.move(datetime.fromisoformat(now).replace(tzinfo=UTC))
    return team.say("insights", "pull", "--now", now, *flags)


@pytest.fixture
def posted(acme: Team) -> Team:
    assert acme.reconcile().code == 0
    return acme


def refuse(team: Team, **answer: Any) -> None:
    """Every question about insights gets this error."""
    team.world.faults.add(Fault(path="/insights$", times=None, **answer))


def files(team: Team) -> list[str]:
    listed = git(team.remote, "ls-tree", "-r", "--name-only", "socialauto/ledger")
    return [path for path in listed.splitlines() if path.startswith("insights/")]


def kept(team: Team, path: str = PATH) -> dict[str, Any]:
    return team.ledger(path)


def test_numbers_are_kept_beside_the_ledger_and_shown_in_the_status(posted: Team) -> None:
    assert "reach" not in posted.say("status").out
    assert "insights" not in posted.say("status", "--format", "json").json["deliveries"][0]
    entry = posted.ledger()
    said = pull(posted)
    assert (said.code, said.err) == (0, "")
    assert said.out == "acme: 1 post told, 1 call\ninsights of 1 post kept\n"
    document = kept(posted)
    assert (document["kind"], document["remote_id"]) == ("FEED", entry["remote_id"])
    reach = document["samples"][0]["metrics"]["reach"]
    assert reach > 0
    assert posted.ledger() == entry
    status = posted.say("status", "--now", DAY_AFTER)
    assert f"{reach:,} reach" in status.out
    assert "(2026-12-02 09:00 UTC)" in status.out
    deliveries = posted.say("status", "--format", "json").json["deliveries"]
    assert deliveries[0]["insights"]["metrics"]["reach"] == reach


def test_a_post_is_asked_about_once_a_day(posted: Team) -> None:
    pull(posted)
    again = pull(posted)
    assert (again.code, again.out) == (0, "nothing new to keep\n")
    assert "1 post told" in pull(posted, "--again").out
    assert "1 post told" in pull(posted, now=LATER).out
    samples = kept(posted)["samples"]
    assert [sample["at"] for sample in samples] == ["2026-12-02T09:00:00Z", "2026-12-03T09:00:00Z"]
    assert samples[0]["metrics"]["reach"] < samples[1]["metrics"]["reach"]


def test_late_numbers_come_later(posted: Team) -> None:
    posted.world.settings = replace(posted.world.settings, insights_delay=47 * 3600)
    assert pull(posted).out == "acme: 0 posts told, 1 not yet, 1 call\ninsights of 1 post kept\n"
    assert "samples" not in kept(posted)
    assert "reach" not in posted.say("status").out
    pull(posted, now=LATER)
    assert kept(posted)["samples"][0]["metrics"]["reach"] > 0


def test_the_rest_comes_first_when_the_calls_are_used_up(acme: Team) -> None:
    names = ("a", "b", "c")
    for name in names:
        acme.write({f"content/{name}.md": post(f"Text of {name}, unlike any other {name * 9}")})
    assert acme.reconcile().code == 0
    said = pull(acme, "--max-calls", "3")
    assert (
        "acme: the 3 calls that one account gets are used up; 2 posts not asked about" in said.out
    )
    assert said.code == 0
    first = set(files(acme))
    assert len(first) == 2
    assert "2 posts told" in pull(acme).out
    assert len(files(acme)) == 4


def test_nothing_is_asked_near_the_limit(acme: Team) -> None:
    for name in ("a", "b"):
        acme.write({f"content/{name}.md": post(f"Text of {name}, unlike any other {name * 9}")})
    acme.reconcile()
    acme.world.settings = replace(acme.world.settings, hourly_calls=1)
    said = pull(acme)
    assert "its limit of calls is nearly used up until 2026-12-02 10:00 UTC" in said.out
    assert "2 posts not asked about" in said.out
    assert said.code == 0


def test_a_token_without_the_permission_is_told_once(acme: Team) -> None:
    acme.write({"content/a.md": post("Another text, unlike the first one")})
    acme.reconcile()
    refuse(acme, code=10, status=400, message="(#10) no permission")
    said = pull(acme)
    assert said.code == 4
    assert said.out.count("grant instagram_manage_insights") == 1
    assert "2 posts not asked about" in said.out
    assert files(acme) == []


def test_a_missing_token_stops_its_account_only(
    posted: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_KEY")
    said = pull(posted)
    assert said.code == 4
    assert "the environment variable ACME_KEY with its token is not set" in said.out


def test_a_deleted_post_is_told_and_its_numbers_stay(posted: Team) -> None:
    pull(posted)
    before = kept(posted)
    posted.world.upkeep.delete(before["remote_id"], posted.clock.now())
    said = pull(posted, now=LATER)
    assert said.code == 0
    assert "hello on acme: the platform does not know it any more" in said.out
    assert kept(posted) == before


def test_failures_in_a_row_end_the_questions(acme: Team) -> None:
    for name in "abcd":
        acme.write({f"content/{name}.md": post(f"Text of {name}, unlike any other {name * 9}")})
    acme.reconcile()
    refuse(acme, code=2)
    said = pull(acme)
    assert said.code == 4
    assert "2 posts told" not in said.out
    assert "3 posts not asked about" in said.out


def put(team: Team, content: dict[str, Any]) -> bytes:
    data = json.dumps(content).encode()
    SideFiles(Git(team.root), LedgerSettings()).write([FileChange(PATH, None, data)], message="x")
    return data


def test_what_cannot_be_read_is_left_alone(posted: Team) -> None:
    data = put(posted, {"format": 2, "new": True})
    words = f"{PATH} was written by a newer socialauto"
    said = pull(posted)
    assert f"! {words}; it is left alone" in said.out
    assert "nothing new to keep" in said.out
    assert git(posted.remote, "show", f"socialauto/ledger:{PATH}").encode() == data
    assert posted.say("status").code == 0
    assert words in posted.say("insights", "show").err


def test_show_prints_what_is_kept_and_asks_nobody(posted: Team) -> None:
    assert 'no insights are kept; "socialauto insights pull"' in posted.say("insights", "show").out
    pull(posted)
    pull(posted, now=LATER)
    posted.world.tokens.clear()
    short = posted.say("insights", "show").out
    assert short.startswith("hello on acme  ")
    assert short.count("\n") == 1
    long = posted.say("insights", "show", "hello").out
    assert long.count("total_interactions") == 2
    document = posted.say("insights", "show", "--format", "json").json
    assert [len(each["samples"]) for each in document["posts"]] == [2]
    assert "no insights of nothing are kept" in posted.say("insights", "show", "nothing").err


def test_the_json_of_a_pull(posted: Team) -> None:
    said = pull(posted, "--format", "json")
    assert TOKEN not in said.out + said.err
    assert TOKEN not in git(posted.remote, "log", "-p", "socialauto/ledger")
    document = said.json
    assert document == {
        "version": 1,
        "accounts": [
            {
                "account": "acme", "calls": 1, "told": 1, "not_yet": 0, "gone": [], "failed": [],
                "not_asked": 0, "stopped": None,
            }
        ],
        "kept": 1,
        "unreadable": [],
    }  # fmt: skip


def test_a_persons_token_reads_while_it_lives_beside_the_pages(
    posted: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (posted.root / "socialauto.yaml").read_text()
    text = text.replace("token: env:ACME_KEY", "token: secret:acme")
    posted.write({"socialauto.yaml": f"{text}secrets:\n  recipients: [{RECIPIENT}]\n"})
    monkeypatch.setenv("SOCIALAUTO_KEY", str(IDENTITY))
    person, page = f"{CANARY}person", f"{CANARY}page"
    ends = datetime(2026, 12, 3, tzinfo=UTC)
    vault = workplace(posted.root).vault()
    two = credential(login="facebook", token=page, read_token=person, read_expires=ends)
    assert vault.put("acme", two.model_copy(update={"expires": None}), None)
    posted.world.tokens[person] = Token(kind="user")
    posted.world.tokens[page] = Token(kind="page", scopes=frozenset({"instagram_basic"}))
    said = pull(posted)
    assert (said.code, "1 post told" in said.out) == (0, True)
    later = pull(posted, now=LATER)
    assert (later.code, "grant instagram_manage_insights" in later.out) == (4, True)
    assert CANARY not in said.out + said.err + later.out + later.err
