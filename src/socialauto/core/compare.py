"""What a change does to the desired state: two sets of deliveries become a list of differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from posixpath import splitext
from typing import Any

from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.message import Message
from socialauto.core.reading import MARKDOWN

Deliveries = Mapping[DeliveryKey, Delivery]


class Kind(StrEnum):
    """What happens to a delivery, in the words people read."""

    ADD = "add"
    NEW_ID = "new id"
    """A post that there was is now another one: its id is not what it was."""
    MOVE = "move"
    """Another time."""
    EDIT = "edit"
    RENAME = "rename"
    """Another file, and the same id."""
    WITHDRAW = "withdraw"
    DELETE = "delete"
    """It is to be deleted where it was published."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One delivery that is not what it was."""

    kinds: tuple[Kind, ...]
    before: Delivery | None
    after: Delivery | None
    fields: tuple[str, ...] = ()
    """With EDIT: what is different."""

    @property
    def delivery(self) -> Delivery:
        """As it is now; as it was, when it is withdrawn."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def key(self) -> DeliveryKey:
        return self.delivery.key

    @property
    def schedules(self) -> bool:
        """Something has a time that it did not have before."""
        return bool({Kind.ADD, Kind.MOVE} & set(self.kinds)) or (
            Kind.NEW_ID in self.kinds and self.after is not None
        )


def _wanted(deliveries: Iterable[Delivery]) -> dict[DeliveryKey, Delivery]:
    """What would go out: a draft does not."""
    return {delivery.key: delivery for delivery in deliveries if not delivery.draft}


def _content(delivery: Delivery | None) -> tuple[datetime, str, bool] | None:
    return (delivery.due, delivery.message.digest, delivery.delete) if delivery else None


def _starting_point(base: Deliveries, landed: Deliveries, after: Deliveries) -> Deliveries:
    """The base, but for what has reached the other branch on another way, such as a squashed
    merge: that is not this change's doing any more."""
    before = dict(base)
    for key in {*base, *landed, *after}:
        there = landed.get(key)
        if _content(there) == _content(after.get(key)):
            before.pop(key, None)
            if there is not None:
                before[key] = there
    return before


def _media_content(message: Message) -> list[Any]:
    return [(item.alt, item.tags, item.cover_at, item.wishes) for item in message.media]


def _edited(before: Message, after: Message) -> Iterator[str]:
    """The parts in which two messages differ, as people call them."""
    if before.type != after.type:
        yield "type"
    if before.text != after.text:
        yield "text"
    if [item.blob for item in before.media] != [item.blob for item in after.media]:
        yield "media"
    elif _media_content(before) != _media_content(after):
        yield "what is said about media"
    if (before.cover and before.cover.blob) != (after.cover and after.cover.blob):
        yield "cover"
    names = sorted({*before.options, *after.options})
    yield from (name for name in names if before.options.get(name) != after.options.get(name))


def _same_key(before: Delivery, after: Delivery) -> Difference | None:
    kinds = [Kind.DELETE] if after.delete and not before.delete else []
    if before.delete and not after.delete:
        kinds.append(Kind.ADD)
    if before.due != after.due:
        kinds.append(Kind.MOVE)
    fields: tuple[str, ...] = ()
    if before.message.digest != after.message.digest:
        kinds.append(Kind.EDIT)
        fields = tuple(_edited(before.message, after.message))
    if before.path != after.path:
        kinds.append(Kind.RENAME)
    return Difference(tuple(kinds), before, after, fields) if kinds else None


def _one_post_a_file(path: str) -> bool:
    return splitext(path)[1].lower() in MARKDOWN


_SIGNS: tuple[Callable[[Delivery], object], ...] = (
    lambda one: (one.key.account, one.message.digest),
    lambda one: (one.key.account, one.path) if _one_post_a_file(one.path) else None,
    lambda one: (one.key.account, one.due),
)
"""By what a post is known again, though its id is another: content, file, time."""


def _alone(
    deliveries: Iterable[Delivery], sign: Callable[[Delivery], object]
) -> dict[object, Delivery]:
    """Those that no other has the same sign as: where two could be meant, nobody guesses."""
    found = list(deliveries)
    counts = Counter(sign(one) for one in found)
    signed = ((sign(one), one) for one in found)
    return {mark: one for mark, one in signed if mark is not None and counts[mark] == 1}


def _new_ids(gone: Deliveries, new: Deliveries) -> dict[DeliveryKey, Delivery]:
    """New key → the delivery that it used to be."""
    left = {key: one for key, one in gone.items() if not key.occurrence}
    fresh = {key: one for key, one in new.items() if not key.occurrence}
    found: dict[DeliveryKey, Delivery] = {}
    for sign in _SIGNS:
        olds, news = _alone(left.values(), sign), _alone(fresh.values(), sign)
        for mark in olds.keys() & news.keys():
            old, now = olds[mark], news[mark]
            found[now.key] = left.pop(old.key)
            del fresh[now.key]
    return found


def _differences(before: Deliveries, after: Deliveries) -> Iterator[Difference]:
    gone = {key: one for key, one in before.items() if key not in after}
    new = {key: one for key, one in after.items() if key not in before}
    were = _new_ids(gone, new)
    renamed = {old.key for old in were.values()}
    for key, delivery in after.items():
        if key in were:
            found = _same_key(were[key], delivery)
            kinds = tuple(kind for kind in (found.kinds if found else ()) if kind != Kind.RENAME)
            fields = found.fields if found else ()
            yield Difference((Kind.NEW_ID, *kinds), were[key], delivery, fields)
        elif key in new:
            yield Difference((Kind.DELETE if delivery.delete else Kind.ADD,), None, delivery)
        elif difference := _same_key(before[key], delivery):
            yield difference
    for key, delivery in gone.items():
        if key not in renamed:
            yield Difference((Kind.WITHDRAW,), delivery, None)


def compare(
    base: Iterable[Delivery],
    landed: Iterable[Delivery],
    after: Iterable[Delivery],
    *,
    unreadable: Collection[str] = (),
) -> tuple[Difference, ...]:
    """What `after` asks for and `base` did not, and the other way round; by account and time.

    `landed` is what the branch of the base asks for by now. A post in one of the `unreadable`
    files is not withdrawn, only broken.
    """
    wanted = _wanted(after)
    before = _starting_point(_wanted(base), _wanted(landed), wanted)
    found = [
        one
        for one in _differences(before, wanted)
        if one.after is not None or one.delivery.path not in unreadable
    ]
    return tuple(sorted(found, key=lambda one: (one.key.account, one.delivery.due, one.key)))
