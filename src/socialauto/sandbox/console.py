"""The sandbox's own door under /_sandbox: publish log, requests, faults, settings, clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from socialauto.sandbox.faults import Fault
from socialauto.sandbox.journal import Journal
from socialauto.sandbox.state import Settings
from socialauto.sandbox.world import World

_FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)
_SETTINGS: TypeAdapter[Settings] = TypeAdapter(Settings)

Move = Callable[[datetime], None]
"""Sets the sandbox's clock."""


class _ClockChange(BaseModel):
    """`{"now": "2026-12-01T09:00:00Z"}` or `{"advance": 3600}`."""

    model_config = ConfigDict(extra="forbid")
    now: AwareDatetime | None = None
    advance: float = 0


def _problem(sentence: str, status: int = 400) -> JSONResponse:
    return JSONResponse({"problem": sentence}, status_code=status)


def _is_json(request: Request) -> bool:
    """Pages of other sites can post forms to this machine, but not JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    return kind == "application/json"


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


class Console:
    def __init__(
        self, world: World, journal: Journal, now: Callable[[], datetime], move: Move | None
    ) -> None:
        self._world = world
        self._journal = journal
        self._now = now
        self._move = move

    def routes(self) -> list[Route]:
        return [
            Route("/_sandbox/log", self._log),
            Route("/_sandbox/requests", self._requests),
            Route("/_sandbox/faults", self._faults, methods=["GET", "POST", "DELETE"]),
            Route("/_sandbox/settings", self._settings, methods=["GET", "POST"]),
            Route("/_sandbox/clock", self._clock, methods=["GET", "POST"]),
        ]

    async def _log(self, _: Request) -> Response:
        lines = [
            {
                "account": entry.account,
                "container": entry.container,
                "media": entry.id,
                "time": entry.time.isoformat(),
                "caption": self._world.containers[entry.container].draft.caption,
            }
            for entry in self._world.log
        ]
        return JSONResponse(lines)

    async def _requests(self, _: Request) -> Response:
        return JSONResponse(self._journal.lines())

    async def _faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._world.faults.clear()
        if request.method == "POST":
            refused = await self._read(request, self._add_fault)
            if refused is not None:
                return refused
        return JSONResponse([asdict(fault) for fault in self._world.faults])

    async def _settings(self, request: Request) -> Response:
        if request.method == "POST":
            refused = await self._read(request, self._change_settings)
            if refused is not None:
                return refused
        return JSONResponse(asdict(self._world.settings))

    async def _clock(self, request: Request) -> Response:
        if request.method == "POST":
            if self._move is None:
                return _problem("this sandbox runs on real time; start it with --now TIME", 409)
            refused = await self._read(request, self._set_clock)
            if refused is not None:
                return refused
        return JSONResponse({"now": self._now().isoformat()})

    async def _read(self, request: Request, take: Callable[[Any], None]) -> Response | None:
        """Hands the request's document over; a problem comes back as the answer."""
        if not _is_json(request):
            return _problem("send JSON, with content-type application/json", 415)
        try:
            take(await request.json())
        except ValidationError as error:
            return _problem(_sentence(error))
        except (ValueError, RecursionError, re.error) as error:
            return _problem(f"the document cannot be read: {error}")
        return None

    def _add_fault(self, document: Any) -> None:
        self._world.faults.add(_FAULT.validate_python(document, extra="forbid"))

    def _change_settings(self, document: Any) -> None:
        changed = {**asdict(self._world.settings), **dict(document)}
        self._world.settings = _SETTINGS.validate_python(changed, extra="forbid")

    def _set_clock(self, document: Any) -> None:
        change = _ClockChange.model_validate(document)
        assert self._move is not None
        self._move((change.now or self._now()) + timedelta(seconds=change.advance))
