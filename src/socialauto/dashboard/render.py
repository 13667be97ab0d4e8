"""Pages from templates. Every text of a person is escaped there, and isolated from what is around
it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from socialauto.core.message import MediaItem
from socialauto.core.spans import span, utc
from socialauto.dashboard import words
from socialauto.dashboard.accounts import MONTH, Standing
from socialauto.dashboard.cure import cure
from socialauto.dashboard.data import FIRST_ROWS, MORE_ROWS
from socialauto.dashboard.months import Sheet, months, weeks
from socialauto.dashboard.runs import EVENTS_SHOWN, RUNS_SHOWN, runs
from socialauto.dashboard.scene import COMING, TONES, Item, Scene
from socialauto.dashboard.thumbs import name_of

STATIC = ("style.css", "posts.js", "tabs.js", "icon.svg")
ROWS_AT_FIRST = 50
"""Rows of the list that stand in the page itself, for who has no scripts."""
TAGS = 300
"""Hashtags that the list's filter offers; others can be typed."""
SHOWN = 12
"""Items of each section of the overview."""
_HIDDEN_OPTIONS = frozenset({"first_comment"})
"""Options that the page shows in a place of their own."""


@dataclass(frozen=True, slots=True)
class _Filters:
    """Instants and texts, as the templates write them."""

    zone: ZoneInfo
    now: datetime

    def when(self, value: datetime) -> str:
        """`Tue 1 Dec 2026, 09:00`, on the team's clocks."""
        shown = value.astimezone(self.zone)
        return f"{shown:%a} {shown.day} {shown:%b %Y, %H:%M}"

    def clock(self, value: datetime) -> str:
        return f"{value.astimezone(self.zone):%H:%M}"

    def distance(self, value: datetime) -> str:
        """`in 3 h`, `2 d ago`."""
        ahead = value - self.now
        if abs(ahead) < timedelta(minutes=1):
            return "now"
        return f"in {span(ahead)}" if ahead > timedelta(0) else f"{span(ahead)} ago"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _wall(item: Item) -> str:
    """The wanted time on the clocks it was written for."""
    zone = item.step.delivery.zone if item.step.delivery else "UTC"
    shown = item.due.astimezone(ZoneInfo(zone))
    return f"{shown:%a} {shown.day} {shown:%b %Y, %H:%M} {zone}"


def _machine(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def templates() -> Environment:
    """Where the templates are, with what all of them may call."""
    made = Environment(
        loader=PackageLoader("socialauto.dashboard", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # with 10,000 pages it would look 40,000 times whether one has changed
    )
    made.filters |= {
        "readable": words.readable,
        "folded": words.folded,
        "tagged": words.tagged,
        "listed": words.listed,
        "utc": utc,
    }
    return made


def environment(scene: Scene) -> Environment:
    """For the pages of a site."""
    made = templates()
    filters = _Filters(scene.zone, scene.now)
    made.filters |= {
        "when": filters.when,
        "clock": filters.clock,
        "distance": filters.distance,
        "machine": _machine,
        "wall": _wall,
        "web_link": words.web_link,
        "lateness": words.lateness,
        "plain": _plain,
        "picture": name_of,
        "span": lambda seconds: span(timedelta(seconds=seconds)),
    }
    made.globals |= {
        "commit_url": scene.commit_url,
        "cure": cure,
        "status_words": words.STATUS_WORDS,
        "tones": TONES,
        "pictures": frozenset(),
    }
    return made


def static(name: str) -> bytes:
    """A file that every site has as it is."""
    return files("socialauto.dashboard").joinpath("pages", name).read_bytes()


@dataclass
class Pages:
    """All pages of a scene, each made when it is asked for."""

    scene: Scene
    standings: tuple[Standing, ...]
    live: bool = False
    """They are served by a program that tells them when there is something new."""
    _environment: Environment = field(init=False)

    def __post_init__(self) -> None:
        self._environment = environment(self.scene)

    @cached_property
    def sheets(self) -> list[Sheet]:
        return [*months(self.scene), *weeks(self.scene)]

    @cached_property
    def _this_month(self) -> Sheet:
        page = f"calendar/{self.scene.now.astimezone(self.scene.zone):%Y-%m}.html"
        return next(sheet for sheet in self.sheets if sheet.page == page)

    def show(self, pictures: frozenset[str]) -> None:
        """These small pictures exist; before this, none does."""
        self._environment.globals["pictures"] = pictures
        self._environment.filters["shown"] = partial(_shown, pictures)

    @cached_property
    def makers(self) -> dict[str, Callable[[], bytes]]:
        """Every file by its name, and what makes it."""
        made: dict[str, Callable[[], bytes]] = {
            name: partial(static, name) for name in (*STATIC, *(("live.js",) if self.live else ()))
        }
        made["index.html"] = lambda: self._page("index.html", **self._overview())
        made["posts.html"] = lambda: self._page("posts.html", **self._list())
        made["accounts.html"] = partial(self._page, "accounts.html", standings=self.standings)
        made["runs.html"] = self._runs
        made["calendar/index.html"] = lambda: self._sheet("calendar/index.html", self._this_month)
        made |= {sheet.page: partial(self._sheet, sheet.page, sheet) for sheet in self.sheets}
        made |= {page: partial(self._post, page, items) for page, items in self.scene.pages.items()}
        return made

    def _page(self, name: str, template: str = "", **values: Any) -> bytes:
        root = "../" * name.count("/")
        found = self._environment.get_template(template or name)
        zone = self.scene.config.timezone
        text = found.render(root=root, scene=self.scene, zone=zone, live=self.live, **values)
        # A half of a character can stand in a name of a file; no page can hold it.
        return text.encode("utf-8", "replace")

    def _sheet(self, name: str, sheet: Sheet) -> bytes:
        return self._page(name, "sheet.html", sheet=sheet)

    def _post(self, name: str, items: list[Item]) -> bytes:
        return self._page(name, "post.html", items=items, options=_options)

    def _overview(self) -> dict[str, Any]:
        items, now = self.scene.items, self.scene.now
        coming = [item for item in self.scene.by_time if item.is_coming and not item.is_late]
        public = _published(items)
        return {
            "late": [item for item in self.scene.by_time if item.is_late],
            "attention": self.scene.attention,
            "coming": coming,
            "this_week": sum(item.due <= now + timedelta(days=7) for item in coming),
            "public": public,
            "this_month": sum(now - at <= MONTH for at in map(_published_at, public)),
            "standings": self.standings,
            "shown": SHOWN,
        }

    def _list(self) -> dict[str, Any]:
        items = self.scene.items
        more = max(0, len(items) - FIRST_ROWS)
        return {
            "items": items[:ROWS_AT_FIRST],
            "total": len(items),
            "pieces": 1 + -(-more // MORE_ROWS),
            "accounts": sorted({item.key.account for item in items}),
            "authors": sorted({item.author for item in items if item.author}, key=str.casefold),
            "tags": _most_used(items),
            "platforms": sorted({item.platform for item in items if item.platform}),
            "types": sorted({item.type for item in items if item.type}),
            "statuses": [name for name in words.STATUS_WORDS if name in _statuses(items)],
        }

    def _runs(self) -> bytes:
        found = runs(self.scene)
        shown = found[:RUNS_SHOWN]
        return self._page(
            "runs.html", runs=shown, left_out=len(found) - len(shown), most=EVENTS_SHOWN
        )


def _shown(pictures: frozenset[str], item: Item, root: str) -> list[tuple[MediaItem, str]]:
    """The media as a phone shows them, each with its small picture: a video by its cover."""
    cover = item.step.delivery.message.cover if item.step.delivery else None

    def source(one: MediaItem | None) -> str:
        known = one is not None and one.blob and name_of(one) in pictures
        return f"{root}{name_of(one)}" if one is not None and known else ""

    return [(one, source(one if one.is_image else cover)) for one in item.media]


def _most_used(items: tuple[Item, ...]) -> list[str]:
    """Hashtags to choose from, by name; the rarest are left out when there are very many."""
    counted = Counter(tag for item in items for tag in item.tags)
    return sorted(tag for tag, _ in counted.most_common(TAGS))


def _statuses(items: tuple[Item, ...]) -> set[str]:
    return {item.status for item in items}


def _published_at(item: Item) -> datetime:
    assert item.step.entry is not None
    assert item.step.entry.published_at is not None
    return item.step.entry.published_at


def _published(items: tuple[Item, ...]) -> list[Item]:
    """What is public, newest first."""
    found = [
        item
        for item in items
        if item.step.entry is not None
        and item.step.entry.published_at is not None
        and item.step.kind not in COMING
        and item.status != "deleted"
    ]
    return sorted(found, key=_published_at, reverse=True)


def _options(item: Item) -> dict[str, str]:
    """What the platform is told beside text and media."""
    if item.step.delivery is None:
        return {}
    options = item.step.delivery.message.options
    return {name: _plain(value) for name, value in options.items() if name not in _HIDDEN_OPTIONS}
