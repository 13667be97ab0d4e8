"""What `doctor` found, as lines and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from socialauto.core.checkup import Check, Status

JSON_VERSION = 1

MARKS = {Status.OK: "✓", Status.WARN: "!", Status.FAIL: "✗", Status.SKIP: "·"}
STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red", Status.SKIP: "dim"}


def headline(checks: Sequence[Check]) -> str:
    """`12 ok, 1 warn, 2 fail`."""
    counter = Counter(check.status for check in checks)
    return ", ".join(f"{counter[status]} {status.value}" for status in Status if counter[status])


def print_text(checks: Sequence[Check], console: Console) -> None:
    """One line a check, the cure below it; accounts each under their own name."""
    for line in _lines(checks):
        console.print(line, soft_wrap=True)
    console.print(Text(headline(checks)), soft_wrap=True)


def _lines(checks: Sequence[Check]) -> Iterator[Text]:
    account = ""
    width = max((len(check.id) for check in checks), default=0)
    for check in checks:
        if check.account != account:
            account = check.account
            yield Text(account, style="bold")
        line = Text(f"{MARKS[check.status]} {check.status.value:<4} {check.id:<{width}}  ")
        line.stylize(STYLES[check.status])
        line.append(check.found)
        yield line
        if check.todo:
            yield Text(f"    → {check.todo}")


def as_json(checks: Sequence[Check]) -> str:
    """A stable document: `version`, `ok`, `checks`, each with id, account, status, found, todo."""
    document = {
        "version": JSON_VERSION,
        "ok": all(check.status is not Status.FAIL for check in checks),
        "checks": [
            {
                "id": check.id,
                "account": check.account or None,
                "status": check.status.value,
                "found": check.found,
                "todo": check.todo or None,
            }
            for check in checks
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
