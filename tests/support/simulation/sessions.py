"""One session for each class of platform, written as an honest adapter of that class would be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from socialauto.adapters.protocol import Identity, MediaSource, Search
from socialauto.core.message import Message, PostType
from socialauto.core.outcome import (
    AlreadyPublished,
    ErrorClass,
    FindOutcome,
    Handle,
    NotPrepared,
    NotPublished,
    Prepared,
    PrepareOutcome,
    Problem,
    Published,
    PublishOutcome,
    Unknown,
)
from socialauto.core.parts import DELETE
from support.simulation.feeds import DUPLICATE, Container, Feed, Item, Stage
from support.simulation.wire import Failure, Wire, verdict

SKEW = timedelta(seconds=120)
"""The platform's clock and ours may differ by so much."""

NOT_THERE = NotPublished(Problem(ErrorClass.TRANSIENT, "the platform does not have it"))
CANNOT_SAY = Unknown(Problem(ErrorClass.UNKNOWN, "this platform cannot be asked"))


@dataclass(slots=True)
class _Session:
    """What all classes share: an upload, and questions nobody asks here."""

    feed: Feed
    wire: Wire

    async def _upload(self, handle: dict[str, Any], previous: Handle | None) -> PrepareOutcome:
        answer = await self.wire.call("upload", lambda at: handle)
        if isinstance(answer, Failure):
            return NotPrepared(answer.problem, previous)
        return Prepared(handle)

    def _now(self) -> datetime:
        """The platform's own time, when a request arrives there."""
        return self.wire.process.true_now()

    async def _publish(self, effect: Callable[[datetime], Item]) -> PublishOutcome:
        answer = await self.wire.call("publish", effect)
        return verdict(answer) if isinstance(answer, Failure) else Published(answer.id)

    async def _find_listed(self, text: str, search: Search) -> FindOutcome:
        """Exactly this text, since the intent, bound to no other delivery: one, none, or held."""
        since = search.since - SKEW
        rows = await self.wire.call("list", lambda at: self.feed.listed(since, self._now()))
        if isinstance(rows, Failure):
            return Unknown(rows.problem, later=True)
        found = [row for row in rows if row.text == text and row.id not in search.taken]
        if not found:
            return NOT_THERE
        return Published(found[0].id) if len(found) == 1 else CANNOT_SAY

    async def permalink(self, remote_id: str) -> str | None:
        return f"https://fake.test/{remote_id}"

    async def quota_left(self) -> int | None:
        return None

    async def whoami(self) -> Identity:
        return Identity("1", "acme")


class RecordKeySession(_Session):
    """As Bluesky: the client chooses the record's key."""

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        key = previous["key"] if previous else self.feed.new_name()
        return await self._upload({"key": key, "text": message.text}, previous)

    async def publish(self, handle: Handle) -> PublishOutcome:
        return await self._publish(
            lambda at: self.feed.put_record(handle["key"], handle["text"], at)
        )

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        answer = await self.wire.call(
            "get", lambda at: self.feed.record(handle["key"], self._now())
        )
        if isinstance(answer, Failure):
            return Unknown(answer.problem, later=True)
        return Published(answer.id) if answer else NOT_THERE


class KeyedSession(_Session):
    """As Mastodon: an idempotency key with a window, and a listing to look before repeating."""

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        same = previous is not None and previous["text"] == message.text
        key = previous["key"] if previous and same else self.feed.new_name()
        return await self._upload({"key": key, "text": message.text}, previous)

    async def publish(self, handle: Handle) -> PublishOutcome:
        return await self._publish(
            lambda at: self.feed.post_with_key(handle["key"], handle["text"], at, self._now())
        )

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        return await self._find_listed(handle["text"], search)


class ListedSession(_Session):
    """As a Facebook page: no key, but everything public can be listed."""

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        return await self._upload({"text": message.text}, previous)

    async def publish(self, handle: Handle) -> PublishOutcome:
        return await self._publish(lambda at: self.feed.append(handle["text"], at))

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        return await self._find_listed(handle["text"], search)


class RefusingSession(ListedSession):
    """As X without read access: nothing can be listed, the same text is refused twice."""

    async def publish(self, handle: Handle) -> PublishOutcome:
        outcome = await self._publish(
            lambda at: self.feed.post_unless_same(handle["text"], at, self._now())
        )
        refused = isinstance(outcome, NotPublished) and outcome.problem == DUPLICATE
        # The refusal proves that the public has seen this text; it does not say where.
        return Published(None) if refused else outcome

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        return CANNOT_SAY


class BlindSession(ListedSession):
    """As a webhook: it is sent, and that is all anybody knows."""

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        return CANNOT_SAY


class StagedSession(_Session):
    """As Instagram: containers that are made, become ready, and are published."""

    def __init__(self, stage: Stage, wire: Wire) -> None:
        super().__init__(stage.feed, wire)
        self.stage = stage

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        if previous is not None:
            status = await self._status(previous["container"])
            if isinstance(status, Failure):
                return NotPrepared(status.problem, previous)
            if status == "PUBLISHED":
                return AlreadyPublished(previous, datetime.fromisoformat(previous["made"]))
            if previous["text"] == message.text and status in ("FINISHED", "IN_PROGRESS"):
                return await self._ready(previous)
        return await self._begin(message)

    async def _begin(self, message: Message) -> PrepareOutcome:
        children = len(message.media) if message.type is PostType.CAROUSEL else 0
        seconds = 20.0 if message.type is PostType.REEL else 1.0
        made = self.wire.process.now()
        container: Container | None = None
        for _ in range(children + 1):
            answer = await self.wire.call(
                "create", lambda at: self.stage.create(message.text, at, seconds=seconds)
            )
            if isinstance(answer, Failure):
                return NotPrepared(answer.problem)
            container = answer
        assert container is not None
        handle = {"container": container.id, "text": message.text, "made": made.isoformat()}
        return await self._ready(handle)

    async def _ready(self, handle: Mapping[str, Any]) -> PrepareOutcome:
        for pause in (2.0, 15.0, 60.0, 200.0):
            status = await self._status(handle["container"])
            if isinstance(status, Failure):
                return NotPrepared(status.problem, handle)
            if status == "FINISHED":
                return Prepared(handle)
            if status == "PUBLISHED":
                return AlreadyPublished(handle, datetime.fromisoformat(handle["made"]))
            if status != "IN_PROGRESS":
                break
            await self.wire.process.sleep(pause)
        still = handle if status == "IN_PROGRESS" else None
        return NotPrepared(Problem(ErrorClass.TRANSIENT, f"the container is {status}"), still)

    async def publish(self, handle: Handle) -> PublishOutcome:
        outcome = await self._publish(
            lambda at: self.stage.publish(handle["container"], at, self._now())
        )
        if isinstance(outcome, Published):
            # Nice to have: whatever becomes of this read, the post is public.
            await self.wire.call("permalink", lambda at: None)
        return outcome

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        status = await self._status(handle["container"])
        if isinstance(status, Failure):
            return Unknown(status.problem, later=True)
        if status == "PUBLISHED":
            listed = await self._find_listed(handle["text"], search)
            return listed if isinstance(listed, Published) else Published(None)
        if status == "IN_PROGRESS":
            return Unknown(Problem(ErrorClass.TRANSIENT, "still processing"), later=True)
        problem = Problem(ErrorClass.TRANSIENT, f"the container is {status}")
        return NotPublished(problem, handle_dead=status != "FINISHED")

    async def _status(self, container: str) -> str | Failure:
        return await self.wire.call("status", lambda at: self.stage.status(container, self._now()))


class Deleting:
    """A session that can delete what it has published, too; all else is the inner one's."""

    def __init__(self, inner: Any, *, mute: bool) -> None:
        self._inner = inner
        self._mute = mute

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        if message.options.get(DELETE):
            return Prepared({"deletes": message.below})
        outcome: PrepareOutcome = await self._inner.prepare(message, media, previous)
        return outcome

    async def publish(self, handle: Handle) -> PublishOutcome:
        if "deletes" not in handle:
            outcome: PublishOutcome = await self._inner.publish(handle)
            return outcome
        id = handle["deletes"]
        answer = await self._inner.wire.call("publish", lambda at: self._inner.feed.delete(id, at))
        return verdict(answer) if isinstance(answer, Failure) else Published(f"{id}-deleted")

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        if "deletes" not in handle:
            outcome: FindOutcome = await self._inner.find(handle, search)
            return outcome
        if self._mute:
            return CANNOT_SAY
        id, feed, wire = handle["deletes"], self._inner.feed, self._inner.wire
        gone = await wire.call("get", lambda at: feed.is_gone(id, wire.process.true_now()))
        if isinstance(gone, Failure):
            return Unknown(gone.problem, later=True)
        return Published(f"{id}-deleted") if gone else NOT_THERE


CLASSES = ("record", "keyed", "staged", "listed", "refusing", "blind")
"""The classes of platforms, by how a publication can be recognised."""

MUTE = frozenset({"refusing", "blind"})
"""Classes that cannot say what became of a lost answer: it is held for a person."""


def open_session(platform: str, stage: Stage, wire: Wire) -> Any:
    """A session of the class that `platform` names, on the account whose log is `stage.feed`."""
    return Deleting(_session(platform, stage, wire), mute=platform in MUTE)


def _session(platform: str, stage: Stage, wire: Wire) -> Any:
    match platform:
        case "record":
            return RecordKeySession(stage.feed, wire)
        case "keyed":
            return KeyedSession(stage.feed, wire)
        case "staged":
            return StagedSession(stage, wire)
        case "listed":
            return ListedSession(stage.feed, wire)
        case "refusing":
            return RefusingSession(stage.feed, wire)
        case _:
            return BlindSession(stage.feed, wire)
