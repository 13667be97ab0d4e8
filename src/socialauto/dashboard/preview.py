"""One post on one page that needs nothing else: no other file, no network, no script."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

from markupsafe import Markup

from socialauto.core.errors import SocialautoError
from socialauto.core.finding import Finding
from socialauto.core.message import MediaItem, Message
from socialauto.dashboard.render import templates
from socialauto.dashboard.site import Reader
from socialauto.dashboard.thumbs import can_be_small, small_picture

_SHOWN_BELOW = frozenset({"first_comment"})


@dataclass(frozen=True, slots=True)
class Pane:
    """A post on one account."""

    account: str
    platform: str
    """As people write it: Instagram."""
    message: Message
    due: datetime | None
    zone: str
    counts: Sequence[str]
    """What the platform counts: `1,204 of 2,200 characters`."""
    draft: bool
    media: Sequence[tuple[MediaItem, str]]
    """Each with the address of its small picture; empty when there is none."""

    @property
    def wall(self) -> str:
        """The time on the clocks for which it was written."""
        assert self.due is not None
        here = self.due.astimezone(ZoneInfo(self.zone))
        return f"{here:%a} {here.day} {here:%b %Y, %H:%M} {self.zone}"

    @property
    def options(self) -> Iterator[tuple[str, str]]:
        for name, value in self.message.options.items():
            if name not in _SHOWN_BELOW:
                plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                yield name, plain


def _source(item: MediaItem, read: Reader) -> str:
    """Its small picture as an address that is the picture itself."""
    if not can_be_small(item):
        return ""
    try:
        small = small_picture(read(item.path))
    except SocialautoError:
        return ""  # its finding says why; the page shows its name instead
    return f"data:image/jpeg;base64,{base64.b64encode(small).decode()}" if small else ""


def pictures_of(message: Message, read: Reader) -> list[tuple[MediaItem, str]]:
    """The media as a phone shows them: a video by its cover, when it has one."""
    cover = _source(message.cover, read) if message.cover else ""
    return [(item, _source(item, read) if item.is_image else cover) for item in message.media]


def as_html(title: str, path: str, panes: Sequence[Pane], findings: Sequence[Finding]) -> bytes:
    """The page. What is in it is all that it needs."""
    style = files("socialauto.dashboard").joinpath("pages", "style.css").read_text("utf-8")
    text = templates().get_template("preview.html").render(
        title=title, path=path, panes=panes, findings=findings,
        style=Markup(style),  # noqa: S704  it is ours
    )  # fmt: skip
    return text.encode("utf-8", "replace")
