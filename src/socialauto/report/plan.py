"""The plan as text, JSON and Markdown: one set of rows, three renderers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from socialauto.core.plan import Kind, Plan, Step
from socialauto.core.spans import local, utc
from socialauto.core.suggest import visible
from socialauto.report.drift import as_fields, markdown
from socialauto.report.layout import Row, print_rows
from socialauto.report.markdown import cell

JSON_VERSION = 1

QUIET = frozenset({Kind.DONE, Kind.ORPHAN})
"""Kinds that are counted and not listed, unless somebody asks for everything."""

STYLES = {
    Kind.PUBLISH: "bold green",
    Kind.RETRY: "bold yellow",
    Kind.DELETE: "bold red",
    Kind.SETTLE: "bold yellow",
    Kind.WAIT: "cyan",
    Kind.MISSED: "red",
    Kind.HELD: "bold red",
    Kind.FAILED: "bold red",
    Kind.BLOCKED: "bold magenta",
    Kind.INVALID: "bold red",
    Kind.DRIFT: "yellow",
}


def is_quiet(step: Step) -> bool:
    return step.kind in QUIET or step.guard == "history"


def counts(plan: Plan) -> dict[str, int]:
    """How many steps of each kind, in the plan's order of kinds; only those that occur."""
    counter = Counter(step.kind for step in plan.steps)
    return {kind.value: counter[kind] for kind in Kind if counter[kind]}


def headline(plan: Plan) -> str:
    """`2 publish, 1 wait, 14 done`."""
    words = [f"{number} {kind}" for kind, number in counts(plan).items()]
    return ", ".join(words) or "no posts"


def due_text(step: Step) -> str:
    """The wanted time in the zone in which it was written, or in UTC for an orphan."""
    if step.delivery:
        return local(step.delivery.due, step.delivery.zone)
    return utc(step.entry.due) if step.entry else ""


def due_column(steps: Sequence[Step]) -> tuple[str, list[str]]:
    """Heading and cells; a zone that all share is said once, in the heading."""
    cells = [due_text(step) for step in steps]
    zones = {cell.rpartition(" ")[2] for cell in cells}
    if len(zones) != 1:
        return "due", cells
    return f"due ({zones.pop()})", [cell.rpartition(" ")[0] for cell in cells]


def _listed(plan: Plan, *, everything: bool) -> list[Step]:
    return [step for step in plan.steps if everything or not is_quiet(step)]


def _unlisted(plan: Plan) -> str:
    words = []
    if done := plan.count(Kind.DONE):
        words.append(f"{done} done")
    if orphans := plan.count(Kind.ORPHAN):
        words.append(f"{orphans} whose file is gone")
    if old := sum(step.guard == "history" for step in plan.steps):
        words.append(f"{old} from before this ledger began")
    return ", ".join(words)


def print_text(plan: Plan, console: Console, *, everything: bool = False) -> None:
    """What is refused, the steps, and how many there are."""
    for refusal in plan.refusals:
        words = f"refused: {refusal.message}; {refusal.hint}"
        console.print(Text(words, style="bold red"), soft_wrap=True)
    _print_steps(_listed(plan, everything=everything), console)
    for line in _last_lines(plan, everything=everything):
        console.print(line, soft_wrap=True)


def _last_lines(plan: Plan, *, everything: bool) -> Iterator[Text]:
    rest = "" if everything else _unlisted(plan)
    if rest:
        yield Text(f"not listed: {rest} (--all lists them)", style="dim")
    yield Text(f"plan at {utc(plan.now)}: {headline(plan)}")


def _print_steps(steps: Sequence[Step], console: Console) -> None:
    heading, dues = due_column(steps)
    rows = [
        Row(
            (step.kind.value, due, step.key.account, post_name(step)),
            visible(step.reason),
            STYLES.get(step.kind, ""),
        )
        for step, due in zip(steps, dues, strict=True)
    ]
    print_rows(console, ("step", heading, "account", "post", "why"), rows)


def post_name(step: Step) -> str:
    return step.key.name


def as_json(plan: Plan) -> str:
    """A stable document: `version`, `now`, `counts`, `refusals`, `steps`."""
    document = {
        "version": JSON_VERSION,
        "now": instant(plan.now),
        "counts": counts(plan),
        "refusals": [
            {"guard": refusal.guard, "message": refusal.message, "hint": refusal.hint}
            for refusal in plan.refusals
        ],
        "steps": [_step_json(step) for step in plan.steps],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def instant(value: datetime | None) -> str | None:
    """`2026-12-01T08:00:00Z`."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value else None


def _step_json(step: Step) -> dict[str, Any]:
    delivery, entry = step.delivery, step.entry
    due = delivery.due if delivery else entry.due if entry else None
    return {
        "step": step.kind.value,
        "account": step.key.account,
        "post": step.key.post,
        "occurrence": step.key.occurrence or None,
        "part": step.key.part or None,
        "due": instant(due),
        "next": instant(step.at),
        "reason": step.reason,
        "guard": step.guard or None,
        "file": delivery.path if delivery else None,
        "line": delivery.line if delivery else None,
        "type": delivery.message.type.value if delivery else None,
        "state": entry.state.value if entry else None,
        "url": entry.url if entry else None,
        "allow": dict(delivery.allowed) if delivery else {},
        "drift": as_fields(step.drift),
    }


def as_markdown(plan: Plan, *, everything: bool = False) -> str:
    """A table for pull requests and job summaries."""
    lines = [f"> **refused:** {cell(r.message)}; {cell(r.hint)}\n" for r in plan.refusals]
    steps = _listed(plan, everything=everything)
    if steps:
        lines += ["| step | due | account | post | why |", "| --- | --- | --- | --- | --- |"]
        lines += [_markdown_row(step) for step in steps]
        lines.append("")
    for step in steps:
        if step.drift and step.drift.fields:
            lines += markdown(f"{step.key.name} on {step.key.account}", step.drift)
    rest = "" if everything else _unlisted(plan)
    if rest:
        lines.append(f"Not listed: {rest}.\n")
    lines.append(f"Plan at {utc(plan.now)}: {headline(plan)}.")
    return "\n".join(lines) + "\n"


def _markdown_row(step: Step) -> str:
    cells = (due_text(step), step.key.account, post_name(step), step.reason)
    return " | ".join([f"| **{step.kind.value}**", *map(cell, cells)]) + " |"
