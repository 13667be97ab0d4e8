"""What a person says when they start a repository."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as `init` writes it into socialauto.yaml."""

    name: str
    id: str
    platform: str

    @property
    def token(self) -> str:
        """The environment variable, and the CI secret, that holds its access token."""
        return re.sub(r"[^A-Z0-9]", "_", self.name.upper()) + "_TOKEN"


PLACEHOLDER_ID = "17841400000000000"


def placeholder(platform: str) -> NewAccount:
    """Stands in until somebody knows the account: it validates, and its example is a draft."""
    return NewAccount(f"my-{platform}", PLACEHOLDER_ID, platform)


@dataclass(frozen=True, slots=True)
class Answers:
    accounts: tuple[NewAccount, ...]
    timezone: str = "UTC"
    remote_url: str = ""
    """Where `origin` is, to guess the public address of the files."""
