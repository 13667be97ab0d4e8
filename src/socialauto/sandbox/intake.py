"""Takes in the media of a draft: fetches each address, judges the bytes, keeps them."""

from __future__ import annotations

from socialauto.sandbox.errors import BAD_THUMB_OFFSET, CANNOT_FETCH, SLOW_DOWNLOAD, RefusedError
from socialauto.sandbox.fetch import Fetch, FetchError
from socialauto.sandbox.judge import judge_image, judge_video
from socialauto.sandbox.state import Asset, Draft
from socialauto.sandbox.storage import Storage


class Intake:
    def __init__(self, fetch: Fetch, storage: Storage) -> None:
        self._fetch = fetch
        self._storage = storage

    async def main(self, draft: Draft) -> Asset | None:
        """The image or video of a container; None for a carousel, which has children."""
        if "video_url" in draft.options:
            return await self._video(draft)
        if "image_url" in draft.options:
            feed = draft.shape != "story"
            return await self._image(draft.options["image_url"], check_ratio=feed)
        return None

    async def cover(self, draft: Draft) -> Asset | None:
        if "cover_url" not in draft.options:
            return None
        return await self._image(draft.options["cover_url"], check_ratio=False)

    async def bytes_at(self, address: str) -> bytes:
        try:
            fetched = await self._fetch(address)
        except FetchError as error:
            raise RefusedError(SLOW_DOWNLOAD if error.slow else CANNOT_FETCH) from error
        if fetched.status != 200:
            raise RefusedError(CANNOT_FETCH)
        return fetched.body

    async def _image(self, address: str, *, check_ratio: bool) -> Asset:
        body = await self.bytes_at(address)
        picture = judge_image(body, check_ratio=check_ratio)
        return Asset("image", self._storage.put_blob(body), picture.width, picture.height)

    async def _video(self, draft: Draft) -> Asset:
        return self.film(draft, await self.bytes_at(draft.options["video_url"]))

    def film(self, draft: Draft, body: bytes) -> Asset:
        """A video that has arrived, by whichever way."""
        verdict = judge_video(body, draft.shape)
        offset = draft.options.get("thumb_offset", 0)
        if offset < 0 or (verdict.seconds is not None and offset >= verdict.seconds * 1000):
            raise RefusedError(BAD_THUMB_OFFSET)
        return Asset(
            "video",
            self._storage.put_blob(body),
            verdict.width,
            verdict.height,
            verdict.seconds,
            verdict.problem,
        )
