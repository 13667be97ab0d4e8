"""The branch for media on a real remote: races, lost answers, old files, other people's files."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.repository.branch import UnreachableError
from socialauto.repository.git import Git
from socialauto.repository.media_branch import MediaBranch
from support.git_remotes import READER, GitServer, git_server, new_bare, protect
from support.repositories import commit, git, new_repository

NOW = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
TODAY = "2026-12-10"
BRANCH = "socialauto/media"


def name(body: bytes, suffix: str = "jpg") -> str:
    return f"{hashlib.sha256(body).hexdigest()}.{suffix}"


ONE, TWO, FILM = b"one", b"two", b"film " * 1000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    new_bare(tmp_path / "team.git")
    with git_server(tmp_path) as running:
        yield running


@pytest.fixture
def bare(tmp_path: Path, server: GitServer) -> Path:
    return tmp_path / "team.git"


def clone(server: GitServer, folder: Path, *, user: str = "runner") -> Git:
    new_repository(folder)
    commit(folder, {"a.txt": "a"})
    git(folder, "remote", "add", "origin", server.url("team.git", user=user))
    return Git(folder)


@pytest.fixture
def here(server: GitServer, tmp_path: Path) -> Git:
    return clone(server, tmp_path / "clone")


def branch(at: Git, *, days: int = 7) -> MediaBranch:
    return MediaBranch(at, "origin", BRANCH, keep=timedelta(days=days), pause=lambda _: None)


def files(bare: Path, ref: str = BRANCH) -> list[str]:
    return git(bare, "ls-tree", "-r", "--name-only", ref).split()


def count(bare: Path) -> int:
    return int(git(bare, "rev-list", "--count", BRANCH))


# adding


def test_files_lie_under_their_date_and_hash(here: Git, bare: Path) -> None:
    made, paths = branch(here).add({name(ONE): ONE, name(FILM, "mp4"): FILM}, NOW)

    assert paths == {
        name(ONE): f"{TODAY}/{name(ONE)}",
        name(FILM, "mp4"): f"{TODAY}/{name(FILM, 'mp4')}",
    }
    assert git(bare, "rev-parse", BRANCH).strip() == made
    assert files(bare) == sorted([*paths.values(), "README.md"])
    assert git(bare, "show", f"{made}:{paths[name(ONE)]}") == "one"


def test_what_is_there_is_not_pushed_again(here: Git, bare: Path, server: GitServer) -> None:
    first, paths = branch(here).add({name(ONE): ONE}, NOW)
    pushes = server.pushes

    again = branch(here).add({name(ONE): ONE}, NOW + timedelta(days=4))

    assert again == (first, paths)
    assert server.pushes == pushes


def test_what_is_soon_cleared_away_is_pushed_under_a_new_date(here: Git, bare: Path) -> None:
    branch(here).add({name(ONE): ONE}, NOW)

    _, paths = branch(here).add({name(ONE): ONE}, NOW + timedelta(days=5))

    assert paths == {name(ONE): f"2026-12-15/{name(ONE)}"}
    assert len(files(bare)) == 3


def test_neither_the_work_tree_nor_its_branches_are_touched(here: Git) -> None:
    before = git(here.root, "for-each-ref", "refs/heads")

    branch(here).add({name(ONE): ONE}, NOW)

    assert git(here.root, "for-each-ref", "refs/heads") == before
    assert git(here.root, "status", "--porcelain") == ""


def test_a_shallow_clone_stays_as_it_was(
    here: Git, server: GitServer, bare: Path, tmp_path: Path
) -> None:
    branch(here).add({name(ONE): ONE}, NOW)
    branch(here).add({name(TWO): TWO}, NOW)
    git(here.root, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    url = server.url("team.git")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=main", url, "shallow")

    _, paths = branch(Git(tmp_path / "shallow")).add({name(ONE): ONE, name(FILM): FILM}, NOW)

    assert set(files(bare)) >= set(paths.values())
    assert count(bare) == 3


# races and faults


def test_runs_that_push_at_once_all_arrive(server: GitServer, bare: Path, tmp_path: Path) -> None:
    clones = [clone(server, tmp_path / f"clone-{number}") for number in range(4)]
    results: list[tuple[str, dict[str, str]]] = []

    def push(number: int, at: Git) -> None:
        own = f"own {number}".encode()
        results.append(branch(at).add({name(ONE): ONE, name(own): own}, NOW))

    threads = [threading.Thread(target=push, args=(number, at)) for number, at in enumerate(clones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(results) == 4
    for made, paths in results:
        assert set(paths.values()) <= set(git(bare, "ls-tree", "-r", "--name-only", made).split())
    # The same file was pushed by one of them, and seen by the others.
    assert len(files(bare)) == 1 + 1 + 4


@pytest.mark.parametrize("fault", ["drop before", "drop after", "500"])
def test_a_push_without_an_answer_is_looked_after(
    here: Git, bare: Path, server: GitServer, fault: str
) -> None:
    server.fault_next_push(fault)  # type: ignore[arg-type]

    made, paths = branch(here).add({name(ONE): ONE}, NOW)

    assert git(bare, "show", f"{made}:{paths[name(ONE)]}") == "one"
    assert count(bare) == 1


def test_a_remote_that_does_not_answer_may_come_back(here: Git, server: GitServer) -> None:
    server.stop()

    with pytest.raises(UnreachableError):
        branch(here).add({name(ONE): ONE}, NOW)


def test_a_refusal_names_the_setting(here: Git, bare: Path) -> None:
    protect(bare, f"refs/heads/{BRANCH}")

    with pytest.raises(SocialautoError) as refused:
        branch(here).add({name(ONE): ONE}, NOW)

    assert "GH006" in refused.value.message
    assert refused.value.hint.endswith("or name another branch in media_host.branch")


def test_whoever_may_not_push_is_told(server: GitServer, tmp_path: Path) -> None:
    reader = clone(server, tmp_path / "reader", user=READER)

    with pytest.raises(SocialautoError, match="contents: write"):
        branch(reader).add({name(ONE): ONE}, NOW)


def test_an_unknown_remote_is_told(here: Git) -> None:
    with pytest.raises(SocialautoError, match=r"media_host\.remote names upstream"):
        MediaBranch(here, "upstream", BRANCH, keep=timedelta(days=7))


# whose branch it is


@pytest.mark.parametrize(
    "path", ["notes.md", "2026-12-10/picture.jpg", "ledger/ledger.json", "2026-12-10/README.md"]
)
def test_a_branch_with_other_files_is_never_written(here: Git, bare: Path, path: str) -> None:
    git(here.root, "switch", "--quiet", "--orphan", "theirs")
    commit(here.root, {path: "theirs"})
    git(here.root, "push", "--quiet", "origin", f"HEAD:refs/heads/{BRANCH}")
    before = git(bare, "rev-parse", BRANCH)

    for act in (lambda: branch(here).add({name(ONE): ONE}, NOW), branch(here).lying):
        with pytest.raises(SocialautoError) as refused:
            act()
        assert refused.value.message == (
            f"branch {BRANCH} of origin holds {path}, so it is no branch for media alone"
        )
    assert git(bare, "rev-parse", BRANCH) == before


# clearing away


def cleared(at: Git, needed: set[str], now: datetime) -> bool:
    media = branch(at)
    tip, lying = media.lying()
    assert tip is not None
    gone = media.old(lying, needed, now)
    return media.keep_only(tip, [one for one in lying if one not in gone])


def test_old_files_go_with_their_history_and_needed_ones_stay(here: Git, bare: Path) -> None:
    branch(here).add({name(ONE): ONE, name(TWO): TWO}, NOW)
    branch(here).add({name(FILM): FILM}, NOW + timedelta(days=6))

    assert cleared(here, {name(TWO)}, NOW + timedelta(days=8))

    assert files(bare) == sorted([f"{TODAY}/{name(TWO)}", f"2026-12-16/{name(FILM)}", "README.md"])
    assert count(bare) == 1
    assert git(bare, "show", f"{BRANCH}:{TODAY}/{name(TWO)}") == "two"


def test_what_is_as_old_as_may_be_kept_stays(here: Git) -> None:
    media = branch(here)
    media.add({name(ONE): ONE}, NOW)
    _, lying = media.lying()

    assert media.old(lying, set(), NOW + timedelta(days=7)) == []
    assert media.old(lying, set(), NOW + timedelta(days=8)) == lying


def test_a_branch_that_moved_on_meanwhile_is_left_alone(
    here: Git, server: GitServer, bare: Path, tmp_path: Path
) -> None:
    media = branch(here)
    media.add({name(ONE): ONE}, NOW)
    tip, _ = media.lying()
    assert tip is not None
    other = clone(server, tmp_path / "other")
    branch(other).add({name(TWO): TWO}, NOW)

    assert not media.keep_only(tip, [])

    assert f"{TODAY}/{name(TWO)}" in files(bare)


def test_after_clearing_others_go_on_adding(
    here: Git, server: GitServer, bare: Path, tmp_path: Path
) -> None:
    other = clone(server, tmp_path / "other")
    branch(here).add({name(ONE): ONE}, NOW)
    branch(other).add({name(TWO): TWO}, NOW)
    cleared(here, set(), NOW + timedelta(days=30))

    later = NOW + timedelta(days=30)
    made, paths = branch(other).add({name(FILM): FILM, name(ONE): ONE}, later)

    assert files(bare, made) == sorted([*paths.values(), "README.md"])
