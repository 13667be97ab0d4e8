"""The plan as an iCalendar feed (RFC 5545): one event a delivery, at its due instant, in UTC.

UTC says the same instant everywhere, so no zone's rules have to travel with the feed. The same
items make the same bytes: nothing in it says when it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from socialauto.core.spans import local
from socialauto.dashboard.scene import Item
from socialauto.dashboard.words import readable, web_link

_LINE = 73
"""Octets of a line before it is folded; the standard allows 75."""

_CONFIRMED = frozenset({"published", "wait", "publish", "retry", "busy", "settle", "drift"})
_CANCELLED = frozenset({"deleted", "missed", "orphan"})


def _text(value: str) -> str:
    value = readable(value).replace("\t", " ").replace("\\", "\\\\").replace("\n", "\\n")
    return value.replace(";", "\\;").replace(",", "\\,")


def _instant(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, never within a character."""
    if line.isascii():
        yield line[:_LINE]
        yield from (
            f" {line[start : start + _LINE - 1]}" for start in range(_LINE, len(line), _LINE - 1)
        )
        return
    piece, size = "", 0
    for char in line:
        width = len(char.encode("utf-8", "replace"))
        if size + width > _LINE:
            yield piece
            piece, size = " ", 1
        piece += char
        size += width
    yield piece


def _status(item: Item) -> str:
    if item.status in _CANCELLED:
        return "CANCELLED"
    return "CONFIRMED" if item.status in _CONFIRMED else "TENTATIVE"


def _address(item: Item, base_url: str) -> str:
    entry = item.step.entry
    public = web_link(entry.url if entry else None)
    return public or (f"{base_url}{item.page}" if base_url else "")


def _description(item: Item, zone: str) -> str:
    where = item.step.delivery.path if item.step.delivery else "its file is gone"
    lines = [
        f"{item.status_words} on {item.key.account}: {item.step.reason}",
        f"{local(item.due, zone)}, {item.type or 'post'}, {where}",
        "",
        item.text,
    ]
    return "\n".join(lines).strip()


def _event(item: Item, base_url: str) -> Iterator[str]:
    zone = item.step.delivery.zone if item.step.delivery else "UTC"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(f'{item.key.name}/{item.key.account}@socialauto')}"
    # When it was made would change with every build; what it says changes with its time.
    yield f"DTSTAMP:{_instant(item.due)}"
    yield f"DTSTART:{_instant(item.due)}"
    yield "DURATION:PT15M"
    yield f"SUMMARY:{_text(f'{item.title} ({item.key.account}, {item.status_words})')}"
    yield f"DESCRIPTION:{_text(_description(item, zone))}"
    yield f"CATEGORIES:{_text(item.key.account)},{_text(item.status)}"
    yield f"STATUS:{_status(item)}"
    yield "TRANSP:TRANSPARENT"
    if address := _address(item, base_url):
        yield f"URL:{address}"
    yield "END:VEVENT"


def as_ics(items: Iterable[Item], *, base_url: str = "") -> bytes:
    """The feed of these items, in their order."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//socialauto//dashboard//EN"]
    lines += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH", "X-WR-CALNAME:Posts"]
    for item in items:
        lines += _event(item, base_url)
    lines.append("END:VCALENDAR")
    folded = (piece for line in lines for piece in _folded(line))
    return ("\r\n".join(folded) + "\r\n").encode("utf-8", "replace")
