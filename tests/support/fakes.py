"""An honest platform and an honest ledger in memory, with scripted faults.

The platform is of the staged kind: containers are invisible, publishing one makes it public, and
publishing it again makes it public *again*: the worst case, so that a mistake shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from socialauto.adapters.protocol import Identity, MediaSource, Search
from socialauto.core.clock import Clock
from socialauto.core.delivery import DeliveryKey
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Applied, Change, Entry, Lost, WriteResult, check_transition
from socialauto.core.message import MediaItem, Message
from socialauto.core.outcome import (
    AlreadyPublished,
    ErrorClass,
    FindOutcome,
    Handle,
    InDoubt,
    NotPrepared,
    NotPublished,
    Prepared,
    PrepareOutcome,
    Problem,
    Published,
    PublishOutcome,
)
from support.builders import NOON

LOST_ANSWER = InDoubt(Problem(ErrorClass.UNKNOWN, "the answer was lost"))


class Killed(BaseException):
    """The process dies here; nothing after it runs."""


@dataclass
class MemoryLedger:
    """Compare-and-swap per entry, as the real branch does it."""

    entries: dict[DeliveryKey, Entry] = field(default_factory=dict)
    pushes: int = 0
    batches: list[list[str]] = field(default_factory=list)
    before: Callable[[Sequence[Change]], None] = lambda changes: None
    """Called before a write; may raise."""
    after: Callable[[Sequence[Change]], None] = lambda changes: None
    """Called when it is durable; may raise."""

    async def write(self, changes: Sequence[Change]) -> list[WriteResult]:
        self.before(changes)
        results: list[WriteResult] = [self._apply(change) for change in changes]
        self.pushes += 1
        self.batches.append([f"{change.after.post}:{change.after.state}" for change in changes])
        self.after(changes)
        return results

    def _apply(self, change: Change) -> WriteResult:
        check_transition(change)
        key = change.after.key
        if self.entries.get(key) != change.before:
            return Lost(self.entries.get(key))
        self.entries[key] = change.after
        return Applied(change.after)

    def state(self, post: str, account: str = "acme") -> Entry:
        return self.entries[DeliveryKey(account, post)]


@dataclass
class Platform:
    """What the public saw, and scripts for what the next calls answer."""

    log: list[tuple[str, str]] = field(default_factory=list)
    """(container, media id) in the order of publication."""
    deleted: list[str] = field(default_factory=list)
    """Media ids in the order in which they were deleted, again each time."""
    containers: dict[str, str] = field(default_factory=dict)
    prepare_script: dict[str, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    publish_script: list[Any] = field(default_factory=list)
    """`outcome` for instead of publishing, `("after", outcome)` for publishing and answering that,
    or an exception to raise, likewise."""
    delete_script: list[Any] = field(default_factory=list)
    """As `publish_script`."""
    find_script: list[FindOutcome] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    quota: int | None = None
    adopt: bool = False
    """`prepare` notices that an earlier handle is public."""
    processing: float = 0.0
    """Seconds until a container is ready."""
    slower: dict[str, float] = field(default_factory=dict)
    """Seconds more that some posts take to be prepared, by their text."""
    publishing: float = 0.0
    """Seconds until the answer to a publish call arrives."""

    def public(self, post: str) -> int:
        """How often the public has seen a post."""
        return sum(self.containers[container] == post for container, _ in self.log)


@dataclass
class FakeSession:
    platform: Platform
    clock: Clock

    async def prepare(
        self, message: Message, media: MediaSource, previous: Handle | None
    ) -> PrepareOutcome:
        if message.options.get("delete"):
            return Prepared({"deletes": message.below})
        post = message.text.removeprefix("Text of ")
        self.platform.calls.append(f"prepare {post}")
        if self.platform.prepare_script[post]:
            return NotPrepared(self.platform.prepare_script[post].pop(0), previous)
        more = self.platform.slower.get(post, 0.0)
        await self.clock.sleep(self.platform.processing + more)
        if previous and "container" in previous:
            return AlreadyPublished(previous, NOON) if self.platform.adopt else Prepared(previous)
        container = f"c{len(self.platform.containers) + 1}"
        self.platform.containers[container] = post
        return Prepared({"container": container})

    async def publish(self, handle: Handle) -> PublishOutcome:
        if "deletes" in handle:
            return self._delete(handle["deletes"])
        self.platform.calls.append(f"publish {self.platform.containers[handle['container']]}")
        await self.clock.sleep(self.platform.publishing)
        script = self.platform.publish_script.pop(0) if self.platform.publish_script else None
        if script is not None and not isinstance(script, tuple):
            return _answer(script)
        media = f"m{len(self.platform.log) + 1}"
        self.platform.log.append((handle["container"], media))
        return _answer(script[1]) if script else Published(media, f"https://fake.test/{media}")

    def _delete(self, media: str) -> PublishOutcome:
        self.platform.calls.append(f"delete {media}")
        script = self.platform.delete_script.pop(0) if self.platform.delete_script else None
        if script is not None and not isinstance(script, tuple):
            return _answer(script)
        self.platform.deleted.append(media)
        return _answer(script[1]) if script else Published(f"{media}-deleted")

    async def find(self, handle: Handle, search: Search) -> FindOutcome:
        if "deletes" in handle:
            if self.platform.find_script:
                return self.platform.find_script.pop(0)
            if handle["deletes"] in self.platform.deleted:
                return Published(f"{handle['deletes']}-deleted")
            return NotPublished(Problem(ErrorClass.TRANSIENT, "the post is still there"))
        self.platform.calls.append(f"find {handle['container']}")
        if self.platform.find_script:
            return self.platform.find_script.pop(0)
        for container, media in self.platform.log:
            if container == handle["container"]:
                return Published(media, f"https://fake.test/{media}")
        return NotPublished(Problem(ErrorClass.TRANSIENT, "the platform has not published it"))

    async def permalink(self, remote_id: str) -> str | None:
        return f"https://fake.test/{remote_id}"

    async def quota_left(self) -> int | None:
        return self.platform.quota

    async def whoami(self) -> Identity:
        return Identity("1", "acme")


def _answer(script: Any) -> PublishOutcome:
    if isinstance(script, BaseException):
        raise script
    outcome: PublishOutcome = script
    return outcome


def connector(platform: Platform, clock: Clock, refused: dict[str, str] | None = None) -> Any:
    """`Ports.connect`; accounts in `refused` cannot be opened, for the reason given."""

    @asynccontextmanager
    async def connect(account: str) -> AsyncIterator[FakeSession]:
        if refused and account in refused:
            raise SocialautoError(refused[account])
        yield FakeSession(platform, clock)

    return connect


class NoMedia:
    """A media source nobody asks."""

    async def url(self, item: MediaItem) -> str:
        raise AssertionError("not asked for")

    async def read(self, item: MediaItem) -> bytes:
        raise AssertionError("not asked for")
