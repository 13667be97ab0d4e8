"""Posts as they will go out on each of their accounts, for people who want to see them before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from socialauto.adapters.registry import adapter
from socialauto.core.accounts import in_groups, names_of, on_account
from socialauto.core.capability import Capabilities
from socialauto.core.compose import Version, version_for
from socialauto.core.config import Config
from socialauto.core.delivery import Dated
from socialauto.core.message import MediaItem, Message
from socialauto.core.profile import Means
from socialauto.core.reading import CONTENT, Source, is_post, read_posts
from socialauto.core.slots import Waiting
from socialauto.core.tree import Tree, TreeEntry
from socialauto.engine.deliveries import due_of, message_of, zone_of
from socialauto.engine.drafting import Setting
from socialauto.engine.shelf import Shelf
from socialauto.media.means import means_for

_Slot = tuple[datetime | None, str]
"""When it is, and the zone of its queue."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One post on one account."""

    version: Version
    message: Message
    due: datetime | None
    """In UTC; None for a draft without a time."""
    zone: str
    capabilities: Capabilities
    means: Means
    dated: Dated | None = None
    """Makes the message of another date, when its words name theirs."""

    def message_at(self, due: datetime) -> Message:
        """With the words of that date, in UTC."""
        return self.dated(due)[0] if self.dated else self.message

    @property
    def source(self) -> Source:
        return self.version.source

    @property
    def account(self) -> str:
        return self.version.account

    def media(self) -> Iterator[tuple[str, str, MediaItem]]:
        """Field, path as it is written, and item of each file."""
        entries = self.version.variant.media or ()
        for index, (entry, item) in enumerate(zip(entries, self.message.media, strict=True)):
            yield f"media.{index}", entry.path, item
        if self.message.cover is not None:
            yield "cover", self.version.variant.cover or "", self.message.cover


@dataclass(frozen=True, slots=True)
class Part:
    """A tree in which only some of the posts are seen."""

    tree: Tree
    posts: frozenset[str]

    def files(self, folder: str) -> Iterable[TreeEntry]:
        found = self.tree.files(folder)
        if folder.strip("/") != CONTENT:
            return found
        return [entry for entry in found if not is_post(entry.path) or entry.path in self.posts]

    def entry(self, path: str) -> TreeEntry | None:
        return self.tree.entry(path)

    def read(self, path: str) -> bytes:
        return self.tree.read(path)

    def blob(self, path: str) -> str:
        return self.tree.blob(path)


def _sources(tree: Tree) -> Iterator[Source]:
    for entry in tree.files(CONTENT):
        if entry.kind == "file" and is_post(entry.path):
            yield from read_posts(tree.read(entry.path), entry.path)[0]


def post_with_id(tree: Tree, post: str) -> Source | None:
    """The first in the order of the files; that there is a second one, `load` says."""
    return next((source for source in _sources(tree) if source.id == post), None)


def _next_slot(source: Source, waiting: Iterable[Waiting], now: datetime | None) -> _Slot:
    """The next one of the queue in which a post is."""
    queues = (one.queue for one in waiting if one.queue.id == source.post.schedule)
    queue = next(queues, None)
    if queue is None or now is None:
        return None, ""
    return next(queue.after(now), None), queue.timetables[0].zone.key


def previews(
    tree: Tree, config: Config, waiting: Iterable[Waiting] = (), now: datetime | None = None
) -> Iterator[Preview]:
    """Every post that can be read, on every account that is known; what is wrong with them,
    `load` says. The words of posts that are `waiting` are those of their queue's next slot."""
    waiting = tuple(waiting)
    adapters = {name: adapter(account.platform) for name, account in config.accounts.items()}
    setting = Setting(config, adapters, Shelf(tree), None)
    for read in _sources(tree):
        source = in_groups(read, config)
        for name in names_of(source):
            due, _ = due_of(on_account(source, name), config, None)
            slot, zone = _next_slot(source, waiting, now) if source.post.schedule else (None, "")
            if name in adapters:
                capabilities = adapters[name].capabilities
                message, dated = message_of(source, name, setting, due or slot, zone=zone)
                yield Preview(
                    version=version_for(source, name),
                    message=message,
                    due=due,
                    zone=zone_of(source, config),
                    capabilities=capabilities,
                    means=means_for(config, name, capabilities),
                    dated=dated,
                )
