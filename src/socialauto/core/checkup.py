"""What `doctor` looks at, judged: values in, one check with its cure out. Nothing is asked here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from socialauto.core.finding import Finding
from socialauto.core.plan import SENDING, Kind, Plan, Step
from socialauto.core.spans import span, utc


class Status(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    id: str
    """Stable: scripts name it."""
    status: Status
    found: str
    """What is the case, as a clause. Never a secret."""
    todo: str = ""
    """What to do about it; empty when nothing is."""
    account: str = ""
    """Whose; empty for what concerns all."""


OLDEST_GIT = (2, 30)
LITTLE_ROOM = 500 * 1024 * 1024
"""Bytes; a run writes objects, prepares media and installs nothing, but CI machines are small."""
NO_ROOM = 50 * 1024 * 1024

SKEW_WARNS = timedelta(seconds=30)
SKEW_FAILS = timedelta(minutes=5)

OVERLOOKED = timedelta(hours=2)
"""Cron jobs of forges are late by an hour at bad times; what is due for longer, no run has seen."""


def judge_config(findings: Sequence[Finding], config_file: str) -> Check:
    """The configuration's findings make a failure, those of posts a warning."""
    errors = [finding for finding in findings if finding.severity == "error"]
    own = [finding for finding in errors if finding.path == config_file]
    if own:
        return Check("config", Status.FAIL, str(own[0]), 'see "socialauto validate"')
    if errors:
        others = f"{len(errors)} finding{'s' if len(errors) > 1 else ''} in other files"
        todo = 'mend them, see "socialauto validate": such posts do not go out'
        return Check("config", Status.WARN, f"{config_file} is sound; {others}", todo)
    return Check("config", Status.OK, f"{config_file} is sound, and so are all posts")


def judge_git(said: str) -> Check:
    """`said` is what `git --version` printed."""
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None:
        return Check("git", Status.WARN, f"git's version cannot be read from {said!r}")
    version = (int(found[1]), int(found[2]))
    words = f"git {found[0]}"
    if version < OLDEST_GIT:
        oldest = ".".join(map(str, OLDEST_GIT))
        return Check("git", Status.FAIL, words, f"install git {oldest} or later")
    return Check("git", Status.OK, words)


def judge_room(free: int) -> Check:
    """Bytes that are free where the repository lies."""
    words = f"{free // (1024 * 1024):,} MB free"
    if free < NO_ROOM:
        return Check("disk", Status.FAIL, words, "free some disk space, runs cannot write")
    if free < LITTLE_ROOM:
        return Check("disk", Status.WARN, words, "free some disk space")
    return Check("disk", Status.OK, words)


def judge_schemas(written: Mapping[str, bool]) -> Check:
    """Files for editors: of each that is there, whether it is what this version writes."""
    old = [name for name, fresh in written.items() if not fresh]
    if not old:
        words = "editors know the fields of this version" if written else "there are none"
        return Check("schemas", Status.OK, words)
    todo = "; ".join(f"socialauto schema {name} > schemas/{name}.schema.json" for name in old)
    words = f"editors go by another version's fields of {' and '.join(old)}"
    return Check("schemas", Status.WARN, words, todo)


def judge_lineage(configured: str | None, actual: str) -> Check:
    """A differing one has stopped the reading of the ledger before."""
    if configured:
        return Check("lineage", Status.OK, "socialauto.yaml names this ledger")
    todo = f"add to socialauto.yaml, below ledger: lineage: {actual}"
    words = "socialauto.yaml does not say which ledger is the right one, so a foreign one would do"
    return Check("lineage", Status.WARN, words, todo)


def judge_commit(*, pushed: bool, newest: bool | None, uncommitted: Sequence[str]) -> Check:
    """What is checked out here, beside what runs act on. `newest` None: no branch is."""
    if not pushed:
        todo = "push it: runs act on what is shared"
        return Check("commit", Status.WARN, "the commit here is on no branch of the remote", todo)
    if uncommitted:
        more = f" and {len(uncommitted) - 3} more" if len(uncommitted) > 3 else ""
        words = f"not committed, so not acted on: {', '.join(uncommitted[:3])}{more}"
        return Check("commit", Status.WARN, words, "commit and push what shall go out")
    if newest is None:
        words = "the commit here is shared; no branch is checked out, so none is followed"
        return Check("commit", Status.OK, words)
    if not newest:
        words = "the commit here is shared; the branch has newer ones"
        return Check("commit", Status.OK, words)
    return Check("commit", Status.OK, "the commit here is the branch's newest")


def judge_clock(skews: Mapping[str, timedelta]) -> Check:
    """By how much this machine's clock is ahead of others', by their names."""
    if not skews:
        return Check("clock", Status.SKIP, "nobody was asked for the time")
    # One clock that differs may be that one; the machine's own differs from all.
    name, skew = min(skews.items(), key=lambda pair: abs(pair[1]))
    if abs(skew) <= SKEW_WARNS:
        return Check("clock", Status.OK, f"the clock agrees with {_listed(skews)}")
    side = "ahead of" if skew > timedelta(0) else "behind"
    words = f"this machine's clock is {span(skew)} {side} that of {name}"
    status = Status.FAIL if abs(skew) > SKEW_FAILS else Status.WARN
    return Check("clock", status, words, "set it, and let it be kept by NTP: posts go out by it")


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def judge_runs(plan: Plan, *, shared: datetime, last_trace: datetime | None) -> Check:
    """Whether anything looks after what falls due.

    `shared`: when the newest commit was made, before which nobody could act on it; `last_trace`:
    when the ledger branch was last written.
    """
    waiting = {step.key: _since(step, shared) for step in plan.steps if _wants_a_run(step)}
    overlooked = {key: at for key, at in waiting.items() if plan.now - at > OVERLOOKED}
    trace = f"the ledger was last written {utc(last_trace)}" if last_trace else "no trace of a run"
    if overlooked:
        first = min(overlooked, key=lambda key: (overlooked[key], key))
        more = f", and {len(overlooked) - 1} more" if len(overlooked) > 1 else ""
        waits = span(plan.now - overlooked[first])
        words = f"no run has looked since: {first} waits for one for {waits}{more}; {trace}"
        todo = (
            "look at the workflow: is it switched off, failing, not on the default branch? "
            '"socialauto reconcile" does its work by hand'
        )
        return Check("runs", Status.FAIL, words, todo)
    if any(step.entry or (step.delivery and step.delivery.due <= plan.now) for step in plan.steps):
        return Check("runs", Status.OK, f"nothing that is due was overlooked; {trace}")
    return Check("runs", Status.SKIP, f"nothing has fallen due yet, so nothing shows it; {trace}")


def _wants_a_run(step: Step) -> bool:
    acts = step.record or step.kind in SENDING or step.kind is Kind.SETTLE
    return acts and (step.delivery is not None or step.entry is not None)


def _since(step: Step, shared: datetime) -> datetime:
    """Since when a run could have acted, and none has left a word."""
    known = [shared]
    if step.delivery is not None:
        known.append(step.delivery.due)
    if step.entry is not None:
        known += [attempt.at for attempt in step.entry.attempts]
        known += [step.entry.not_before] if step.entry.not_before else []
        known += [step.entry.lease.until] if step.entry.lease else []
    return max(known)
