"""An open connection to one Instagram account: `connect` and what the engine asks of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from socialauto.adapters.http import PUBLISH_SECONDS
from socialauto.adapters.instagram import comments, deleting
from socialauto.adapters.instagram.errors import Stage
from socialauto.adapters.instagram.find import find
from socialauto.adapters.instagram.graph import Failure, Graph, id_of, open_graph, without_id
from socialauto.adapters.instagram.handle import read_handle
from socialauto.adapters.instagram.health import vitals
from socialauto.adapters.instagram.insights import Reading
from socialauto.adapters.instagram.prepare import Preparation
from socialauto.adapters.instagram.verdict import verdict
from socialauto.adapters.protocol import (
    Identity,
    Insights,
    MediaSource,
    NoInsights,
    Question,
    Search,
    Tools,
    Vitals,
)
from socialauto.core.clock import Clock
from socialauto.core.errors import SocialautoError
from socialauto.core.message import Message
from socialauto.core.outcome import (
    ErrorClass,
    FindOutcome,
    Handle,
    NotPublished,
    Prepared,
    PrepareOutcome,
    Problem,
    Published,
    PublishOutcome,
)
from socialauto.core.parts import DELETE

if TYPE_CHECKING:
    from socialauto.core.config import Account

PERMALINK_SECONDS = 10.0
"""The receipt waits for this read, so it gets little time."""


class InstagramSession:
    __slots__ = ("_clock", "_graph")

    def __init__(self, graph: Graph, clock: Clock) -> None:
        self._graph = graph
        self._clock = clock

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        if message.options.get(DELETE):
            return Prepared(deleting.handle_for(message))
        if message.below:
            return Prepared(comments.handle_for(message))
        return await Preparation(self._graph, self._clock, message, media).run(previous)

    async def publish(self, handle: Handle) -> PublishOutcome:
        if deletion := deleting.read_deletion(handle):
            return await deleting.publish(self._graph, deletion)
        if sequel := comments.read_sequel(handle):
            return await comments.publish(self._graph, sequel)
        read = read_handle(handle)
        if read is None or read.container is None:
            message = "the ledger's handle was written by another version; use that version"
            return NotPublished(Problem(ErrorClass.UNKNOWN, message))
        answer = await self._graph.post(
            self._graph.account_id,
            "media_publish",
            form={"creation_id": read.container},
            stage=Stage.PUBLISH,
            seconds=PUBLISH_SECONDS,
        )
        if isinstance(answer, Failure):
            return verdict(answer)
        media_id = id_of(answer)
        if media_id is None:
            return verdict(without_id("to publishing"))
        return Published(media_id, await self.permalink(media_id))

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        if deletion := deleting.read_deletion(handle):
            return await deleting.find(self._graph, deletion)
        if sequel := comments.read_sequel(handle):
            return await comments.find(self._graph, sequel, search)
        return await find(self._graph, self._clock, handle, search)

    async def permalink(self, remote_id: str) -> str | None:
        answer = await self._graph.read(remote_id, seconds=PERMALINK_SECONDS, fields="permalink")
        link = None if isinstance(answer, Failure) else answer.get("permalink")
        return link if isinstance(link, str) and link.startswith(("https://", "http://")) else None

    async def insights(self, question: Question) -> Insights | NoInsights:
        return await Reading(self._graph, question).read()

    async def vitals(self, granted: frozenset[str] | None) -> Vitals:
        return await vitals(self._graph, self._clock, granted)

    def skew(self) -> timedelta | None:
        return self._graph.skew

    async def quota_left(self) -> int | None:
        answer = await self._graph.get(
            self._graph.account_id, "content_publishing_limit", fields="quota_usage,config"
        )
        return None if isinstance(answer, Failure) else _quota_left(answer)

    async def whoami(self) -> Identity:
        answer = await self._ask_who()
        if isinstance(answer, Failure):
            raise SocialautoError(answer.problem.message)
        found = Identity(str(answer.get("user_id") or answer.get("id")), _name(answer))
        if found.id != self._graph.account_id:
            raise SocialautoError(
                f"the token belongs to {found.name} ({found.id}), "
                f"the configuration says id {self._graph.account_id}",
                f'write id: "{found.id}", or use the token of the other account',
            )
        return found

    async def _ask_who(self) -> Mapping[str, Any] | Failure:
        """With Instagram Login `id` is the app's own name for the account, `user_id` is ours."""
        if self._graph.login == "instagram":
            return await self._graph.get("me", fields="user_id,username")
        return await self._graph.get(self._graph.account_id, fields="id,username")


def _quota_left(answer: Mapping[str, Any]) -> int | None:
    """The total is documented as 25, 50 and 100: only what the platform says itself counts."""
    try:
        row = answer["data"][0]
        return max(int(row["config"]["quota_total"]) - int(row["quota_usage"]), 0)
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _name(answer: Mapping[str, Any]) -> str:
    name = answer.get("username")
    return f"@{name}" if isinstance(name, str) and name else "an account without a name"


@asynccontextmanager
async def connect(account: Account, tools: Tools) -> AsyncIterator[InstagramSession]:
    """A session for as long as the context is open. Nothing is sent until something is asked."""
    async with open_graph(account, tools) as graph:
        yield InstagramSession(graph, tools.clock)
