"""Deletes what was published. Meta's "IG Media" reference, deleting: with Facebook Login and the
permission instagram_manage_contents; posts, reels, stories, whole carousels.

To delete the same id twice does no harm, and yet it is asked for once and looked up before it is
asked for again: the ledger says deleted only where the platform says so.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from socialauto.adapters.http import PUBLISH_SECONDS
from socialauto.adapters.instagram.comments import Id
from socialauto.adapters.instagram.graph import Failure, Graph
from socialauto.adapters.instagram.verdict import verdict
from socialauto.core.message import Message
from socialauto.core.outcome import (
    ErrorClass,
    FindOutcome,
    Handle,
    InDoubt,
    NotPublished,
    Problem,
    Published,
    PublishOutcome,
    Unknown,
)

_NO_SUCH_OBJECT = (100, 33)
"""Never was, is gone, or this token may not see it: one code for all three."""


class DeletionHandle(BaseModel):
    """What the ledger keeps of it: the post."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deletes: Id
    """The media id of the post."""


def handle_for(message: Message) -> Handle:
    return DeletionHandle(deletes=message.below).model_dump()


def read_deletion(handle: Handle) -> DeletionHandle | None:
    """None when the handle is another thing's."""
    try:
        return DeletionHandle.model_validate(dict(handle))
    except ValidationError:
        return None


def _done(deletion: DeletionHandle) -> Published:
    return Published(f"{deletion.deletes}-deleted")


async def publish(graph: Graph, deletion: DeletionHandle) -> PublishOutcome:
    """The call that nothing takes back, once."""
    answer = await graph.delete(deletion.deletes, seconds=PUBLISH_SECONDS)
    if isinstance(answer, Failure):
        return verdict(answer)
    if answer.get("success") is True:
        return _done(deletion)
    if answer.get("success") is False:
        return NotPublished(Problem(ErrorClass.TRANSIENT, "Instagram did not delete the post"))
    return InDoubt(Problem(ErrorClass.TRANSIENT, "Instagram does not say whether it is deleted"))


async def find(graph: Graph, deletion: DeletionHandle) -> FindOutcome:
    """Is it gone? Reads only."""
    answer = await graph.get(deletion.deletes, fields="id")
    if not isinstance(answer, Failure):
        return NotPublished(Problem(ErrorClass.TRANSIENT, "the post is still there"))
    error = answer.error
    if error is None or (error.code, error.subcode) != _NO_SUCH_OBJECT:
        return Unknown(answer.problem, later=True)
    # A token that has lost sight of the whole account gets the same answer about each of its posts.
    account = await graph.get(graph.account_id, fields="id")
    return Unknown(account.problem, later=True) if isinstance(account, Failure) else _done(deletion)
