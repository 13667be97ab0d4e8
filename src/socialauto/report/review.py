"""A change as text, JSON and Markdown: what it adds, moves, edits, renames and withdraws."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.text import Text

from socialauto.core.capability import Capabilities
from socialauto.core.compare import Difference, Kind
from socialauto.core.delivery import Delivery
from socialauto.core.finding import Finding
from socialauto.core.ledger import Entry, Snapshot, State
from socialauto.core.spans import local, utc
from socialauto.core.suggest import visible
from socialauto.report import layout
from socialauto.report.findings import Checked, content_of, summary
from socialauto.report.markdown import cell
from socialauto.report.plan import instant

_STYLES = {
    Kind.ADD: "bold green",
    Kind.NEW_ID: "bold red",
    Kind.MOVE: "bold yellow",
    Kind.EDIT: "bold yellow",
    Kind.RENAME: "cyan",
    Kind.WITHDRAW: "bold magenta",
    Kind.DELETE: "bold red",
}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A change, compared."""

    revision: str
    """As it was asked for."""
    base: str
    """The commit that it was compared with."""
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    ledger: Snapshot | None
    """None when it was not compared."""
    about: str
    """When the ledger was written, or why it was not compared."""
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)
    """What the platform of each account takes."""

    def entry(self, one: Difference) -> Entry | None:
        """What the ledger knows of it, under the id that it had."""
        if self.ledger is None:
            return None
        known = one.before or one.delivery
        return self.ledger.entries.get(known.key)


@dataclass(frozen=True, slots=True)
class Row:
    """One difference; of a series, all that are alike."""

    one: Difference
    more: int


def rows(differences: Sequence[Difference]) -> list[Row]:
    """The next dates of a series are one row, when the same happens to them."""
    groups: dict[object, list[Difference]] = {}
    for one in differences:
        key: object = one.key
        if one.key.occurrence:
            key = (one.key.account, one.key.post, one.kinds, one.fields)
        groups.setdefault(key, []).append(one)
    return [Row(group[0], len(group) - 1) for group in groups.values()]


def _kinds(one: Difference) -> str:
    return ", ".join(one.kinds)


def _time(delivery: Delivery) -> str:
    """`2026-12-01 09:00 Europe/Berlin`, and `(2026-12-01 08:00 UTC)` on a line of its own."""
    here = local(delivery.due, delivery.zone)
    return here if delivery.zone == "UTC" else f"{here}\n({utc(delivery.due)})"


def _details(one: Difference) -> Iterator[str]:
    before, after = one.before, one.after
    if before is None or after is None:
        return
    if Kind.NEW_ID in one.kinds:
        yield f"was {before.key.name}; write id: {before.key.name} to keep it the same post"
    if Kind.MOVE in one.kinds:
        yield f"was {local(before.due, before.zone)}"
    if Kind.EDIT in one.kinds:
        yield f"changes {', '.join(one.fields)}"
    if Kind.RENAME in one.kinds:
        yield f"was {before.path}, keeps its id"


def _deletes(one: Difference, entry: Entry | None) -> Iterator[str]:
    if Kind.DELETE in one.kinds and entry is not None and entry.state is State.PUBLISHED:
        yield f"deletes it on the platform: {entry.url or 'published'}"
    elif Kind.DELETE in one.kinds:
        yield "deletes it on the platform if it was published"


def _state(entry: Entry | None) -> Iterator[str]:
    if entry is not None:
        yield f"the ledger says {entry.state.value}"


def what(row: Row, entry: Entry | None) -> str:
    more = [f"and {row.more} more of its next dates"] if row.more else []
    return "; ".join([*_details(row.one), *_deletes(row.one, entry), *_state(entry), *more])


def headline(reviewed: Reviewed) -> str:
    """`2 add, 1 move`: differences by what happens to them."""
    counter = Counter(kind for one in reviewed.differences for kind in one.kinds)
    return ", ".join(f"{counter[kind]} {kind}" for kind in Kind if counter[kind]) or "no change"


def _compared(reviewed: Reviewed) -> str:
    words = f"compared with {reviewed.base[:10]}, where this left {reviewed.revision}"
    if reviewed.ledger is None:
        return f"{words}; the ledger was not compared: {reviewed.about}"
    return f"{words}, and with the ledger as it was at {reviewed.about}"


def _deleting(reviewed: Reviewed) -> str:
    """What nobody should overlook; empty when nothing is deleted."""
    number = sum(Kind.DELETE in one.kinds for one in reviewed.differences)
    return f"deletes on the platform: {number}; " if number else ""


def last_line(reviewed: Reviewed) -> str:
    """`this change: 2 add, 1 move; compared with …`."""
    words = f"this change: {headline(reviewed)}; {_deleting(reviewed)}{_compared(reviewed)}"
    return visible(words)


def print_text(reviewed: Reviewed, console: Console) -> None:
    """A line a difference, by account and time, and what it was compared with."""
    lines = [
        layout.Row(
            (
                _kinds(row.one),
                row.one.key.account,
                visible(row.one.key.name),
                _time(row.one.delivery),
            ),
            visible(what(row, reviewed.entry(row.one))),
            _STYLES[row.one.kinds[0]],
        )
        for row in rows(reviewed.differences)
    ]
    layout.print_rows(console, ("change", "account", "post", "when", "what"), lines)
    console.print(Text(last_line(reviewed)), soft_wrap=True)


def as_json(checked: Checked, reviewed: Reviewed | None) -> str:
    """As without a base, and `review`: `base`, `ledger` and `changes`."""
    content = content_of(checked)
    if reviewed is not None:
        ledger = reviewed.ledger
        content["review"] = {
            "revision": reviewed.revision,
            "base": reviewed.base,
            "ledger": ledger.tip if ledger else None,
            "not_compared": reviewed.about if ledger is None else None,
            "changes": [_fields(one, reviewed.entry(one)) for one in reviewed.differences],
        }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _side(delivery: Delivery | None) -> dict[str, Any] | None:
    if delivery is None:
        return None
    return {
        "post": delivery.key.post,
        "file": delivery.path,
        "line": delivery.line,
        "due": instant(delivery.due),
        "timezone": delivery.zone,
        "local": local(delivery.due, delivery.zone),
        "type": delivery.message.type.value,
        "text": delivery.message.text,
    }


def _fields(one: Difference, entry: Entry | None) -> dict[str, Any]:
    return {
        "kinds": [kind.value for kind in one.kinds],
        "account": one.key.account,
        "post": one.key.post,
        "occurrence": one.key.occurrence or None,
        "before": _side(one.before),
        "after": _side(one.after),
        "fields": list(one.fields),
        "state": entry.state.value if entry else None,
    }


def _row_cells(*cells: str) -> str:
    return "| " + " | ".join(cell(text) for text in cells) + " |"


def _markdown_changes(reviewed: Reviewed) -> Iterator[str]:
    found = rows(reviewed.differences)
    for account in dict.fromkeys(row.one.key.account for row in found):
        yield f"### {cell(account)}\n"
        yield "| change | post | when | UTC | what |"
        yield "| --- | --- | --- | --- | --- |"
        for row in found:
            one = row.one
            if one.key.account == account:
                times = local(one.delivery.due, one.delivery.zone), utc(one.delivery.due)
                told = what(row, reviewed.entry(one))
                yield _row_cells(_kinds(one), one.key.name, *times, told)
        yield ""


def _markdown_findings(findings: Sequence[Finding]) -> Iterator[str]:
    yield "| | where | finding |"
    yield "| --- | --- | --- |"
    for one in findings:
        message = "; ".join(part for part in (one.message, one.hint) if part)
        yield _row_cells(one.severity, f"{one.path}:{one.line}", f"{one.code} {message}")
    yield ""


def as_markdown(checked: Checked, reviewed: Reviewed | None) -> str:
    """For job summaries and comments: what changes, then what was found."""
    lines = []
    if reviewed is not None:
        lines += [f"## This change: {headline(reviewed)}", ""]
        lines += [*_markdown_changes(reviewed), f"C{cell(_compared(reviewed))[1:]}.", ""]
    lines += [f"## {summary(checked)}", ""]
    lines += _markdown_findings(checked.findings) if checked.findings else []
    return "\n".join(lines)
