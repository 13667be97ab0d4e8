"""What follows a post on Instagram: its first comment, and comments switched off.

Posting a comment is as visible as posting, and has no key either: it is sent once, and looked for
among the comments before it is ever sent again (Comment Moderation; Meta names no other way).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from socialauto.adapters.http import PUBLISH_SECONDS
from socialauto.adapters.instagram.errors import Stage
from socialauto.adapters.instagram.graph import Failure, Graph, id_of, without_id
from socialauto.adapters.instagram.verdict import verdict
from socialauto.adapters.protocol import Search
from socialauto.core.message import Message
from socialauto.core.outcome import (
    ErrorClass,
    FindOutcome,
    Handle,
    NotPublished,
    Problem,
    Published,
    PublishOutcome,
    Unknown,
)

SKEW = timedelta(seconds=120)
"""The platform's clock and ours may differ by so much."""
PAGE = 50
MOST_PAGES = 10
"""A first comment is among the oldest; a post with more than this has been public for long."""

_FIELDS = "id,text,timestamp,username,from"

Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


class SequelHandle(BaseModel):
    """What the ledger keeps of it: the post, and the words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    follows: Id
    """The media id of the post."""
    does: Literal["comment", "comments-off"]
    text: str = ""


class _Comment(BaseModel):
    """A row of the listing; the platform leaves out who wrote it for some tokens."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    text: str = ""
    timestamp: AwareDatetime
    username: str | None = None
    sender: dict[str, Any] | None = Field(default=None, alias="from")


def handle_for(message: Message) -> Handle:
    """Nothing is uploaded: the handle of a message that follows a post."""
    does: Literal["comment", "comments-off"] = "comment" if message.text else "comments-off"
    handle = SequelHandle(follows=message.below, does=does, text=message.text)
    return handle.model_dump(exclude_defaults=True)


def read_sequel(handle: Handle) -> SequelHandle | None:
    """None when the handle is another thing's."""
    try:
        return SequelHandle.model_validate(dict(handle))
    except ValidationError:
        return None


async def publish(graph: Graph, sequel: SequelHandle) -> PublishOutcome:
    """The visible call, once."""
    if sequel.does == "comments-off":
        return await _switch_off(graph, sequel)
    answer = await graph.post(
        sequel.follows,
        "comments",
        form={"message": sequel.text},
        stage=Stage.PUBLISH,
        seconds=PUBLISH_SECONDS,
    )
    if isinstance(answer, Failure):
        return verdict(answer)
    comment = id_of(answer)
    return Published(comment) if comment else verdict(without_id("to a comment"))


async def _switch_off(graph: Graph, sequel: SequelHandle) -> PublishOutcome:
    form = {"comment_enabled": "false"}
    answer = await graph.post(sequel.follows, form=form, stage=Stage.PUBLISH)
    if isinstance(answer, Failure):
        return verdict(answer)
    if answer.get("success") is False:
        message = "Instagram did not switch the comments off"
        return NotPublished(Problem(ErrorClass.TRANSIENT, message))
    return Published(f"{sequel.follows}-comments-off")


async def find(graph: Graph, sequel: SequelHandle, search: Search) -> FindOutcome:
    """Is it there? Reads only."""
    if sequel.does == "comments-off":
        return await _is_off(graph, sequel)
    below = await _comments(graph, sequel.follows)
    if isinstance(below, Failure):
        return Unknown(below.problem, later=True)
    found = [one for one in below if _is_ours(one, sequel, search, graph.account_id)]
    if not found:
        return NotPublished(Problem(ErrorClass.TRANSIENT, "the comment is not below the post"))
    # Equal words of the same account after the intent: only a person says which one is this.
    if len(found) > 1:
        words = "the same words stand below the post more than once"
        return Unknown(Problem(ErrorClass.UNKNOWN, words))
    return Published(found[0].id)


async def _is_off(graph: Graph, sequel: SequelHandle) -> FindOutcome:
    answer = await graph.get(sequel.follows, fields="is_comment_enabled")
    if isinstance(answer, Failure):
        return Unknown(answer.problem, later=True)
    if answer.get("is_comment_enabled") is False:
        return Published(f"{sequel.follows}-comments-off")
    # Switching it off again does no harm, so "not said" may be treated as "not done".
    return NotPublished(Problem(ErrorClass.TRANSIENT, "people can still comment"))


def _is_ours(comment: _Comment, sequel: SequelHandle, search: Search, account: str) -> bool:
    """Same words, since the intent, bound to nothing else, and nobody else's as far as is said."""
    sender = (comment.sender or {}).get("id")
    return (
        comment.timestamp >= search.since - SKEW
        and comment.id not in search.taken
        and sender in (None, account)
        and _plain(comment.text) == _plain(sequel.text)
    )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("@", "").split())


async def _comments(graph: Graph, media_id: str) -> list[_Comment] | Failure:
    """All of them, or why they cannot be known."""
    found: list[_Comment] = []
    after: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        answer = await graph.get(media_id, "comments", fields=_FIELDS, limit=str(PAGE), **after)
        rows = answer if isinstance(answer, Failure) else _rows(answer)
        if isinstance(answer, Failure) or isinstance(rows, Failure):
            return rows
        found += rows
        cursor = _next(answer)
        if cursor is None:
            return found
        after = {"after": cursor}
    return Failure(Problem(ErrorClass.UNKNOWN, "the post has too many comments to look through"))


def _rows(answer: Mapping[str, Any]) -> list[_Comment] | Failure:
    try:
        return [_Comment.model_validate(row) for row in answer["data"]]
    except (KeyError, TypeError, ValidationError):
        return Failure(Problem(ErrorClass.TRANSIENT, "Instagram's list of comments is unreadable"))


def _next(answer: Mapping[str, Any]) -> str | None:
    paging = answer.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursor = (paging.get("cursors") or {}).get("after")
    return cursor if isinstance(cursor, str) else None
