"""GitHub's comments below a pull request, as far as we use them, played by rules of its own.

Written from GitHub's REST reference ("Issue comments"): a list is paged and oldest first, a comment
is created below an issue's number and changed by its own id, an empty or too long body is refused,
and whoever may only read is told 403.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "ghs_canary-51c2e0"
READS_ONLY = "ghs_reader-77aa19"
BOT = "github-actions[bot]"


@dataclass
class GitHub:
    """A repository `acme/posts` with a pull request 7."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[Response] = field(default_factory=list)
    """Answers that come before any other."""

    def say(self, body: str, author: str = "ana") -> int:
        number = 1_000 + len(self.comments)
        self.comments.append({"id": number, "user": {"login": author}, "body": body})
        return number

    @property
    def bodies(self) -> list[str]:
        return [one["body"] for one in self.comments]

    def app(self) -> Starlette:
        below = "/repos/acme/posts/issues/{number:int}/comments"
        one = "/repos/acme/posts/issues/comments/{id:int}"
        return Starlette(
            routes=[
                Route(below, self._list, methods=["GET"]),
                Route(below, self._create, methods=["POST"]),
                Route(one, self._change, methods=["PATCH"]),
            ]
        )

    def _stopped(self, request: Request) -> Response | None:
        self.asked.append(f"{request.method} {request.url.path}")
        if self.faults:
            return self.faults.pop(0)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in (TOKEN, READS_ONLY):
            return JSONResponse({"message": "Bad credentials"}, 401)
        if request.path_params.get("number", 7) != 7:
            return JSONResponse({"message": "Not Found"}, 404)
        if token == READS_ONLY and request.method != "GET":
            return JSONResponse({"message": "Resource not accessible by integration"}, 403)
        return None

    async def _list(self, request: Request) -> Response:
        if stop := self._stopped(request):
            return stop
        size = min(int(request.query_params.get("per_page", 30)), 100)
        start = (int(request.query_params.get("page", 1)) - 1) * size
        return JSONResponse(self.comments[start : start + size])

    async def _create(self, request: Request) -> Response:
        if stop := self._stopped(request):
            return stop
        body = (await request.json())["body"]
        if not body.strip() or len(body) > 65_536:
            return JSONResponse({"message": "Validation Failed"}, 422)
        return JSONResponse({"id": self.say(body, BOT), "body": body}, 201)

    async def _change(self, request: Request) -> Response:
        if stop := self._stopped(request):
            return stop
        body = (await request.json())["body"]
        for one in self.comments:
            if one["id"] == request.path_params["id"]:
                one["body"] = body.replace("\n", "\r\n")
                return JSONResponse(one)
        return JSONResponse({"message": "Not Found"}, 404)
