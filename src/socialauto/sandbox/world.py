"""The emulated platform itself: accounts, containers, media. Synchronous, and knows no HTTP.

A container's status is a function of its birth, its processing time and the instant asked about,
so nothing runs in the background and time may be real, moved or virtual.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import takewhile

from socialauto.sandbox.archive import Archive
from socialauto.sandbox.errors import (
    CHILDREN_COUNT,
    CONTAINER_GONE,
    DAILY_LIMIT,
    INVALID,
    MEDIA_NOT_FOUND,
    NO_SUCH_OBJECT,
    NOT_READY,
    RefusedError,
)
from socialauto.sandbox.faults import Faults
from socialauto.sandbox.state import (
    CONTAINER_LIFE,
    DAY,
    Account,
    Asset,
    Comment,
    Container,
    Draft,
    Publication,
    Settings,
    StatusCode,
    Token,
)
from socialauto.sandbox.storage import MemoryStorage, Storage
from socialauto.sandbox.upkeep import Upkeep
from socialauto.sandbox.usage import Usage, count_call

_FIRST_CONTAINER = 17_900_000_000_000_000
_FIRST_MEDIA = 18_000_000_000_000_000
_SERIALS = 100_000_000_000_000
"""Ids differ in their first digits by kind; the rest is one running number."""


class World:
    """Everything the platform knows. Every method that depends on time is told the time."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        *,
        tokens: Mapping[str, Token] | None = None,
        settings: Settings | None = None,
        storage: Storage | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.tokens = dict(tokens or {})
        self.faults = Faults()
        self.storage = storage or MemoryStorage()
        self._archive = Archive(self.storage)
        self.accounts: dict[str, Account] = {}
        self.containers: dict[str, Container] = {}
        self.log: list[Publication] = []
        """The publish log: append-only, in the order of the calls."""
        self._media: dict[str, tuple[Publication, str]] = {}
        self._published: dict[str, Publication] = {}
        self._births: dict[str, list[datetime]] = defaultdict(list)
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)
        self._serial = 0
        self.upkeep = Upkeep(self._archive, self._next)
        self._load()
        for account in accounts:
            self.add_account(account)

    # --- accounts and tokens

    def add_account(self, account: Account) -> None:
        self.accounts[account.id] = account
        self._archive.keep_account(account)

    def accounts_of(self, token: Token) -> list[Account]:
        return [account for account in self.accounts.values() if token.opens(account.id)]

    def account(self, account_id: str, token: Token) -> Account:
        account = self.accounts.get(account_id)
        if account is None or not token.opens(account_id):
            raise RefusedError(NO_SUCH_OBJECT)
        return account

    def owner(self, object_id: str) -> str | None:
        """The account that an account's, container's or media object's id belongs to."""
        if object_id in self.accounts:
            return object_id
        if object_id in self.containers:
            return self.containers[object_id].account
        if self.upkeep.knows(object_id):
            object_id = self.upkeep.media_of(object_id)
        publication, _ = self._media.get(object_id, (None, ""))
        return publication.account if publication else None

    def count_call(self, account_id: str, now: datetime) -> Usage:
        """Counts a call against the hourly limit."""
        return count_call(self._calls[account_id], now, limit=self.settings.hourly_calls)

    # --- containers

    def create(
        self,
        account: Account,
        draft: Draft,
        now: datetime,
        *,
        asset: Asset | None = None,
        cover: Asset | None = None,
        late: float = 0,
        problem: int | None = None,
    ) -> Container:
        """A new container. Raises for the cap of containers and for unsuitable children."""
        self.check_container_cap(account, now)
        if draft.shape == "carousel":
            self._check_children(account, draft.children, now)
        is_video = asset is not None and asset.kind == "video"
        seconds = self.settings.video_seconds if is_video else self.settings.image_seconds
        container = Container(
            id=self._next(_FIRST_CONTAINER),
            account=account.id,
            draft=draft,
            created=now,
            processing=seconds + late,
            asset=asset,
            cover=cover,
            problem=problem or (asset.problem if asset else None),
        )
        self._archive.keep_container(container)
        self._remember_container(container)
        return container

    def change(self, container: Container) -> None:
        """Keep what has become of a container that waited for its bytes."""
        self._archive.keep_container(container)
        self.containers[container.id] = container

    def check_container_cap(self, account: Account, now: datetime) -> None:
        births = self._births[account.id]
        if len(births) - bisect_left(births, now - DAY) >= account.container_cap:
            raise RefusedError(
                DAILY_LIMIT.saying(
                    f"This account has created {account.container_cap} containers in 24 hours"
                )
            )

    def container(self, container_id: str, token: Token) -> Container:
        container = self.containers.get(container_id)
        if container is None or not token.opens(container.account):
            raise RefusedError(NO_SUCH_OBJECT)
        return container

    def status(self, container: Container, now: datetime) -> StatusCode:
        publication = self._published.get(container.id)
        if publication is not None and publication.time <= now:
            return "PUBLISHED"
        age = now - container.created
        if age >= CONTAINER_LIFE:
            return "EXPIRED"
        if age < timedelta(seconds=container.processing):
            return "IN_PROGRESS"
        return "FINISHED" if container.problem is None else "ERROR"

    def _check_children(self, account: Account, children: tuple[str, ...], now: datetime) -> None:
        if not 2 <= len(children) <= 10:
            raise RefusedError(CHILDREN_COUNT)
        for child_id in children:
            child = self.containers.get(child_id)
            if child is None or child.account != account.id:
                raise RefusedError(MEDIA_NOT_FOUND)
            if not child.draft.shape.endswith("item"):
                raise RefusedError(INVALID.saying(f"(#100) {child_id} is no carousel item"))
            status = self.status(child, now)
            if status == "EXPIRED":
                raise RefusedError(CONTAINER_GONE)
            if status != "FINISHED":
                raise RefusedError(NOT_READY)

    # --- publishing

    def publish(
        self, account: Account, container_id: str, now: datetime, *, late: float = 0
    ) -> Publication:
        """Make a container public; the one visible step."""
        container = self.containers.get(container_id)
        if container is None or container.account != account.id:
            raise RefusedError(CONTAINER_GONE)
        if container.draft.shape.endswith("item"):
            raise RefusedError(
                INVALID.saying("(#100) A carousel item cannot be published by itself")
            )
        earlier = self._published.get(container_id)
        self._check_publishable(container, now)
        if earlier is not None and self.settings.republish == "same":
            return earlier
        if earlier is not None and self.settings.republish == "refuse":
            raise RefusedError(MEDIA_NOT_FOUND)
        if self.quota_usage(account.id, now) >= account.quota_total:
            raise RefusedError(DAILY_LIMIT)
        return self._publish(container, now + timedelta(seconds=late))

    def _check_publishable(self, container: Container, now: datetime) -> None:
        status = self.status(container, now)
        if status == "EXPIRED":
            raise RefusedError(CONTAINER_GONE)
        if status in ("IN_PROGRESS", "ERROR"):
            raise RefusedError(NOT_READY)

    def _publish(self, container: Container, time: datetime) -> Publication:
        children = tuple((self._next(_FIRST_MEDIA), child) for child in container.draft.children)
        publication = Publication(
            id=self._next(_FIRST_MEDIA),
            account=container.account,
            container=container.id,
            time=time,
            children=children,
        )
        self._archive.keep_publication(publication)
        self._remember_publication(publication)
        return publication

    def quota_usage(self, account_id: str, now: datetime, since: datetime | None = None) -> int:
        """Posts that this account made public in the last 24 hours."""
        start = max(since, now - DAY) if since else now - DAY
        mine = (entry for entry in reversed(self.log) if entry.account == account_id)
        return sum(1 for _ in takewhile(lambda entry: entry.time > start, mine))

    # --- reading

    def medium(self, media_id: str, token: Token, now: datetime) -> tuple[Publication, Container]:
        """A media object, or one item of a carousel, with the container it was made of."""
        publication, container_id = self._media.get(media_id, (None, ""))
        if publication is None or not token.opens(publication.account) or publication.time > now:
            raise RefusedError(NO_SUCH_OBJECT)
        if self.upkeep.is_gone(publication.id, now) or self._has_vanished(publication, now):
            raise RefusedError(NO_SUCH_OBJECT)
        return publication, self.containers[container_id]

    def _has_vanished(self, publication: Publication, now: datetime) -> bool:
        """Stories live for a day."""
        is_story = self.containers[publication.container].draft.shape == "story"
        return is_story and publication.time <= now - DAY

    def feed(self, account_id: str, now: datetime, *, stories: bool = False) -> list[Publication]:
        """What is public, newest first; stories are listed apart and for a day."""
        seen_from = now - timedelta(seconds=self.settings.listing_lag)
        shown = [
            entry
            for entry in self.log
            if entry.account == account_id
            and entry.time <= seen_from
            and not self.upkeep.is_gone(entry.id, now)
            and (self.containers[entry.container].draft.shape == "story") == stories
            and not self._has_vanished(entry, now)
        ]
        return sorted(shown, key=lambda entry: (entry.time, entry.id), reverse=True)

    def add_comment(self, account: Account, media_id: str, text: str, now: datetime) -> Comment:
        return self.upkeep.add_comment(account, media_id, text, now)

    def comments(self, media_id: str) -> list[Comment]:
        return self.upkeep.comments(media_id)

    # --- memory

    def _next(self, first: int) -> str:
        self._serial += 1
        return str(first + self._serial)

    def _remember_container(self, container: Container) -> None:
        self.containers[container.id] = container
        self._births[container.account].append(container.created)

    def _remember_publication(self, publication: Publication) -> None:
        self.log.append(publication)
        self._published.setdefault(publication.container, publication)
        self._media[publication.id] = (publication, publication.container)
        for media_id, container_id in publication.children:
            self._media[media_id] = (publication, container_id)

    def _load(self) -> None:
        self.accounts = {account.id: account for account in self._archive.accounts()}
        for container in self._archive.containers():
            self._remember_container(container)
        for publication in self._archive.publications():
            self._remember_publication(publication)
        ids = [*self.containers, *self._media, *self.upkeep.ids]
        self._serial = max((int(id) % _SERIALS for id in ids), default=0)
