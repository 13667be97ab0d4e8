"""What a run did, as lines, JSON and a Markdown job summary."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from socialauto.core.plan import Kind, Plan
from socialauto.core.spans import span, utc
from socialauto.engine.events import AccountStopped, Outcome, Report, Result
from socialauto.report.markdown import cell
from socialauto.report.plan import instant

JSON_VERSION = 1

MARKS = {
    Outcome.PUBLISHED: "✓",
    Outcome.SETTLED: "✓",
    Outcome.DELETED: "✓",
    Outcome.CHANGED: "·",
    Outcome.TAKEN: "·",
    Outcome.RETRY: "↻",
    Outcome.IN_DOUBT: "?",
    Outcome.HELD: "!",
    Outcome.MISSED: "✗",
    Outcome.FAILED: "✗",
    Outcome.UNRECORDED: "!",
}


def line(result: Result) -> str:
    """`✓ published launch-2026 on acme-instagram, 40 s late: https://…`."""
    parts = [f"{MARKS[result.outcome]} {result.outcome.value} {result.key}"]
    if result.lateness is not None and result.lateness >= 1:
        parts.append(f", {span(timedelta(seconds=result.lateness))} late")
    if result.url:
        parts.append(f": {result.url}")
    if result.message:
        parts.append(f": {result.message}")
    if result.outcome is Outcome.RETRY and result.at:
        parts.append(f"; next try after {utc(result.at)}")
    return "".join(parts)


def stopped_line(event: AccountStopped) -> str:
    """One line for a whole account: `acme-instagram …; 7 posts wait for it`."""
    waiting = {0: "", 1: "; 1 post waits for it"}.get(
        event.waiting, f"; {event.waiting} posts wait for it"
    )
    return f"! {event.account}: {event.message}{waiting}"


def headline(report: Report, plan: Plan) -> str:
    """`3 published, 1 held` or `nothing to do`."""
    counter = Counter(result.outcome for result in report.results)
    words = [f"{counter[outcome]} {outcome.value}" for outcome in Outcome if counter[outcome]]
    if report.stopped:
        number = len(report.stopped)
        words.append(f"{number} account{'s' if number > 1 else ''} stopped")
    if not words:
        words.append("nothing to do")
    waiting = plan.count(Kind.WAIT)
    return ", ".join(words) + (f"; {waiting} wait" if waiting else "")


def as_json(report: Report, plan: Plan) -> str:
    """A stable document: `version`, `now`, `results`, `stopped`."""
    document = {
        "version": JSON_VERSION,
        "now": instant(plan.now),
        "results": [_result_json(result) for result in report.results],
        "stopped": [
            {"account": event.account, "message": event.message, "waiting": event.waiting}
            for event in report.stopped
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _result_json(result: Result) -> dict[str, Any]:
    return {
        "outcome": result.outcome.value,
        "account": result.key.account,
        "post": result.key.post,
        "occurrence": result.key.occurrence or None,
        "part": result.key.part or None,
        "message": result.message,
        "url": result.url,
        "remote_id": result.remote_id,
        "at": instant(result.at),
        "lateness": result.lateness,
    }


def as_markdown(report: Report, plan: Plan) -> str:
    """The job summary of a run."""
    lines = [f"### socialauto: {cell(headline(report, plan))}", ""]
    lines += [f"- **{cell(stopped_line(event))}**" for event in report.stopped]
    if report.stopped:
        lines.append("")
    if report.results:
        lines += ["| outcome | account | post | |", "| --- | --- | --- | --- |"]
        lines += [_markdown_row(result) for result in report.results]
    return "\n".join(lines) + "\n"


def _markdown_row(result: Result) -> str:
    # Brackets in an address would end the link, and what follows would be Markdown.
    address = quote(result.url or "", safe=":/?#@!$&'*+,;=%~")
    detail = f"[{cell(result.url)}]({address})" if result.url else cell(result.message)
    cells = (result.outcome.value, cell(result.key.account), cell(result.key.name), detail)
    return f"| {' | '.join(cells)} |"


LEFT_ALONE = (Kind.HELD, Kind.INVALID, Kind.BLOCKED, Kind.BUSY)


def left_alone(plan: Plan) -> list[str]:
    """What was due and not touched, each with its reason: nothing waits in silence."""
    steps = [
        step
        for step in plan.steps
        if step.kind in LEFT_ALONE and not step.record and step.guard != "history"
    ]
    due = [step for step in steps if step.delivery is None or step.delivery.due <= plan.now]
    return [f"! {step.kind.value} {step.key}: {step.reason}" for step in due]
