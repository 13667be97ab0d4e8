"""The one way adapters speak HTTP: a call is a value, and says whether anything was sent.

No call is ever repeated here, and no redirect followed: whoever asks knows what is safe.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import anyio
import httpx

from socialauto import __version__
from socialauto.core.redact import Redactor

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
"""For a whole read or a preparing call."""
PUBLISH_SECONDS = 120.0
"""For the visible call: an answer that comes late is worth more than none. Well inside a lease."""

KEPT_SECONDS = 2.0
"""An idle connection is not used again after this. Servers close theirs after five seconds and
more; a request that meets the closing has no answer, and a publication would be in doubt."""

MAX_BODY = 4 * 1024 * 1024
"""Bytes; no answer of an API is larger."""

MAX_TEXT = 2000
"""Characters of a body that are kept for people."""

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The server answered, whatever it said."""

    status: int
    json: Mapping[str, Any] | None = field(default=None, repr=False)
    """None unless the whole body is one JSON object."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names in lower case."""
    text: str = field(default="", repr=False)
    """The beginning of the body, redacted."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No whole answer came."""

    sent: bool
    """False only when surely no byte of the request left."""
    reason: str


Answer = Reply | NoAnswer


class Api:
    """Calls below one base URL, with the token in the header."""

    __slots__ = ("_client", "clean")

    def __init__(self, client: httpx.AsyncClient, clean: Callable[[str], str]) -> None:
        self._client = client
        self.clean = clean

    def __repr__(self) -> str:
        return f"Api({str(self._client.base_url)!r})"

    async def get(
        self, path: str, params: Mapping[str, str], *, seconds: float = READ_SECONDS
    ) -> Answer:
        return await self._call(seconds, "GET", path, params=params)

    async def post(
        self, path: str, form: Mapping[str, str], *, seconds: float = READ_SECONDS
    ) -> Answer:
        return await self._call(seconds, "POST", path, data=form)

    async def delete(self, path: str, *, seconds: float = READ_SECONDS) -> Answer:
        return await self._call(seconds, "DELETE", path)

    @property
    def base_url(self) -> str:
        return str(self._client.base_url)

    async def raw(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        seconds: float = READ_SECONDS,
    ) -> Answer:
        """Bytes to any URL, which gets the token: whoever calls must know whose it is."""
        bearer = self._client.headers.get("Authorization", "")
        own = {"Authorization": f"OAuth {bearer.removeprefix('Bearer ')}", **(headers or {})}
        return await self._call(seconds, method, url, headers=own, content=body)

    async def _call(self, seconds: float, method: str, path: str, **parts: Any) -> Answer:
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
        try:
            # httpx limits each read; a server that trickles bytes is stopped by this one.
            with anyio.fail_after(seconds):
                async with self._client.stream(method, path, timeout=timeout, **parts) as response:
                    return self._reply(response, await _body(response))
        except _NEVER_SENT as error:
            return NoAnswer(sent=False, reason=self._reason(error))
        except (TimeoutError, httpx.TimeoutException):
            return NoAnswer(sent=True, reason=f"no whole answer within {seconds:g} s")
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            return NoAnswer(sent=True, reason=self._reason(error))

    def _reply(self, response: httpx.Response, body: bytes) -> Reply:
        text = body[: 2 * MAX_TEXT].decode("utf-8", "replace")[:MAX_TEXT]
        return Reply(
            status=response.status_code,
            json=_object(body),
            headers={name.lower(): value for name, value in response.headers.items()},
            text=self.clean(text),
        )

    def _reason(self, error: Exception) -> str:
        words = self.clean(str(error)).strip()
        return words or type(error).__name__


async def _body(response: httpx.Response) -> bytes:
    """The body, as far as an API would ever write."""
    body = bytearray()
    # Cancelled and not left by `break`: only so are httpx's nested generators closed in order.
    with anyio.CancelScope() as enough:
        async for chunk in response.aiter_bytes():
            body += chunk[: MAX_BODY - len(body)]
            if len(body) >= MAX_BODY:
                enough.cancel()
    return bytes(body)


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):  # not JSON, cut off, not UTF-8, nested without end
        return None
    return value if isinstance(value, dict) else None


def told_time(headers: Mapping[str, str]) -> datetime | None:
    """When the server says that it answered, to the second; None when it does not say, or says
    what a cache has kept."""
    try:
        told = parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    if "age" in headers:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def skew(theirs: datetime, asked: datetime, answered: datetime) -> timedelta:
    """By how much our clock is surely ahead: an instant between question and answer may agree."""
    if asked - timedelta(seconds=1) <= theirs <= answered:
        return timedelta(0)
    return asked - theirs if theirs < asked else answered - theirs


@cache
def tls_context() -> ssl.SSLContext:
    """Made once: reading the certificates takes 35 ms."""
    return httpx.create_ssl_context()


@asynccontextmanager
async def open_api(
    base_url: str,
    token: str,
    transport: httpx.AsyncBaseTransport | None = None,
    *,
    secrets: Iterable[str] = (),
) -> AsyncIterator[Api]:
    """Calls as the holder of `token`, over one small connection pool of its own.

    Without a token as nobody. `secrets` are others that a call carries and no text may show.
    """
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(
        base_url=base_url,
        headers={
            **bearer,
            "User-Agent": f"socialauto/{__version__}",
            "Accept": "application/json",
        },
        limits=httpx.Limits(
            max_connections=4,
            max_keepalive_connections=2,
            keepalive_expiry=KEPT_SECONDS,
        ),
        verify=tls_context(),
        transport=transport,
        trust_env=base_url.startswith("https:"),  # no proxy for a sandbox on this machine
        follow_redirects=False,
    ) as client:
        yield Api(client, Redactor([token, *secrets]).clean)
