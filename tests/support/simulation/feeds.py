"""What the public sees: small emulated platforms, one for each way of recognising a publication.

Each has an append-only log, which is the oracle's only source. A line may lie in the future: an
effect that arrives late. All of them show the worst that the class allows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from socialauto.core.outcome import ErrorClass, Problem
from support.simulation.wire import RefusedError

KEY_WINDOW = timedelta(hours=1)
DUPLICATE_WINDOW = timedelta(hours=48)
CONTAINER_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the public log."""

    id: str
    text: str
    at: datetime
    mark: str = ""
    """The key or container it came with."""


@dataclass(slots=True)
class Feed:
    """An account's public log and its listing, which may lag."""

    rng: random.Random
    lag: float
    """Seconds after which at the latest a listing shows a publication."""
    log: list[Item] = field(default_factory=list)
    deleted: list[tuple[str, datetime]] = field(default_factory=list)
    """Ids and when they were deleted, again each time. The log keeps what the public saw."""

    def append(self, text: str, at: datetime, mark: str = "") -> Item:
        item = Item(f"m{len(self.log) + 1}", text, at, mark)
        self.log.append(item)
        return item

    def listed(self, since: datetime, now: datetime) -> list[Item]:
        seen = now - timedelta(seconds=self.rng.random() * self.lag)
        shown = (item for item in self.log if since <= item.at <= seen)
        return [item for item in shown if not self.is_gone(item.id, now)]

    def delete(self, id: str, at: datetime) -> None:
        self.deleted.append((id, at))

    def is_gone(self, id: str, now: datetime) -> bool:
        return any(id == other and at <= now for other, at in self.deleted)

    def new_name(self) -> str:
        """A name that a client chooses at random."""
        return f"{self.rng.getrandbits(64):016x}"

    def marked(self, mark: str) -> Iterator[Item]:
        return (item for item in self.log if item.mark == mark)

    # the class "chosen record key": a key names one record for ever

    def put_record(self, key: str, text: str, at: datetime) -> Item:
        return next(self.marked(key), None) or self.append(text, at, key)

    def record(self, key: str, now: datetime) -> Item | None:
        return next((item for item in self.marked(key) if item.at <= now), None)

    # the class "idempotency key": remembered for a while, and only once the post exists

    def post_with_key(self, key: str, text: str, at: datetime, now: datetime) -> Item:
        known = (item for item in self.marked(key) if item.at <= now < item.at + KEY_WINDOW)
        return next(known, None) or self.append(text, at, key)

    # the class "duplicate refusal"

    def post_unless_same(self, text: str, at: datetime, now: datetime) -> Item:
        since = now - DUPLICATE_WINDOW
        if any(item.text == text and since < item.at <= now for item in self.log):
            raise RefusedError(DUPLICATE)
        return self.append(text, at)


DUPLICATE = Problem(ErrorClass.CONTENT, "the same text was posted already", code="duplicate")


@dataclass(frozen=True, slots=True)
class Container:
    id: str
    text: str
    made: datetime
    ready: datetime
    broken: bool = False


@dataclass(slots=True)
class Stage:
    """The class "staged container": publishing one again makes it public again."""

    feed: Feed
    containers: dict[str, Container] = field(default_factory=dict)

    def create(self, text: str, at: datetime, *, seconds: float) -> Container:
        name = f"c{len(self.containers) + 1}"
        broken = self.feed.rng.random() < 0.01
        container = Container(name, text, at, at + timedelta(seconds=seconds), broken)
        self.containers[name] = container
        return container

    def status(self, name: str, now: datetime) -> str:
        container = self.containers[name]
        if any(item.at <= now for item in self.feed.marked(name)):
            return "PUBLISHED"
        if now >= container.made + CONTAINER_LIFE:
            return "EXPIRED"
        if now < container.ready:
            return "IN_PROGRESS"
        return "ERROR" if container.broken else "FINISHED"

    def publish(self, name: str, at: datetime, now: datetime) -> Item:
        status = self.status(name, now)
        if status in ("EXPIRED", "ERROR", "IN_PROGRESS"):
            problem = Problem(ErrorClass.TRANSIENT, f"the container is {status}")
            raise RefusedError(problem, dead=status != "IN_PROGRESS")
        return self.feed.append(self.containers[name].text, at, name)
