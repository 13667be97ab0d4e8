"""Deleting what was published: what asks for it, what it waits for, and what holds it back.

A deletion follows its post as a first comment does, as a delivery of its own, so that it too is
sent once. What has gone out is never public again under the same id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from socialauto.core.delivery import Delivery, DeliveryKey, LatePolicy
from socialauto.core.finding import Complaint, Finding
from socialauto.core.ledger import Entry, State
from socialauto.core.message import Message, PostType
from socialauto.core.parts import DELETE
from socialauto.core.plan import SENDING, Circumstances, Kind, Step, decide

if TYPE_CHECKING:
    from socialauto.core.capability import Capabilities
    from socialauto.core.reading import Source
    from socialauto.core.schedule import Recurring

GUARD = "deletes"
"""The guard's name, as `--allow` takes it."""
GONE = "deleted on the platform"

_AT_ONCE = LatePolicy(timedelta(0), "publish")


def removal_complaints(capabilities: Capabilities, login: str | None) -> Iterator[Complaint]:
    """Why a post with `delete: true` cannot be deleted there."""
    needed = capabilities.one_login.get(DELETE)
    if not capabilities.can_delete:
        text = f"{capabilities.name} does not let posts be deleted"
    elif needed and (login or capabilities.default_login) != needed:
        text = f"{capabilities.name} deletes posts of accounts with login: {needed} only"
    else:
        return
    hint = "delete it in the app and remove this line"
    yield Complaint("delete", "SA971", text, hint)


def removal_findings(source: Source) -> Iterator[Finding]:
    """A draft says that nothing went out, and `delete` that something did."""
    overrides = source.post.overrides
    places = ["delete"] if source.post.delete else []
    places += [f"overrides.{name}.delete" for name, one in overrides.items() if one.delete]
    if source.post.draft and places:
        message = "draft: true and delete: true contradict each other"
        yield source.finding(places[0], "SA972", message, "leave one of them out")


def _in_series(series: Recurring) -> Iterator[str]:
    """Where a series writes `delete: true`."""
    if series.delete:
        yield "delete"
    yield from (f"overrides.{name}.delete" for name, one in series.overrides.items() if one.delete)
    yield from (f"pool.{index}.delete" for index, one in enumerate(series.pool) if one.delete)
    for index, change in enumerate(series.changes):
        if change.replace and change.replace.delete:
            yield f"except.{index}.replace.delete"


def series_removals(source: Source, series: Recurring) -> Iterator[Finding]:
    """A series goes on: what it asks for is asked of all its dates, and nobody means that."""
    for place in _in_series(series):
        message = "the dates of a series cannot be deleted from here"
        hint = 'delete it in the app, then type "socialauto settle SERIES@DATE ACCOUNT --deleted"'
        yield source.finding(place, "SA972", message, hint)


def deletion(delivery: Delivery, remote_id: str, due: datetime) -> Delivery:
    """The deletion of a published post; its own time is when it was asked for."""
    message = Message(
        delivery.message.platform,
        PostType.TEXT,
        "",
        options=MappingProxyType({DELETE: True}),
        below=remote_id,
    )
    key = _key(delivery.key)
    return replace(delivery, key=key, due=due, message=message, late=_AT_ONCE, delete=False)


def _key(of: DeliveryKey) -> DeliveryKey:
    """Of the deletion; spelt out because a plan asks for each entry, and a copy takes longer."""
    return DeliveryKey(of.account, of.post, of.occurrence, DELETE)


def removal_steps(
    delivery: Delivery, entries: Mapping[DeliveryKey, Entry], world: Circumstances
) -> Iterator[Step]:
    """The step that deletes, when the delivery is published and asks for it."""
    entry = entries[delivery.key]
    key = _key(delivery.key)
    known = entries.get(key)
    if known is not None and known.state is State.PUBLISHED:
        yield Step(Kind.DONE, key, GONE, delivery, known)
    elif entry.state is State.PUBLISHED and delivery.delete:
        yield _pending(delivery, entry, entries, world)


def _pending(
    delivery: Delivery, entry: Entry, entries: Mapping[DeliveryKey, Entry], world: Circumstances
) -> Step:
    key = _key(delivery.key)
    if entry.remote_id is None:
        reason = (
            "the platform's id of its post is not known; delete it by hand, then type "
            f'"socialauto settle {delivery.key.name} {key.account} --deleted"'
        )
        return Step(Kind.HELD, key, reason, delivery)
    known = entries.get(key)
    step = decide(deletion(delivery, entry.remote_id, known.due if known else world.now), known,
                  world)  # fmt: skip
    if step.kind in SENDING and (other := _open_part(delivery, entries)):
        return replace(step, kind=Kind.WAIT, reason=f"first {other.name} is settled", at=None)
    if step.kind is Kind.PUBLISH:
        return replace(step, kind=Kind.DELETE, reason="delete: true; this cannot be taken back")
    return step


def _open_part(delivery: Delivery, entries: Mapping[DeliveryKey, Entry]) -> DeliveryKey | None:
    """A comment that is on its way: nobody could look for it below a post that is gone."""
    keys = (replace(delivery.key, part=part) for part in entries[delivery.key].sequels)
    found = (key for key in keys if key in entries and entries[key].state is State.INTENT)
    return next(found, None)


def caught_up(steps: Iterable[Step], entries: Mapping[DeliveryKey, Entry]) -> Iterator[Step]:
    """A post whose deletion is done is deleted, even if its own entry was not told."""
    for step in steps:
        known = entries.get(_key(step.key))
        done = known is not None and known.state is State.PUBLISHED and not step.key.part
        if done and step.entry is not None and step.entry.state is State.PUBLISHED:
            yield replace(step, kind=Kind.DONE, reason=GONE, record=True)
        else:
            yield step


def held_back(steps: Sequence[Step], most: int, allowed: frozenset[str]) -> list[Step]:
    """All deletions of a run or none: more than `most` look like an accident."""
    pending = [step.key for step in steps if step.key.part == DELETE and step.kind in SENDING]
    if len(pending) <= most or GUARD in allowed:
        return list(steps)
    posts = "1 post" if len(pending) == 1 else f"{len(pending)} posts"
    reason = (
        f"{posts} would be deleted in one run, guard.max_deletes is {most}; read the plan; if it "
        f'is meant, type "--allow {GUARD}"'
    )
    return [
        replace(step, kind=Kind.BLOCKED, guard=GUARD, reason=reason, at=None)
        if step.key in pending
        else step
        for step in steps
    ]
