"""Guards that hold for every test: loopback only, no home, no user's git, no tokens, UTC."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.canaries import betrayed

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on trio, whose clock can be moved; production runs on asyncio."""
    return "trio"


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the machine's user: home, git configuration, tokens, CI's variables."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GIT_", "SOCIALAUTO_", "RUNNER_")) or "TOKEN" in name:
            monkeypatch.delenv(name)
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Ana Author",
        "GIT_AUTHOR_EMAIL": "ana@example.org",
        "GIT_COMMITTER_NAME": "Ana Author",
        "GIT_COMMITTER_EMAIL": "ana@example.org",
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "TZ": "UTC",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to anything but this machine fails the test that makes it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if not host.startswith(_LOOPBACK):
                raise AssertionError(f"a test reached for {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    return


@pytest.fixture
def project_root() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture
def virtual_time() -> tuple[str, dict[str, Any]]:
    """Backend for `anyio.run(..., backend=, backend_options=)` whose sleeps take no time."""
    from trio.testing import MockClock

    return "trio", {"clock": MockClock(autojump_threshold=0)}


def pytest_collection_finish() -> None:
    """The collector looks at all that is loaded less often: in the simulations that took a seventh
    of the time. (To freeze it would be as good, but Hypothesis asks who refers to what.)"""
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Nothing that any test prints or logs contains one of the secrets that tests plant."""
    report = yield
    for name, text in report.sections:
        if found := betrayed(text):
            report.outcome = "failed"
            report.longrepr = f"{report.nodeid}: {name} shows the secret {found[0]}"
    return report
