"""Answers on the wire: documents, refusals, and the ways an answer goes wrong."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from socialauto.sandbox.errors import Refusal
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.usage import Usage


class DroppedError(Exception):
    """Ends the connection in mid-answer; a server closes the socket when an app fails so late."""


class DroppedResponse(Response):
    """Promises a body that never comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        raise DroppedError


class HangingResponse(Response):
    """Says nothing until the client gives up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


def trace_id(serial: int) -> str:
    """Looks like the platform's and is the same in every run."""
    return (
        "A" + base64.urlsafe_b64encode(hashlib.sha256(str(serial).encode()).digest())[:22].decode()
    )


def document(reply: dict[str, Any]) -> JSONResponse:
    return JSONResponse(reply)


def refusal(said: Refusal, trace: str) -> JSONResponse:
    return JSONResponse(said.envelope(trace), status_code=said.status)


def gone_wrong(fault: Fault, trace: str) -> Response:
    """What the client gets instead of an answer."""
    match fault.answer:
        case "drop":
            return DroppedResponse()
        case "hang":
            return HangingResponse()
        case "garbage":
            return HTMLResponse(fault.body, status_code=fault.status)
        case _:
            said = Refusal(
                fault.code,
                fault.subcode,
                fault.message,
                transient=fault.transient,
                status=fault.status,
            )
            return refusal(said, trace)


def usage_headers(account_id: str | None, usage: Usage) -> dict[str, str]:
    """How near the caller is to the limits, in percent, and when calls are taken again."""
    shares = {"call_count": usage.percent, "total_cputime": 0, "total_time": usage.percent}
    headers = {"X-App-Usage": json.dumps(shares)}
    if account_id is not None:
        entry = {"type": "instagram", **shares, "estimated_time_to_regain_access": usage.regain}
        headers["X-Business-Use-Case-Usage"] = json.dumps({account_id: [entry]})
    return headers
