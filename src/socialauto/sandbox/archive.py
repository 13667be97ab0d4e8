"""Puts the platform's objects into the store and gets them back."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import TypeAdapter

from socialauto.sandbox.state import Account, Comment, Container, Mark, Publication
from socialauto.sandbox.storage import Storage

_ACCOUNT: TypeAdapter[Account] = TypeAdapter(Account)
_CONTAINER: TypeAdapter[Container] = TypeAdapter(Container)
_PUBLICATION: TypeAdapter[Publication] = TypeAdapter(Publication)
_COMMENT: TypeAdapter[Comment] = TypeAdapter(Comment)
_MARK: TypeAdapter[Mark] = TypeAdapter(Mark)


class Archive:
    """Ids grow with time, so every kind comes back in the order in which it was made."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def keep_account(self, account: Account) -> None:
        self._storage.save("accounts", account.id, _ACCOUNT.dump_json(account))

    def keep_container(self, container: Container) -> None:
        self._storage.save("containers", container.id, _CONTAINER.dump_json(container))

    def keep_publication(self, publication: Publication) -> None:
        self._storage.save("media", publication.id, _PUBLICATION.dump_json(publication))

    def keep_comment(self, comment: Comment) -> None:
        self._storage.save("comments", comment.id, _COMMENT.dump_json(comment))

    def keep_mark(self, mark: Mark) -> None:
        self._storage.save("marks", mark.media, _MARK.dump_json(mark))

    def accounts(self) -> Iterator[Account]:
        return map(_ACCOUNT.validate_json, self._storage.load("accounts"))

    def containers(self) -> Iterator[Container]:
        return map(_CONTAINER.validate_json, self._storage.load("containers"))

    def publications(self) -> Iterator[Publication]:
        return map(_PUBLICATION.validate_json, self._storage.load("media"))

    def comments(self) -> Iterator[Comment]:
        return map(_COMMENT.validate_json, self._storage.load("comments"))

    def marks(self) -> Iterator[Mark]:
        return map(_MARK.validate_json, self._storage.load("marks"))
