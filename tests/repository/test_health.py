"""Questions that change nothing: may we push, where is the remote, when was that."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialauto.core.config import LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Git, open_repository
from socialauto.repository.health import (
    RemotePlace,
    call_remote,
    committed_at,
    git_version,
    ledger_tip,
    rehearse_push,
    remote_place,
)
from support.git_remotes import READER, git_server, new_bare
from support.ledger_team import NOW, Team
from support.repositories import git, new_repository


def clone(team: Team) -> Git:
    return open_repository(team.clone("looker"))


def test_a_rehearsed_push_changes_nothing(team: Team) -> None:
    team.ledger().create(NOW)
    here = clone(team)
    settings = LedgerSettings()
    tip = ledger_tip(here, settings)
    assert tip
    objects = git(here.root, "count-objects")
    rehearse_push(here, settings, tip)
    assert ledger_tip(here, settings) == tip
    assert git(here.root, "count-objects") == objects


def test_a_reader_may_not_push(tmp_path: Path) -> None:
    new_bare(tmp_path / "team.git")
    root = new_repository(tmp_path / "here", {"a": "b"})
    with git_server(tmp_path) as server:
        git(root, "remote", "add", "origin", server.url("team.git"))
        git(root, "push", "--quiet", "origin", "main:socialauto/ledger")
        git(root, "remote", "set-url", "origin", server.url("team.git", user=READER))
        here = open_repository(root)
        tip = ledger_tip(here, LedgerSettings())
        assert tip
        with pytest.raises(SocialautoError, match="origin refused the update") as refused:
            rehearse_push(here, LedgerSettings(), tip)
        assert "contents: write" in refused.value.hint
        assert "correct-horse" not in str(refused.value)
        call_remote(here, "origin")


def test_a_remote_that_does_not_answer_is_named(tmp_path: Path) -> None:
    root = new_repository(tmp_path / "here", {"a": "b"})
    git(root, "remote", "add", "origin", str(tmp_path / "nowhere.git"))
    with pytest.raises(SocialautoError, match="origin does not answer"):
        call_remote(open_repository(root), "origin")


@pytest.mark.parametrize(
    ("url", "host", "web"),
    [
        ("https://github.com/acme/social.git", "github.com", "https://github.com/"),
        ("https://x:secret@forge.example:8443/a.git", "forge.example", "https://forge.example:8443/"),
        ("git@github.com:acme/social.git", "github.com", ""),
        ("ssh://git@forge.example:22/a.git", "forge.example", ""),
        ("/srv/git/a.git", "", ""),
        ("../a.git", "", ""),
    ],
)  # fmt: skip
def test_where_a_remote_is(tmp_path: Path, url: str, host: str, web: str) -> None:
    root = new_repository(tmp_path / "here", {"a": "b"})
    git(root, "remote", "add", "origin", url)
    assert remote_place(open_repository(root), "origin") == RemotePlace(host, web)
    assert remote_place(open_repository(root), "other") is None


def test_git_and_its_commits_have_a_version_and_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", NOW.isoformat())
    here = open_repository(new_repository(tmp_path / "here", {"a": "b"}))
    assert git_version(here).startswith("git version ")
    assert committed_at(here, "HEAD") == NOW
