"""What can be read back: the fields of accounts, containers and media objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from socialauto.sandbox.errors import INVALID, RefusedError
from socialauto.sandbox.fields import Field
from socialauto.sandbox.state import DAY, Account, Comment, Container, Publication, StatusCode
from socialauto.sandbox.world import World

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_SENTENCES: Mapping[StatusCode, str] = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been successfully published.",
    "EXPIRED": "Expired: Media was not published within 24 hours and has expired.",
}


@dataclass(frozen=True, slots=True)
class Medium:
    """A media object: a publication, or one item of a carousel."""

    id: str
    publication: Publication
    container: Container

    @property
    def is_item(self) -> bool:
        return self.id != self.publication.id


@dataclass(frozen=True, slots=True)
class View:
    """Reads the world at one instant for somebody who reached us as `base`."""

    world: World
    now: datetime
    base: str

    def medium(self, publication: Publication) -> Medium:
        container = self.world.containers[publication.container]
        return Medium(publication.id, publication, container)

    def children(self, medium: Medium) -> list[Medium]:
        if medium.is_item:
            return []
        containers = self.world.containers
        return [
            Medium(media_id, medium.publication, containers[container_id])
            for media_id, container_id in medium.publication.children
        ]

    def account(self, medium: Medium) -> Account:
        return self.world.accounts[medium.publication.account]

    def file(self, name: str, suffix: str) -> str:
        return f"{self.base}/_sandbox/media/{name}.{suffix}"


S = TypeVar("S")
Reader = Callable[[View, S, Field], Any]


def shortcode(media_id: str) -> str:
    """The name of a post in its address."""
    number, code = int(media_id), ""
    while number:
        number, digit = divmod(number, 64)
        code = _ALPHABET[digit] + code
    return code


def stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _select(
    kind: str, table: Mapping[str, Reader[S]], view: View, subject: S, fields: Iterable[Field]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        if field.name not in table:
            sentence = f"Tried accessing nonexisting field ({field.name}) on node type ({kind})"
            raise RefusedError(INVALID.saying(f"(#100) {sentence}"))
        value = table[field.name](view, subject, field)
        if value is not None:
            found[field.name] = value
    return found


# --- containers


def _status_sentence(view: View, container: Container) -> str:
    code = view.world.status(container, view.now)
    if code == "ERROR":
        return f"Error: Media upload has failed with error code {container.problem}"
    return _SENTENCES[code]


_CONTAINER: Mapping[str, Reader[Container]] = {
    "id": lambda _, container, __: container.id,
    "status_code": lambda view, container, __: view.world.status(container, view.now),
    "status": lambda view, container, __: _status_sentence(view, container),
    "copyright_check_status": lambda *_: {"status": "completed", "matches_found": False},
}


def read_container(view: View, container: Container, fields: Iterable[Field]) -> dict[str, Any]:
    chosen = _select("IGContainer", _CONTAINER, view, container, fields)
    return {**chosen, "id": container.id}


# --- media


def _media_type(medium: Medium) -> str:
    if medium.container.draft.shape == "carousel":
        return "CAROUSEL_ALBUM"
    asset = medium.container.asset
    return "VIDEO" if asset is not None and asset.kind == "video" else "IMAGE"


def product_type(medium: Medium) -> str:
    return {"reel": "REELS", "story": "STORY"}.get(medium.container.draft.shape, "FEED")


def _caption(view: View, medium: Medium, _: Field) -> str | None:
    text = medium.container.draft.caption
    if view.account(medium).drops_at_signs:
        text = text.replace("@", "")
    return text or None


def _permalink(view: View, medium: Medium, _: Field) -> str | None:
    if medium.is_item:
        return None
    return f"{view.base}/{view.account(medium).username}/p/{shortcode(medium.id)}/"


def _media_url(view: View, medium: Medium, _: Field) -> str | None:
    asset = medium.container.asset
    if asset is None:
        children = view.children(medium)
        return _media_url(view, children[0], _) if children else None
    return view.file(asset.blob, "mp4" if asset.kind == "video" else "jpg")


def _thumbnail(view: View, medium: Medium, _: Field) -> str | None:
    cover = medium.container.cover
    return view.file(cover.blob, "jpg") if cover else None


def _children(view: View, medium: Medium, field: Field) -> dict[str, Any] | None:
    items = [read_medium(view, item, field.inner) for item in view.children(medium)]
    return {"data": items} if items else None


def _comments(view: View, medium: Medium, field: Field) -> dict[str, Any] | None:
    found = view.world.comments(medium.id)
    return {"data": [read_comment(view, each, field.inner) for each in found]} if found else None


def _replies(view: View, comment: Comment, field: Field) -> dict[str, Any] | None:
    found = view.world.upkeep.replies(comment)
    return {"data": [read_comment(view, each, field.inner) for each in found]} if found else None


_MEDIUM: Mapping[str, Reader[Medium]] = {
    "id": lambda _, medium, __: medium.id,
    "caption": _caption,
    "permalink": _permalink,
    "shortcode": lambda _, medium, __: None if medium.is_item else shortcode(medium.id),
    "timestamp": lambda _, medium, __: stamp(medium.publication.time),
    "media_type": lambda _, medium, __: _media_type(medium),
    "media_product_type": lambda _, medium, __: product_type(medium),
    "media_url": _media_url,
    "thumbnail_url": _thumbnail,
    "alt_text": lambda _, medium, __: medium.container.draft.alt_text or None,
    "username": lambda view, medium, __: view.account(medium).username,
    "owner": lambda _, medium, __: {"id": medium.publication.account},
    "is_comment_enabled": lambda view, medium, __: view.world.upkeep.comments_enabled(medium.id),
    "is_shared_to_feed": lambda _, medium, __: medium.container.draft.options.get("share_to_feed"),
    "like_count": lambda *_: 0,
    "comments_count": lambda view, medium, __: len(view.world.comments(medium.id)),
    "comments": _comments,
    "children": _children,
}


def read_medium(view: View, medium: Medium, fields: Iterable[Field]) -> dict[str, Any]:
    hidden = view.account(medium).hidden_fields
    shown = [field for field in fields if field.name not in hidden]
    return {**_select("IGMedia", _MEDIUM, view, medium, shown), "id": medium.id}


_COMMENT: Mapping[str, Reader[Comment]] = {
    "id": lambda _, comment, __: comment.id,
    "text": lambda _, comment, __: comment.text,
    "timestamp": lambda _, comment, __: stamp(comment.time),
    "username": lambda view, comment, __: view.world.accounts[comment.account].username,
    "from": lambda view, comment, __: {
        "id": comment.account,
        "username": view.world.accounts[comment.account].username,
    },
    "like_count": lambda *_: 0,
    "hidden": lambda _, comment, __: comment.hidden,
    "parent_id": lambda _, comment, __: comment.parent or None,
    "replies": _replies,
}
_COMMENT_DEFAULT = (Field("timestamp"), Field("text"))


def read_comment(view: View, comment: Comment, fields: Iterable[Field]) -> dict[str, Any]:
    chosen = tuple(fields) or _COMMENT_DEFAULT
    return {**_select("IGComment", _COMMENT, view, comment, chosen), "id": comment.id}


# --- accounts


def _media_of(view: View, account: Account, field: Field) -> dict[str, Any]:
    newest = view.world.feed(account.id, view.now)[: field.limit or 25]
    return {"data": [read_medium(view, view.medium(entry), field.inner) for entry in newest]}


_ACCOUNT: Mapping[str, Reader[Account]] = {
    "id": lambda _, account, __: account.id,
    "ig_id": lambda _, account, __: account.id[-10:],
    "username": lambda _, account, __: account.username,
    "name": lambda _, account, __: account.name or None,
    "biography": lambda _, account, __: account.biography or None,
    "account_type": lambda _, account, __: account.account_type,
    "profile_picture_url": lambda *_: None,
    "website": lambda *_: None,
    "followers_count": lambda *_: 0,
    "follows_count": lambda *_: 0,
    "media_count": lambda view, account, __: len(view.world.feed(account.id, view.now)),
    "media": _media_of,
}


def read_account(view: View, account: Account, fields: Iterable[Field]) -> dict[str, Any]:
    return {**_select("IGUser", _ACCOUNT, view, account, fields), "id": account.id}


def read_me(view: View, account: Account, fields: Iterable[Field]) -> dict[str, Any]:
    """`/me` on the instagram host: `id` is of this app only, `user_id` is the account's."""
    table = {
        **_ACCOUNT,
        "user_id": lambda _, account, __: account.id,
        "id": lambda _, account, __: app_scoped(account),
    }
    return {**_select("IGUser", table, view, account, fields), "id": app_scoped(account)}


def app_scoped(account: Account) -> str:
    return "9" + account.id[1:]


_LIMIT_DEFAULT = (Field("quota_usage"),)


def read_limit(
    view: View, account: Account, fields: Iterable[Field], since: datetime | None
) -> dict[str, Any]:
    config = {"quota_total": account.quota_total, "quota_duration": int(DAY.total_seconds())}
    table: Mapping[str, Reader[Account]] = {
        "quota_usage": lambda view, account, __: view.world.quota_usage(
            account.id, view.now, since
        ),
        "config": lambda *_: config,
    }
    chosen = tuple(fields) or _LIMIT_DEFAULT
    return _select("IGContentPublishingLimit", table, view, account, chosen)
