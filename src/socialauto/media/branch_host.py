"""The media host for a branch of the repository: each file is pushed once, under its hash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio

from socialauto.core.clock import Clock
from socialauto.core.errors import MediaHostError
from socialauto.core.message import MediaItem
from socialauto.core.spans import span
from socialauto.media.file import Making, is_image, name_of
from socialauto.media.host import plain_base
from socialauto.media.prepared import PreparedFile
from socialauto.media.stranger import Cures, Expected, MissingError, Stranger

if TYPE_CHECKING:
    import httpx

    from socialauto.core.media_host import GitBranch

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
GROWTH = 1.6
"""Raw files are there within seconds, a Pages site takes a minute to build."""

_CURES = Cures(
    unreachable="is the address in media_host.base right?",
    missing="is media_host.base the address of the branch, and is the repository public?",
    forbidden="make the repository public, or use kind: s3",
    stale="is media_host.base the address of something else?",
)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where pushed files are."""

    commit: str
    """The branch's commit that has them."""
    paths: Mapping[str, str]
    """By their names."""


Push = Callable[[Mapping[str, bytes]], Awaitable[Placed]]
"""Makes files, by their names, part of the branch; durable when it returns.

Raises `MediaHostError` when the remote does not take them."""

Companions = Callable[[MediaItem], Iterable[MediaItem]]
"""What will be asked for together with an item, itself included: one push for all."""


def _alone(item: MediaItem) -> Iterable[MediaItem]:
    return (item,)


class BranchHost:
    """Pushes what items are made into, and waits until the forge serves it to strangers."""

    def __init__(
        self,
        settings: GitBranch,
        *,
        push: Push,
        make: Making,
        clock: Clock,
        companions: Companions = _alone,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`transport` is for tests."""
        self._settings = settings
        self._push = push
        self._make = make
        self._clock = clock
        self._companions = companions
        self._stranger = Stranger(_CURES, transport)
        self._addresses: dict[str, str] = {}
        self._tried: set[str] = set()
        self._pushing = anyio.Lock()

    async def read(self, item: MediaItem) -> bytes:
        return (await self._make(item)).data

    async def url(self, item: MediaItem) -> str:
        """The address, after a stranger has fetched the right bytes from it once in this run."""
        plain_base(self._settings.base.replace("{commit}", ""), "media_host.base")
        file = await self._make(item)
        name = name_of(file)
        async with self._pushing:  # what came meanwhile is already there
            if name not in self._addresses:
                await self._place(item, file)
        url = self._addresses[name]
        if name not in self._tried:
            await self._wait_for(url, Expected(item.path, file.data, is_image(file)))
            self._tried.add(name)
        return url

    async def _place(self, item: MediaItem, file: PreparedFile) -> None:
        files = {name_of(file): file.data}
        for other in self._companions(item):
            made = await self._make(other)
            files[name_of(made)] = made.data
        wanted = {name: body for name, body in files.items() if name not in self._addresses}
        placed = await self._push(wanted)
        base = self._settings.base.replace("{commit}", placed.commit).rstrip("/")
        for name, path in placed.paths.items():
            self._addresses[name] = f"{base}/{quote(path)}"

    async def _wait_for(self, url: str, expected: Expected) -> None:
        """Until the forge serves what it was just given."""
        patience = self._settings.patience
        until, pause = self._clock.now() + patience, FIRST_PAUSE
        while True:
            try:
                return await self._stranger.check(url, expected)
            except MissingError as error:
                left = (until - self._clock.now()).total_seconds()
                if left <= 0:
                    words = f"{error.message} (waited {span(patience)})"
                    raise MediaHostError(words, passing=True) from None
            await self._clock.sleep(min(pause, left))
            pause = min(pause * GROWTH, LONGEST_PAUSE)
