"""A vault in memory, its key, and a platform that keeps Instagram's rules about tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyrage

from socialauto.core.errors import SocialautoError
from socialauto.credentials.credential import Credential
from socialauto.credentials.ports import Younger
from socialauto.credentials.refresh import Which
from socialauto.credentials.vault import Opened, Vault
from support.canaries import CANARIES

START = datetime(2026, 11, 1, tzinfo=UTC)
LIFE = timedelta(days=60)
DAY = timedelta(days=1)

CANARY = CANARIES[2]
"""Every token of these tests begins with it."""

IDENTITY = pyrage.x25519.Identity.generate()
RECIPIENT = str(IDENTITY.to_public())


def credential(**fields: Any) -> Credential:
    """A long-lived token of Instagram Login, got at `START`."""
    values = {
        "account": "acme",
        "platform": "instagram",
        "login": "instagram",
        "id": "17841400000000001",
        "token": f"{CANARY}0",
        "obtained": START,
        "expires": START + LIFE,
    }
    return Credential.model_validate(values | fields)


@dataclass
class MemoryFiles:
    """The branch's files, with a door before every change through which others may come."""

    files: dict[str, bytes] = field(default_factory=dict)
    before_change: list[Callable[[], object]] = field(default_factory=list)
    after_change: list[Callable[[], object]] = field(default_factory=list)
    changes: int = 0

    def read(self, folder: str) -> Mapping[str, bytes]:
        return {path: data for path, data in self.files.items() if path.startswith(f"{folder}/")}

    def change(self, path: str, before: bytes | None, after: bytes, message: str) -> bool:
        if self.before_change:
            self.before_change.pop(0)()
        if self.files.get(path) != before:
            return False
        self.files[path] = after
        self.changes += 1
        if self.after_change:
            self.after_change.pop(0)()
        return True


def vault(files: MemoryFiles) -> Vault:
    return Vault(files, [RECIPIENT], [IDENTITY])


def kept(files: MemoryFiles, one: Credential | None = None) -> Opened:
    """Put it there, as `accounts connect` does."""
    opened = vault(files).put("acme", one or credential(), None)
    assert opened
    return opened


class RefusedError(SocialautoError):
    """The platform says no."""


@dataclass
class Platform:
    """`GET /refresh_access_token`: not below 24 hours of age, not after the end, 60 days anew."""

    now: Callable[[], datetime]
    tokens: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """Issued and ends, by token."""
    down: Callable[[], bool] = lambda: False
    ends_old: bool = False
    """Whether a refresh ends the token that it was asked with."""
    asked: int = 0
    granted: int = 0

    def works(self, token: str) -> bool:
        return token in self.tokens and self.now() < self.tokens[token][1]

    async def __call__(self, credential: Credential, which: Which) -> Younger:
        self.asked += 1
        if self.down():
            raise SocialautoError("Instagram did not answer")
        old = credential.token.get_secret_value()
        if not self.works(old):
            raise RefusedError("the token has expired")
        if self.now() - self.tokens[old][0] < DAY:
            raise RefusedError("the token is younger than 24 hours")
        self.granted += 1
        young = f"{CANARY}{self.granted}"
        self.tokens[young] = (self.now(), self.now() + LIFE)
        if self.ends_old:
            del self.tokens[old]
        return Younger(young, LIFE)
