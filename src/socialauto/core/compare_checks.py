"""What must not be merged: the rules about a change, beside those about the files it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from socialauto.core.compare import Difference, Kind
from socialauto.core.config import Config
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.finding import Finding, Severity
from socialauto.core.horizon import Outlook, Planned, gap_finding, in_lanes, too_close
from socialauto.core.ledger import Entry, State
from socialauto.core.spans import span, utc
from socialauto.core.suggest import quoted

Entries = Mapping[DeliveryKey, Entry]


@dataclass(frozen=True, slots=True)
class Review:
    """What a change is judged by."""

    config: Config
    planned: tuple[Planned, ...]
    """Everything that is asked for now."""
    outlook: Outlook
    entries: Entries | None
    """The ledger; None when this clone does not have it."""
    now: datetime


def was_sent(entry: Entry | None) -> bool:
    """The public has seen it, or may have, or is about to."""
    if entry is None:
        return False
    in_doubt = entry.state is State.HELD and not entry.late_hold
    return in_doubt or entry.state in (State.INTENT, State.PUBLISHED, State.DELETED)


def _told(entry: Entry) -> str:
    if entry.published_at and entry.state is not State.DELETED:
        return f"was published at {utc(entry.published_at)}"
    return "was deleted" if entry.state is State.DELETED else "is on its way out"


class _Judge:
    """The rules, for one change."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._sources = {delivery.key: source for source, delivery in review.planned}

    def _at(
        self, delivery: Delivery, field: str, code: str, message: str, hint: str,
        severity: Severity = "error",
    ) -> Finding:  # fmt: skip
        source = self._sources.get(delivery.key)
        line, column = source.place(field) if source else (delivery.line, 1)
        return Finding(delivery.path, line, column, code, message, hint, severity)

    def _entry(self, key: DeliveryKey) -> Entry | None:
        return (self._review.entries or {}).get(key)

    def new_id(self, one: Difference) -> Iterator[Finding]:
        if Kind.NEW_ID not in one.kinds or one.before is None or one.after is None:
            return
        was, entry = one.before.key.post, self._entry(one.before.key)
        hint = f"write id: {was}, so that it stays the same post"
        if entry is not None and was_sent(entry):
            message = f"{quoted(was)} {_told(entry)}; as {quoted(one.key.post)} it is a new post"
            message += " and goes out again" if one.after.due <= self._review.now else ""
            yield self._at(one.after, "id", "SA901", message, hint)
        elif self._review.entries is None and one.before.due <= self._review.now:
            message = f"{quoted(was)} may be published; as {quoted(one.key.post)} it is a new post"
            yield self._at(one.after, "id", "SA901", message, hint, "warning")

    def other_account(self, one: Difference, gone: Mapping[str, Difference]) -> Iterator[Finding]:
        left = gone.get(one.key.post)
        if one.kinds != (Kind.ADD,) or one.after is None or left is None:
            return
        was, entry = left.key.account, self._entry(left.key)
        hint = f"keep {was}, and write another post for {one.key.account}"
        if entry is not None and was_sent(entry):
            message = f"{quoted(one.key.post)} {_told(entry)} on {was}"
            message += f"; on {one.key.account} it goes out once more"
            yield self._at(one.after, self._names(one.after), "SA902", message, hint)

    def _names(self, delivery: Delivery) -> str:
        source = self._sources.get(delivery.key)
        return "accounts" if source and source.post.accounts is not None else "account"

    def deletion(self, one: Difference) -> Iterator[Finding]:
        entry = self._entry(one.key)
        if one.after is None or entry is None or not was_sent(entry):
            return
        what = f"{quoted(one.key.post)} {_told(entry)} on {one.key.account}"
        if Kind.DELETE in one.kinds and entry.state is not State.DELETED:
            message = f"{what}: this deletes it there"
            hint = "nothing brings it back; to take it out of git only, remove the file"
            yield self._at(one.after, "delete", "SA973", message, hint, "warning")
        elif one.before is not None and one.before.delete and entry.state is State.DELETED:
            hint = "to publish it again, write a new post with another id"
            message = f"{what}, and does not go out again"
            yield self._at(one.after, "", "SA973", message, hint, "warning")

    def published(self, one: Difference) -> Iterator[Finding]:
        entry = self._entry(one.key)
        if one.after is None or entry is None or not was_sent(entry) or one.after.delete:
            return
        if Kind.MOVE in one.kinds and one.after.due != entry.due:
            message = f"{quoted(one.key.post)} {_told(entry)} on {one.key.account}"
            hint = "take the old time back; to say it again, write a new post"
            yield self._at(one.after, "time", "SA903", f"{message}, and now has a new time", hint)
        if Kind.EDIT in one.kinds and one.after.message.digest != entry.digest:
            message = f"{quoted(one.key.post)} {_told(entry)} on {one.key.account}"
            message += f": what is different here ({', '.join(one.fields)}) is not sent"
            hint = "change it on the platform by hand, or take the change back"
            yield self._at(one.after, "text", "SA904", message, hint, "warning")

    def time(self, one: Difference) -> Iterator[Finding]:
        after = one.after
        if after is None or after.stays or not one.schedules or was_sent(self._entry(one.key)):
            return
        ahead = after.due - self._review.now
        if ahead.total_seconds() < 0:
            message = f"this time has passed {span(ahead)} ago"
            severity: Severity = "warning" if after.late.then == "publish" else "error"
            hint = "give it a time that is still to come"
            yield self._at(after, "time", "SA905", message, hint, severity)
            return
        policy = self._review.config.policies.min_lead_time
        if policy is None or policy.severity == "off" or ahead >= policy.at_least:
            return
        if lifted := dict(after.allowed).get("min_lead_time"):
            message = f"min_lead_time does not hold for this post: {' '.join(lifted.split())}"
            yield self._at(after, "allow.min_lead_time", "SA810", message, "", "info")
        else:
            message = f"this goes out in {span(ahead)}, your team asks for {span(policy.at_least)}"
            hint = "move it, or write allow: {min_lead_time: …} with the reason"
            yield self._at(after, "time", "SA807", message, hint, policy.severity)

    def gaps(self, touched: frozenset[DeliveryKey]) -> Iterator[Finding]:
        """A gap that this change makes is an error; one that was there is a warning already."""
        for account, lane in in_lanes(self._review.planned).items():
            limits = self._review.outlook.limits[account]
            for earlier, later in too_close(lane, limits):
                keys = {earlier[1].key, later[1].key}
                past = later[1].due < self._review.now
                if keys & touched and not past:
                    yield replace(gap_finding(account, earlier, later, limits), severity="error")


def review_findings(differences: Iterable[Difference], review: Review) -> list[Finding]:
    """What stands against the change, in the order of findings."""
    found, judge, changes = [], _Judge(review), list(differences)
    gone = {one.key.post: one for one in changes if one.kinds == (Kind.WITHDRAW,)}
    for one in changes:
        found += [
            *judge.new_id(one),
            *judge.other_account(one, gone),
            *judge.deletion(one),
            *judge.published(one),
            *judge.time(one),
        ]
    found += judge.gaps(frozenset(one.key for one in changes if one.schedules))
    return sorted(set(found))
