"""Finds out whether a container was published after the answer to the visible call was lost.

The container's status decides. Instagram knows no idempotency key and does not tell which media
a container became, so the listing can only confirm, and is never asked for "the newest".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from socialauto.adapters.instagram.containers import Containers, Status, StatusCode
from socialauto.adapters.instagram.graph import Failure, Graph
from socialauto.adapters.instagram.handle import ContainerHandle, read_handle
from socialauto.adapters.instagram.listing import Candidates, candidates
from socialauto.adapters.protocol import Search
from socialauto.core.clock import Clock
from socialauto.core.outcome import (
    ErrorClass,
    FindOutcome,
    NotPublished,
    Problem,
    Published,
    Unknown,
)

PAUSES = (30.0, 60.0)
"""Seconds between looks: a status may lag behind its publication, a listing does."""

STORY_LIFE = timedelta(hours=24)
"""After which a story is in no listing any more."""


class Finder:
    """Looks for one delivery's publication. Reads only."""

    def __init__(self, graph: Graph, clock: Clock, handle: ContainerHandle, search: Search) -> None:
        self._graph = graph
        self._clock = clock
        self._containers = Containers(graph, clock)
        self._handle = handle
        self._search = search

    async def run(self) -> FindOutcome:
        assert self._handle.container is not None
        for pause in PAUSES:
            status = await self._containers.status(self._handle.container)
            settled = await self._settled(status)
            if settled is not None:
                return settled
            await self._clock.sleep(pause)
        return await self._last_look(await self._containers.status(self._handle.container))

    async def _settled(self, status: Status | Failure) -> FindOutcome | None:
        """The answer, unless a later look may say more."""
        if isinstance(status, Failure):
            return None
        match status.code:
            case StatusCode.PUBLISHED:
                return await self._published()
            case StatusCode.IN_PROGRESS:
                message = "Instagram is still processing it; whether it went out is asked later"
                return Unknown(Problem(ErrorClass.TRANSIENT, message), later=True)
            case StatusCode.ERROR | StatusCode.EXPIRED:
                return await self._unless_listed(status)
            case StatusCode.FINISHED:
                return await self._overruled(status)

    async def _overruled(self, status: Status) -> FindOutcome | None:
        """A status may lag behind a publication that is listed already, known by its words."""
        if not self._handle.caption:
            return None
        listed = await self._candidates()
        public = isinstance(listed, Candidates) and listed.media
        return await self._unless_listed(status, listed) if public else None

    async def _last_look(self, status: Status | Failure) -> FindOutcome:
        if isinstance(status, Failure):
            return Unknown(status.problem, later=True)
        if status.code is StatusCode.FINISHED:
            return await self._unless_listed(status)
        settled = await self._settled(status)
        assert settled is not None
        return settled

    async def _unless_listed(
        self, status: Status, listed: Candidates | Failure | None = None
    ) -> FindOutcome:
        """Not published, says the container: unless the listing shows the very post."""
        listed = listed or await self._candidates()
        if isinstance(listed, Failure):
            return Unknown(listed.problem, later=True)
        if listed.only and self._handle.caption:
            return Published(listed.only.id, listed.only.permalink)
        if listed.media:
            return Unknown(Problem(ErrorClass.UNKNOWN, self._lookalikes(len(listed.media))))
        return self._not_published(status)

    def _lookalikes(self, count: int) -> str:
        what = "stories" if self._is_story else "posts"
        if count == 1:
            return (
                "Instagram says that this story was not published, and lists one that could be it"
            )
        return (
            f"{count} {what} on the account look like this one, and Instagram "
            "does not say whether one of them is"
        )

    def _not_published(self, status: Status) -> NotPublished:
        if status.code is StatusCode.FINISHED:
            message = "Instagram did not publish it: its container is ready and unused"
            return NotPublished(Problem(ErrorClass.TRANSIENT, message))
        return NotPublished(self._containers.problem(status), handle_dead=True)

    async def _published(self) -> Published:
        """It is public; its id only if exactly one media is surely it."""
        if self._vanished():
            return Published(None)
        for pause in PAUSES:
            listed = await candidates(self._graph, self._handle, self._search)
            if isinstance(listed, Candidates) and listed.media:
                break
            await self._clock.sleep(pause)
        else:
            listed = await candidates(self._graph, self._handle, self._search)
        only = listed.only if isinstance(listed, Candidates) else None
        return Published(only.id, only.permalink) if only else Published(None)

    async def _candidates(self) -> Candidates | Failure:
        """What contradicts a container that says it was not published.

        Without a caption there is nothing to know a post by, and the container's word stands. A
        story is as nameless but its listing is short: whatever is in it since the intent, and is
        nobody else's, makes a person look. The quota of posts is no witness: whether stories
        count in it is documented nowhere.
        """
        if self._vanished():
            return Candidates(())
        listed = await candidates(self._graph, self._handle, self._search)
        nameless = not self._handle.caption and not self._is_story
        return Candidates(()) if isinstance(listed, Candidates) and nameless else listed

    @property
    def _is_story(self) -> bool:
        return self._handle.product == "STORY"

    def _vanished(self) -> bool:
        """A story that no listing can show any more."""
        return self._is_story and self._clock.now() - self._search.since >= STORY_LIFE


async def find(
    graph: Graph, clock: Clock, handle: Mapping[str, Any], search: Search
) -> FindOutcome:
    read = read_handle(handle)
    if read is None or read.container is None:
        message = "the ledger's handle was written by another version; use that version"
        return Unknown(Problem(ErrorClass.UNKNOWN, message))
    return await Finder(graph, clock, read, search).run()
