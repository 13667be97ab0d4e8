"""Values for tests, short to write: only what a test is about has to be named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from socialauto.core.config import Account, Config
from socialauto.core.delivery import Delivery, DeliveryKey, LatePolicy
from socialauto.core.ledger import Attempt, Entry, Header, Lease, Snapshot, State
from socialauto.core.media_facts import ImageFacts
from socialauto.core.message import MediaItem, Message, PostType
from socialauto.core.outcome import ErrorClass

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def message(text: str = "Hello", **more: Any) -> Message:
    blob = more.pop("blob", "a" * 40)
    item = MediaItem("content/one.jpg", blob, ImageFacts("jpeg", 1000, 1080, 1080))
    return Message(
        **({"platform": "fake", "type": PostType.IMAGE, "text": text, "media": (item,)} | more)
    )


def delivery(post: str = "hello", *, account: str = "acme", **more: Any) -> Delivery:
    late = more.pop("late", LatePolicy(6 * HOUR, "skip"))
    text = more.pop("text", f"Text of {post}")
    return Delivery(
        key=DeliveryKey(account, post, more.pop("occurrence", "")),
        due=more.pop("due", NOON),
        zone=more.pop("zone", "UTC"),
        message=more.pop("message", message(text)),
        late=late,
        path=f"content/{post}.md",
        **more,
    )


def entry(of: Delivery, state: State, **more: Any) -> Entry:
    """An entry as the engine would have written it for this delivery."""
    if state is State.INTENT and "lease" not in more:
        more["lease"] = lease(of.due)
        more.setdefault("handle", {"container": "1"})
    return Entry(
        account=of.key.account,
        post=of.key.post,
        occurrence=of.key.occurrence,
        state=state,
        due=more.pop("due", of.due),
        digest=more.pop("digest", of.message.digest),
        fingerprint=of.message.fingerprint,
        **more,
    )


def lease(since: datetime, run: str = "r1", length: timedelta = timedelta(minutes=30)) -> Lease:
    return Lease(run=run, since=since, until=since + length)


def attempt(kind: ErrorClass = ErrorClass.TRANSIENT, message: str = "no answer") -> Attempt:
    return Attempt(at=NOON, stage="prepare", kind=kind, message=message)


def config(*accounts: str, **more: Any) -> Config:
    names = accounts or ("acme",)
    return Config(
        accounts={name: Account(platform="fake", id="1", token="env:TOKEN") for name in names},
        **more,
    )


def snapshot(*entries: Entry, began: datetime = NOON - 30 * 24 * HOUR) -> Snapshot:
    header = Header(format=1, lineage="test", began=began)
    return Snapshot("tip", header, {entry.key: entry for entry in entries})
