"""A team with a remote and an emulated Instagram."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialauto.cli import carrying
from socialauto.engine.clock import SystemClock
from support.team import TOKEN, Team, team


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its token is set, and two pushes need no second between them."""
    monkeypatch.setenv("ACME_KEY", TOKEN)
    monkeypatch.setattr(carrying, "FLUSH_INTERVAL", 0.0)


@pytest.fixture
def acme(tmp_path: Path, impatient: None) -> Iterator[Team]:
    with team(tmp_path) as made:
        yield made


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The system's clock stands still, at this instant."""
    instant = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    monkeypatch.setattr(SystemClock, "now", lambda self: instant + self.offset)
    return instant
