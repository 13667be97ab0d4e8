"""Real requests to the emulated platform in process, over a network that does what it wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx

from socialauto.sandbox.faults import Fault
from socialauto.sandbox.world import World as Sandbox
from support.simulation.ills import Fate, Ill
from support.simulation.process import Process
from support.simulation.wire import LIMIT, PUBLISH_LIMIT

_OPERATIONS = (
    ("POST", r"/media_publish$", "publish"),
    ("POST", r"/media$", "create"),
    ("GET", r"/media$", "list"),
    ("POST", r"/180\d+/comments$", "publish"),
    ("GET", r"/180\d+/comments$", "list"),
    ("GET", r"/content_publishing_limit$", "get"),
    ("DELETE", r"/180\d+$", "publish"),
    ("GET", r"/180\d+$", "permalink"),
    ("GET", r"/178\d+$", "get"),
    ("GET", r"/179\d+$", "status"),
)

_ANSWERS: Mapping[Ill, dict[str, Any]] = {
    Ill.ERROR_BEFORE: {"answer": "error", "status": 500},
    Ill.ERROR_AFTER: {"answer": "error", "status": 500, "apply": "yes"},
    Ill.GARBAGE_BEFORE: {"answer": "garbage", "status": 502},
    Ill.GARBAGE_AFTER: {"answer": "garbage", "status": 200, "apply": "yes"},
    Ill.LOST_RESPONSE: {"answer": "drop", "apply": "yes"},
    Ill.RATE_LIMIT: {"status": 400, "code": 80002, "transient": False, "message": "Slow down"},
    Ill.EXPIRED: {"status": 400, "code": 190, "subcode": 463, "message": "Session has expired"},
    Ill.REFUSED: {"status": 400, "code": 9007, "subcode": 2207027, "message": "Not ready"},
}


def operation_of(request: httpx.Request) -> str:
    for method, path, name in _OPERATIONS:
        if request.method == method and re.search(path, request.url.path):
            return name
    raise AssertionError(f"the simulation does not know {request.method} {request.url}")


def _path(request: httpx.Request) -> str:
    """The path as a fault of the sandbox names it: exactly, and without the version."""
    return rf"^{re.escape('/' + request.url.path.split('/', 2)[2])}$"


class FlakyTransport(httpx.AsyncBaseTransport):
    """One run's way to the sandbox."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, sandbox: Sandbox, process: Process, *, latest: float
    ) -> None:
        """`latest`: seconds after the client gave up in which an effect may still show."""
        self._inner = inner
        self._sandbox = sandbox
        self._process = process
        self._latest = latest

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        operation = operation_of(request)
        fate = await self._process.before(operation)
        limit = PUBLISH_LIMIT if operation == "publish" else LIMIT
        if fate.ill is Ill.NEVER_SENT:
            await self._process.after(fate)
            raise httpx.ConnectError("refused", request=request)
        if fate.ill is Ill.LOST_REQUEST:
            await self._process.after(fate, fate.share * limit)
            raise httpx.ReadError("connection reset", request=request)
        response = await self._send(request, fate, limit)
        await self._process.after(fate, self._seconds(fate, limit))
        return response

    async def _send(self, request: httpx.Request, fate: Fate, limit: float) -> httpx.Response:
        rule = self._rule(request, fate, limit)
        if rule is None:
            return await self._inner.handle_async_request(request)
        # It is used up by this very request: nothing happens between here and there.
        self._sandbox.faults.add(rule)
        return await self._inner.handle_async_request(request)

    def _rule(self, request: httpx.Request, fate: Fate, limit: float) -> Fault | None:
        where: dict[str, Any] = {"method": request.method, "path": _path(request)}
        if fate.ill and fate.ill in _ANSWERS:
            return Fault(**where, **_ANSWERS[fate.ill])
        if fate.ill is Ill.LATE_EFFECT:
            return Fault(**where, apply="yes", late=fate.share * self._latest, answer="drop")
        if fate.ill is Ill.SLOW:
            seconds = self._slow(fate, limit)
            over = max(seconds - limit, 0.0) / limit * self._latest
            return Fault(**where, apply="yes", late=min(seconds, limit) + over, answer="normal")
        return None

    @staticmethod
    def _slow(fate: Fate, limit: float) -> float:
        return 2 * fate.share * limit

    def _seconds(self, fate: Fate, limit: float) -> float | None:
        """How long the answer takes; beyond its limit the client does not hear it."""
        return self._slow(fate, limit) + 1 if fate.ill is Ill.SLOW else None
