"""Scripted misfortune: which request goes wrong, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Answer = Literal["normal", "error", "garbage", "drop", "hang"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule. The first one that matches a request is used up by it.

    `Fault(method="POST", path="/media_publish$", apply="yes", answer="drop")` publishes and then
    drops the connection.
    """

    method: str = ""
    """Empty: any."""
    path: str = ""
    """A regular expression searched in the path without its version."""
    skip: int = 0
    """Let so many matching requests pass first."""
    times: int | None = 1
    """None: for ever."""
    apply: Literal["no", "yes"] = "no"
    """Whether the call takes effect before the answer goes wrong."""
    late: float = 0
    """With `apply`: seconds until the effect shows; for a container, of more processing."""
    container_problem: int | None = None
    """With `apply` on POST media: the container ends in ERROR with this subcode."""
    answer: Answer = "error"
    """drop: the connection ends in mid-answer. hang: nothing is said until the client leaves."""
    status: int = 500
    code: int = 2
    subcode: int | None = None
    message: str = "An unexpected error has occurred. Please retry your request later."
    transient: bool = True
    kept: int | None = None
    """With `apply` on an upload: so many bytes of the call arrive; None: all."""
    body: str = "<html><body>Bad Gateway</body></html>"
    """What `garbage` says."""


class Faults:
    """The rules that are still to come, in order."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        re.compile(fault.path)
        self._rules.append(fault)

    def clear(self) -> None:
        self._rules.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._rules)

    def take(self, method: str, path: str) -> Fault | None:
        """The rule that this request meets, which is thereby used up once."""
        for index, rule in enumerate(self._rules):
            if not _matches(rule, method, path):
                continue
            if rule.skip:
                self._rules[index] = replace(rule, skip=rule.skip - 1)
                continue
            if rule.times is not None:
                self._use_up(index, rule, rule.times)
            return rule
        return None

    def _use_up(self, index: int, rule: Fault, times: int) -> None:
        if times <= 1:
            del self._rules[index]
        else:
            self._rules[index] = replace(rule, times=times - 1)


def _matches(rule: Fault, method: str, path: str) -> bool:
    return rule.method in ("", method) and re.search(rule.path, path) is not None
