"""From a message to a container that is ready: everything before the visible call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from socialauto.adapters.instagram import forms
from socialauto.adapters.instagram.containers import PATIENCE, Containers, Status, StatusCode
from socialauto.adapters.instagram.graph import Failure, Graph
from socialauto.adapters.instagram.handle import ContainerHandle, blank_handle, read_handle
from socialauto.adapters.instagram.upload import Uploads
from socialauto.adapters.protocol import MediaSource
from socialauto.core.clock import Clock
from socialauto.core.errors import MediaHostError
from socialauto.core.message import Message, PostType
from socialauto.core.outcome import (
    AlreadyPublished,
    ErrorClass,
    NotPrepared,
    Prepared,
    PrepareOutcome,
    Problem,
)


class _EndedError(Exception):
    """Preparation ends here, with this outcome."""

    def __init__(self, outcome: PrepareOutcome) -> None:
        super().__init__()
        self.outcome = outcome


class Preparation:
    """One preparation of one message. `_handle` is what would be worth keeping if it ended now."""

    def __init__(self, graph: Graph, clock: Clock, message: Message, media: MediaSource) -> None:
        self._graph = graph
        self._clock = clock
        self._containers = Containers(graph, clock)
        self._message = message
        self._uploads = Uploads(graph, clock, self._containers, media)
        self._until = clock.now() + PATIENCE
        self._handle = blank_handle(message, account=graph.account_id, created=clock.now())

    async def run(self, previous: Mapping[str, Any] | None) -> PrepareOutcome:
        try:
            if previous is not None:
                await self._resume(previous)
            if self._handle.container is None:
                await self._begin()
            return await self._finish()
        except _EndedError as ended:
            return ended.outcome
        except MediaHostError as error:
            kind = ErrorClass.TRANSIENT if error.passing else ErrorClass.MEDIA
            return self._not_ready(Problem(kind, error.message))

    # an earlier try

    async def _resume(self, previous: Mapping[str, Any]) -> None:
        """Take up what an earlier try made, unless it is of no use; never beside a public post."""
        old = read_handle(previous)
        if old is None:
            message = "the ledger's handle was written by another version; use that version"
            raise _EndedError(NotPrepared(Problem(ErrorClass.UNKNOWN, message), previous))
        if old.account != self._graph.account_id:
            return  # another Instagram account had this name: nothing of it concerns this one
        if old.container is None:
            await self._resume_children(old)
        elif await self._is_usable(old, old.container):
            self._handle = old

    async def _resume_children(self, old: ContainerHandle) -> None:
        if old.inputs != self._handle.inputs:
            return
        for child in old.children:
            status = await self._containers.status(child)
            if isinstance(status, Failure) or not status.usable:
                return
        self._handle = old

    async def _is_usable(self, old: ContainerHandle, container: str) -> bool:
        status = await self._containers.status(container)
        if isinstance(status, Failure):
            raise _EndedError(NotPrepared(status.problem, old.dump()))
        if status.code is StatusCode.PUBLISHED:
            raise _EndedError(AlreadyPublished(old.dump(), since=old.created))
        return status.usable and old.inputs == self._handle.inputs

    # a new container

    async def _begin(self) -> None:
        busy = self._graph.busy_until
        if busy and busy > self._clock.now():
            message = "the limit of calls is nearly used up; it is tried again later"
            self._end(Problem(ErrorClass.RATE_LIMITED, message, until=busy))
        form = await self._form()
        # A container can be public only after it exists, so this is also "not before".
        created = self._clock.now()
        container = await self._created(form)
        self._handle = self._handle.model_copy(update={"container": container, "created": created})

    async def _form(self) -> forms.Form:
        message = self._message
        match message.type:
            case PostType.IMAGE:
                return forms.image(message, await self._uploads.url(message.media[0]))
            case PostType.REEL:
                cover = await self._uploads.url(message.cover) if message.cover else None
                return forms.reel(message, await self._uploads.url(message.media[0]), cover)
            case PostType.STORY:
                return forms.story(message, await self._uploads.url(message.media[0]))
            case PostType.CAROUSEL:
                await self._make_children()
                return forms.carousel(message, self._handle.children)
            case other:
                raise AssertionError(f"validation lets no {other} through to Instagram")

    async def _make_children(self) -> None:
        """The children that are still missing, then patience until all are ready."""
        for item in self._message.media[len(self._handle.children) :]:
            made = await self._created(forms.child(item, await self._uploads.url(item)))
            children = (*self._handle.children, made)
            self._handle = self._handle.model_copy(update={"children": children})
        since = self._clock.now()
        for child, item in zip(self._handle.children, self._message.media, strict=True):
            await self._ready(child, kind="image" if item.is_image else "video", made=since)

    async def _created(self, form: forms.Form) -> str:
        made = await self._uploads.create(form)
        return made if isinstance(made, str) else self._end(made.problem)

    # waiting

    async def _finish(self) -> PrepareOutcome:
        assert self._handle.container is not None
        kind = self._message.type.value
        await self._ready(self._handle.container, kind=kind, made=self._handle.created)
        return Prepared(self._handle.dump())

    async def _ready(self, container: str, *, kind: str, made: datetime) -> None:
        """Return once it is FINISHED; anything else ends the preparation."""
        status = await self._containers.wait(container, self._until, kind=kind, made=made)
        if isinstance(status, Failure):
            self._end(status.problem)
        match status.code:
            case StatusCode.FINISHED:
                return
            case StatusCode.IN_PROGRESS:
                minutes = PATIENCE.total_seconds() / 60
                message = (
                    f"Instagram is still processing the media after {minutes:g} minutes; "
                    "the upload is kept and asked for again later"
                )
                self._end(Problem(ErrorClass.TRANSIENT, message))
            case StatusCode.PUBLISHED:
                raise _EndedError(AlreadyPublished(self._handle.dump(), self._handle.created))
            case StatusCode.ERROR | StatusCode.EXPIRED:
                self._dead(status)

    def _dead(self, status: Status) -> NoReturn:
        raise _EndedError(NotPrepared(self._containers.problem(status)))

    def _end(self, problem: Problem) -> NoReturn:
        raise _EndedError(self._not_ready(problem))

    def _not_ready(self, problem: Problem) -> NotPrepared:
        made = self._handle.container or self._handle.children
        return NotPrepared(problem, self._handle.dump() if made else None)
