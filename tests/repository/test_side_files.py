"""Files beside the ledger, over a remote in the file system, over HTTP, and without a remote."""

from __future__ import annotations

import random

import pytest

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Applied
from socialauto.repository.branch import RemoteBranch
from socialauto.repository.git import open_repository
from socialauto.repository.push_report import PushReport, Verdict
from socialauto.repository.side_files import TRIES, FileChange, SideFiles
from support.ledger_team import BRANCH, NOW, Team, claim
from support.repositories import git

KEY = "secrets/acme.age"


def side(team: Team, name: str = "one") -> SideFiles:
    root = team.folder / name
    if not root.exists():
        team.clone(name)
    return SideFiles(
        open_repository(root if team.url else team.bare),
        LedgerSettings(),
        pause=team.waits.append,
        rng=random.Random(1),
    )


@pytest.fixture
def begun(file_team: Team) -> Team:
    file_team.ledger().create(NOW)
    return file_team


def test_what_was_written_is_read_by_everybody(team: Team) -> None:
    team.ledger().create(NOW)
    assert side(team).write([FileChange(KEY, None, b"one\r\n\0")], message="Keep acme") == [True]
    assert side(team, "two").read("secrets") == {KEY: b"one\r\n\0"}
    assert team.log("-1", "--format=%s") == "Keep acme"


def test_there_is_nothing_in_a_folder_that_does_not_exist(begun: Team) -> None:
    assert side(begun).read("secrets") == {}


def test_a_file_that_somebody_else_changed_is_left_alone(begun: Team) -> None:
    side(begun).write([FileChange(KEY, None, b"one")], message="Keep")
    wanted = [FileChange(KEY, b"zero", b"two"), FileChange("insights/a.json", None, b"{}")]
    assert side(begun).write(wanted, message="Keep") == [False, True]
    assert side(begun).read("secrets") == {KEY: b"one"}


def test_a_file_can_be_taken_away(begun: Team) -> None:
    side(begun).write([FileChange(KEY, None, b"one")], message="Keep")
    assert side(begun).write([FileChange(KEY, b"one", None)], message="Drop") == [True]
    assert side(begun).read("secrets") == {}
    assert git(begun.bare, "ls-tree", "-r", "--name-only", BRANCH) == "ledger/ledger.json"


def test_nothing_is_pushed_when_nothing_changes(begun: Team) -> None:
    side(begun).write([FileChange(KEY, None, b"one")], message="Keep")
    before = begun.log("--format=%H")
    assert side(begun).write([FileChange(KEY, b"one", b"one")], message="Keep") == [True]
    # the same wish again, after an answer that was lost
    assert side(begun).write([FileChange(KEY, None, b"one")], message="Keep") == [True]
    assert begun.log("--format=%H") == before


def test_the_ledger_and_what_is_beside_it_leave_each_other_alone(begun: Team) -> None:
    ledger = begun.ledger("two")
    ledger.read()
    side(begun).write([FileChange(KEY, None, b"one")], message="Keep")
    change = claim("a")
    assert ledger.write([change], message="Claim") == [Applied(change.after)]
    assert side(begun).read("secrets") == {KEY: b"one"}
    assert len(ledger.read().entries) == 1


def test_a_lost_race_is_run_again(begun: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = side(begun), side(begun, "two")
    advance = RemoteBranch.advance

    def overtaken(branch: RemoteBranch, old: str | None, new: str) -> PushReport:
        monkeypatch.setattr(RemoteBranch, "advance", advance)
        two.write([FileChange("insights/a.json", None, b"{}")], message="Insights")
        return advance(branch, old, new)

    monkeypatch.setattr(RemoteBranch, "advance", overtaken)
    assert one.write([FileChange(KEY, None, b"one")], message="Keep") == [True]
    assert set(one.read("secrets") | one.read("insights")) == {KEY, "insights/a.json"}
    assert len(begun.waits) == 1


def test_an_answer_that_was_lost_is_looked_up(begun: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    advance = RemoteBranch.advance

    def unheard(branch: RemoteBranch, old: str | None, new: str) -> PushReport:
        advance(branch, old, new)
        return PushReport(Verdict.UNCLEAR, "the connection broke")

    monkeypatch.setattr(RemoteBranch, "advance", unheard)
    assert side(begun).write([FileChange(KEY, None, b"one")], message="Keep") == [True]
    assert begun.log("--format=%s").splitlines() == ["Keep", "Begin the ledger"]


def test_a_remote_that_never_answers_is_given_up(
    begun: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence = PushReport(Verdict.UNCLEAR, "the connection broke")
    monkeypatch.setattr(RemoteBranch, "advance", lambda *_: silence)
    with pytest.raises(SocialautoError, match=f"in {TRIES} tries: the connection broke"):
        side(begun).write([FileChange(KEY, None, b"one")], message="Keep")


def test_without_a_ledger_there_is_nothing_beside_it(file_team: Team) -> None:
    with pytest.raises(SocialautoError, match="there is no ledger"):
        side(file_team).read("secrets")


@pytest.mark.parametrize("path", ["ledger/ledger.json", "../x", "/x", "secrets/ü.age"])
def test_only_places_beside_the_ledger_are_taken(begun: Team, path: str) -> None:
    with pytest.raises(ValueError, match="no place beside the ledger"):
        side(begun).write([FileChange(path, None, b"x")], message="Keep")
