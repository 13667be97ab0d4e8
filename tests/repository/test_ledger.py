"""The ledger over a remote in the file system, over HTTP, and without a remote."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Applied, Change, IllegalTransitionError, Lost, State
from socialauto.repository.layout import to_bytes
from socialauto.repository.push_report import PushReport
from support.git_remotes import new_bare
from support.ledger_team import BRANCH, NOW, Team, claim, intent, published
from support.repositories import commit, git


def test_a_new_ledger_is_an_orphan_branch_with_a_header(team: Team) -> None:
    header = team.ledger().create(NOW)
    assert (header.format, header.began, len(header.lineage)) == (1, NOW, 32)
    assert team.log("--format=%s|%an|%ae|%P") == (
        "Begin the ledger|socialauto|socialauto@users.noreply.github.com|"
    )
    assert git(team.bare, "ls-tree", "-r", "--name-only", BRANCH) == "ledger/ledger.json"
    assert git(team.bare, "show", f"{BRANCH}:ledger/ledger.json") == (
        '{\n  "began": "2026-12-01T08:00:00Z",\n  "format": 1,\n'
        f'  "lineage": "{header.lineage}"\n}}'
    )


def test_a_new_ledger_is_read_as_empty(team: Team) -> None:
    header = team.ledger().create(NOW)
    snapshot = team.ledger().read()
    assert (snapshot.header, dict(snapshot.entries)) == (header, {})
    assert snapshot.tip == git(team.bare, "rev-parse", BRANCH)


def test_a_ledger_is_made_only_once(file_team: Team) -> None:
    file_team.ledger().create(NOW)
    before = file_team.log("--format=%H")
    with pytest.raises(SocialautoError, match="already holds a ledger"):
        file_team.ledger("two").create(NOW)
    assert file_team.log("--format=%H") == before


def test_what_was_written_is_read_by_everybody(team: Team) -> None:
    ledger = team.ledger()
    ledger.create(NOW)
    entry = intent("2026/12/Grüße")
    assert ledger.write([Change(None, entry)], message="Claim 1 post") == [Applied(entry)]
    assert team.ledger("two").read().entries == {entry.key: entry}
    path = "ledger/acme/2026/12/%47r%c3%bc%c3%9fe.json"
    assert git(team.bare, "show", f"{BRANCH}:{path}").encode() + b"\n" == to_bytes(entry)


def test_a_commit_names_its_deliveries(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    ledger.write([claim("one"), claim("two\nforged: line")], message="Claim 2 posts")
    subject, _, first, second, *_ = file_team.log("-1", "--format=%B").splitlines()
    assert subject == "Claim 2 posts"
    assert first == "one on acme: intent"
    assert second == "two forged: line on acme: intent"


def test_no_two_commits_are_alike(file_team: Team) -> None:
    one, two = file_team.ledger("one"), file_team.ledger("two")
    one.create(NOW)
    two.read()
    one.write([claim("a")], message="Claim")
    two.write([claim("b")], message="Claim")
    last_lines = [
        text.strip().splitlines()[-1] for text in file_team.log("--format=%B%x00").split("\0")[:2]
    ]
    assert all(line.startswith("Write: ") for line in last_lines)
    assert last_lines[0] != last_lines[1]


def test_an_entry_moves_on_from_what_it_was(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    first = intent()
    ledger.write([Change(None, first)], message="Claim")
    last = published(first)
    assert ledger.write([Change(first, last)], message="Publish") == [Applied(last)]
    assert file_team.ledger("two").read().entries[first.key] == last


def test_one_batch_may_take_an_entry_two_steps(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    first = intent()
    last = published(first)
    changes = [Change(None, first), Change(first, last)]
    assert ledger.write(changes, message="Publish") == [Applied(first), Applied(last)]
    assert ledger.read().entries[first.key] == last


def test_a_stale_wish_is_lost_and_the_others_are_applied_in_order(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    held = intent("held", run="run-0")
    ledger.write([Change(None, held)], message="Claim")
    results = ledger.write([claim("a"), claim("held"), claim("b")], message="Claim")
    assert results == [Applied(intent("a")), Lost(held), Applied(intent("b"))]
    assert {key.post for key in ledger.read().entries} == {"a", "held", "b"}


def test_a_batch_in_which_everything_is_lost_makes_no_commit(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    ledger.write([claim()], message="Claim")
    before = file_team.log("--format=%H")
    assert ledger.write([claim(run="run-2")], message="Claim") == [Lost(intent())]
    assert ledger.write([], message="Nothing") == []
    assert file_team.log("--format=%H") == before


def test_an_illegal_transition_is_our_bug_and_writes_nothing(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    done = published(intent())
    ledger.write([claim(), Change(intent(), done)], message="Publish")
    with pytest.raises(IllegalTransitionError, match="published → intent"):
        ledger.write([claim("other"), Change(done, intent())], message="Again")
    with pytest.raises(IllegalTransitionError, match="cannot become"):
        ledger.write([Change(intent("a"), published(intent("b")))], message="Mixed up")
    assert set(ledger.read().entries) == {intent().key}


def test_two_writers_of_different_entries_both_land(team: Team) -> None:
    one, two = team.ledger("one"), team.ledger("two")
    one.create(NOW)
    two.read()
    assert one.write([claim("a")], message="Claim") == [Applied(intent("a"))]
    # `two` still stands on the tip that it read.
    assert two.write([claim("b")], message="Claim") == [Applied(intent("b"))]
    assert {key.post for key in one.read().entries} == {"a", "b"}
    assert team.log("--format=%s").splitlines() == ["Claim", "Claim", "Begin the ledger"]


def test_of_two_writers_of_one_entry_the_first_wins(team: Team) -> None:
    one, two = team.ledger("one"), team.ledger("two")
    one.create(NOW)
    two.read()
    one.write([claim(run="run-1")], message="Claim")
    results = two.write([claim("other"), claim(run="run-2")], message="Claim")
    assert results == [Applied(intent("other")), Lost(intent(run="run-1"))]


def test_equal_bytes_of_somebody_else_are_not_taken_for_ones_own(file_team: Team) -> None:
    one, two = file_team.ledger("one"), file_team.ledger("two")
    one.create(NOW)
    two.read()
    one.write([claim()], message="Claim")
    assert two.write([claim()], message="Claim") == [Lost(intent())]


def test_a_lost_race_waits_a_random_moment(file_team: Team) -> None:
    one, two = file_team.ledger("one"), file_team.ledger("two")
    one.create(NOW)
    two.read()
    one.write([claim("a")], message="Claim")
    assert file_team.waits == []
    two.write([claim("b")], message="Claim")
    assert len(file_team.waits) == 1
    assert 0 < file_team.waits[0] <= 0.05


def test_a_writer_that_always_loses_gives_up_in_the_end(
    file_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = file_team.ledger("one"), file_team.ledger("two", races=4)
    one.create(NOW)
    posts = iter(range(100))
    advance = two._branch.advance

    def advance_too_late(old: str | None, new: str) -> PushReport:
        one.write([claim(f"other-{next(posts)}")], message="Claim")
        return advance(old, new)

    monkeypatch.setattr(two._branch, "advance", advance_too_late)
    with pytest.raises(
        SocialautoError, match=r"other runs updated the ledger first, 4 times .*\(st"
    ):
        two.write([claim("mine")], message="Claim")
    assert len(file_team.waits) == 4
    assert 0.0 < max(file_team.waits) <= 0.05
    assert "mine" not in {key.post for key in one.read().entries}


def test_the_work_tree_the_index_and_head_are_not_touched(team: Team) -> None:
    root = team.clone("one")
    commit_id = git(root, "rev-parse", "HEAD")
    (root / "content/a.md").write_text("changed")
    (root / "content/new.md").write_text("new")
    git(root, "add", "content/new.md")
    (root / "content/new.md").write_text("newer")
    before = snapshot_of(root)
    ledger = team.ledger_at(root)
    ledger.create(NOW)
    ledger.write([claim()], message="Claim")
    ledger.read()
    assert snapshot_of(root) == before
    assert git(root, "rev-parse", "HEAD") == commit_id
    assert git(root, "symbolic-ref", "HEAD") == "refs/heads/main"
    pending = git(root, "for-each-ref", "refs/socialauto/pending")
    assert pending == ""


def snapshot_of(root: Path) -> dict[str, bytes]:
    files = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {str(path): path.read_bytes() for path in [*files, root / ".git/index"]}


def test_the_ledger_can_live_on_the_main_branch(file_team: Team) -> None:
    ledger = file_team.ledger("one", branch="main")
    ledger.create(NOW)
    ledger.write([claim()], message="Claim")
    author = file_team.clone("author")
    commit(author, {"content/b.md": "second"})
    git(author, "pull", "--quiet", "--rebase", file_team.url, "main")
    git(author, "push", "--quiet", file_team.url, "main")
    ledger.write([Change(intent(), published(intent()))], message="Publish")
    assert git(file_team.bare, "ls-tree", "-r", "--name-only", "main").splitlines() == [
        "content/a.md",
        "content/b.md",
        "ledger/acme/launch.json",
        "ledger/ledger.json",
    ]
    assert ledger.read().entries[intent().key].state is State.PUBLISHED


def test_a_local_ledger_is_not_written_under_a_checked_out_branch(lone_team: Team) -> None:
    with pytest.raises(SocialautoError, match="branch main is checked out"):
        lone_team.ledger(branch="main").create(NOW)
    assert git(lone_team.bare, "status", "--porcelain") == ""


def test_a_thousand_entries_take_as_many_processes_as_one(
    file_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    started = count_processes(ledger._git, monkeypatch)
    ledger.write([claim()], message="Claim")
    for_one = list(started)
    started.clear()
    ledger.write([claim(f"post-{n}") for n in range(1000)], message="Claim")
    assert started == for_one
    assert started[:2] == ["cat-file", "fast-import"]
    assert len(started) <= 4
    started.clear()
    assert len(ledger.read().entries) == 1001
    assert started[-2:] == ["ls-tree", "cat-file"]
    assert git(file_team.bare, "fsck", "--strict", "--full") == ""


def count_processes(runner: object, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    started: list[str] = []
    start = runner.start  # type: ignore[attr-defined]  # any object with this method will do

    def counted(*args: str, **options: object) -> object:
        started.append(args[0])
        return start(*args, **options)

    monkeypatch.setattr(runner, "start", counted)
    return started


@pytest.mark.parametrize("setting", ["no user", "no user and no guessing"])
def test_git_need_not_know_its_user(
    file_team: Team, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    root = file_team.clone("one")
    for name in ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"):
        monkeypatch.delenv(f"GIT_{name}")
    git(root, "config", "core.logAllRefUpdates", "always")
    if setting == "no user and no guessing":
        git(root, "config", "user.useConfigOnly", "true")
    ledger = file_team.ledger_at(root)
    ledger.create(NOW)
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]


def test_a_detached_head_is_no_obstacle(file_team: Team) -> None:
    root = file_team.clone("one")
    git(root, "checkout", "--quiet", "--detach")
    ledger = file_team.ledger_at(root)
    ledger.create(NOW)
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]


def test_a_linked_work_tree_is_no_obstacle(file_team: Team) -> None:
    linked = file_team.folder / "linked"
    git(file_team.clone("one"), "worktree", "add", "--quiet", "--detach", str(linked))
    ledger = file_team.ledger_at(linked)
    ledger.create(NOW)
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]
    assert set(file_team.ledger("one").read().entries) == {intent().key}


def test_a_folder_below_the_top_is_no_obstacle(file_team: Team) -> None:
    ledger = file_team.ledger_at(file_team.clone("one") / "content")
    ledger.create(NOW)
    ledger.write([claim()], message="Claim")
    assert set(ledger.read().entries) == {intent().key}


def test_a_shallow_clone_takes_the_last_commit_and_finds_its_own_ones(http_team: Team) -> None:
    deep = http_team.ledger("deep")
    deep.create(NOW)
    for number in range(3):
        deep.write([claim(f"post-{number}")], message="Claim")
    root = http_team.clone("shallow", "--depth=1")
    shallow = http_team.ledger_at(root)
    assert len(shallow.read().entries) == 3
    seen = "refs/socialauto/origin/socialauto/ledger"
    assert git(root, "rev-list", "--count", seen) == "1"
    deep.write([claim("late")], message="Claim")
    assert shallow.write([claim("mine")], message="Claim") == [Applied(intent("mine"))]
    # What it saw first, what came after, and nothing twice.
    assert git(root, "rev-list", "--count", seen) == "2"
    assert {"late", "mine"} < {key.post for key in deep.read().entries}
    assert git(http_team.bare, "fsck", "--strict", "--full") == ""


def test_hooks_and_push_settings_of_the_clone_do_not_matter(team: Team) -> None:
    root = team.clone("one")
    git(root, "tag", "--annotate", "--message=v1", "v1")
    for name in ("pre-push", "reference-transaction", "post-checkout"):
        hook = root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
    git(root, "config", "push.followTags", "true")
    git(root, "config", "push.gpgSign", "if-asked")
    git(root, "config", "fetch.prune", "true")
    ledger = team.ledger_at(root)
    ledger.create(NOW)
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]
    assert ledger.read().entries
    if team.url:
        assert git(team.bare, "tag") == ""


def test_the_users_own_refs_stay_where_they_are(file_team: Team) -> None:
    file_team.ledger("two").create(NOW)
    root, author = file_team.clone("one"), file_team.clone("author")
    git(root, "fetch", "--quiet", "--no-write-fetch-head")
    own = ("for-each-ref", "refs/heads", "refs/tags", "refs/remotes")
    before = git(root, *own)
    commit(author, {"content/b.md": "second"})
    git(author, "push", "--quiet", file_team.url, "main")
    file_team.ledger("two").write([claim()], message="Claim")
    assert file_team.ledger("one").read().entries
    assert git(root, *own) == before
    assert not (root / ".git/FETCH_HEAD").exists()


def test_another_remote_can_hold_the_ledger(file_team: Team) -> None:
    root = file_team.clone("one")
    git(root, "remote", "add", "backup/two", str(new_bare(file_team.folder / "backup.git")))
    ledger = file_team.ledger_at(root, remote="backup/two")
    ledger.create(NOW)
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]


def test_a_remote_that_is_not_known_does_not_make_a_local_ledger(file_team: Team) -> None:
    with pytest.raises(SocialautoError, match=r"remote names upstream, and this clone knows only"):
        file_team.ledger(remote="upstream")


def test_keys_that_differ_only_in_case_are_two_entries(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    ledger.write([claim("launch"), claim("Launch")], message="Claim")
    keys = {DeliveryKey("acme", "launch"), DeliveryKey("acme", "Launch")}
    assert set(ledger.read().entries) == keys
