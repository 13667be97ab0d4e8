"""Commands that ask platforms and publish nothing: their configuration, tokens and sessions."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.adapters.protocol import Session
    from socialauto.cli.tokens import Tokens
    from socialauto.core.clock import Clock
    from socialauto.core.config import Account
    from socialauto.repository.git import Git


def config_of(root: Path) -> Config:
    """The work tree's configuration, without a look at the posts. Raises `SocialautoError`."""
    from socialauto.core.reading import read_config
    from socialauto.repository.worktree import WorkTree

    tree = WorkTree(root)
    entry = tree.entry(CONFIG_FILE)
    if entry is None or entry.kind != "file":
        raise SocialautoError(f"{CONFIG_FILE} is no regular file", "put the file itself there")
    source, findings = read_config(tree.read(CONFIG_FILE))
    errors = [finding for finding in findings if finding.severity == "error"]
    if source is None or errors:
        first = str(errors[0]) if errors else f"{CONFIG_FILE} cannot be used"
        raise SocialautoError(first, 'see "socialauto validate"')
    return source.value


@dataclass(slots=True)
class Asker:
    """Opens sessions with their secrets, for questions only."""

    git: Git
    config: Config
    clock: Clock
    _tokens: Tokens | None = None

    def secret(self, name: str) -> str:
        """The token of an account. Raises `SocialautoError` that says where it should be."""
        return self._account(name)[1]

    def _account(self, name: str) -> tuple[Account, str]:
        from socialauto.cli.tokens import Tokens

        if self._tokens is None:
            self._tokens = Tokens(self.git, self.config, os.environ, self.clock.now)
        return self._tokens.of(name)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Session]:
        from socialauto.adapters.protocol import Tools
        from socialauto.adapters.registry import adapter

        account, secret = self._account(name)
        tools = Tools(clock=self.clock, token=secret)
        async with adapter(account.platform).connect(account, tools) as session:
            yield session
