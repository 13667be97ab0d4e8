"""Talks to the sandbox without a socket, for tests and simulation on virtual time."""

from __future__ import annotations

import anyio
import httpx
from starlette.applications import Starlette

from socialauto.sandbox.answers import DroppedError


class InProcess(httpx.AsyncBaseTransport):
    """httpx's ASGI transport with a network's manners: dropped connections and time-outs."""

    def __init__(self, app: Starlette) -> None:
        self._transport = httpx.ASGITransport(app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        try:
            with anyio.fail_after(seconds):
                return await self._transport.handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the sandbox did not answer", request=request) from error
        except DroppedError as error:
            sentence = "Server disconnected in mid-answer"
            raise httpx.RemoteProtocolError(sentence, request=request) from error
