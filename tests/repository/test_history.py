"""Questions to the repository's history."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Git, open_repository
from socialauto.repository.history import (
    commit_authors,
    head,
    is_pushed,
    landed,
    remote_exists,
    resolve,
    uncommitted,
)
from support.ledger_team import Team
from support.repositories import commit, git, new_repository


def test_head_is_the_commit_that_is_checked_out(tmp_path: Path) -> None:
    root = new_repository(tmp_path / "r")
    with pytest.raises(SocialautoError, match='has no commit yet; make one with "git add'):
        head(open_repository(root))
    made = commit(root, {"a.md": "first"})
    assert head(open_repository(root)) == made


def test_a_revision_is_resolved_to_its_commit(lone_team: Team) -> None:
    repository = open_repository(lone_team.bare)
    made = git(lone_team.bare, "rev-parse", "HEAD")
    git(lone_team.bare, "tag", "--annotate", "--message=v1", "v1")
    assert [resolve(repository, name) for name in ("main", "v1", made[:8])] == [made] * 3


@pytest.mark.parametrize("revision", ["nope", "--all", "", "HEAD:content"])
def test_a_revision_that_names_no_commit_is_refused(lone_team: Team, revision: str) -> None:
    with pytest.raises(SocialautoError, match=f"there is no commit {revision}"):
        resolve(open_repository(lone_team.bare), revision)


def author(repository: Git, commit: str, path: str) -> str:
    return commit_authors(repository, commit, [path])[path]


def test_the_author_is_who_changed_the_file_last(lone_team: Team) -> None:
    root = lone_team.bare
    git(root, "config", "user.useConfigOnly", "true")
    (root / "content/a.md").write_text("better")
    git(root, "commit", "--quiet", "-a", "-m", "Edit", "--author", "Bob Ünal <bob@example.org>")
    edited = git(root, "rev-parse", "HEAD")
    later = commit(root, {"content/b.md": "other"})
    repository = open_repository(root)
    assert author(repository, later, "content/a.md") == "Bob Ünal"
    assert author(repository, later, "content/b.md") == "Ana Author"
    assert commit_authors(repository, f"{edited}^", ["content/a.md"]) == {
        "content/a.md": "Ana Author"
    }
    assert author(repository, later, "content/missing.md") == ""
    assert commit_authors(open_repository(root / "content"), later, ["a.md"]) == {
        "a.md": "Bob Ünal"
    }


def test_authors_are_found_below_folders_as_well(lone_team: Team) -> None:
    root = lone_team.bare
    made = commit(root, {"content/a/b.md": "text", "other/c.md": "text"})
    asked = ["content/a/b.md", "other/c.md"]
    found = commit_authors(open_repository(root), made, asked, below=["content", "missing"])
    assert found == {"content/a/b.md": "Ana Author", "other/c.md": ""}


def test_many_authors_are_found_in_one_walk(lone_team: Team) -> None:
    root = lone_team.bare
    names = [f"content/{name}.md" for name in ("ä b", 'quo"te', "new")]
    for number, name in enumerate(names):
        commit(root, {name: "text"})
        amend = ("--amend", "--no-edit", "--quiet", "--author", f"Author {number} <a@example.org>")
        git(root, "commit", *amend)
    commit(root, {"content/other.md": "text", names[0]: "newer"})
    found = commit_authors(open_repository(root), git(root, "rev-parse", "HEAD"), names)
    assert found == dict(zip(names, ["Ana Author", "Author 1", "Author 2"], strict=True))
    assert commit_authors(open_repository(root), "HEAD", []) == {}


def test_a_shallow_clone_does_not_invent_an_author(http_team: Team) -> None:
    root = http_team.clone("shallow", "--depth=1")
    before = git(root, "rev-parse", "HEAD")
    assert author(open_repository(root), before, "content/a.md") == ""
    made = commit(root, {"content/b.md": "second"})
    assert commit_authors(open_repository(root), made, ["content/b.md"]) == {
        "content/b.md": "Ana Author"
    }


def test_uncommitted_files_are_named(lone_team: Team) -> None:
    root = lone_team.bare
    commit(root, {".gitignore": "*.tmp\n", "media/old name.jpg": "x", "content/c.md": "third"})
    repository = open_repository(root)
    assert uncommitted(repository) == []
    (root / "content/a.md").write_text("changed")
    (root / "content/c.md").unlink()
    (root / "content/grüße.md").write_text("new")
    (root / "content/ignored.tmp").write_text("")
    git(root, "mv", "media/old name.jpg", "media/new name.jpg")
    everything = ["content/a.md", "content/c.md", "content/grüße.md"]
    everything += ["media/new name.jpg", "media/old name.jpg"]
    assert uncommitted(repository) == everything
    assert uncommitted(repository, "content", "schedules") == everything[:3]
    assert uncommitted(open_repository(root / "content")) == ["a.md", "c.md", "grüße.md"]


def test_asking_for_uncommitted_files_does_not_write_the_index(lone_team: Team) -> None:
    index = lone_team.bare / ".git/index"
    (lone_team.bare / "content/a.md").touch()
    before = index.read_bytes()
    assert uncommitted(open_repository(lone_team.bare)) == []
    assert index.read_bytes() == before


def test_a_remote_is_known_by_its_name(file_team: Team) -> None:
    repository = open_repository(file_team.clone("two"))
    assert remote_exists(repository, "origin")
    assert not remote_exists(repository, "orig")


def test_what_was_pushed_to_any_branch_is_pushed(file_team: Team) -> None:
    root = file_team.clone("one")
    repository = open_repository(root)
    assert is_pushed(repository, "HEAD", "origin")
    made = commit(root, {"content/b.md": "second"})
    assert not is_pushed(repository, made, "origin")
    git(root, "push", "--quiet", "origin", "HEAD:refs/heads/drafts/b")
    assert is_pushed(repository, made, "origin")


def test_a_pushed_commit_that_others_built_upon_is_pushed(file_team: Team) -> None:
    one, two = file_team.clone("one"), file_team.clone("two")
    commit(two, {"content/b.md": "second"})
    git(two, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    assert is_pushed(open_repository(one), "HEAD", "origin")


def test_a_pushed_commit_inside_a_foreign_branch_is_pushed(file_team: Team) -> None:
    one, two = file_team.clone("one"), file_team.clone("two")
    git(one, "checkout", "--quiet", "--detach")
    commit(one, {"content/b.md": "second"})
    git(one, "push", "--quiet", str(file_team.bare), "HEAD:refs/heads/b")
    git(two, "fetch", "--quiet", "origin", "b")
    git(two, "checkout", "--quiet", "FETCH_HEAD")
    commit(two, {"content/c.md": "third"})
    git(two, "push", "--quiet", "origin", "HEAD:refs/heads/b")
    assert is_pushed(open_repository(one), "HEAD", "origin")


def test_a_commit_that_was_taken_back_is_not_pushed_any_more(file_team: Team) -> None:
    root = file_team.clone("one")
    made = commit(root, {"content/b.md": "second"})
    git(root, "push", "--quiet", "origin", "HEAD:refs/heads/b")
    git(root, "push", "--quiet", "origin", "--delete", "b")
    assert not is_pushed(open_repository(root), made, "origin")


def test_a_shallow_clone_knows_that_its_commit_is_pushed(http_team: Team) -> None:
    root = http_team.clone("shallow", "--depth=1")
    author = http_team.clone("author")
    for number in range(3):
        commit(author, {"content/b.md": f"text {number}"})
    git(author, "push", "--quiet", "origin", "HEAD:refs/heads/main", "HEAD:refs/heads/other")
    assert is_pushed(open_repository(root), "HEAD", "origin")
    fetched = git(root, "for-each-ref", "--format=%(refname)", "refs/socialauto")
    assert fetched == "refs/socialauto/origin/main"


def test_a_remote_that_is_gone_cannot_say_what_was_pushed(file_team: Team) -> None:
    root = file_team.clone("one")
    git(root, "remote", "set-url", "origin", "http://ana:s3cret@127.0.0.1:9/x.git")
    with pytest.raises(SocialautoError, match="cannot list the branches of origin") as caught:
        is_pushed(open_repository(root), "HEAD", "origin")
    assert "s3cret" not in str(caught.value)


def test_asking_what_was_pushed_moves_no_branch_of_the_user(file_team: Team) -> None:
    one, two = file_team.clone("one"), file_team.clone("two")
    commit(two, {"content/b.md": "second"})
    git(two, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    shown = ["git", "for-each-ref", "refs/heads", "refs/remotes"]
    before = subprocess.run(shown, cwd=one, capture_output=True).stdout
    is_pushed(open_repository(one), "HEAD", "origin")
    assert subprocess.run(shown, cwd=one, capture_output=True).stdout == before


def test_a_file_has_come_when_its_branch_was_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(hour: int) -> None:
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-12-07T{hour:02d}:00:00Z")

    at(8)
    root = new_repository(tmp_path / "r", {"a.yaml": "a"})
    git(root, "switch", "--quiet", "--create", "topic")
    at(9)
    commit(root, {"b.yaml": "b"})
    git(root, "switch", "--quiet", "main")
    at(10)
    commit(root, {"a.yaml": "edited"})
    at(11)
    git(root, "merge", "--quiet", "--no-edit", "topic")
    at(12)
    commit(root, {"b.yaml": "edited"})
    repository = open_repository(root)

    def hour(path: str) -> datetime | None:
        return landed(repository, "HEAD", path)

    assert hour("a.yaml") == datetime(2026, 12, 7, 8, tzinfo=UTC)
    assert hour("b.yaml") == datetime(2026, 12, 7, 11, tzinfo=UTC)
    assert hour("*.yaml") is None
    assert landed(repository, "HEAD", "b.yaml", last=True) == datetime(2026, 12, 7, 12, tzinfo=UTC)
    assert landed(open_repository(new_repository(tmp_path / "e")), "HEAD", "a.yaml") is None
