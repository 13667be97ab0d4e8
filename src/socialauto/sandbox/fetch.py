"""Downloads media as the platform does: like a stranger, bounded in time and size."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache

import anyio
import httpx

from socialauto.sandbox.judge import MAX_VIDEO_BYTES

_AGENT = "facebookexternalhit/1.1 (socialauto sandbox)"
_MAX_REDIRECTS = 3
_SECONDS = 10.0
"""Without a byte."""
_SECONDS_IN_ALL = 60.0


@dataclass(frozen=True, slots=True)
class Fetched:
    status: int
    body: bytes


class FetchError(Exception):
    """Nothing usable came back; `slow` when the media host took too long."""

    def __init__(self, reason: str, *, slow: bool = False) -> None:
        super().__init__(reason)
        self.slow = slow


Fetch = Callable[[str], Awaitable[Fetched]]
"""Given an address, what a stranger gets there. Raises `FetchError`."""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _checked(address: str) -> httpx.URL:
    if not address.isascii():
        raise FetchError("the address must be plain ASCII")
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise FetchError(str(error)) from error
    if url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host)):
        return url
    raise FetchError("only https is fetched, and http from this machine")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Loading certificates takes 20 ms, once."""
    return httpx.create_ssl_context()


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_VIDEO_BYTES:
            raise FetchError("the file is too large")
    return bytes(body)


async def _follow(client: httpx.AsyncClient, url: httpx.URL) -> Fetched:
    for _ in range(_MAX_REDIRECTS + 1):
        async with client.stream("GET", url) as response:
            if response.next_request is None:
                return Fetched(response.status_code, await _read(response))
            # Checked again: a redirect must not lead to where we would not go.
            url = _checked(str(response.next_request.url))
    raise FetchError("too many redirects")


async def fetch(address: str) -> Fetched:
    """The real one."""
    url = _checked(address)
    try:
        with anyio.fail_after(_SECONDS_IN_ALL):
            async with httpx.AsyncClient(
                timeout=_SECONDS,
                verify=_tls(),
                # This machine's own files are never asked for through a proxy.
                trust_env=url.scheme == "https",
                headers={"User-Agent": _AGENT},
            ) as client:
                return await _follow(client, url)
    except (httpx.TimeoutException, TimeoutError) as error:
        raise FetchError("the media host took too long", slow=True) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(str(error)) from error
