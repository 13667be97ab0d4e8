"""Wires a run: the ledger in a worker thread, sessions with their secrets, the media host."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from socialauto import __version__
from socialauto.adapters.protocol import MediaSource, Session, Tools
from socialauto.adapters.registry import adapter
from socialauto.cli.hosting import Later, media_source
from socialauto.cli.looking import Lookout
from socialauto.cli.place import Ledgered
from socialauto.cli.progress import Teller
from socialauto.cli.stopping import stoppable
from socialauto.cli.tokens import Tokens
from socialauto.core.clock import Clock
from socialauto.core.config import Config
from socialauto.core.ledger import Change, WriteResult
from socialauto.core.plan import SENDING, Plan
from socialauto.core.record import RunInfo
from socialauto.engine.events import Report
from socialauto.engine.ports import Ports
from socialauto.engine.run import carry_out
from socialauto.repository.history import commit_authors
from socialauto.repository.ledger import LedgerBranch

if TYPE_CHECKING:
    from socialauto.repository.git import Git

MAX_SKEW = timedelta(minutes=5)
"""Well inside a lease, and more than any machine is wrong that asks the time of others."""

FLUSH_INTERVAL = 0.5
"""A run makes at most two pushes and one more for each time this many seconds have passed."""


@dataclass(frozen=True, slots=True)
class ThreadedLedger:
    """The ledger's branch, asked from a worker thread so that other lanes go on."""

    branch: LedgerBranch

    async def write(self, changes: Sequence[Change]) -> list[WriteResult]:
        call = partial(self.branch.write, changes, message=_subject(changes))
        return await anyio.to_thread.run_sync(call)


def _subject(changes: Sequence[Change]) -> str:
    if len(changes) == 1:
        return f"Record {changes[0].after.state.value}: {changes[0].after.key}"
    return f"Record {len(changes)} deliveries"


def run_url(environment: dict[str, str]) -> str:
    """Where the CI shows this run; empty outside of CI."""
    if "GITHUB_RUN_ID" in environment:
        return "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}".format_map(
            {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": ""} | environment
        )
    return environment.get("CI_JOB_URL", "")


@dataclass(slots=True)
class Carrier:
    """Everything one run needs, made from a repository."""

    git: Git
    config: Config
    ledger: Ledgered
    clock: Clock
    lookout: Lookout
    tokens: Tokens
    real_time: bool = True
    """False when a person set the clock with `--now`."""
    _sending: set[str] = field(default_factory=set)
    """Files of the posts that may go out: their authors are asked for together."""
    _authors: dict[tuple[str, str], str] = field(default_factory=dict)

    def carry_out(self, plan: Plan, *, quiet: bool) -> Report:
        """Run the plan on asyncio, telling what happens unless `quiet`."""
        self._sending = {
            step.delivery.path for step in plan.steps if step.kind in SENDING and step.delivery
        }
        with Teller(quiet=quiet) as teller:
            ports = Ports(
                clock=self.clock,
                ledger=ThreadedLedger(self.ledger.branch),
                connect=self._connect,
                media=self._media(),
                chance=random.random,
                author=self._author,
                tell=teller.tell,
                look=self.lookout.look,
                commit=lambda: self.lookout.commit,
                max_skew=MAX_SKEW if self.real_time else None,
            )
            info = RunInfo(
                id=secrets.token_hex(6),
                lease=self.config.run.lease,
                commit=self.lookout.commit,
                version=__version__,
                url=run_url(dict(os.environ)),
            )
            work = partial(
                carry_out,
                plan,
                self.ledger.snapshot,
                self.config,
                ports=ports,
                info=info,
                flush_interval=FLUSH_INTERVAL,
            )
            return anyio.run(stoppable, work, ports.halt)

    @asynccontextmanager
    async def _connect(self, name: str) -> AsyncIterator[Session]:
        account, secret = self.tokens.of(name)
        tools = Tools(clock=self.clock, token=secret)
        async with adapter(account.platform).connect(account, tools) as session:
            yield session

    def _media(self) -> MediaSource:
        host = self.config.media_host
        source = Later(partial(media_source, host, self.lookout, environment=os.environ))
        if self._sending:
            source.opened()  # keys that are missing stop the run before anything is sent
        return source

    def _author(self, path: str) -> str:
        commit = self.lookout.commit
        if (commit, path) not in self._authors:
            known = {one for named, one in self._authors if named != commit}
            authors = commit_authors(self.git, commit, {path} | known | self._sending)
            self._authors.update(((commit, one), name) for one, name in authors.items())
        return self._authors[commit, path]
