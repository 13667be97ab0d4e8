"""What follows a post, each a delivery of its own; and the plan of everything together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from socialauto.core.delivery import Delivery, DeliveryKey, LatePolicy
from socialauto.core.ledger import Entry, State
from socialauto.core.message import Message, PostType
from socialauto.core.parts import COMMENT, parts_of
from socialauto.core.plan import Circumstances, Kind, Step, decide, open_intent
from socialauto.core.removal import caught_up, removal_steps

_WHENEVER = LatePolicy(timedelta(0), "publish")
"""The post is public: what belongs to it is better late than missing."""


def sequels(delivery: Delivery, entry: Entry) -> Iterator[Delivery]:
    """What follows a published post. Only what was promised when it went out: an edit afterwards
    adds nothing to what the public has seen."""
    if entry.state is not State.PUBLISHED or entry.remote_id is None or delivery.key.part:
        return
    assert entry.published_at is not None
    for part in parts_of(delivery.message):
        if part in entry.sequels:
            yield replace(
                delivery,
                key=replace(delivery.key, part=part),
                due=entry.published_at,
                message=part_message(delivery.message, part, entry.remote_id),
                late=_WHENEVER,
                over=False,  # its post is public: it is late, and not overtaken
            )


def part_message(parent: Message, part: str, below: str) -> Message:
    """What follows `parent` as this part, below the post of that remote id."""
    text = str(parent.options.get("first_comment", "")) if part == COMMENT else ""
    options = MappingProxyType({} if part == COMMENT else {"comments": False})
    return Message(parent.platform, PostType.TEXT, text, options=options, below=below)


def _sequel_steps(
    delivery: Delivery, entries: Mapping[DeliveryKey, Entry], world: Circumstances
) -> Iterator[Step]:
    """One step for each that follows the delivery, as the table decides for any other."""
    entry = entries.get(delivery.key)
    if entry is None:
        return
    for sequel in sequels(delivery, entry):
        yield decide(sequel, entries.get(sequel.key), world)
    if entry.state is State.PUBLISHED and entry.remote_id is None and not delivery.delete:
        for part in entry.sequels:
            yield _by_hand(delivery, part)
    yield from removal_steps(delivery, entries, world)


def _by_hand(delivery: Delivery, part: str) -> Step:
    reason = "the platform's id of its post is not known; do it by hand"
    return Step(Kind.HELD, replace(delivery.key, part=part), reason, delivery)


def _orphan(
    entry: Entry, entries: Mapping[DeliveryKey, Entry], known: set[DeliveryKey],
    world: Circumstances,
) -> Step:  # fmt: skip
    """An entry that no file asks for. What may be public is found out all the same."""
    post = replace(entry.key, part="")
    if entry.part and post in entries and entries[post].state is State.DELETED:
        kind = Kind.DONE if entry.state is State.PUBLISHED else Kind.ORPHAN
        return Step(kind, entry.key, f"{entry.state.value}; its post is deleted", None, entry)
    if entry.state is State.INTENT:
        return open_intent(entry, None, world)
    why = "its post asks for it no more" if entry.part and post in known else "its file is gone"
    return Step(Kind.ORPHAN, entry.key, f"{entry.state.value}; {why}", None, entry)


def draft_plan(
    deliveries: Iterable[Delivery], entries: Mapping[DeliveryKey, Entry], world: Circumstances
) -> list[Step]:
    """Every delivery, what follows it, and every entry has exactly one step; the guard has not
    looked yet."""
    steps: list[Step] = []
    for delivery in deliveries:
        steps.append(decide(delivery, entries.get(delivery.key), world))
        steps += _sequel_steps(delivery, entries, world)
    known = {step.key for step in steps}
    left = (entry for key, entry in entries.items() if key not in known)
    steps += [_orphan(entry, entries, known, world) for entry in left]
    return list(caught_up(steps, entries))
