"""Remembers the last requests for people who wonder what their client really sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from socialauto.core.redact import Redactor
from socialauto.sandbox.errors import Refusal
from socialauto.sandbox.wire import Call

_KEPT = 500
_SECRET = frozenset({"client_secret", "code", "fb_exchange_token", "input_token"})
"""Parameters of the token endpoints that nobody needs to read again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One request; the token never gets here."""

    time: str
    method: str
    path: str
    params: Mapping[str, Any]
    token: str
    """Only where it was: query, elsewhere, or none."""
    answer: str
    """`ok`, or the code and subcode, or the fault that struck."""


def _shown(name: str, value: Any) -> Any:
    """A signed address of media opens what it names to whoever reads it."""
    if name in _SECRET:
        return "***"
    return Redactor().clean(value) if isinstance(value, str) else value


class Journal:
    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=_KEPT)

    def note(self, call: Call, now: datetime, answer: str) -> None:
        where = "query" if call.token_in_query else "elsewhere" if call.token else "none"
        path = call.version + call.path
        params = {name: _shown(name, value) for name, value in call.params.items()}
        self._lines.append(Line(now.isoformat(), call.method, path, params, where, answer))

    def lines(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return [asdict(line) for line in self._lines]


def refusal_words(refusal: Refusal) -> str:
    subcode = f"/{refusal.subcode}" if refusal.subcode is not None else ""
    return f"{refusal.code}{subcode} {refusal.message}"
