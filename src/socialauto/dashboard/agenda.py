"""Posts by day for a terminal and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from rich.console import Console
from rich.text import Text

from socialauto.core.spans import utc
from socialauto.dashboard.data import delivery
from socialauto.dashboard.scene import Item, Scene
from socialauto.dashboard.words import readable

JSON_VERSION = 1

_STYLES = {
    "attention": "bold red",
    "working": "yellow",
    "coming": "cyan",
    "done": "green",
    "quiet": "dim",
}


def since(scene: Scene, first: date, end: date | None = None) -> list[Item]:
    """What is due from `first` on and before `end`, on the team's clocks, in the order of time."""
    days = scene.days(scene.by_time)
    last = end.isoformat() if end else "~"
    return [item for day in days if first.isoformat() <= day < last for item in days[day]]


def _day(day: str) -> Text:
    found = date.fromisoformat(day)
    return Text(f"{found:%A} {found.day} {found:%B %Y}", style="bold")


def _lines(scene: Scene, items: list[Item], width: int | None) -> Iterator[Text]:
    """A title that does not fit into the width is cut; a name of a post never is."""
    status = max((len(item.status_words) for item in items), default=0)
    account = max((len(item.key.account) for item in items), default=0)
    for day, found in scene.days(items).items():
        yield _day(day)
        for item in found:
            line = Text(f"  {item.due.astimezone(scene.zone):%H:%M}  ")
            line.append(item.status_words.ljust(status), style=_STYLES[item.tone])
            line.append(f"  {item.key.account.ljust(account)}  {readable(item.key.name)}")
            room = None if width is None else width - line.cell_len - len("  ")
            if item.title != item.key.name and (room is None or room > 1):
                title = Text(item.title, style="dim")
                if room is not None:
                    title.truncate(room, overflow="ellipsis")
                line.append("  ").append_text(title)
            yield line


def print_text(scene: Scene, items: list[Item], console: Console) -> None:
    """A line a post below each day that has some."""
    # A log or a pipe gets whole lines.
    for line in _lines(scene, items, console.width if console.is_terminal else None):
        console.print(line, soft_wrap=True)
    if not items:
        console.print("no posts in this time")
    number = f"{len(items)} post{'' if len(items) == 1 else 's'}"
    console.print(
        Text(f"{number}, times in {scene.config.timezone}, at {utc(scene.now)}", style="dim")
    )


def as_json(scene: Scene, items: Iterable[Item]) -> str:
    """A stable document: `version`, `now`, `timezone`, `deliveries` as in `data.json`."""
    document = {
        "version": JSON_VERSION,
        "now": f"{scene.now:%Y-%m-%dT%H:%M:%SZ}",
        "timezone": scene.config.timezone,
        "deliveries": [delivery(item) for item in items],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
