"""The whole site: pages from templates, data, feed and small pictures, into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from socialauto.core.errors import SocialautoError
from socialauto.core.message import MediaItem
from socialauto.dashboard import thumbs
from socialauto.dashboard.accounts import Standing, standings
from socialauto.dashboard.data import as_json, row_scripts
from socialauto.dashboard.folder import SiteFolder, open_site
from socialauto.dashboard.ics import as_ics
from socialauto.dashboard.render import Pages
from socialauto.dashboard.scene import Scene

Reader = Callable[[str], bytes]
"""The bytes of a file of the repository. Raises `SocialautoError` when there are none."""
Caps = Mapping[str, int | None]

DATA = ("data.json", "calendar.ics")

_AT_ONCE = 4
"""Small pictures are made side by side: decoding leaves other threads alone."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    pages: int
    written: int
    removed: int
    root: Path


def pictures(scene: Scene) -> dict[str, MediaItem]:
    """Everything that has a small picture, by the file that it has."""
    found: dict[str, MediaItem] = {}
    for item in scene.items:
        cover = item.step.delivery.message.cover if item.step.delivery else None
        for medium in (*item.media, *([cover] if cover else ())):
            if medium.blob and thumbs.can_be_small(medium):
                found.setdefault(thumbs.name_of(medium), medium)
    return found


def _made(pair: tuple[str, MediaItem], read: Reader) -> tuple[str, bytes | None]:
    name, item = pair
    try:
        return name, thumbs.small_picture(read(item.path))
    except SocialautoError:
        return name, None  # its finding says why; the page shows its name instead


def _draw(wanted: Mapping[str, MediaItem], site: SiteFolder, read: Reader) -> Iterator[str]:
    """Make the pictures that are missing; yields the names of those that exist now."""
    missing = []
    for name, item in wanted.items():
        if site.has(name):
            site.keep(name)
            yield name
        else:
            missing.append((name, item))
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        for name, data in workers.map(partial(_made, read=read), missing):
            if data is not None:
                site.put(name, data)
                yield name


def data_files(scene: Scene, told: tuple[Standing, ...]) -> Iterator[tuple[str, bytes]]:
    """What programs read, and the rows of the list."""
    yield "data.json", as_json(scene, told)
    yield "calendar.ics", as_ics(scene.by_time, base_url=scene.base_url)
    yield from row_files(scene)


def row_files(scene: Scene) -> Iterator[tuple[str, bytes]]:
    """The rows of the list, in pieces."""
    for number, script in enumerate(row_scripts(scene)):
        yield f"data/rows-{number}.js", script


def build(scene: Scene, out: Path, *, read: Reader, caps: Caps) -> Built:
    """Write the site. Raises `SocialautoError` when the folder is somebody else's."""
    site = open_site(out)
    told = standings(scene, caps)
    data = dict(data_files(scene, told))
    wanted = pictures(scene)
    pages = Pages(scene, told)
    site.claim([*data, *pages.makers, *wanted])
    pages.show(frozenset(_draw(wanted, site, read)))
    for name, content in data.items():
        site.put(name, content)
    for name, make in pages.makers.items():
        site.put(name, make())
    site.finish()
    number = sum(name.endswith(".html") for name in pages.makers)
    return Built(number, site.written, site.removed, out)
