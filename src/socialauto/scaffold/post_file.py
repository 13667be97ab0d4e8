"""The text of a new post and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Literal
from zoneinfo import ZoneInfo

from socialauto.core.when import TimeFlaw, in_zone
from socialauto.scaffold.yaml_text import block, scalar

Format = Literal["md", "yaml"]

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
    fields = "\n".join(_fields(post))
    text = post.text.replace("\r\n", "\n").strip()
    if post.format == "md":
        return f"---\n{fields}\n---\n{text}\n" if text else f"---\n{fields}\n---\n"
    up = "../" * post.path.count("/")
    modeline = f"# yaml-language-server: $schema={up}{SCHEMA}"
    body = f"text: |-\n{block(text, '  ')}\n" if text else ""
    return f"{modeline}\n{fields}\n{body}"


def _fields(post: NewPost) -> list[str]:
    lines = [f"id: {scalar(post.id)}", *_accounts(post.accounts)]
    if post.type:
        lines.append(f"type: {post.type}")
    lines.append(f"time: {post.time}")
    if post.media:
        lines.append("media:")
        for path, alt in zip_longest(post.media, post.alts, fillvalue=""):
            lines.extend(_media(path, alt))
    if post.draft:
        lines.append("draft: true  # remove this line when it may go out")
    return lines


def _media(path: str, alt: str) -> list[str]:
    if not alt:
        return [f"  - {scalar(path)}"]
    return [f"  - path: {scalar(path)}", f"    alt: {scalar(alt)}"]


def _accounts(names: tuple[str, ...]) -> list[str]:
    if len(names) == 1:
        return [f"account: {names[0]}"]
    return [f"accounts: [{', '.join(names)}]"]
