"""How posts did, as lines and as JSON; what a pull brought."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from socialauto.core.insights import History, headline
from socialauto.core.spans import utc
from socialauto.engine.insights import Pulled
from socialauto.report.plan import instant

JSON_VERSION = 1


def pulled_text(pulled: Sequence[Pulled], unreadable: Mapping[str, str], kept: int) -> str:
    """A line an account, then what somebody should know, then what is kept."""
    lines = [_account_line(each) for each in pulled]
    lines += [line for each in pulled for line in _remarks(each)]
    lines += [f"! {path} {why}; it is left alone" for path, why in sorted(unreadable.items())]
    lines.append(f"insights of {_posts(kept)} kept" if kept else "nothing new to keep")
    return "\n".join(lines)


def _account_line(pulled: Pulled) -> str:
    words = [f"{_posts(pulled.told)} told"]
    silent = len(pulled.histories) - pulled.told
    words += [f"{silent} not yet"] if silent else []
    words += [f"{pulled.calls} call{'' if pulled.calls == 1 else 's'}"]
    return f"{pulled.account}: {', '.join(words)}"


def _remarks(pulled: Pulled) -> Iterator[str]:
    for key in pulled.gone:
        yield f"· {key}: the platform does not know it any more"
    for key, message in pulled.failed:
        yield f"! {key}: {message}"
    if pulled.stopped:
        yield f"! {pulled.account}: {pulled.stopped}; {_posts(pulled.left)} not asked about"


def _posts(number: int) -> str:
    return f"{number} post{'' if number == 1 else 's'}"


def pulled_json(pulled: Sequence[Pulled], unreadable: Mapping[str, str], kept: int) -> str:
    """A stable document: `version`, `accounts`, `kept`, `unreadable`."""
    document = {
        "version": JSON_VERSION,
        "accounts": [_pulled(each) for each in pulled],
        "kept": kept,
        "unreadable": [{"path": path, "problem": why} for path, why in sorted(unreadable.items())],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _pulled(pulled: Pulled) -> dict[str, Any]:
    return {
        "account": pulled.account,
        "calls": pulled.calls,
        "told": pulled.told,
        "not_yet": len(pulled.histories) - pulled.told,
        "gone": [str(key) for key in pulled.gone],
        "failed": [{"post": str(key), "problem": words} for key, words in pulled.failed],
        "not_asked": pulled.left,
        "stopped": pulled.stopped or None,
    }


def shown_text(histories: Sequence[History], *, samples: bool) -> str:
    """One line a post; with `samples` all that is known, a line for each time it was asked."""
    if not histories:
        return 'no insights are kept; "socialauto insights pull" asks for them'
    lines: list[str] = []
    for history in histories:
        lines.append(f"{history.key}  {_standing(history)}")
        for sample in history.samples if samples else ():
            numbers = ", ".join(f"{name} {value:,}" for name, value in sample.metrics.items())
            lines.append(f"    {utc(sample.at)}  {numbers}")
    return "\n".join(lines)


def _standing(history: History) -> str:
    if history.newest is None:
        return f"nothing yet, asked {utc(history.asked)}"
    return f"{headline(history.newest) or 'no headline'} ({utc(history.newest.at)})"


def shown_json(histories: Iterable[History]) -> str:
    """A stable document: `version`, `posts`, each with its samples, oldest first."""
    document = {"version": JSON_VERSION, "posts": [_history(each) for each in histories]}
    return json.dumps(document, indent=2, ensure_ascii=False)


def _history(history: History) -> dict[str, Any]:
    return {
        "account": history.account,
        "post": history.post,
        "occurrence": history.occurrence or None,
        "remote_id": history.remote_id,
        "kind": history.kind or None,
        "asked": instant(history.asked),
        "samples": [
            {"at": instant(sample.at), "metrics": sample.metrics} for sample in history.samples
        ],
    }
