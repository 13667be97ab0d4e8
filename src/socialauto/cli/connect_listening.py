"""Waits on this machine for the browser that comes back from the dialog."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anyio
from anyio.abc import Listener, SocketAttribute, SocketStream

from socialauto.cli.connect_answer import Code, StrangeAnswerError, read_query
from socialauto.core.errors import SocialautoError

PATH = "/callback"
PORT = 8917
LIMIT = timedelta(minutes=10)
_HEAD = 16_384
_PATIENCE = 10.0
"""Seconds for one request; browsers also open connections that they never use."""

_THANKS = "Thank you. You can close this page; the terminal says what comes next."
_NOT_OURS = "This answer does not belong to the dialog that was opened. Look at the terminal."
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>socialauto</title>'
    "<p>{sentence}</p></html>"
)


@dataclass(slots=True)
class Callback:
    """The address on this machine to which the dialog sends the browser."""

    listeners: list[Listener[SocketStream]]
    port: int
    strangers: int = 0
    """Answers that were not ours."""
    _codes: list[Code | SocialautoError] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Meta knows only the name `localhost`, not the number."""
        return f"http://localhost:{self.port}{PATH}"

    async def wait(
        self, state: str, limit: timedelta, opened: Callable[[], Awaitable[Any]]
    ) -> Code:
        """The code that comes back. `opened` sends the person to the dialog.

        Raises `SocialautoError` for a no, and when nobody came in time.
        """
        with anyio.move_on_after(limit.total_seconds()):
            async with anyio.create_task_group() as group:

                async def meet(stream: SocketStream) -> None:
                    async with stream:
                        if await self._meet(stream, state):
                            group.cancel_scope.cancel()

                for listener in self.listeners:
                    group.start_soon(listener.serve, meet)
                await opened()
        if not self._codes:
            raise self._too_late(limit)
        answer = self._codes[0]
        if isinstance(answer, SocialautoError):
            raise answer
        return answer

    async def _meet(self, stream: SocketStream, state: str) -> bool:
        """True when this was the answer."""
        with anyio.move_on_after(_PATIENCE), suppress(anyio.BrokenResourceError, anyio.EndOfStream):
            target = await _target(stream)
            parts = urlsplit(target)
            if parts.path != PATH:
                await _reply(stream, "404 Not Found", "There is nothing here.")
                return False
            try:
                self._codes.append(read_query(dict(parse_qsl(parts.query)), state))
            except SocialautoError as error:
                self._codes.append(error)
            except StrangeAnswerError:
                self.strangers += 1
                await _reply(stream, "400 Bad Request", _NOT_OURS)
                return False
            # The person sees a page also when the connection is slow; the answer counts anyway.
            with anyio.CancelScope(shield=True), anyio.move_on_after(_PATIENCE):
                await _reply(stream, "200 OK", _THANKS)
        return bool(self._codes)

    def _too_late(self, limit: timedelta) -> SocialautoError:
        minutes = f"{limit.total_seconds() / 60:g} minutes"
        ignored = (
            f"; {self.strangers} that came did not belong to this dialog" if self.strangers else ""
        )
        return SocialautoError(
            f"no answer came back from the dialog within {minutes}{ignored}; nothing was stored",
            "start again; if the browser is on another machine, or the platform does not take "
            f"{self.url}, use --paste",
        )


async def _target(stream: SocketStream) -> str:
    """What a GET asks for; empty for anything else."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _HEAD:
        head += await stream.receive()
    words = head.split(b"\r\n", 1)[0].split(b" ")
    return words[1].decode("ascii", "replace") if len(words) == 3 and words[0] == b"GET" else ""


async def _reply(stream: SocketStream, status: str, sentence: str) -> None:
    body = _PAGE.format(sentence=sentence).encode()
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Content-Security-Policy: default-src 'none'",
        "Referrer-Policy: no-referrer",
        "Cache-Control: no-store",
        "Connection: close",
    )
    await stream.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


@asynccontextmanager
async def listening(port: int = PORT) -> AsyncIterator[Callback]:
    """Listen on this machine alone; port 0 takes a free one. Raises `SocialautoError`."""
    async with AsyncExitStack() as stack:
        try:
            first = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=port)
        except OSError as error:
            raise SocialautoError(
                f"cannot listen on port {port} of this machine: {error.strerror or error}",
                "choose another with --port, and register that one with the app, or use --paste",
            ) from error
        await stack.enter_async_context(first)
        taken = first.extra(SocketAttribute.local_port)  # noqa: S610 (no Django here)
        listeners = [*first.listeners]
        # Browsers try the newer protocol first; a machine without it does very well.
        with suppress(OSError):
            second = await anyio.create_tcp_listener(local_host="::1", local_port=taken)
            await stack.enter_async_context(second)
            listeners += second.listeners
        yield Callback(listeners, taken)
