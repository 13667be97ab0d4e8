"""Teams with a remote of each kind."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.git_remotes import GitServer, git_server
from support.ledger_team import Seed, Team


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with git_server(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def server(_server: GitServer) -> Iterator[GitServer]:
    yield _server
    _server.forget_faults()


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ana Author")
            patch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")
        return Seed.sow(tmp_path_factory.mktemp("seed"))


@pytest.fixture
def file_team(tmp_path: Path, seed: Seed) -> Team:
    bare = tmp_path / "remote.git"
    return Team.around(tmp_path, seed, bare, str(bare))


@pytest.fixture
def http_team(tmp_path: Path, seed: Seed, server: GitServer) -> Team:
    name = f"{tmp_path.name}.git"
    return Team.around(tmp_path, seed, server.root / name, server.url(name))


@pytest.fixture
def lone_team(tmp_path: Path, seed: Seed) -> Team:
    return Team.alone(tmp_path, seed)


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
