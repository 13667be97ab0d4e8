"""One post of a change in Markdown: when and where, its text, its media, what is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from socialauto.core.compare import Difference, Kind
from socialauto.core.delivery import Delivery
from socialauto.core.message import MediaItem, Message
from socialauto.core.spans import utc
from socialauto.report.caption import beginning, compared, quoted
from socialauto.report.markdown import attribute, cell, code
from socialauto.report.review import Reviewed, Row, what
from socialauto.report.show import Count, counts_in, describe

VERBS = {
    "add": "adds",
    "new id": "renames",
    "move": "moves",
    "edit": "edits",
    "rename": "renames the file of",
    "withdraw": "withdraws",
    "delete": "deletes",
}
"""What a change does, by its kind."""
_GONE = frozenset({"withdraw", "delete"})
_PICTURES = frozenset({"jpeg", "png", "gif", "webp"})
_LONGEST = 600
"""Characters of one message, name or alt text."""


@dataclass(frozen=True, slots=True)
class Forge:
    """Where the files of a change can be looked at."""

    url: str = ""
    """Of the change's commit: `https://github.com/acme/posts/blob/0123abc`; empty when unknown."""
    prefix: str = ""
    """From the top of the repository to where `socialauto.yaml` is, with a slash at its end."""

    def page(self, path: str) -> str:
        if not self.url:
            return ""
        name = quote(f"{self.prefix}{path}", errors="surrogatepass")
        return f"{self.url.rstrip('/')}/{name}"

    def picture(self, path: str) -> str:
        """GitHub shows pictures of private repositories only at this address of theirs."""
        page = self.page(path)
        return f"{page}?raw=true" if "/blob/" in page else page


def short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def link(path: str, forge: Forge) -> str:
    page = forge.page(path)
    return f"[{code(short(path))}]({page})" if page else code(short(path))


def some(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _time(delivery: Delivery) -> str:
    """`**Tue 1 Dec 2026, 09:00 Europe/Berlin** (2026-12-01 08:00 UTC)`."""
    here = delivery.due.astimezone(ZoneInfo(delivery.zone))
    words = f"**{here:%a} {here.day} {here:%b %Y, %H:%M} {cell(delivery.zone)}**"
    return words if delivery.zone == "UTC" else f"{words} ({utc(delivery.due)})"


def _count(one: Count) -> str:
    if one.limit is None:
        return f"{one.count:,} {one.what}"
    words = f"{one.count:,}/{one.limit:,} {one.what}"
    return f"**{words}**" if one.count > one.limit else words


def _counts(delivery: Delivery, reviewed: Reviewed) -> str:
    message = delivery.message
    capabilities = reviewed.capabilities.get(delivery.key.account)
    if capabilities is None:
        return some(len(message.text), "character")
    types = capabilities.types.get(message.type)
    media = Count("media", len(message.media), types.max_media if types else None)
    length, *others = counts_in(message, capabilities)
    counted = [length, *(one for one in others if one.count), media]
    return " · ".join(map(_count, counted))


def _is_picture(item: MediaItem) -> bool:
    return item.is_image and getattr(item.facts, "format", "") in _PICTURES


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes posts; how much of a picture book it is depends on the room."""

    reviewed: Reviewed
    forge: Forge

    def line(self, row: Row) -> str:
        """One line for one post."""
        kinds = " and ".join(VERBS[kind] for kind in row.one.kinds)
        return f"- {kinds} {code(short(row.one.key.name))}, {_time(row.one.delivery)}"

    def whole(self, row: Row, pictures: int) -> str:
        """Everything that a reviewer wants to know of one post."""
        one = row.one
        kinds = " and ".join(VERBS[kind] for kind in one.kinds)
        parts = [f"#### {kinds} {code(short(one.key.name))}", self._facts(one)]
        if told := what(row, self.reviewed.entry(one)):
            parts.append(cell(short(told)))
        parts += self._content(one, pictures)
        return "\n\n".join(part for part in parts if part) + "\n"

    def _facts(self, one: Difference) -> str:
        delivery = one.delivery
        where = link(delivery.path, self.forge) if one.after else code(short(delivery.path))
        facts = f"{_time(delivery)} · {delivery.message.type.value} · {where}"
        goes = one.after is not None and not _GONE & set(one.kinds)
        return f"{facts}\\\n{_counts(delivery, self.reviewed)}" if goes else facts

    def _content(self, one: Difference, pictures: int) -> Iterator[str]:
        message = one.delivery.message
        if one.before is not None and "text" in one.fields:
            yield compared(one.before.message.text, message.text)
        elif Kind.ADD in one.kinds:
            yield quoted(message.text)
        else:
            yield beginning(message.text)
        if Kind.ADD in one.kinds or {"media", "what is said about media", "cover"} & {*one.fields}:
            yield from self._media(message, pictures)
        yield "\n".join(_options(one))

    def _media(self, message: Message, pictures: int) -> Iterator[str]:
        items = [*message.media, *([message.cover] if message.cover else [])]
        shown = [item for item in items if self.forge.url and _is_picture(item)][:pictures]
        yield " ".join(map(self._picture, shown))
        yield "\n".join(f"{number}. {self._medium(item)}" for number, item in enumerate(items, 1))

    def _picture(self, item: MediaItem) -> str:
        source = attribute(self.forge.picture(item.path))
        alt = attribute(short(item.alt or item.path))
        return f'<img src="{source}" alt="{alt}" height="160">'

    def _medium(self, item: MediaItem) -> str:
        alt = f"alt: {code(short(item.alt))}" if item.alt else "no alt text"
        return f"{link(item.path, self.forge)} {cell(describe(item.facts))}, {alt}"

    def pictures_of(self, row: Row) -> int:
        message = row.one.delivery.message
        return sum(map(_is_picture, message.media)) if row.one.after else 0


def _options(one: Difference) -> Iterator[str]:
    """What the platform is told beside text and media, where that is new."""
    for name, value in one.delivery.message.options.items():
        if Kind.ADD in one.kinds or name in one.fields:
            yield f"- {cell(name.replace('_', ' '))}: {code(short(str(value)))}"
