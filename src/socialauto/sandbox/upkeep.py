"""What happens to media objects after they went out: comments, their switch, deletion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from socialauto.sandbox.archive import Archive
from socialauto.sandbox.errors import INVALID, NO_SUCH_OBJECT, PERMISSION, RefusedError
from socialauto.sandbox.state import Account, Comment, Mark

_FIRST_COMMENT = 18_100_000_000_000_000
_LONGEST_COMMENT = 2200
COMMENTS_OFF = PERMISSION.saying("(#10) Comments are turned off for this media")


class Upkeep:
    """Knows nothing of time but what it is told, and nothing of tokens."""

    def __init__(self, archive: Archive, next_id: Callable[[int], str]) -> None:
        self._archive = archive
        self._next_id = next_id
        self._comments: dict[str, Comment] = {}
        self._by_media: dict[str, list[str]] = defaultdict(list)
        self._marks: dict[str, Mark] = {}
        for comment in archive.comments():
            self._remember(comment)
        for mark in archive.marks():
            self._marks[mark.media] = mark

    @property
    def ids(self) -> Iterator[str]:
        return iter(self._comments)

    def knows(self, comment_id: str) -> bool:
        return comment_id in self._comments

    def media_of(self, comment_id: str) -> str:
        return self._comments[comment_id].media

    # --- comments

    def add_comment(
        self, account: Account, media_id: str, text: str, now: datetime, *, parent: str = ""
    ) -> Comment:
        if not text.strip():
            raise RefusedError(INVALID.saying("(#100) message is required"))
        if len(text) > _LONGEST_COMMENT:
            raise RefusedError(PERMISSION)
        if not self.comments_enabled(media_id):
            raise RefusedError(COMMENTS_OFF)
        comment = Comment(
            id=self._next_id(_FIRST_COMMENT),
            account=account.id,
            media=media_id,
            text=text,
            time=now,
            parent=parent,
        )
        self._keep(comment)
        return comment

    def comment(self, comment_id: str) -> Comment:
        """Raises code 100/33 for one that never was or has been deleted."""
        comment = self._comments.get(comment_id)
        if comment is None or comment.deleted:
            raise RefusedError(NO_SUCH_OBJECT)
        return comment

    def comments(self, media_id: str) -> list[Comment]:
        """Those that stand, in the order in which they came, without replies."""
        return [comment for comment in self._standing(media_id) if not comment.parent]

    def replies(self, comment: Comment) -> list[Comment]:
        return [other for other in self._standing(comment.media) if other.parent == comment.id]

    def _standing(self, media_id: str) -> Iterator[Comment]:
        found = (self._comments[one] for one in self._by_media.get(media_id, ()))
        return (comment for comment in found if not comment.deleted)

    def delete_comment(self, comment_id: str) -> None:
        self._keep(replace(self.comment(comment_id), deleted=True))

    def hide_comment(self, comment_id: str, *, hidden: bool) -> None:
        self._keep(replace(self.comment(comment_id), hidden=hidden))

    def comments_enabled(self, media_id: str) -> bool:
        return self._mark(media_id).comments_enabled

    def enable_comments(self, media_id: str, *, enabled: bool) -> None:
        self._put(replace(self._mark(media_id), comments_enabled=enabled))

    # --- deletion

    def delete(self, media_id: str, now: datetime) -> None:
        self._put(replace(self._mark(media_id), deleted=now))

    def is_gone(self, media_id: str, now: datetime) -> bool:
        deleted = self._mark(media_id).deleted
        return deleted is not None and deleted <= now

    # --- memory

    def _mark(self, media_id: str) -> Mark:
        return self._marks.get(media_id) or Mark(media=media_id)

    def _put(self, mark: Mark) -> None:
        self._archive.keep_mark(mark)
        self._marks[mark.media] = mark

    def _keep(self, comment: Comment) -> None:
        self._archive.keep_comment(comment)
        self._remember(comment)

    def _remember(self, comment: Comment) -> None:
        if comment.id not in self._comments:
            self._by_media[comment.media].append(comment.id)
        self._comments[comment.id] = comment
