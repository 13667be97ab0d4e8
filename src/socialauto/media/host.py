"""Gives media URLs that a stranger can fetch: the repository's own files, where they are served."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from socialauto.core.errors import MediaHostError, NoMediaHostError
from socialauto.core.message import MediaItem
from socialauto.media.file import Making
from socialauto.media.stranger import COMPARED_VIDEO, Cures, Expected, Stranger, trusted

if TYPE_CHECKING:
    import httpx

    from socialauto.core.media_host import UrlFiles

__all__ = ["COMPARED_VIDEO", "Bytes", "NoHost", "UrlHost", "plain_base"]

Bytes = Callable[[str], bytes]
"""The bytes of a file of the published commit, by its path."""

_CURES = Cures(
    unreachable="is the address in media_host.base right?",
    missing="is the commit pushed? is the repository public?",
    forbidden="make the files public, or use a host that is",
    stale="is it an old copy in a cache? put {commit} into media_host.base",
)


class UrlHost:
    """The repository's files under one base URL: Pages, a CDN, raw files of a public repository."""

    def __init__(
        self,
        settings: UrlFiles,
        *,
        commit: str,
        read: Bytes,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`commit` stands for {commit} in the base; `transport` is for tests."""
        self._base = settings.base.replace("{commit}", commit).rstrip("/")
        self._read = read
        self._stranger = Stranger(_CURES, transport)
        self._tried: set[tuple[str, str]] = set()

    async def read(self, item: MediaItem) -> bytes:
        return self._read(item.path)

    async def url(self, item: MediaItem) -> str:
        """The URL, after a stranger has fetched the right bytes from it once in this run."""
        url = f"{plain_base(self._base, 'media_host.base')}/{quote(item.path)}"
        if (item.path, item.blob) not in self._tried:
            expected = Expected(item.path, self._read(item.path), item.is_image)
            await self._stranger.check(url, expected)
            self._tried.add((item.path, item.blob))
        return url


def plain_base(base: str, key: str) -> str:
    """`base` when platforms can use it; raises `MediaHostError` that names the `key`."""
    if "{" in base or "}" in base:
        raise MediaHostError(f"{key} {base} has a place-holder that is not known; use {{commit}}")
    parts = urlsplit(base)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise MediaHostError(
            f"{key} must be a plain URL that anybody can use, without a user, a password or a query"
        )
    if not trusted(base):
        raise MediaHostError(
            f"{key} {base} is not https; platforms only fetch from https:// addresses"
        )
    return base.rstrip("/")


class NoHost:
    """For a configuration without a media host: bytes are there, URLs are not."""

    def __init__(self, *, make: Making) -> None:
        self._make = make

    async def read(self, item: MediaItem) -> bytes:
        return (await self._make(item)).data

    async def url(self, item: MediaItem) -> str:
        raise NoMediaHostError(
            f"no media host for {item.path}: this platform downloads media itself, from a public "
            "URL; add to socialauto.yaml: media_host: {kind: url, base: "
            '"https://raw.githubusercontent.com/OWNER/REPOSITORY/{commit}"}'
        )
