"""The protocol tier's world: a ledger in memory and six small platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from socialauto.adapters.protocol import Session
from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Entry, Snapshot
from support.simulation.content import post_of
from support.simulation.feeds import Feed, Stage
from support.simulation.process import Process
from support.simulation.remote import Clone, Commit, Remote
from support.simulation.sessions import MUTE, open_session
from support.simulation.wire import Token, Wire
from support.simulation.world import World


@dataclass(slots=True)
class Site:
    """An account on a platform of some class, with its public log."""

    platform: str
    stage: Stage
    token: Token = field(default_factory=Token)

    @property
    def feed(self) -> Feed:
        return self.stage.feed


@dataclass(slots=True, kw_only=True)
class MemoryWorld(World):
    remote: Remote
    sites: dict[str, Site]

    def snapshot(self) -> Snapshot:
        return self.remote.snapshot()

    def public(self) -> Iterator[DeliveryKey]:
        for site in self.sites.values():
            yield from (post_of(item.text) for item in site.feed.log)

    def gone(self) -> Iterator[tuple[str, str]]:
        for name, site in self.sites.items():
            yield from ((name, id) for id, _ in site.feed.deleted)

    def ledger(self, process: Process) -> Clone:
        return Clone(self.remote, process)

    def connect(self, process: Process, account: str) -> AbstractAsyncContextManager[Session]:
        return self._session(process, account)

    @asynccontextmanager
    async def _session(self, process: Process, account: str) -> AsyncIterator[Session]:
        site = self.sites[account]
        yield open_session(site.platform, site.stage, Wire(process, site.token, self.latest))

    def record(self, entry: Entry) -> None:
        self.remote.advance(self.remote.tip, Commit({entry.key: entry}))

    def is_mute(self, account: str) -> bool:
        return self.sites[account].platform in MUTE

    def calm(self) -> None:
        for site in self.sites.values():
            site.token.dead_until = None
