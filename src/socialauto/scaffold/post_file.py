"""The text of a new post and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from socialauto.core.when import TimeFlaw, in_zone
from socialauto.scaffold.post_document import Format, document_text

_DRAFT = "# remove this line when it may go out"

SCHEMA = "schemas/post.schema.json"


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post that a person is about to start."""

    id: str
    accounts: tuple[str, ...]
    time: str
    """As it is written: `2026-12-01 09:00`."""
    folder: str = ""
    """Below `content/`: year and month of that time, `2026/12`."""
    type: str = ""
    media: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    """What people who cannot see the media are told, in the same order; may be shorter."""
    text: str = ""
    draft: bool = False
    format: Format = "md"

    @property
    def path(self) -> str:
        return "/".join(filter(None, ("content", self.folder, f"{self.id}.{self.format}")))


def suggested_time(now: datetime, zone: ZoneInfo) -> datetime:
    """Tomorrow, at the next full hour on the clocks of `zone`: soon, and with time to review."""
    local = now.astimezone(zone).replace(tzinfo=None)
    wall = (local + timedelta(days=1, hours=1)).replace(minute=0, second=0, microsecond=0)
    while isinstance(in_zone(wall, zone), TimeFlaw):
        wall += timedelta(hours=1)  # skipped or repeated when the clocks change
    return wall


def post_text(post: NewPost) -> str:
    """The file, as any post is written, with what helps the person who goes on with it."""
    written = document_text(_values(post), post.text, post.format)
    if post.draft:
        written = written.replace("\ndraft: true\n", f"\ndraft: true  {_DRAFT}\n", 1)
    if post.format == "md":
        return written
    up = "../" * post.path.count("/")
    return f"# yaml-language-server: $schema={up}{SCHEMA}\n{written}"


def _values(post: NewPost) -> dict[str, Any]:
    names = list(post.accounts)
    values: dict[str, Any] = {"id": post.id}
    values |= {"account": names[0]} if len(names) == 1 else {"accounts": names}
    values |= {"type": post.type} if post.type else {}
    values["time"] = post.time
    pairs = zip_longest(post.media, post.alts, fillvalue="")
    media = [{"path": path, "alt": alt} if alt else path for path, alt in pairs]
    values |= {"media": media} if media else {}
    return values | ({"draft": "true"} if post.draft else {})
