"""Schedules as text of 80 columns and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from socialauto.core.capability import Capabilities
from socialauto.core.delivery import Delivery
from socialauto.core.spans import local, span, utc
from socialauto.core.suggest import visible
from socialauto.engine.timetables import Date, QueueShown, SeriesShown, SlotsShown
from socialauto.report.layout import print_title
from socialauto.report.plan import instant
from socialauto.report.show import counts_in

Shown = SeriesShown | SlotsShown

_LONGEST = 60
"""Characters of a text that a table shows; all of it stands further below."""


def _short(text: str) -> str:
    line = visible(" ".join(text.split()))
    return f"{line[: _LONGEST - 1]}…" if len(line) > _LONGEST else line


def _wall(due: datetime, zone: str) -> str:
    return f"{due.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


def _table(*names: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name != names[-1])
    return table


def _what(date: Date) -> str:
    if date.skipped:
        return "skipped"
    first = next(iter(date.sends.values()))
    lines = [": ".join(filter(None, (date.turn, _short(first.message.text))))]
    return "\n".join(filter(None, (*lines, date.note)))


def _date_rows(shown: SeriesShown) -> Table:
    table = _table(f"date ({shown.zone})", "UTC", "what")
    for date in shown.dates:
        style = "dim" if date.skipped else ""
        utc_text = "" if date.skipped else f"{utc(date.due).removesuffix(' UTC')}"
        cells = (_wall(date.due, shown.zone), utc_text, _what(date))
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table


def _effect(shown: SeriesShown, index: int) -> str:
    change, wall = shown.changes[index]
    if wall is None:
        return "means no date"
    if change.skip:
        return "nothing goes out"
    move = f"goes out {change.move} instead" if change.move else ""
    other = "goes out with other content" if change.replace else ""
    return " and ".join(filter(None, (move, other)))


def _facts(shown: SeriesShown) -> Iterator[tuple[str, str]]:
    series = shown.written.series
    yield "rule", series.every or series.rule or "none"
    yield "time zone", shown.zone
    if series.start:
        yield "from", series.start
    if series.until:
        yield "until", series.until
    if series.count:
        yield "dates", f"{series.count} in all"
    if series.cool_down:
        yield "cool-down", span(series.cool_down)
    yield "accounts", ", ".join(one.account for one in shown.series)
    if series.draft:
        yield "draft", "nothing of it goes out"


def _print_version(delivery: Delivery, capabilities: Capabilities, console: Console) -> None:
    """What is sent, below its counts."""
    counted = [str(one) for one in counts_in(delivery.message, capabilities)]
    words = ", ".join([*counted, *(visible(item.path) for item in delivery.message.media)])
    console.print(Padding(Text(words, style="dim"), (0, 0, 0, 2), expand=False))
    text = "\n".join(map(visible, delivery.message.text.splitlines()))
    console.print(Padding(Text(text), (0, 0, 0, 4), expand=False))


def _named(shown: SeriesShown) -> Iterator[tuple[str, Delivery]]:
    """Everything that goes out by this series, once an account, with its name in the table. Words
    that know their date are those of the first date shown."""
    for series in shown.series:
        several = len(series.pool) > 1
        first = next((date.due for date in shown.dates if not date.skipped), None)
        for number, version in enumerate(series.pool, 1):
            name = f"pool {number} on {series.account}" if several else f"on {series.account}"
            yield name, version.at(first) if first else version
        for wall, version in sorted(series.replaced.items()):
            yield f"{wall:%Y-%m-%d %H:%M} on {series.account}", version


def _print_facts(facts: Iterator[tuple[str, str]], console: Console) -> None:
    for name, value in facts:
        if value:
            console.print(Text.assemble((f"{name}: ", "dim"), visible(value)))


def _title(id: str, path: str, line: int, console: Console) -> None:
    title = Text(visible(f"{id} ({path}:{line})"), style="bold")
    print_title(console, title)


def _print_series(shown: SeriesShown, console: Console) -> None:
    source = shown.written.source
    _title(source.id, source.path, source.line, console)
    _print_facts(_facts(shown), console)
    console.print()
    if shown.dates:
        console.print(_date_rows(shown))
    else:
        console.print("no date to come")
    if shown.changes:
        console.print("\nexceptions", style="bold")
    for index, (change, _) in enumerate(shown.changes):
        console.print(Text(visible(f"{change.on}: {_effect(shown, index)}")))
    for name, version in _named(shown):
        console.print(Text(f"\n{name} ({version.message.type})", style="bold"))
        _print_version(version, shown.capabilities[version.key.account], console)


def _slot_facts(shown: SlotsShown) -> Iterator[tuple[str, str]]:
    slots = shown.written.slots
    yield "slots", ", ".join(slots.slots)
    if shown.queue:
        yield "time zone", shown.queue.timetables[0].zone.key
    if slots.start:
        yield "from", slots.start
    if slots.until:
        yield "until", slots.until
    for days, lost in shown.blackouts:
        yield "blackout", f"{days}, {lost} slot{'' if lost == 1 else 's'} fewer"


def _queue_rows(queue: QueueShown, zone: str) -> Table:
    table = _table(f"slot ({zone})", "UTC", "post")
    for place in queue.row:
        words = f"{visible(place.delivery.key.name)}\n{_short(place.delivery.message.text)}"
        when = utc(place.due).removesuffix(" UTC")
        table.add_row(_wall(place.due, zone), when, Text(words))
    return table


def _print_queue(queue: QueueShown, zone: str, console: Console) -> None:
    console.print(Text(f"\non {queue.account}", style="bold"))
    if queue.row:
        console.print(_queue_rows(queue, zone))
    for one in queue.without:
        words = visible(f"no slot: {one.key.name} ({one.path}:{one.line})")
        console.print(Text(words, style="yellow"))
    if queue.done:
        console.print(Text(f"{queue.done} tried or published before", style="dim"))
    free = ", ".join(_wall(slot, zone) for slot in queue.free)
    console.print(Text(f"free: {free or 'no slot any more'}", style="dim"))


def _print_slots(shown: SlotsShown, console: Console) -> None:
    written = shown.written
    _title(written.id, written.path, written.document.place(())[0], console)
    _print_facts(_slot_facts(shown), console)
    if shown.queue is None:
        console.print("\nthe slots have an error, so nothing of their queue goes out")
        return
    zone = shown.queue.timetables[0].zone.key
    for queue in shown.queues:
        _print_queue(queue, zone, console)
    if not shown.queues:
        free = ", ".join(_wall(slot, zone) for slot in shown.coming)
        console.print(f"\nno post waits for these slots; free: {free or 'no slot any more'}")
    elif not shown.ledger:
        words = "this clone has no copy of the ledger: posts that are published count as waiting"
        console.print(Text(f"\n{words}", style="dim"))


def print_text(shown: Shown, console: Console) -> None:
    """One schedule."""
    if isinstance(shown, SeriesShown):
        _print_series(shown, console)
    else:
        _print_slots(shown, console)


def _sent(delivery: Delivery) -> dict[str, Any]:
    message = delivery.message
    return {
        "account": delivery.key.account,
        "platform": message.platform,
        "type": message.type.value,
        "text": message.text,
        "media": [item.path for item in message.media],
        "problem": delivery.invalid or None,
    }


def _date_json(date: Date, zone: str) -> dict[str, Any]:
    return {
        "name": date.name,
        "due": instant(date.due),
        "local": local(date.due, zone),
        "skipped": date.skipped,
        "turn": date.turn or None,
        "note": date.note or None,
        "sends": [_sent(delivery) for delivery in date.sends.values()],
    }


def _series_json(shown: SeriesShown) -> dict[str, Any]:
    source, series = shown.written.source, shown.written.series
    return {
        "kind": "series",
        "id": source.id,
        "file": source.path,
        "line": source.line,
        "rule": series.every or series.rule,
        "timezone": shown.zone or None,
        "start": series.start,
        "until": series.until,
        "count": series.count,
        "draft": series.draft,
        "accounts": [one.account for one in shown.series],
        "dates": [_date_json(date, shown.zone) for date in shown.dates],
        "exceptions": [
            {"on": change.on, "effect": _effect(shown, index)}
            for index, (change, _) in enumerate(shown.changes)
        ],
    }


def _queue_json(queue: QueueShown, zone: str) -> dict[str, Any]:
    def post(delivery: Delivery, due: datetime | None) -> dict[str, Any]:
        return {
            "post": delivery.key.post,
            "file": delivery.path,
            "line": delivery.line,
            "due": instant(due),
            "local": local(due, zone) if due else None,
            **_sent(delivery),
        }

    return {
        "account": queue.account,
        "posts": [post(place.delivery, place.due) for place in queue.row],
        "without_a_slot": [post(delivery, None) for delivery in queue.without],
        "free": [instant(slot) for slot in queue.free],
        "done": queue.done,
    }


def _slots_json(shown: SlotsShown) -> dict[str, Any]:
    written, slots = shown.written, shown.written.slots
    zone = shown.queue.timetables[0].zone.key if shown.queue else ""
    return {
        "kind": "slots",
        "id": written.id,
        "file": written.path,
        "line": written.document.place(())[0],
        "slots": list(slots.slots),
        "timezone": zone or None,
        "start": slots.start,
        "until": slots.until,
        "blackout": [{"days": days, "slots": lost} for days, lost in shown.blackouts],
        "coming": [instant(slot) for slot in shown.coming],
        "ledger": shown.ledger,
        "queues": [_queue_json(queue, zone) for queue in shown.queues],
    }


def as_object(shown: Shown) -> dict[str, Any]:
    """One schedule, for programs."""
    return _series_json(shown) if isinstance(shown, SeriesShown) else _slots_json(shown)
