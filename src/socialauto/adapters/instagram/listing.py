"""Recognises a publication among an account's media. Strict: a lookalike is nobody's post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from socialauto.adapters.instagram.graph import Failure, Graph
from socialauto.adapters.instagram.handle import ContainerHandle, caption_hash
from socialauto.adapters.protocol import Search
from socialauto.core.outcome import ErrorClass, Problem

SKEW = timedelta(seconds=120)
"""The platform's clock and ours may differ by so much."""

FIELDS = "id,caption,timestamp,permalink,media_type,media_product_type,children{id}"
PAGE = 100
MOST_PAGES = 20


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Child(_Lenient):
    id: str


class _Children(_Lenient):
    data: tuple[_Child, ...] = ()


class Media(_Lenient):
    """A row of the listing. Instagram leaves out what is empty, and captions for some tokens."""

    id: str = Field(min_length=1)
    timestamp: AwareDatetime
    media_type: str
    media_product_type: str | None = None
    caption: str | None = None
    permalink: str | None = None
    children: _Children | None = None


class _Cursors(_Lenient):
    after: str | None = None


class _Paging(_Lenient):
    cursors: _Cursors | None = None
    next: str | None = Field(default=None, repr=False)


class _Page(_Lenient):
    data: tuple[Media, ...]
    paging: _Paging | None = None

    @property
    def after(self) -> str | None:
        """Where the next page begins. `next` itself is a URL with a token in it: never used."""
        more = self.paging and self.paging.next and self.paging.cursors
        return self.paging.cursors.after if more and self.paging and self.paging.cursors else None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everything that could be the publication looked for."""

    media: tuple[Media, ...]

    @property
    def only(self) -> Media | None:
        return self.media[0] if len(self.media) == 1 else None


def matches(media: Media, handle: ContainerHandle, search: Search) -> bool:
    """Same kind, same number of items, same words, in the time, nobody else's."""
    return (
        media.timestamp >= search.since - SKEW
        and media.id not in search.taken
        and media.media_type == handle.media_type
        and _same_product(media, handle)
        and _count(media) == (handle.items if handle.media_type == "CAROUSEL_ALBUM" else 0)
        and caption_hash(media.caption or "") == handle.caption
    )


def _same_product(media: Media, handle: ContainerHandle) -> bool:
    """`media_product_type` is documented for one of the two logins only, so it may be missing."""
    if handle.product == "STORY":
        return media.media_product_type in (None, "STORY")
    return media.media_product_type in (None, "REELS") or handle.media_type != "VIDEO"


def _count(media: Media) -> int:
    return len(media.children.data) if media.children else 0


async def candidates(graph: Graph, handle: ContainerHandle, search: Search) -> Candidates | Failure:
    """All media since the intent that look like the handle's; a page that cannot be read fails."""
    start = search.since - SKEW
    edge, params = "stories", {"fields": FIELDS, "limit": str(PAGE)}
    if handle.product != "STORY":
        edge, params["since"] = "media", str(int(start.timestamp()))
    found: list[Media] = []
    for _ in range(MOST_PAGES):
        page = _page(await graph.get(graph.account_id, edge, **params))
        if isinstance(page, Failure):
            return page
        found += (media for media in page.data if matches(media, handle, search))
        if page.after is None or _older(page, start):
            return Candidates(tuple(found))
        params["after"] = page.after
    return _unreadable("has more pages than can be right")


def _older(page: _Page, start: datetime) -> bool:
    """Newest first: a page that reaches beyond the start is the last that matters."""
    return bool(page.data) and page.data[-1].timestamp < start


def _page(answer: Mapping[str, Any] | Failure) -> _Page | Failure:
    if isinstance(answer, Failure):
        return answer
    try:
        return _Page.model_validate(dict(answer))
    except ValidationError:
        return _unreadable("could not be read")


def _unreadable(why: str) -> Failure:
    return Failure(Problem(ErrorClass.TRANSIENT, f"Instagram's list of the account's media {why}"))
