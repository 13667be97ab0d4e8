"""One bucket of an S3-compatible store: what is there, put, list, delete; every call repeatable."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
import httpx

from socialauto import __version__
from socialauto.core.clock import Clock
from socialauto.core.errors import MediaHostError
from socialauto.core.redact import Redactor
from socialauto.media.sigv4 import Keys, Signer, quoted_path, quoted_query
from socialauto.media.stranger import tls_context, trusted

if TYPE_CHECKING:
    from socialauto.core.media_host import S3Bucket

SECONDS = 60.0
"""For one call, and one more for each `SLOWEST` bytes that it sends."""
SLOWEST = 250_000
CONNECT_SECONDS = 10.0
PAUSES = (1.0, 4.0)
"""Seconds before a call that met a busy or silent store is made a second and a third time."""

MAX_ANSWER = 4 * 1024 * 1024
_MAX_WORDS = 200

_CODE = re.compile(r"<Code>\s*(\w{1,60})\s*</Code>")
_MESSAGE = re.compile(r"<Message>([^<]+)</Message>")
_OBJECT = re.compile(r"<Contents>(.*?)</Contents>", re.DOTALL)
_NEXT = re.compile(r"<NextContinuationToken>([^<]+)</NextContinuationToken>")

_CURES = {
    "AccessDenied": "let the key read, write, list and delete in this bucket under the prefix",
    "AllAccessDisabled": "the bucket is switched off; ask who runs the store",
    "AuthorizationHeaderMalformed": "correct media_host.region",
    "ExpiredToken": "the temporary keys have expired; give the run fresh ones",
    "IllegalLocationConstraintException": "correct media_host.endpoint and media_host.region",
    "InvalidAccessKeyId": "the store does not know the key in {access}",
    "InvalidBucketName": "correct media_host.bucket",
    "InvalidToken": "the session token does not belong to the keys",
    "NoSuchBucket": "make the bucket, or correct media_host.bucket",
    "PermanentRedirect": "correct media_host.endpoint and media_host.region",
    "RequestTimeTooSkewed": "set this machine's clock",
    "SignatureDoesNotMatch": "the secret in {secret} is not the one of the key in {access}; "
    "set it again, alone and on one line",
}
_PASSING = frozenset({"RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable"})
_PRESENT = frozenset({409, 412})
"""Of a conditional put: somebody has put it, or puts it this moment."""
_UNSUPPORTED = frozenset({"NotImplemented", "InvalidArgument", "InvalidRequest"})
"""Of a conditional put: the store is older than conditions."""


class StoreError(MediaHostError):
    """The store refused a call, or did not answer."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as the store lists it."""

    key: str
    size: int
    modified: datetime
    """In UTC."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    text: str
    """Of errors and listings."""

    @property
    def code(self) -> str:
        found = _CODE.search(self.text)
        return found[1] if found else ""


class Bucket:
    """The bucket that the settings name, as the holder of the keys sees it."""

    def __init__(
        self,
        settings: S3Bucket,
        keys: Keys,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`clock` must be right: a signature tells the time. `transport` is for tests."""
        self._settings = settings
        self._signer = Signer(keys, settings.region)
        self._clock = clock
        self._transport = transport
        secrets = [keys.secret, keys.token] if keys.token else [keys.secret]
        self._clean = Redactor(secrets).clean
        self._base = _base(settings)

    def address(self, key: str) -> str:
        """Where the object is, for those who may read it."""
        return self._base + quoted_path(key)

    def signed_address(self, key: str) -> str:
        """Where anybody may read the object for a while. A secret for that while."""
        now = self._clock.now()
        return self._signer.url(self.address(key), lives=self._settings.expires, now=now)

    async def put_once(self, key: str, body: bytes, mime: str) -> None:
        """Return when the object is there; its name is its hash, so what is there is right."""
        async with self._client() as client:
            found = await self._call(client, "HEAD", key)
            if found.status == 200 and found.headers.get("content-length") == str(len(body)):
                return
            # A key that may not list learns nothing from HEAD, and the cure is not in it either.
            await self._put(client, key, body, mime, again=found.status == 200)

    async def _put(
        self, client: httpx.AsyncClient, key: str, body: bytes, mime: str, *, again: bool
    ) -> None:
        headers = {"content-type": mime}
        only_new = {} if again else {"if-none-match": "*"}
        answer = await self._call(client, "PUT", key, body=body, headers={**headers, **only_new})
        if answer.status in _PRESENT and only_new:
            return
        if answer.status == 501 or (answer.status == 400 and answer.code in _UNSUPPORTED):
            answer = await self._call(client, "PUT", key, body=body, headers=headers)
        if answer.status not in (200, 201, 204):
            raise self._refused(answer, f"did not take {key}")

    async def look(self, prefix: str) -> None:
        """Return when the store answers and lets the keys list; raise `StoreError` otherwise."""
        async with self._client() as client:
            query = quoted_query(**{"list-type": "2", "max-keys": "1", "prefix": prefix})
            answer = await self._call(client, "GET", "", query=query)
            if answer.status != 200:
                raise self._refused(answer, f"did not list {prefix}")

    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        """Every object whose key begins with `prefix`."""
        following: dict[str, str] = {}
        async with self._client() as client:
            while True:
                query = quoted_query(**{"list-type": "2", "prefix": prefix, **following})
                answer = await self._call(client, "GET", "", query=query)
                if answer.status != 200:
                    raise self._refused(answer, f"did not list {prefix}")
                for stored in _listed(answer.text):
                    yield stored
                more = _NEXT.search(answer.text)
                if not more:
                    return
                following = {"continuation-token": html.unescape(more[1])}

    async def delete(self, key: str) -> None:
        """Return when the object is gone, whoever has deleted it."""
        async with self._client() as client:
            answer = await self._call(client, "DELETE", key)
            if answer.status not in (200, 204, 404):
                raise self._refused(answer, f"did not delete {key}")

    async def _call(
        self,
        client: httpx.AsyncClient,
        method: str,
        key: str,
        *,
        query: str = "",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> _Answer:
        """The answer, if need be the third one: what is repeated here does no harm."""
        url = (self.address(key) if key else self._base) + (f"?{query}" if query else "")
        for pause in (*PAUSES, None):
            now = self._clock.now()
            signed = self._signer.headers(method, url, body=body, headers=headers, now=now)
            try:
                answer = await _send(client, method, url, body, signed)
            except (TimeoutError, httpx.TransportError, httpx.StreamError, OSError) as error:
                if pause is None:
                    raise self._silent(error) from None
            else:
                busy = answer.status == 429 or (answer.status >= 500 and answer.status != 501)
                if pause is None or not (busy or answer.code in _PASSING):
                    return answer
            await self._clock.sleep(pause)
        raise AssertionError("the last round returns or raises")

    def _silent(self, error: Exception) -> StoreError:
        words = self._clean(str(error)).strip() or type(error).__name__
        host = urlsplit(self._base).netloc
        return StoreError(
            f"the media store {host} does not answer ({words}); "
            "is it up, and is media_host.endpoint right?",
            passing=True,
        )

    def _refused(self, answer: _Answer, what: str) -> StoreError:
        reason = " ".join(filter(None, [str(answer.status), answer.code]))
        cure = self._cure(answer)
        passing = answer.status == 429 or answer.status >= 500
        return StoreError(
            f"the media store {urlsplit(self._base).netloc} {what} in bucket "
            f"{self._settings.bucket} ({reason}){'; ' if cure else ''}{cure}",
            passing=passing,
        )

    def _cure(self, answer: _Answer) -> str:
        """What helps; else what the store says."""
        if answer.code in _CURES:
            return _CURES[answer.code].format(
                access=self._settings.access_key.removeprefix("env:"),
                secret=self._settings.secret_key.removeprefix("env:"),
            )
        said = _MESSAGE.search(answer.text)
        return self._clean(html.unescape(said[1]))[:_MAX_WORDS] if said else ""

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(
            headers={"User-Agent": f"socialauto/{__version__}"},
            verify=tls_context(),
            transport=self._transport,
            trust_env=self._base.startswith("https:"),  # this machine's own store needs no proxy
            follow_redirects=False,
        ) as client:
            yield client


def _base(settings: S3Bucket) -> str:
    """The bucket's address. Raises `MediaHostError` when keys would travel in the open."""
    endpoint = settings.endpoint.rstrip("/")
    if not trusted(endpoint):
        raise MediaHostError(f"media_host.endpoint {endpoint} is not https")
    parts = urlsplit(endpoint)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise MediaHostError("media_host.endpoint must be a plain address")
    # As HTTP clients write it, because what is signed and what is sent must be the same.
    netloc = parts.netloc.lower().removesuffix({"https": ":443"}.get(parts.scheme, ":80"))
    if settings.path_style:
        return f"{parts.scheme}://{netloc}{parts.path}{quoted_path(settings.bucket)}"
    return f"{parts.scheme}://{settings.bucket}.{netloc}{parts.path}"


async def _send(
    client: httpx.AsyncClient, method: str, url: str, body: bytes, headers: Mapping[str, str]
) -> _Answer:
    seconds = SECONDS + len(body) / SLOWEST
    with anyio.fail_after(seconds):
        async with client.stream(
            method, url, content=body, headers=headers,
            timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
        ) as response:  # fmt: skip
            text = bytearray()
            # Cancelled and not left by `break`: only so are httpx's generators closed in order.
            with anyio.CancelScope() as enough:
                async for chunk in response.aiter_bytes():
                    text += chunk[: MAX_ANSWER - len(text)]
                    if len(text) >= MAX_ANSWER:
                        enough.cancel()
            return _Answer(response.status_code, response.headers, text.decode("utf-8", "replace"))


def _listed(text: str) -> Iterator[Stored]:
    for entry in _OBJECT.findall(text):
        fields = dict(re.findall(r"<(Key|Size|LastModified)>([^<]*)</", entry))
        try:
            modified = datetime.fromisoformat(fields["LastModified"])
            yield Stored(html.unescape(fields["Key"]), int(fields["Size"]), modified)
        except (KeyError, ValueError):
            continue  # what cannot be read is never deleted
