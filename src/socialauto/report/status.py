"""The ledger beside the desired state: where every delivery stands, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.text import Text

from socialauto.core.insights import Histories, History
from socialauto.core.insights import headline as headline_numbers
from socialauto.core.ledger import Entry, State
from socialauto.core.parts import DELETE
from socialauto.core.plan import Kind, Plan, Step
from socialauto.core.spans import span, utc
from socialauto.report.layout import columns
from socialauto.report.ledger_entry import entry_json
from socialauto.report.plan import STYLES, due_column, headline, instant, post_name

NONE: Histories = {}

JSON_VERSION = 1
DONE_SHOWN = 20
"""Publications that the text lists unless somebody asks for everything."""


def rows(plan: Plan, *, everything: bool) -> tuple[list[Step], int]:
    """The steps to show, what needs somebody first and then by time, and how many are left out."""
    done = [step for step in plan.steps if step.kind is Kind.DONE]
    done.sort(key=_published, reverse=True)
    open_ = [step for step in plan.steps if step.kind is not Kind.DONE]
    shown = done if everything else done[:DONE_SHOWN]
    return open_ + shown, len(done) - len(shown)


def _published(step: Step) -> str:
    return instant(step.entry.published_at if step.entry else None) or ""


def print_text(
    plan: Plan, console: Console, insights: Histories = NONE, *, everything: bool
) -> None:
    """Two lines a delivery: what and when, then where it stands, in one piece as links want it."""
    steps, left_out = rows(plan, everything=everything)
    for line in _lines(steps, insights, console.width):
        console.print(line, soft_wrap=True)
    if left_out:
        console.print(Text(f"{left_out} older publications (--all lists them)", style="dim"))
    console.print(Text(f"status at {utc(plan.now)}: {headline(plan)}"), soft_wrap=True)


def _lines(steps: Sequence[Step], insights: Histories, width: int) -> Iterator[Text]:
    heading, dues = due_column(steps)
    table = [
        (_word(step), due, step.key.account, post_name(step))
        for step, due in zip(steps, dues, strict=True)
    ]
    lines = columns(("state", heading, "account", "post"), table, width)
    if len(lines) > len(table):
        yield Text(lines.pop(0), style="dim")
    for step, cells, written in zip(steps, table, lines, strict=True):
        line = Text(written)
        line.stylize(STYLES.get(step.kind, ""), 0, len(cells[0]))
        yield line
        yield Text(f"    {standing(step)}")
        if numbers := _numbers(step, insights):
            yield Text(f"    {numbers}", style="dim")


def _never_sent(step: Step) -> bool:
    """A date that its series has left behind: nothing to do, and nothing was published."""
    return bool(step.entry and step.entry.state in (State.MISSED, State.FAILED, State.SKIPPED))


def is_gone(step: Step) -> bool:
    """Deleted on the platform; or the deletion itself, done."""
    deleted = step.entry is not None and step.entry.state is State.DELETED
    return deleted or (step.kind is Kind.DONE and step.key.part == DELETE)


def _word(step: Step) -> str:
    if step.kind is not Kind.DONE:
        return step.kind.value
    if is_gone(step):
        return State.DELETED.value
    return step.entry.state.value if step.entry and _never_sent(step) else "published"


def _numbers(step: Step, insights: Histories) -> str:
    """How it did when somebody asked last; empty when nothing is known of this publication."""
    history = insights.get(step.key)
    if history is None or history.newest is None or not _is_of(history, step.entry):
        return ""
    line = headline_numbers(history.newest)
    return f"{line} ({utc(history.newest.at)})" if line else ""


def _is_of(history: History, entry: Entry | None) -> bool:
    return entry is not None and entry.remote_id == history.remote_id


def standing(step: Step) -> str:
    """Link and lateness of what is published; otherwise the reason and the last attempt."""
    entry = step.entry
    listed = step.kind in (Kind.DONE, Kind.DRIFT) and not _never_sent(step)
    if entry is None or not listed or is_gone(step):
        return step.reason
    parts = [entry.url or "its address is not known"]
    if entry.lateness is not None and entry.lateness >= 60:
        parts.append(f"{span(timedelta(seconds=entry.lateness))} late")
    if step.kind is Kind.DRIFT:
        parts.append(step.reason)
    return ", ".join(parts)


def as_json(plan: Plan, insights: Histories = NONE) -> str:
    """A stable document: `version`, `now`, `deliveries`, each with its ledger entry, and with its
    newest `insights` where they are known."""
    document = {
        "version": JSON_VERSION,
        "now": instant(plan.now),
        "deliveries": [_delivery(step) | _newest(step, insights) for step in plan.steps],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _newest(step: Step, insights: Histories) -> dict[str, Any]:
    history = insights.get(step.key)
    if history is None or history.newest is None or not _is_of(history, step.entry):
        return {}
    sample = history.newest
    return {"insights": {"at": instant(sample.at), "metrics": sample.metrics}}


def _delivery(step: Step) -> dict[str, Any]:
    due = step.delivery.due if step.delivery else step.entry.due if step.entry else None
    return {
        "account": step.key.account,
        "post": step.key.post,
        "occurrence": step.key.occurrence or None,
        "part": step.key.part or None,
        "due": instant(due),
        "step": step.kind.value,
        "reason": step.reason,
        "file": step.delivery.path if step.delivery else None,
        "ledger": entry_json(step.entry) if step.entry else None,
    }
