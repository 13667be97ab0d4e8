"""The parts of a post: what belongs to it and is done right after it."""

from __future__ import annotations

from socialauto.core.message import Message

COMMENT = "comment"
"""The first comment below it."""
COMMENTS_OFF = "comments-off"
"""Nobody can comment on it."""
DELETE = "delete"
"""It is deleted. Nobody promises this when the post goes out: its file asks for it later."""
PARTS = (COMMENT, COMMENTS_OFF, DELETE)


def parts_of(message: Message) -> tuple[str, ...]:
    """What has to follow the post, in this order."""
    parts = []
    if message.options.get("first_comment"):
        parts.append(COMMENT)
    if message.options.get("comments") is False:
        parts.append(COMMENTS_OFF)
    return tuple(parts)
