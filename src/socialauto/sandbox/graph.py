"""The operations of the API: one function an endpoint, and the table that finds them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from socialauto.sandbox import rupload, wire
from socialauto.sandbox.errors import (
    CONTAINER_GONE,
    INVALID,
    NO_SUCH_OBJECT,
    UNKNOWN_PATH,
    RefusedError,
)
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.insights import INSIGHTS
from socialauto.sandbox.intake import Intake
from socialauto.sandbox.nodes import (
    Medium,
    View,
    read_account,
    read_container,
    read_limit,
    read_medium,
)
from socialauto.sandbox.parameters import read_draft
from socialauto.sandbox.people import BUSINESSES, ME, is_page, read_page
from socialauto.sandbox.permissions import check
from socialauto.sandbox.request import Operation, Reply, Request
from socialauto.sandbox.tokens import accepted
from socialauto.sandbox.upkeep_edges import UPKEEP, read_one_comment
from socialauto.sandbox.wire import Call
from socialauto.sandbox.world import World

_NO_FAULT = Fault()
DEFAULT_VERSION = "v25.0"
_PAGE = 25
_MAX_PAGE = 100


# --- publishing


async def _create(request: Request) -> Reply:
    account = request.account()
    draft = read_draft(request.call.params, account)
    request.world.check_container_cap(account, request.now)
    asset = await request.intake.main(draft)
    cover = await request.intake.cover(draft)
    waiting = "upload_type" in draft.options
    container = request.world.create(
        account,
        draft,
        request.now,
        asset=asset,
        cover=cover,
        late=rupload.WAITING if waiting else request.fault.late,
        problem=request.fault.container_problem,
    )
    if waiting:
        version = request.call.version or f"/{DEFAULT_VERSION}"
        uri = f"{request.call.base}{rupload.PATH}{version}/{container.id}"
        return {"id": container.id, "uri": uri}
    return {"id": container.id}


async def _publish(request: Request) -> Reply:
    account = request.account()
    unknown = sorted(set(request.call.params) - {"creation_id", "fields"})
    if unknown:
        raise RefusedError(INVALID.saying(f"(#100) Unexpected parameter {unknown[0]}."))
    if "creation_id" not in request.call.params:
        raise RefusedError(INVALID.saying("(#100) The parameter creation_id is required."))
    creation_id = wire.as_text("creation_id", request.call.params["creation_id"])
    if not creation_id:
        raise RefusedError(CONTAINER_GONE)
    publication = request.world.publish(account, creation_id, request.now, late=request.fault.late)
    return {"id": publication.id}


async def _limit(request: Request) -> Reply:
    account = request.account()
    return {"data": [read_limit(request.view, account, request.fields, request.instant("since"))]}


# --- reading


async def _node(request: Request) -> Reply:
    node, world = request.call.node, request.world
    if node in world.accounts:
        return read_account(request.view, request.account(), request.fields)
    if node in world.containers:
        container = world.container(node, request.token)
        return read_container(request.view, container, request.fields)
    if world.upkeep.knows(node):
        return read_one_comment(request)
    if is_page(world, node):
        return read_page(request)
    return read_medium(request.view, request.medium(), request.fields)


def _cursor(media_id: str) -> str:
    return base64.urlsafe_b64encode(media_id.encode()).decode()


def _after(media: Sequence[Medium], cursor: str) -> Sequence[Medium]:
    for index, medium in enumerate(media):
        if _cursor(medium.id) == cursor:
            return media[index + 1 :]
    raise RefusedError(INVALID.saying("(#100) The cursor is invalid."))


def _page(request: Request, media: Sequence[Medium]) -> Reply:
    params = request.call.params
    if "after" in params:
        media = _after(media, wire.as_text("after", params["after"]))
    limit = min(max(wire.as_number("limit", params.get("limit", _PAGE)), 1), _MAX_PAGE)
    shown = media[:limit]
    reply: Reply = {"data": [read_medium(request.view, each, request.fields) for each in shown]}
    if shown:
        last = _cursor(shown[-1].id)
        reply["paging"] = {"cursors": {"before": _cursor(shown[0].id), "after": last}}
        if len(media) > limit:
            reply["paging"]["next"] = request.next_page(last)
    return reply


async def _feed(request: Request, *, stories: bool = False) -> Reply:
    account = request.account()
    since, until = request.instant("since"), request.instant("until")
    media = [
        request.view.medium(entry)
        for entry in request.world.feed(account.id, request.now, stories=stories)
        # Times are kept to the second on the platform.
        if (since is None or entry.time >= since) and (until is None or entry.time <= until)
    ]
    return _page(request, media)


async def _stories(request: Request) -> Reply:
    return await _feed(request, stories=True)


async def _children(request: Request) -> Reply:
    medium = request.medium()
    items = request.view.children(medium)
    return {"data": [read_medium(request.view, item, request.fields) for item in items]}


_OBJECT: Mapping[tuple[str, str], Operation] = {
    ("GET", ""): _node,
    ("POST", "media"): _create,
    ("POST", "media_publish"): _publish,
    ("GET", "media"): _feed,
    ("GET", "stories"): _stories,
    ("GET", "content_publishing_limit"): _limit,
    ("GET", "children"): _children,
    **BUSINESSES,
    **UPKEEP,
    **INSIGHTS,
}


def _operation(call: Call) -> Operation:
    if call.node == "me":
        found = ME.get((call.method, call.edge))
    elif call.node.isdecimal():
        found = _OBJECT.get((call.method, call.edge))
    else:
        raise RefusedError(UNKNOWN_PATH)
    if found is None:
        raise RefusedError(NO_SUCH_OBJECT)
    return found


class Graph:
    """Answers calls about one world."""

    def __init__(self, world: World, *, intake: Intake, now: Callable[[], datetime]) -> None:
        self._world = world
        self._intake = intake
        self._now = now

    async def answer(self, call: Call, fault: Fault | None = None) -> Reply:
        """The reply's document. Raises `RefusedError`."""
        now = self._now()
        token = accepted(self._world.tokens, call.token, now)
        operation = _operation(call)
        check(token, call)
        view = View(self._world, now, call.base)
        return await operation(Request(call, token, view, self._intake, fault or _NO_FAULT))
