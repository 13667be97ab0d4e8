"""What became of a push, judged from `git push --porcelain`: only explicit success is success."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Finished


class Verdict(Enum):
    ACCEPTED = "the branch has the commit, durably"
    LOST = "somebody else was first: read again"
    UNCLEAR = "nobody knows: fetch and look"
    REFUSED = "the commit will not be taken, however often it is pushed"


@dataclass(frozen=True, slots=True)
class PushReport:
    verdict: Verdict
    words: str = ""
    """What git and the forge said, as one line."""


LOST_SIGNS = (
    # git itself, before and while it sends
    "stale info",
    "fetch first",
    "non-fast-forward",
    # the other side, when two pushes meet at the ref's lock
    "failed to update ref",
    "failed to lock",
    "cannot lock ref",
    "incorrect old value provided",
    "reference already exists",
    "LOCK_FAILURE",
    "lock failure",
)

AUTH_SIGNS = (
    "Authentication failed",
    "could not read Username",
    "could not read Password",
    "Permission denied",
    "Permission to ",
    "requested URL returned error: 401",
    "requested URL returned error: 403",
    "Write access to repository not granted",
    "Invalid username or",
    "Host key verification failed",
    "epository not found",
    "access denied",
    "Access denied",
    "not allowed to push",
    "insufficient permission",
)

_QUOTA_SIGNS = ("quota", "exceeds", "size limit", "No space left", "returned error: 413")

_CURES = (
    (
        ("protected branch", "Protected branch", "GH006", "GH013", "rule violations"),
        "let the job's identity push to {branch} in the forge's branch rules, "
        "or name another branch in ledger.branch",
    ),
    (
        ("branch is currently checked out",),
        "push to a bare repository, or check another branch out there",
    ),
    (AUTH_SIGNS, "give the job contents: write, or renew the credentials of remote {remote}"),
    (_QUOTA_SIGNS, "make room on the remote"),
    (("read-only", "Read-only", "archived"), "make the remote writable again"),
    (
        ("hook declined",),
        "ask who runs the remote which of its hooks or rules declines {branch}",
    ),
)


def judge(finished: Finished, ref: str) -> PushReport:
    """The verdict on the push of one ref."""
    lines = finished.stdout.decode(errors="replace").splitlines()
    found = list(_status_lines(lines, ref))
    words = " ".join([*(summary for _, summary in found), finished.said]).strip() or finished.words
    if finished.ok and "Done" in lines and found and all(flag in " *=" for flag, _ in found):
        return PushReport(Verdict.ACCEPTED)
    rejected = [summary for flag, summary in found if flag == "!"]
    if rejected:
        return PushReport(_judge_rejection(" ".join(rejected)), words)
    return PushReport(Verdict.REFUSED if _is_refusal(finished.stderr) else Verdict.UNCLEAR, words)


def _status_lines(lines: list[str], ref: str) -> Iterator[tuple[str, str]]:
    for line in lines:
        flag, *rest = line.split("\t", 2)
        if len(rest) == 2 and rest[0].rpartition(":")[2] == ref:
            yield flag, rest[1]


def _judge_rejection(summary: str) -> Verdict:
    if any(sign in summary for sign in LOST_SIGNS):
        return Verdict.LOST
    # "[remote failure]": the other side took the pack and never said what it did with it.
    return Verdict.REFUSED if "rejected]" in summary else Verdict.UNCLEAR


def _is_refusal(stderr: str) -> bool:
    return any(sign in stderr for sign in (*AUTH_SIGNS, *_QUOTA_SIGNS))


def refusal(words: str, *, branch: str, remote: str) -> SocialautoError:
    """The exception for a push that was refused, with the forge's own words and the cure."""
    hint = next((cure for signs, cure in _CURES if any(sign in words for sign in signs)), "")
    return SocialautoError(
        f"remote {remote} refused the update of branch {branch}: {words}",
        hint.format(branch=branch, remote=remote),
    )
