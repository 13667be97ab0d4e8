"""Gives media URLs that a stranger can fetch, and proves it before a platform is sent there."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

import anyio
import httpx

from socialauto import __version__
from socialauto.core.errors import MediaHostError
from socialauto.core.message import MediaItem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from socialauto.core.media_host import UrlFiles

SECONDS = 60.0
"""For one whole look at one file."""
CONNECT_SECONDS = 10.0

MAX_REDIRECTS = 3

COMPARED = 8 * 1024 * 1024
"""Bytes that are compared from the start: all of any image that platforms take."""

COMPARED_VIDEO = 1024 * 1024
"""Of videos the start is enough: a stale or foreign file shows there, and in its length."""

_UNTYPED = "application/octet-stream"
"""How raw.githubusercontent.com serves videos; Instagram looks at the bytes."""
_IMAGE_TYPES = frozenset({"image/jpeg", _UNTYPED})
_VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime", _UNTYPED})

_LFS = b"version https://git-lfs"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Bytes = Callable[[str], bytes]
"""The bytes of a file of the published commit, by its path."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a stranger got."""

    url: str
    status: int
    content_type: str
    length: int
    """As announced, or counted."""
    start: bytes
    location: str | None


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
        self._transport = transport
        self._tried: set[tuple[str, str]] = set()

    async def read(self, item: MediaItem) -> bytes:
        return self._read(item.path)

    async def url(self, item: MediaItem) -> str:
        """The URL, after a stranger has fetched the right bytes from it once in this run."""
        self._check_base()
        url = f"{self._base}/{quote(item.path)}"
        if (item.path, item.blob) not in self._tried:
            await self._try(item, url)
            self._tried.add((item.path, item.blob))
        return url

    def _check_base(self) -> None:
        base = self._base
        if "{" in base or "}" in base:
            raise MediaHostError(
                f"media_host.base {base} has a place-holder that is not known; use {{commit}}"
            )
        parts = urlsplit(base)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise MediaHostError(
                "media_host.base must be a plain URL that anybody can use, without a user, a "
                "password or a query"
            )
        if not _trusted(base):
            raise MediaHostError(
                f"media_host.base {base} is not https; platforms only fetch from https:// addresses"
            )

    async def _try(self, item: MediaItem, url: str) -> None:
        expected = self._read(item.path)
        compared = COMPARED if item.is_image else COMPARED_VIDEO
        try:
            with anyio.fail_after(SECONDS):
                look = await self._look_along(item, url, compared)
        except (TimeoutError, httpx.TimeoutException):
            raise _unfit(
                item, url, f"no whole answer within {SECONDS:g} s; is the host slow or down?",
                passing=True,
            ) from None  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            words = str(error) or type(error).__name__
            raise _unfit(
                item, url, f"{words}; is the address in media_host.base right?", passing=True
            ) from None
        if fault := _fault(item, look, expected, compared):
            raise _unfit(item, look.url, fault, passing=_passing(look.status))

    async def _look_along(self, item: MediaItem, url: str, wanted: int) -> _Look:
        """Look at the URL and at where it leads."""
        async with _stranger(url, self._transport) as client:
            seen = url
            for _ in range(MAX_REDIRECTS + 1):
                look = await _look(client, seen, wanted)
                if look.status not in _REDIRECTS or not look.location:
                    return look
                seen = urljoin(seen, look.location)
                if not _trusted(seen):
                    raise _unfit(item, url, f"it leads to {seen}, which is not https")
            raise _unfit(item, url, f"it leads on more than {MAX_REDIRECTS} times")


class NoHost:
    """For a configuration without a media host: bytes are there, URLs are not."""

    def __init__(self, *, read: Bytes) -> None:
        self._read = read

    async def read(self, item: MediaItem) -> bytes:
        return self._read(item.path)

    async def url(self, item: MediaItem) -> str:
        raise MediaHostError(
            f"no media host for {item.path}: this platform downloads media itself, from a public "
            "URL; add to socialauto.yaml: media_host: {kind: url, base: "
            '"https://raw.githubusercontent.com/OWNER/REPOSITORY/{commit}"}'
        )


@asynccontextmanager
async def _stranger(
    url: str, transport: httpx.AsyncBaseTransport | None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that brings nothing of ours along: no token, no cookies, no compression asked."""
    async with httpx.AsyncClient(
        headers={
            "User-Agent": f"socialauto/{__version__} (looks whether media is public)",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        },
        timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
        verify=_tls_context(),
        transport=transport,
        trust_env=url.startswith("https:"),  # this machine's own files need no proxy
        follow_redirects=False,
    ) as client:
        yield client


@cache
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


async def _look(client: httpx.AsyncClient, url: str, wanted: int) -> _Look:
    client.cookies.clear()
    async with client.stream("GET", url) as response:
        start = bytearray()
        counted = 0
        announced = _announced(response)
        # Cancelled and not left by `break`: only so are httpx's nested generators closed in order.
        with anyio.CancelScope() as enough:
            async for chunk in response.aiter_bytes():
                counted += len(chunk)
                start += chunk[: wanted - len(start)]
                if counted > wanted and announced is not None:
                    enough.cancel()
        return _Look(
            url=url,
            status=response.status_code,
            content_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
            length=counted if announced is None else announced,
            start=bytes(start),
            location=response.headers.get("location"),
        )


def _announced(response: httpx.Response) -> int | None:
    """The file's length as the header says it; of a compressed body it says something else."""
    length = response.headers.get("content-length", "")
    plain = "content-encoding" not in response.headers
    return int(length) if plain and length.isdecimal() and len(length) < 16 else None


def _fault(item: MediaItem, look: _Look, expected: bytes, compared: int) -> str:
    """What is wrong with the answer, and the cure; empty when it is right."""
    return _refusal(look) or _wrong_bytes(look, expected, compared) or _wrong_type(item, look)


def _refusal(look: _Look) -> str:
    match look.status:
        case 200:
            return ""
        case 404 | 410:
            return (
                f"the host answers {look.status}; is the commit pushed? is the repository public?"
            )
        case 401 | 403:
            return (
                f"the host answers {look.status} to strangers; "
                "make the files public, or use a host that is"
            )
        case status if _passing(status):
            return f"the host answers {status}; it may be overloaded, try again later"
        case status:
            return f"the host answers {status} instead of the file"


def _wrong_bytes(look: _Look, expected: bytes, compared: int) -> str:
    if look.start.startswith(_LFS) and not expected.startswith(_LFS):
        return (
            "the host serves a Git LFS pointer instead of the file; "
            "use a host that serves LFS files, or keep this file out of LFS"
        )
    if look.content_type in ("text/html", "application/xhtml+xml"):
        return "the host serves a web page instead of the file; is it a log-in or a share page?"
    if look.length != len(expected):
        return (
            f"the host serves {look.length:,} bytes, the file has {len(expected):,}; "
            "is it an old copy in a cache? put {commit} into media_host.base"
        )
    if look.start != expected[:compared]:
        return (
            "the host serves other bytes than the file has; "
            "is it an old copy in a cache? put {commit} into media_host.base"
        )
    return ""


def _wrong_type(item: MediaItem, look: _Look) -> str:
    wanted = _IMAGE_TYPES if item.is_image else _VIDEO_TYPES
    if look.content_type in wanted:
        return ""
    names = " or ".join(sorted(wanted - {_UNTYPED}))
    served = look.content_type or "no type"
    return f"the host serves it as {served}, platforms want {names}; set its Content-Type there"


def _passing(status: int) -> bool:
    return status in (408, 425, 429) or status >= 500


def _unfit(item: MediaItem, url: str, why: str, *, passing: bool = False) -> MediaHostError:
    return MediaHostError(f"{item.path} cannot be fetched from {url}: {why}", passing=passing)


def _trusted(url: str) -> bool:
    """https, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
