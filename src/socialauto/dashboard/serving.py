"""The dashboard over HTTP, for the browsers of this machine only."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import PurePosixPath

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from socialauto.dashboard.live import Live, News, View

HEARTBEAT = 20.0
"""Seconds after which a silent connection is proved alive."""

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
}
_ALWAYS = {
    # A page of somewhere else may neither show nor embed what is planned here.
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_FOR_GOOD = {"Cache-Control": "private, max-age=86400, immutable"}
"""Small pictures are named after what is in them."""

_GONE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not here · socialauto</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<script src="/live.js" defer></script>
</head>
<body>
<main id="main">
<div class="head"><h1>There is no such page</h1></div>
<p class="card">Its post may have been renamed or removed. It comes back by itself when its file
does. <a href="/index.html">Overview</a></p>
</main>
</body>
</html>
"""


def _event(news: News) -> str:
    data = json.dumps({"built": news.built, "problems": news.problems})
    return f"retry: 1000\ndata: {data}\n\n"


def _dated(page: bytes, built: int) -> bytes:
    """The page knows which look it shows, so that news of the same one changes nothing."""
    return page.replace(b'<html lang="en">', b'<html lang="en" data-built="%d">' % built, 1)


def _answer(name: str, data: bytes, built: int, **more: str) -> Response:
    kind = _KINDS.get(PurePosixPath(name).suffix, "application/octet-stream")
    body = _dated(data, built) if name.endswith(".html") else data
    return Response(body, headers=_ALWAYS | {"Content-Type": kind} | more)


def _picture(view: View, name: str) -> Response | None:
    picture = view.picture(name)
    if picture is None:
        return None
    more = _FOR_GOOD if picture.is_current else {}
    return _answer(name, picture.data, 0, **more)


def _respond(view: View, name: str, built: int) -> Response:
    data = view.file(name)
    if data is not None:
        return _answer(name, data, built)
    found = _picture(view, name)
    gone = _dated(_GONE.encode(), built)
    return found or Response(gone, 404, _ALWAYS | {"Content-Type": _KINDS[".html"]})


def create_app(live: Live) -> Starlette:
    """Everything that `live` shows, and its news as server-sent events."""

    async def file(request: Request) -> Response:
        name = request.path_params["name"] or "index.html"
        # First the number: a page may be newer than it says, and is then loaded once too often.
        built, view = live.news.built, live.view
        assert view is not None
        return await to_thread.run_sync(_respond, view, name, built)

    async def news(_: Request) -> Response:
        headers = _ALWAYS | {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(live), headers=headers)

    return Starlette(
        routes=[
            Route("/live/news", news, methods=["GET"]),
            Route("/{name:path}", file, methods=["GET"]),
        ]
    )


async def _events(live: Live) -> AsyncIterator[str]:
    told = None
    while True:
        if live.news != told:
            told = live.news
            yield _event(told)
        else:
            yield ":\n\n"
        if live.news == told:
            await live.next(HEARTBEAT)
