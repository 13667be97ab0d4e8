"""The pages that show what is public, as people know it from a phone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from socialauto.sandbox.nodes import Medium, View, product_type, shortcode
from socialauto.sandbox.notes import Note, notes
from socialauto.sandbox.state import Account, Asset, Comment
from socialauto.sandbox.world import World

_FOLD = 125
"""Characters of a caption that a phone shows before `more`."""
_WORD = re.compile(r"([#@][\w.]*\w)")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_TYPES = {"jpg": "image/jpeg", "mp4": "video/mp4"}
_STATIC = {"style.css": "text/css", "page.js": "text/javascript"}
_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; "
    "script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Endpoint = Callable[[Request], Awaitable[Response]]


def _decorated(text: str) -> Markup:
    """Hashtags and mentions in colour; everything else escaped."""
    parts = _WORD.split(text)
    marked = (
        Markup('<span class="tag">{}</span>').format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )
    return Markup("").join(marked)


def _ago(time: datetime, now: datetime) -> str:
    """How long ago, in the one unit that a phone shows."""
    seconds = max(int((now - time).total_seconds()), 0)
    for unit, length in (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def environment() -> Environment:
    """Where the pages' templates are."""
    environment = Environment(
        loader=PackageLoader("socialauto.sandbox", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["decorated"] = _decorated
    return environment


@dataclass(frozen=True, slots=True)
class Item:
    """One picture or film of a post, ready to be shown."""

    url: str
    is_video: bool
    poster: str
    alt: str
    width: int
    height: int
    tagged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A post, ready to be shown."""

    code: str
    kind: str
    caption: str
    folded: bool
    items: tuple[Item, ...]
    ago: str
    time: datetime
    location: str
    collaborators: tuple[str, ...]
    comments: tuple[Comment, ...]
    notes: tuple[Note, ...]


def _url(asset: Asset) -> str:
    return f"/_sandbox/media/{asset.blob}.{'mp4' if asset.kind == 'video' else 'jpg'}"


def _item(medium: Medium) -> Item:
    container = medium.container
    assert container.asset is not None
    options = container.draft.options
    return Item(
        url=_url(container.asset),
        is_video=container.asset.kind == "video",
        poster=_url(container.cover) if container.cover else "",
        alt=container.draft.alt_text,
        # A film that could not be read has no size, and is never public; 1 keeps the maths whole.
        width=container.asset.width or 1,
        height=container.asset.height or 1,
        tagged=tuple(str(tag["username"]) for tag in options.get("user_tags", ())),
    )


def _shown(view: View, medium: Medium) -> Shown:
    draft = medium.container.draft
    media = view.children(medium) or [medium]
    return Shown(
        code=shortcode(medium.id),
        kind="CAROUSEL" if draft.shape == "carousel" else product_type(medium),
        caption=draft.caption,
        folded=len(draft.caption) > _FOLD or draft.caption.count("\n") > 1,
        items=tuple(_item(each) for each in media),
        ago=_ago(medium.publication.time, view.now),
        time=medium.publication.time,
        location=str(draft.options.get("location_id", "")),
        collaborators=tuple(draft.options.get("collaborators", ())),
        comments=tuple(view.world.comments(medium.id)),
        notes=tuple(notes(draft, comments=view.world.upkeep.comments_enabled(medium.id))),
    )


class Pages:
    """HTML for people; a path that names no account is left to `otherwise`."""

    def __init__(self, world: World, now: Callable[[], datetime], otherwise: Endpoint) -> None:
        self._world = world
        self._now = now
        self._otherwise = otherwise
        self._environment = environment()

    def routes(self) -> list[Route]:
        return [
            Route("/", self._home, methods=["GET"]),
            Route("/favicon.ico", self._nothing, methods=["GET"]),
            Route("/_sandbox/media/{name:str}.{suffix:str}", self._media, methods=["GET"]),
            Route("/_sandbox/static/{name}", self._static, methods=["GET"]),
            Route("/{username}", self._to_profile, methods=["GET"]),
            Route("/{username}/", self._profile, methods=["GET"]),
            Route("/{username}/p/{code}/", self._post, methods=["GET"]),
        ]

    def _page(self, template: str, status: int = 200, **values: Any) -> Response:
        html = self._environment.get_template(template).render(**values)
        headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
        return HTMLResponse(html, status_code=status, headers=headers)

    def _account(self, request: Request) -> Account | None:
        name = request.path_params["username"]
        accounts = self._world.accounts.values()
        return next((account for account in accounts if account.username == name), None)

    def _view(self) -> View:
        return View(self._world, self._now(), "")

    def _posts(self, account: Account, *, stories: bool = False) -> list[Shown]:
        view = self._view()
        feed = self._world.feed(account.id, view.now, stories=stories)
        return [_shown(view, view.medium(entry)) for entry in feed]

    async def _home(self, _: Request) -> Response:
        listed = [(account, self._posts(account)) for account in self._world.accounts.values()]
        return self._page("home.html", listed=listed)

    async def _nothing(self, _: Request) -> Response:
        return Response(status_code=204)

    async def _to_profile(self, request: Request) -> Response:
        account = self._account(request)
        if account is None:
            return await self._otherwise(request)
        return RedirectResponse(f"/{account.username}/")

    async def _profile(self, request: Request) -> Response:
        account = self._account(request)
        if account is None:
            return await self._otherwise(request)
        posts, stories = self._posts(account), self._posts(account, stories=True)
        return self._page("profile.html", account=account, posts=posts, stories=stories)

    async def _post(self, request: Request) -> Response:
        account = self._account(request)
        if account is None:
            return await self._otherwise(request)
        posts = [*self._posts(account), *self._posts(account, stories=True)]
        code = request.path_params["code"]
        found = next((post for post in posts if post.code == code), None)
        if found is None:
            return self._page("missing.html", status=404, account=account)
        others = [post for post in posts if post.code != code and post.kind != "STORY"][:6]
        return self._page("post.html", account=account, post=found, others=others)

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return PlainTextResponse("There is no such file here.\n", status_code=404)
        assert self._environment.loader is not None
        source, _, _ = self._environment.loader.get_source(self._environment, name)
        return Response(source, media_type=_STATIC[name])

    async def _media(self, request: Request) -> Response:
        name, suffix = request.path_params["name"], request.path_params["suffix"]
        known = re.fullmatch(r"[0-9a-f]{64}", name) and suffix in _TYPES
        body = self._world.storage.blob(name) if known else None
        if body is None:
            return PlainTextResponse("There is no such file here.\n", status_code=404)
        return _ranged(body, _TYPES[suffix], request.headers.get("range", ""))


def _ranged(body: bytes, media_type: str, wanted: str) -> Response:
    """The whole body or the part asked for: players need parts to seek."""
    headers = {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    match = _RANGE.fullmatch(wanted)
    if match is None or int(match[1]) >= len(body):
        return Response(body, media_type=media_type, headers=headers)
    first = int(match[1])
    last = min(int(match[2] or len(body) - 1), len(body) - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    return Response(body[first : last + 1], status_code=206, media_type=media_type, headers=headers)
