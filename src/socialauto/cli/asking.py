"""Commands that ask platforms and publish nothing: their configuration and their sessions."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Asker:
    """Sessions with their tokens, looked up and never refreshed."""

    tokens: Tokens
    clock: Clock

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Session]:
        """Raises `SocialautoError` that says why there is no token."""
        from socialauto.adapters.protocol import Tools
        from socialauto.adapters.registry import adapter

        account, secret = self.tokens.for_reading(name)
        tools = Tools(clock=self.clock, token=secret)
        async with adapter(account.platform).connect(account, tools) as session:
            yield session
