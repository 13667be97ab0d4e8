"""The parts of a post: what belongs to it and is done right after it."""

from __future__ import annotations

from socialauto.core.message import Message

COMMENT = "comment"
"""The first comment below it."""
COMMENTS_OFF = "comments-off"
"""Nobody can comment on it."""
PARTS = (COMMENT, COMMENTS_OFF)


def parts_of(message: Message) -> tuple[str, ...]:
    """What has to follow the post, in this order."""
    parts = []
    if message.options.get("first_comment"):
        parts.append(COMMENT)
    if message.options.get("comments") is False:
        parts.append(COMMENTS_OFF)
    return tuple(parts)
