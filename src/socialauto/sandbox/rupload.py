"""The upload host: takes the bytes of a video for a container that was made to wait for them.

On the platform it is a host of its own, rupload.facebook.com; here it is the same address. How many
bytes have arrived is kept in memory: after a restart an upload begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from socialauto.sandbox import answers
from socialauto.sandbox.errors import NO_SUCH_OBJECT, RefusedError
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.intake import Intake
from socialauto.sandbox.judge import MAX_VIDEO_BYTES
from socialauto.sandbox.state import CONTAINER_LIFE, Container
from socialauto.sandbox.tokens import accepted
from socialauto.sandbox.world import World

PATH = "/ig-api-upload"
WAITING = CONTAINER_LIFE.total_seconds()
"""Seconds of processing of a container whose bytes never come."""


class TurnedDownError(Exception):
    """This host has an envelope of its own."""

    def __init__(self, kind: str, message: str, *, retriable: bool = False, status: int = 400):
        super().__init__(message)
        self.status = status
        self.info = {"retriable": retriable, "type": kind, "message": message}


@dataclass(slots=True)
class _Arriving:
    size: int
    body: bytearray = field(default_factory=bytearray)


def waits(container: Container) -> bool:
    """Was it made for an upload, and is that still to come?"""
    return "upload_type" in container.draft.options and container.asset is None and (
        container.problem is None
    )  # fmt: skip


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not text.isdecimal():
        raise TurnedDownError("InvalidHeaderError", f"The header {name} must be a number.")
    return int(text)


class Rupload:
    def __init__(self, world: World, intake: Intake, now: Callable[[], datetime]) -> None:
        self._world = world
        self._intake = intake
        self._now = now
        self._arriving: dict[str, _Arriving] = {}

    def routes(self) -> list[Route]:
        path = f"{PATH}/{{version}}/{{container}}"
        return [Route(path, self.respond, methods=["GET", "POST"])]

    async def respond(self, request: Request) -> Response:
        name = request.path_params["container"]
        fault = self._world.faults.take(request.method, f"{PATH}/{name}")
        if fault is None or fault.answer == "normal":
            return await self._answer(request, None)
        if fault.apply == "yes":
            await self._answer(request, fault.kept)
        return _gone_wrong(fault)

    async def _answer(self, request: Request, kept: int | None) -> Response:
        try:
            container = self._container(request)
            if request.method == "GET":
                return JSONResponse({"offset": self._stored(container)})
            await self._take(request, container, kept)
        except RefusedError as error:
            said = TurnedDownError("NotAuthorizedError", error.refusal.message)
            return JSONResponse({"debug_info": said.info}, said.status)
        except TurnedDownError as error:
            return JSONResponse({"debug_info": error.info}, error.status)
        return JSONResponse({"success": True, "message": "Upload successful."})

    def _container(self, request: Request) -> Container:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        token = accepted(self._world.tokens, value if scheme == "OAuth" else None, self._now())
        try:
            container = self._world.container(request.path_params["container"], token)
        except RefusedError as error:
            words = NO_SUCH_OBJECT.message
            raise TurnedDownError("NotFoundError", words, status=404) from error
        if "upload_type" not in container.draft.options:
            raise TurnedDownError("ProcessingFailedError", "This container takes no upload.")
        return container

    def _stored(self, container: Container) -> int:
        if container.asset is not None:
            return len(self._world.storage.blob(container.asset.blob) or b"")
        arriving = self._arriving.get(container.id)
        return len(arriving.body) if arriving else 0

    async def _take(self, request: Request, container: Container, kept: int | None) -> None:
        if not waits(container):
            raise TurnedDownError("ProcessingFailedError", "The upload is already complete.")
        if "file_url" in request.headers:
            self._finish(container, await self._intake.bytes_at(request.headers["file_url"]))
            return
        offset, size = _number(request, "offset"), _number(request, "file_size")
        if size > MAX_VIDEO_BYTES or size == 0:
            raise TurnedDownError("ProcessingFailedError", "The file size is not supported.")
        arriving = self._arriving.setdefault(container.id, _Arriving(size))
        if arriving.size != size:
            raise TurnedDownError("ProcessingFailedError", "The file size has changed.")
        if offset != len(arriving.body):
            words = f"Offset {offset} does not match the {len(arriving.body)} bytes received."
            raise TurnedDownError("OffsetInvalidError", words, retriable=True)
        await _read(request, arriving, kept)
        if len(arriving.body) < size:
            words = f"Only {len(arriving.body)} of {size} bytes were received."
            raise TurnedDownError("PartialRequestError", words, retriable=True)
        self._finish(container, bytes(arriving.body))

    def _finish(self, container: Container, body: bytes) -> None:
        self._arriving.pop(container.id, None)
        try:
            asset = self._intake.film(container.draft, body)
        except RefusedError as error:
            words = error.refusal.message
            raise TurnedDownError("ProcessingFailedError", words) from error
        age = (self._now() - container.created).total_seconds()
        processing = age + self._world.settings.video_seconds
        self._world.change(
            replace(container, asset=asset, problem=asset.problem, processing=processing)
        )


async def _read(request: Request, arriving: _Arriving, kept: int | None) -> None:
    """What arrives before the client leaves counts; `kept` bytes of it when a fault says so."""
    before = len(arriving.body)
    try:
        async for chunk in request.stream():
            arriving.body += chunk[: arriving.size + 1 - len(arriving.body)]
    except ClientDisconnect:
        pass
    if len(arriving.body) > arriving.size:
        del arriving.body[before:]
        raise TurnedDownError("ProcessingFailedError", "More bytes than file_size.")
    if kept is not None:
        del arriving.body[before + kept :]


def _gone_wrong(fault: Fault) -> Response:
    if fault.answer != "error":
        return answers.gone_wrong(fault, "")
    info: dict[str, Any] = {
        "retriable": fault.transient,
        "type": "ProcessingFailedError",
        "message": fault.message,
    }
    return JSONResponse({"debug_info": info}, status_code=fault.status)
