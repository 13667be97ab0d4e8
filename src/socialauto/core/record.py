"""Ledger entries made from what happened. Pure: who asks gives the instant and the chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from socialauto.core.config import Retries
from socialauto.core.delivery import Delivery
from socialauto.core.ledger import (
    MAX_ATTEMPTS_KEPT,
    Attempt,
    Entry,
    Lease,
    Provenance,
    State,
)
from socialauto.core.outcome import ErrorClass, Handle, Problem, Published
from socialauto.core.parts import parts_of
from socialauto.core.retry import wait_after


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Which run writes."""

    id: str
    lease: timedelta
    commit: str
    version: str
    url: str = ""


def blank(delivery: Delivery, previous: Entry | None) -> dict[str, Any]:
    """What every entry of a delivery carries, whatever its state; keeps the history of tries.

    A changed message starts counting its tries again.
    """
    same = previous is not None and previous.digest == delivery.message.digest
    return {
        "account": delivery.key.account,
        "post": delivery.key.post,
        "occurrence": delivery.key.occurrence,
        "part": delivery.key.part,
        "due": delivery.due,
        "digest": delivery.message.digest,
        "fingerprint": delivery.message.fingerprint,
        "attempts": previous.attempts if previous else (),
        "tries": previous.tries if previous and same else 0,
    }


def noted(
    delivery: Delivery, previous: Entry | None, state: State, reason: str, *, late: bool
) -> Entry:
    """A state that the plan alone decides: missed, or held because it is late."""
    return Entry(**blank(delivery, previous), state=state, reason=reason, late_hold=late)


def adopted(delivery: Delivery, url: str) -> Entry:
    """Public without us, as a person says; its id is not known, and nothing follows it."""
    return Entry(
        **blank(delivery, None),
        state=State.PUBLISHED,
        url=url,
        published_at=delivery.due,
        reason="published before, or without, socialauto",
    )


def intent(
    delivery: Delivery, previous: Entry | None, handle: Handle, *, run: RunInfo, now: datetime,
    author: str,
) -> Entry:  # fmt: skip
    """About to send, with this handle: the lock and the write-ahead record."""
    return Entry(
        **blank(delivery, previous),
        state=State.INTENT,
        handle=dict(handle),
        sequels=() if delivery.key.part else parts_of(delivery.message),
        lease=Lease(run=run.id, until=now + run.lease, since=now),
        provenance=Provenance(
            commit=run.commit, author=author, version=run.version, run_url=run.url
        ),
    )


def taken_over(entry: Entry, run: RunInfo, now: datetime) -> Entry:
    """The same intent, now ours to settle. When it was first written stays: nothing is older."""
    assert entry.lease is not None
    lease = Lease(run=run.id, until=now + run.lease, since=entry.lease.since)
    return entry.model_copy(update={"lease": lease})


def receipt(entry: Entry, outcome: Published, at: datetime) -> Entry:
    """Sent; here is the link. `at` is when the public saw it, as well as we know."""
    return entry.model_copy(
        update={
            "state": State.PUBLISHED,
            "lease": None,
            "reason": "",
            "remote_id": outcome.id,
            "url": outcome.url,
            "published_at": at,
            "lateness": round((at - entry.due).total_seconds(), 3),
        }
    )


def deleted(entry: Entry, reason: str) -> Entry:
    """Gone from the platform. What was known of it stays known."""
    return entry.model_copy(update={"state": State.DELETED, "reason": reason})


def in_doubt(entry: Entry, problem: Problem, *, stage: str, run: RunInfo, now: datetime) -> Entry:
    """Nobody knows; the lease is given back, so that any run may ask after the settle time."""
    assert entry.lease is not None
    attempts = _with(entry.attempts, _attempt(problem, stage, run, now))
    lease = entry.lease.model_copy(update={"until": now})
    limited = problem.kind is ErrorClass.RATE_LIMITED
    pause = problem.until if limited else entry.not_before
    update = {"lease": lease, "attempts": attempts, "not_before": pause}
    return entry.model_copy(update=update)


def held(entry: Entry, problem: Problem, *, run: RunInfo, now: datetime) -> Entry:
    """Only a person can find out. The lease stays as a witness of when it may have gone out."""
    attempts = _with(entry.attempts, _attempt(problem, "find", run, now))
    reason = (
        f"nobody knows whether it went out: {problem.message}; look at the account and say so "
        "with socialauto settle"
    )
    return entry.model_copy(update={"state": State.HELD, "attempts": attempts, "reason": reason})


def not_sent(
    entry: Entry, problem: Problem, *, stage: str, run: RunInfo, now: datetime, retries: Retries,
    chance: float, handle: Handle | None,
) -> Entry:  # fmt: skip
    """Surely nothing is public: try again later, or give up."""
    attempts = _with(entry.attempts, _attempt(problem, stage, run, now))
    tries = entry.tries + _counts(problem)
    update: dict[str, Any] = {
        "attempts": attempts,
        "tries": tries,
        "lease": None,
        "handle": dict(handle) if handle else None,
        "not_before": None,
        "reason": "",
    }
    if problem.kind is ErrorClass.CONTENT or (tries >= retries.tries and _counts(problem)):
        return entry.model_copy(
            update=update | {"state": State.FAILED, "reason": problem.message, "handle": None}
        )
    if problem.kind is ErrorClass.RATE_LIMITED:
        update["not_before"] = problem.until or now + retries.longest_wait
    elif _counts(problem):
        update["not_before"] = now + wait_after(tries, retries, chance=chance)
    return entry.model_copy(update=update | {"state": State.RETRY})


def unsent(delivery: Delivery, previous: Entry | None) -> Entry:
    """A stand-in for a delivery that has no intent yet, for `not_sent` to build on."""
    return Entry(**blank(delivery, previous), state=State.RETRY)


def dropped(entry: Entry, reason: str, *, keep_handle: bool) -> Entry:
    """An intent that surely sent nothing. A handle that still lives goes out again as it is."""
    return entry.model_copy(
        update={
            "state": State.RETRY,
            "lease": None,
            "handle": entry.handle if keep_handle else None,
            "reason": reason,
        }
    )


def tried_again(entry: Entry) -> Entry:
    """A person has mended the cause: no pause, and all tries are free again."""
    return entry.model_copy(
        update={"state": State.RETRY, "tries": 0, "not_before": None, "reason": ""}
    )


def _counts(problem: Problem) -> bool:
    """Whether the problem uses up a try: waiting for a limit or for a person does not."""
    return problem.kind not in (ErrorClass.RATE_LIMITED, ErrorClass.AUTH)


def _attempt(problem: Problem, stage: str, run: RunInfo, now: datetime) -> Attempt:
    return Attempt(
        at=now,
        stage=stage,
        kind=problem.kind,
        message=problem.message,
        code=problem.code,
        run=run.id,
        run_url=run.url,
    )


def _with(attempts: tuple[Attempt, ...], attempt: Attempt) -> tuple[Attempt, ...]:
    return (*attempts, attempt)[-MAX_ATTEMPTS_KEPT:]
