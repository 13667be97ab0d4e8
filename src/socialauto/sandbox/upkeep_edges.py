"""Operations on what is public already: comments, their switch, deletion."""

from __future__ import annotations

from collections.abc import Mapping

from socialauto.sandbox import wire
from socialauto.sandbox.errors import (
    CANNOT_DELETE,
    INVALID,
    NO_SUCH_OBJECT,
    PERMISSION,
    RefusedError,
)
from socialauto.sandbox.nodes import read_comment
from socialauto.sandbox.request import Operation, Reply, Request
from socialauto.sandbox.state import Comment


def _own(request: Request) -> Comment:
    """The comment that the path names. Raises unless the token may see what it stands below."""
    comment = request.world.upkeep.comment(request.call.node)
    request.world.medium(comment.media, request.token, request.now)
    return comment


def read_one_comment(request: Request) -> Reply:
    return read_comment(request.view, _own(request), request.fields)


async def _comments(request: Request) -> Reply:
    found = request.world.comments(request.medium().id)
    return {"data": [read_comment(request.view, each, request.fields) for each in found]}


async def _comment(request: Request) -> Reply:
    medium = request.medium()
    text = wire.as_text("message", request.call.params.get("message", ""))
    account = request.view.account(medium)
    return {"id": request.world.add_comment(account, medium.id, text, request.now).id}


async def _replies(request: Request) -> Reply:
    found = request.world.upkeep.replies(_own(request))
    return {"data": [read_comment(request.view, each, request.fields) for each in found]}


async def _reply(request: Request) -> Reply:
    """A reply to a reply stands below the same comment."""
    comment = _own(request)
    text = wire.as_text("message", request.call.params.get("message", ""))
    account, upkeep = request.world.accounts[comment.account], request.world.upkeep
    parent = comment.parent or comment.id
    return {"id": upkeep.add_comment(account, comment.media, text, request.now, parent=parent).id}


async def _change(request: Request) -> Reply:
    """The only things that can be changed: comments on or off, a comment hidden or shown."""
    upkeep, params = request.world.upkeep, request.call.params
    if upkeep.knows(request.call.node):
        comment = _own(request)
        upkeep.hide_comment(comment.id, hidden=_flag(request, "hide"))
    else:
        medium = request.medium()
        if medium.is_item or "comment_enabled" not in params:
            raise RefusedError(INVALID.saying("(#100) The parameter comment_enabled is required."))
        upkeep.enable_comments(medium.id, enabled=_flag(request, "comment_enabled"))
    return {"success": True}


def _flag(request: Request, name: str) -> bool:
    if name not in request.call.params:
        raise RefusedError(INVALID.saying(f"(#100) The parameter {name} is required."))
    return wire.as_flag(name, request.call.params[name])


async def _delete(request: Request) -> Reply:
    """A whole publication, and with Facebook Login only; or a comment."""
    upkeep, node = request.world.upkeep, request.call.node
    if upkeep.knows(node):
        upkeep.delete_comment(_own(request).id)
        return {"success": True}
    if node in request.world.accounts or node in request.world.containers:
        raise RefusedError(NO_SUCH_OBJECT)
    medium = request.medium()
    account = request.token.sees(request.view.account(medium))
    if medium.is_item or account.login == "instagram":
        raise RefusedError(CANNOT_DELETE)
    scopes = request.token.scopes
    if scopes is not None and "instagram_manage_contents" not in scopes:
        raise RefusedError(PERMISSION)  # who may delete comments may not delete posts
    upkeep.delete(medium.id, request.now)
    return {"success": True, "deleted_id": medium.id}


UPKEEP: Mapping[tuple[str, str], Operation] = {
    ("GET", "comments"): _comments,
    ("POST", "comments"): _comment,
    ("GET", "replies"): _replies,
    ("POST", "replies"): _reply,
    ("POST", ""): _change,
    ("DELETE", ""): _delete,
}
