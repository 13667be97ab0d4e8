"""The dashboard while it is served: the newest good look, what is wrong with the newest, and who
waits for news."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

import anyio

from socialauto.core.errors import SocialautoError
from socialauto.core.message import MediaItem
from socialauto.dashboard import thumbs
from socialauto.dashboard.accounts import standings
from socialauto.dashboard.render import Pages
from socialauto.dashboard.scene import MOMENT, Scene
from socialauto.dashboard.site import DATA, Caps, data_files, pictures, row_files

MOST_PICTURES = 400
"""Small pictures that are kept in memory: at most 16 MB."""


class Files(Protocol):
    """The repository's files as they are now; both raise `SocialautoError`."""

    def read(self, path: str) -> bytes: ...

    def blob(self, path: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture, and whether its name still says what is in it."""

    data: bytes
    is_current: bool


@dataclass
class View:
    """One look, whose pages are made when somebody asks for them. Any thread may ask."""

    scene: Scene
    caps: Caps
    files: Files
    _drawn: dict[str, Picture] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def _pages(self) -> Pages:
        made = Pages(self.scene, standings(self.scene, self.caps), live=True)
        made.show(frozenset(self._wanted))
        return made

    @cached_property
    def _wanted(self) -> Mapping[str, MediaItem]:
        return pictures(self.scene)

    @cached_property
    def _rows(self) -> Mapping[str, bytes]:
        """Apart from the rest of the data, because every reader of the list waits for them."""
        return dict(row_files(self.scene))

    @cached_property
    def _data(self) -> Mapping[str, bytes]:
        return dict(data_files(self.scene, self._pages.standings))

    def file(self, name: str) -> bytes | None:
        """A page, or a file of data; None when the site has none of that name."""
        with self._lock:
            make = self._pages.makers.get(name)
            if make is not None:
                return make()
            if name in self._rows:
                return self._rows[name]
            return self._data.get(name) if name in DATA else None

    def picture(self, name: str) -> Picture | None:
        """The small picture of that name; None when it cannot be made."""
        item = self._wanted.get(name)
        if item is None:
            return None
        if name not in self._drawn:
            drawn = self._draw(item)
            if drawn is None:
                return None
            with self._lock:
                self._drawn[name] = drawn
                while len(self._drawn) > MOST_PICTURES:
                    del self._drawn[next(iter(self._drawn))]
            return drawn
        return self._drawn.get(name)

    def _draw(self, item: MediaItem) -> Picture | None:
        try:
            data = thumbs.small_picture(self.files.read(item.path))
            return Picture(data, self.files.blob(item.path) == item.blob) if data else None
        except SocialautoError:
            return None

    def keep_pictures_of(self, other: View) -> None:
        """What was drawn for an earlier look need not be drawn again."""
        self._drawn = {name: one for name, one in other._drawn.items() if one.is_current}

    def shows_what(self, other: View) -> bool:
        """Whether nobody would see a difference, but for what the clock alone changes."""
        mine, theirs = self.scene, other.scene
        return (
            mine.plan.steps == theirs.plan.steps
            and mine.plan.refusals == theirs.plan.refusals
            and mine.config == theirs.config
            and (mine.insights, mine.authors) == (theirs.insights, theirs.authors)
            and self._late == other._late
        )

    @cached_property
    def _late(self) -> int:
        return sum(item.is_late for item in self.scene.items)

    @cached_property
    def turns(self) -> datetime | None:
        """When a status changes without anybody doing anything; None when none will."""
        scene = self.scene
        dues = (item.due for item in scene.items if item.is_coming)
        moments = (at for due in dues for at in (due, due + MOMENT * 1.01))
        return min((at for at in moments if at > scene.now), default=None)


@dataclass(frozen=True, slots=True)
class News:
    """What an open page is told."""

    built: int
    """Counts up with every look that shows something new."""
    problems: tuple[str, ...]
    """What is wrong with the files or the ledger as they are now; they may not be shown at all."""


@dataclass
class Live:
    """What is served. Changed from the event loop only."""

    view: View | None = None
    news: News = field(default_factory=lambda: News(0, ()))
    _changed: anyio.Event = field(default_factory=anyio.Event)

    def show(self, view: View | None, problems: Iterable[str] = ()) -> bool:
        """Serve this look from now on, or go on with the last good one; say what is wrong.

        Returns whether open pages were told something.
        """
        built = self.news.built
        if view is not None:
            before, self.view = self.view, view
            if before is not None:
                view.keep_pictures_of(before)
            built += before is None or not view.shows_what(before)
        return self._tell(News(built, tuple(problems)))

    def _tell(self, news: News) -> bool:
        if news == self.news:
            return False
        self.news = news
        waiting, self._changed = self._changed, anyio.Event()
        waiting.set()
        return True

    async def next(self, seconds: float) -> None:
        """Returns when there is news, and at the latest after `seconds`."""
        with anyio.move_on_after(seconds):
            await self._changed.wait()
