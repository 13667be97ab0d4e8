"""The media host for S3-compatible stores: each file is uploaded once, under its hash."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import anyio

from socialauto.core.message import MediaItem
from socialauto.media.file import Making, is_image, name_of
from socialauto.media.host import plain_base
from socialauto.media.prepared import PreparedFile
from socialauto.media.s3 import Bucket
from socialauto.media.sigv4 import quoted_path
from socialauto.media.stranger import Cures, Expected, Stranger

if TYPE_CHECKING:
    import httpx

    from socialauto.core.media_host import S3Bucket

_PUBLIC = Cures(
    unreachable="is media_host.public_base right?",
    missing="is media_host.public_base the address of this bucket?",
    forbidden="let strangers read the bucket, or take media_host.public_base out: then addresses "
    "are signed",
    stale="is something else served under media_host.public_base?",
)
_SIGNED = Cures(
    unreachable="is media_host.endpoint right, also from outside?",
    missing="was it deleted this moment?",
    forbidden="is this machine's clock right, and may the key read?",
    stale="delete it there, it is uploaded again",
)


class S3Host:
    """Uploads what items are made into, and gives public or signed addresses of it."""

    def __init__(
        self,
        settings: S3Bucket,
        bucket: Bucket,
        *,
        make: Making,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`transport` is for tests."""
        self._settings = settings
        self._bucket = bucket
        self._make = make
        self._stranger = Stranger(_PUBLIC if settings.public_base else _SIGNED, transport)
        self._tried: set[str] = set()
        self._turns: defaultdict[str, anyio.Lock] = defaultdict(anyio.Lock)

    async def read(self, item: MediaItem) -> bytes:
        return (await self._make(item)).data

    async def url(self, item: MediaItem) -> str:
        """The address, after a stranger has fetched the right bytes from one in this run."""
        file = await self._make(item)
        key = key_of(self._settings, file)
        if file.sha256 in self._tried:
            return self._address(key)
        async with self._turns[key]:  # two posts may show the same picture
            if file.sha256 not in self._tried:
                await self._bucket.put_once(key, file.data, file.mime)
                expected = Expected(item.path, file.data, is_image(file))
                await self._stranger.check(self._address(key), expected)
                self._tried.add(file.sha256)
        return self._address(key)

    def _address(self, key: str) -> str:
        base = self._settings.public_base
        if base is None:
            return self._bucket.signed_address(key)
        return plain_base(base, "media_host.public_base") + quoted_path(key)


def key_of(settings: S3Bucket, file: PreparedFile) -> str:
    """The object's name in the bucket."""
    return f"{settings.prefix}/{name_of(file)}"
