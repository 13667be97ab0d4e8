"""The sandbox as a web application: the API, its console, the pages and the files.

It keeps no task running and asks nothing but `now` for the time, so the very same application
runs in process on trio's virtual clock and under uvicorn for real.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from socialauto.sandbox import answers
from socialauto.sandbox.console import Console, Move
from socialauto.sandbox.errors import THROTTLED, RefusedError
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.feed import Pages
from socialauto.sandbox.fetch import Fetch
from socialauto.sandbox.files import Files
from socialauto.sandbox.graph import Graph
from socialauto.sandbox.intake import Intake
from socialauto.sandbox.journal import Journal, refusal_words
from socialauto.sandbox.oauth import OAuth
from socialauto.sandbox.oauth_dialog import Dialog
from socialauto.sandbox.rupload import Rupload
from socialauto.sandbox.usage import Usage
from socialauto.sandbox.wire import Call, read_call
from socialauto.sandbox.world import World


class Api:
    """Answers every path that is no page: reads the call, meets faults, keeps the journal."""

    def __init__(
        self,
        world: World,
        graph: Graph,
        oauth: OAuth,
        journal: Journal,
        now: Callable[[], datetime],
    ) -> None:
        self._world = world
        self._graph = graph
        self._oauth = oauth
        self._journal = journal
        self._now = now
        self._serial = count(1)

    async def respond(self, request: Request) -> Response:
        trace = answers.trace_id(next(self._serial))
        try:
            call = await read_call(request)
        except RefusedError as error:
            return answers.refusal(error.refusal, trace)
        fault = self._world.faults.take(call.method, call.path)
        response, words = await self._meet(call, fault, trace)
        self._journal.note(call, self._now(), words)
        response.headers["x-fb-trace-id"] = trace
        response.headers["date"] = format_datetime(self._now().astimezone(UTC), usegmt=True)
        return response

    async def _meet(self, call: Call, fault: Fault | None, trace: str) -> tuple[Response, str]:
        if fault is None or fault.answer == "normal":
            return await self._answer(call, fault, trace)
        if fault.apply == "yes":
            await self._answer(call, fault, trace)
        return answers.gone_wrong(fault, trace), f"fault: {fault.answer}"

    async def _answer(self, call: Call, fault: Fault | None, trace: str) -> tuple[Response, str]:
        owner, usage = self._world.owner(call.node), Usage()
        try:
            if owner is not None:
                usage = self._world.count_call(owner, self._now())
            if usage.refused:
                raise RefusedError(THROTTLED)
            reply = self._oauth.answer(call, self._now())
            if reply is None:
                reply = await self._graph.answer(call, fault)
            response, words = answers.document(reply), "ok"
        except RefusedError as error:
            response = answers.refusal(error.refusal, trace)
            words = refusal_words(error.refusal)
        response.headers.update(answers.usage_headers(owner, usage))
        return response, words


def create_app(
    world: World,
    *,
    fetch: Fetch,
    now: Callable[[], datetime],
    move: Move | None = None,
    files: Path | None = None,
) -> Starlette:
    """`move` sets the clock, where it can be moved; `files` is a folder to serve under /files."""
    journal = Journal()
    intake = Intake(fetch, world.storage)
    graph = Graph(world, intake=intake, now=now)
    oauth = OAuth(world)
    api = Api(world, graph, oauth, journal, now)
    routes = Console(world, journal, now, move).routes()
    if files is not None:
        routes.append(Route("/files/{path:path}", Files(files).serve, methods=["GET"]))
    routes += Dialog(world, oauth, now).routes()
    routes += Rupload(world, intake, now).routes()
    routes += Pages(world, now, otherwise=api.respond).routes()
    routes.append(Route("/{path:path}", api.respond, methods=["GET", "POST", "DELETE"]))
    return Starlette(routes=routes)
