"""Looks at media as a stranger does, before a platform is sent there."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import anyio
import httpx

from socialauto import __version__
from socialauto.core.errors import MediaHostError
from socialauto.core.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

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


@dataclass(frozen=True, slots=True)
class Cures:
    """What to do about answers whose reason depends on the kind of host; ends of sentences."""

    unreachable: str
    missing: str
    forbidden: str
    stale: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What a stranger shall get."""

    name: str
    """The file's path, for people."""
    body: bytes
    is_image: bool

    @property
    def compared(self) -> int:
        return COMPARED if self.is_image else COMPARED_VIDEO


class MissingError(MediaHostError):
    """The host says that there is nothing; one that was just given the file may need a moment."""


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


@dataclass(frozen=True, slots=True)
class Stranger:
    """`transport` is for tests."""

    cures: Cures
    transport: httpx.AsyncBaseTransport | None = None

    async def check(self, url: str, expected: Expected) -> None:
        """Return when a stranger gets the right bytes there; raise `MediaHostError` otherwise."""
        try:
            with anyio.fail_after(SECONDS):
                look = await self._look_along(url, expected)
        except (TimeoutError, httpx.TimeoutException):
            raise unfit(
                expected.name, url,
                f"no whole answer within {SECONDS:g} s; is the host slow or down?", passing=True,
            ) from None  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            words = Redactor().clean(str(error)) or type(error).__name__
            raise unfit(
                expected.name, url, f"{words}; {self.cures.unreachable}", passing=True
            ) from None
        if look.status in (404, 410):
            why = f"the host answers {look.status}; {self.cures.missing}"
            raise unfit(expected.name, look.url, why, kind=MissingError)
        if fault := self._fault(look, expected):
            raise unfit(expected.name, look.url, fault, passing=_passing(look.status))

    async def _look_along(self, url: str, expected: Expected) -> _Look:
        """Look at the URL and at where it leads."""
        async with _stranger(url, self.transport) as client:
            seen = url
            for _ in range(MAX_REDIRECTS + 1):
                look = await _look(client, seen, expected.compared)
                if look.status not in _REDIRECTS or not look.location:
                    return look
                seen = urljoin(seen, look.location)
                if not trusted(seen):
                    raise unfit(
                        expected.name, url, f"it leads to {shown(seen)}, which is not https"
                    )
            raise unfit(expected.name, url, f"it leads on more than {MAX_REDIRECTS} times")

    def _fault(self, look: _Look, expected: Expected) -> str:
        """What is wrong with the answer, and the cure; empty when it is right."""
        return (
            self._refusal(look) or self._wrong_bytes(look, expected) or _wrong_type(look, expected)
        )

    def _refusal(self, look: _Look) -> str:
        match look.status:
            case 200:
                return ""
            case 401 | 403:
                return f"the host answers {look.status} to strangers; {self.cures.forbidden}"
            case status if _passing(status):
                return f"the host answers {status}; it may be overloaded, try again later"
            case status:
                return f"the host answers {status} instead of the file"

    def _wrong_bytes(self, look: _Look, expected: Expected) -> str:
        if look.start.startswith(_LFS) and not expected.body.startswith(_LFS):
            return (
                "the host serves a Git LFS pointer instead of the file; "
                "use a host that serves LFS files, or keep this file out of LFS"
            )
        if look.content_type in ("text/html", "application/xhtml+xml"):
            return "the host serves a web page instead of the file; is it a log-in or a share page?"
        if look.length != len(expected.body):
            counts = f"{look.length:,} bytes, the file has {len(expected.body):,}"
            return f"the host serves {counts}; {self.cures.stale}"
        if look.start != expected.body[: expected.compared]:
            return f"the host serves other bytes than the file has; {self.cures.stale}"
        return ""


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
        verify=tls_context(),
        transport=transport,
        trust_env=url.startswith("https:"),  # this machine's own files need no proxy
        follow_redirects=False,
    ) as client:
        yield client


@cache
def tls_context() -> ssl.SSLContext:
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


def _wrong_type(look: _Look, expected: Expected) -> str:
    wanted = _IMAGE_TYPES if expected.is_image else _VIDEO_TYPES
    if look.content_type in wanted:
        return ""
    names = " or ".join(sorted(wanted - {_UNTYPED}))
    served = look.content_type or "no type"
    return f"the host serves it as {served}, platforms want {names}; set its Content-Type there"


def _passing(status: int) -> bool:
    return status in (408, 425, 429) or status >= 500


def unfit(
    name: str,
    url: str,
    why: str,
    *,
    passing: bool = False,
    kind: type[MediaHostError] = MediaHostError,
) -> MediaHostError:
    return kind(f"{name} cannot be fetched from {shown(url)}: {why}", passing=passing)


def shown(url: str) -> str:
    """The URL for people: what stands behind the question mark of a signed one is a secret."""
    address, question, _ = url.partition("?")
    return f"{address}?***" if question else address


def trusted(url: str) -> bool:
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
