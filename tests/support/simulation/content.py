"""What people want, and how they change their minds while runs are under way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import attrgetter

from socialauto.core.delivery import Delivery, DeliveryKey, LatePolicy
from socialauto.core.media_facts import ImageFacts
from socialauto.core.message import MediaItem, Message, Options, PostType
from socialauto.core.parts import COMMENT
from support.builders import delivery

PICTURES = tuple(
    MediaItem(f"content/{number}.jpg", f"{number:040x}", ImageFacts("jpeg", 1000, 1080, 1080))
    for number in range(3)
)
TYPES = (PostType.IMAGE, PostType.CAROUSEL, PostType.REEL)


def text_of(key: DeliveryKey, version: int) -> str:
    """Tells the oracle which delivery the public sees, whatever the platform made of it."""
    return f"{key.account} {key.name} version {version}"


def post_of(text: str) -> DeliveryKey:
    account, name, *_ = text.split()
    post, *rest = name.split("@")
    occurrence = next((word for word in rest if ":" in word), "")
    part = next((word for word in rest if ":" not in word), "")
    return DeliveryKey(account, post, occurrence, part)


class Remembered(Message):
    """A message whose digests are computed once: thousands of plans ask for them."""

    __slots__ = ("_digest", "_fingerprint")

    def __init__(
        self, text: str, kind: PostType, media: tuple[MediaItem, ...], options: Options
    ) -> None:
        super().__init__("fake", kind, text, media, options=options)
        object.__setattr__(self, "_digest", super().digest)
        object.__setattr__(self, "_fingerprint", super().fingerprint)

    digest = property(attrgetter("_digest"))
    fingerprint = property(attrgetter("_fingerprint"))


def words(key: DeliveryKey, version: int, kind: PostType, *, comment: bool) -> Message:
    items = 3 if kind is PostType.CAROUSEL else 1
    first = {"first_comment": text_of(replace(key, part=COMMENT), version)} if comment else {}
    return Remembered(text_of(key, version), kind, PICTURES[:items], first)


def new_delivery(
    account: str,
    post: str,
    due: datetime,
    *,
    late: LatePolicy,
    kind: PostType = PostType.IMAGE,
    comment: bool = False,
    recurs: bool = False,
) -> Delivery:
    occurrence = f"{due:%Y-%m-%dT%H:%M}" if recurs else ""
    key = DeliveryKey(account, post, occurrence)
    message = words(key, 1, kind, comment=comment)
    return delivery(
        post, account=account, due=due, occurrence=occurrence, message=message, late=late
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """At this instant the file of a post becomes this; None: it is gone."""

    at: datetime
    key: DeliveryKey
    after: Delivery | None


@dataclass(slots=True)
class Content:
    """The newest commit, at any instant."""

    deliveries: dict[DeliveryKey, Delivery]
    edits: list[Edit] = field(default_factory=list)
    doomed: set[DeliveryKey] = field(default_factory=set)
    """What people have ever wanted to be deleted."""

    def at(self, now: datetime) -> Sequence[Delivery]:
        while self.edits and self.edits[0].at <= now:
            edit = self.edits.pop(0)
            if edit.after is None:
                self.deliveries.pop(edit.key, None)
            else:
                self.deliveries[edit.key] = edit.after
                self.doomed |= {edit.key} if edit.after.delete else set()
        return list(self.deliveries.values())


def _reworded(post: Delivery) -> Message:
    if isinstance(post.message, Remembered):
        commented = "first_comment" in post.message.options
        return words(post.key, 2, post.message.type, comment=commented)
    return replace(post.message, text=text_of(post.key, 2))


def _one_edit(rng: random.Random, at: datetime, post: Delivery) -> list[Edit]:
    """New words, a new time, a new file name, or gone or to be deleted, for good or for a while."""
    kind = rng.choice(
        ("words", "time", "path", "gone", "gone for a while", "deleted", "deleted for a while")
    )
    match kind:
        case "words":
            return [Edit(at, post.key, replace(post, message=_reworded(post)))]
        case "time":
            moved = post.due + timedelta(minutes=rng.uniform(-30, 60))
            return [Edit(at, post.key, replace(post, due=moved))]
        case "path":
            return [Edit(at, post.key, replace(post, path=f"content/moved/{post.key.post}.md"))]
        case "gone":
            return [Edit(at, post.key, None)]
        case "deleted":
            return [Edit(at, post.key, replace(post, delete=True))]
        case _:
            back = at + timedelta(minutes=rng.uniform(1, 60))
            for_now = replace(post, delete=True) if kind.startswith("deleted") else None
            return [Edit(at, post.key, for_now), Edit(back, post.key, post)]


def changes_of_mind(
    rng: random.Random, posts: Sequence[Delivery], *, share: float, begin: datetime, hours: float
) -> list[Edit]:
    """Edits to a share of the posts, in the order of time."""
    edits: list[Edit] = []
    for post in posts:
        if rng.random() < share:
            edits += _one_edit(rng, begin + timedelta(hours=rng.uniform(0, hours)), post)
    return sorted(edits, key=lambda edit: edit.at)
