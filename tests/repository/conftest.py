"""Teams with a remote of each kind."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.git_remotes import GitServer, git_server, new_bare
from support.ledger_team import Team, with_content
from support.repositories import new_repository


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with git_server(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def server(_server: GitServer) -> Iterator[GitServer]:
    yield _server
    _server.forget_faults()


@pytest.fixture
def file_team(tmp_path: Path) -> Team:
    bare = new_bare(tmp_path / "remote.git")
    return with_content(Team(tmp_path, str(bare), bare))


@pytest.fixture
def http_team(tmp_path: Path, server: GitServer) -> Team:
    name = f"{tmp_path.name}.git"
    bare = new_bare(server.root / name)
    return with_content(Team(tmp_path, server.url(name), bare))


@pytest.fixture
def lone_team(tmp_path: Path) -> Team:
    root = new_repository(tmp_path / "one", {"content/a.md": "first"})
    return Team(tmp_path, "", root)


@pytest.fixture(params=["file", "http", "lone"])
def team(request: pytest.FixtureRequest) -> Team:
    found: Team = request.getfixturevalue(f"{request.param}_team")
    return found


@pytest.fixture(params=["file", "http"])
def remote_team(request: pytest.FixtureRequest) -> Team:
    found: Team = request.getfixturevalue(f"{request.param}_team")
    return found


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The URL of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/team.git"
