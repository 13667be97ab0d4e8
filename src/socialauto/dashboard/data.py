"""The same as data: `data.json` for programs, and the rows that the list of posts is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from socialauto.core.plan import Step
from socialauto.core.spans import local
from socialauto.dashboard.accounts import Standing
from socialauto.dashboard.scene import Item, Scene
from socialauto.report.drift import as_fields
from socialauto.report.ledger_entry import entry_json
from socialauto.report.plan import instant

VERSION = 1

FIRST_ROWS = 200
"""Rows that come with the first page of data, so that it is small."""
MORE_ROWS = 1_000


def _part(step: Step) -> dict[str, Any]:
    return {
        "part": step.key.part,
        "step": step.kind.value,
        "reason": step.reason,
        "ledger": entry_json(step.entry) if step.entry else None,
    }


def _insights(item: Item) -> dict[str, Any] | None:
    sample = item.history.newest if item.history else None
    return {"at": instant(sample.at), "metrics": sample.metrics} if sample else None


def delivery(item: Item) -> dict[str, Any]:
    """One delivery of `data.json`."""
    wanted = item.step.delivery
    cure = item.cure
    return {
        "account": item.key.account,
        "platform": item.platform or None,
        "post": item.key.post,
        "occurrence": item.key.occurrence or None,
        "status": item.status,
        "reason": item.step.reason,
        "guard": item.step.guard or None,
        "late": item.is_late,
        "cure": {"words": cure.words, "commands": list(cure.commands)} if cure else None,
        "due": instant(item.due),
        "local": local(item.due, wanted.zone) if wanted else None,
        "next": instant(item.step.at),
        "type": item.type or None,
        "text": wanted.message.text if wanted else None,
        "tags": list(item.tags),
        "author": item.author or None,
        "media": [{"path": one.path, "alt": one.alt or None} for one in item.media],
        "file": wanted.path if wanted else None,
        "line": wanted.line if wanted else None,
        "page": item.page,
        "ledger": entry_json(item.step.entry) if item.step.entry else None,
        "drift": as_fields(item.step.drift),
        "parts": [_part(step) for step in item.parts],
        "insights": _insights(item),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "account": standing.name,
        "platform": standing.platform,
        "coming": standing.coming,
        "attention": standing.attention,
        "held": standing.held,
        "failed": standing.failed,
        "published": standing.published,
        "published_24h": standing.last_day,
        "daily_cap": standing.cap,
        "last_published": instant(standing.last_success),
        "next_due": instant(standing.next_due),
        "trouble": standing.trouble or None,
        "token_known": standing.token_known,
        "token_ends": instant(standing.token_ends),
    }


def as_json(scene: Scene, standings: Iterable[Standing]) -> bytes:
    """`data.json`: one delivery a line, in the order of their times."""
    head = {
        "version": VERSION,
        "now": instant(scene.now),
        "timezone": scene.config.timezone,
        "accounts": [_standing(standing) for standing in standings],
    }
    lines = ",\n".join(json.dumps(delivery(item)) for item in scene.by_time)
    return f'{json.dumps(head, indent=1)[:-2]},\n "deliveries": [\n{lines}\n]}}\n'.encode()


def row(item: Item, scene: Scene) -> list[str]:
    """What the list shows of a delivery: as short as it can be, because there may be 10,000."""
    shown = item.due.astimezone(scene.zone)
    name = item.key.name
    return [
        item.status,
        item.tone,
        f"{shown:%Y-%m-%d %H:%M}",
        item.key.account,
        item.platform,
        item.type,
        item.title,
        "" if name == item.title else name,
        item.page,
        "late" if item.is_late else "",
        item.author,
        " ".join(item.tags),
    ]


def _pieces(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    yield items[:FIRST_ROWS]
    for start in range(FIRST_ROWS, len(items), MORE_ROWS):
        yield items[start : start + MORE_ROWS]


def row_scripts(scene: Scene) -> Iterator[bytes]:
    """The rows in pieces. Scripts and not JSON, because a page from `file://` may load nothing
    else; ASCII, so that no text of a post can end one."""
    for piece in _pieces(scene.items):
        rows = json.dumps([row(item, scene) for item in piece], separators=(",", ":"))
        yield f"socialautoRows({rows});\n".encode("ascii")
