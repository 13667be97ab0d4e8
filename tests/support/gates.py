"""Where requests arrive at the servers: tests see them pass, and strike at one of them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support.git_remotes import GitRequest

Moment = Literal["before", "after"]
"""Before a request takes effect, or after it did and before its answer leaves."""

Strike = Callable[[], bool]
"""Done at the chosen moment; whether the request goes on as if nothing had happened."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The n-th request of its name, counted from 1."""

    name: str
    nth: int = 1

    def __str__(self) -> str:
        return self.name if self.nth == 1 else f"{self.name} ({self.nth})"


class Gate:
    """Every request to the platform and to the remote passes it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._traps: dict[tuple[Operation, Moment], Strike] = {}
        self.seen: list[Operation] = []
        self.struck = threading.Event()

    def reset(self) -> None:
        with self._turn:
            self._traps.clear()
            self.seen.clear()
            self.struck.clear()

    def set_trap(self, operation: Operation, moment: Moment, strike: Strike) -> None:
        self._traps[operation, moment] = strike

    def enter(self, name: str) -> Operation:
        with self._turn:
            nth = 1 + sum(operation.name == name for operation in self.seen)
            self.seen.append(Operation(name, nth))
        return Operation(name, nth)

    def passes(self, operation: Operation, moment: Moment) -> bool:
        """Whether the request goes on. Called once for each moment, outside of any lock."""
        with self._turn:
            strike = self._traps.pop((operation, moment), None)
        if strike is None:
            return True
        goes_on = strike()
        self.struck.set()
        return goes_on

    def around(self, name: str, act: Callable[[], bytes]) -> bytes:
        """For the git server. Raises `ConnectionAbortedError` where a trap says so."""
        operation = self.enter(name)
        if not self.passes(operation, "before"):
            raise ConnectionAbortedError
        answer = act()
        if not self.passes(operation, "after"):
            raise ConnectionAbortedError
        return answer


_IDS = {"178": "account", "179": "container", "180": "media"}
_VERSION = re.compile(r"^/v\d+\.\d+")


def _named(part: str) -> str:
    return _IDS.get(part[:3], part) if part.isdecimal() else part


def platform_operation(scope: Scope) -> str:
    """`GET container`, `POST account/media`, `GET account/media?since`, `GET files`."""
    path = _VERSION.sub("", scope["path"]).strip("/").split("/")
    if path[0] == "files":
        return f"{scope['method']} files"
    return f"{scope['method']} {'/'.join(_named(part) for part in path)}"


def git_operation(request: GitRequest) -> str:
    """`fetch: refs`, `fetch: pack`, `push: refs`, `push: pack`."""
    asked = parse_qs(request.query).get("service", [request.path.rpartition("/")[2]])[0]
    verb = "push" if asked == "git-receive-pack" else "fetch"
    if not request.body:
        return f"{verb}: refs"
    return f"{verb}: ask" if request.body == b"0000" else f"{verb}: pack"


class Watched:
    """The platform's application behind a gate. `app` may be exchanged between tests."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        if _is_platforms_own(scope):
            await self.app(scope, receive, send)
            return
        operation = self.gate.enter(platform_operation(scope))
        if await self._passes(operation, "before"):
            await self.app(scope, receive, self._answering(operation, send))

    async def _passes(self, operation: Operation, moment: Moment) -> bool:
        # A strike may wait for others, whose requests this loop has to serve meanwhile.
        return await anyio.to_thread.run_sync(self.gate.passes, operation, moment)

    def _answering(self, operation: Operation, send: Send) -> Send:
        silent = False

        async def answer(message: Message) -> None:
            nonlocal silent
            if message["type"] == "http.response.start":
                silent = not await self._passes(operation, "after")
            if not silent:
                await send(message)

        return answer


def _is_platforms_own(scope: Scope) -> bool:
    """The platform fetches media from the same server; that is not our run's doing."""
    headers = dict(scope["headers"])
    return bool(headers.get(b"user-agent", b"").startswith(b"facebookexternalhit"))
