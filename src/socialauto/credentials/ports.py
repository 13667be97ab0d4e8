"""What credentials need of the world: files beside the ledger, and somebody who asks a platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from socialauto.credentials.credential import Credential
from socialauto.credentials.refresh import Which


class Readable(Protocol):
    """Files for looking only."""

    def read(self, folder: str) -> Mapping[str, bytes]:
        """All files below a folder by path. Raises `SocialautoError` when nobody can say."""
        ...


class Files(Readable, Protocol):
    """The files of a folder that all runs share."""

    def change(self, path: str, before: bytes | None, after: bytes, message: str) -> bool:
        """Make one file durable; False when somebody else has changed it since `before`.

        Raises `SocialautoError` when that is unknown or refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Younger:
    """A token that takes the place of an older one."""

    token: str = field(repr=False)
    lives: timedelta | None
    """How long from now; None when the platform does not say."""


class Refresher(Protocol):
    """Asks the platform for a younger token."""

    async def __call__(self, credential: Credential, which: Which) -> Younger:
        """Safe to repeat. Raises `SocialautoError` when there is none now; names no token."""
        ...
