"""New posts that look like old ones whose file is gone: nothing goes out twice because somebody
renamed a file.

The ledger knows a post by its id alone. Without `id:` that is its file's name, and a renamed file
is a new post. Here such a post is named, and waits for a person to say what is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from socialauto.core.ledger import Entry, State
from socialauto.core.plan import SENDING, Kind, Step
from socialauto.core.spans import utc
from socialauto.core.suggest import visible

GUARD = "duplicate"

_PUBLIC = frozenset({State.PUBLISHED, State.DELETED, State.INTENT, State.HELD})
_NAMED = SENDING | {Kind.WAIT, Kind.MISSED, Kind.BLOCKED}
"""Kinds of new posts that are worth a word about the old one."""

Sign = tuple[str, object]
"""An account, and what a post on it is known again by."""


def _left_behind(step: Step) -> Entry | None:
    """An entry of a post that the public has seen, or may have, and that no file asks for."""
    entry = step.entry
    if step.delivery is not None or entry is None or entry.part or entry.occurrence:
        return None
    return entry if entry.state in _PUBLIC and not entry.late_hold else None


def _signs(steps: Iterable[Step]) -> dict[Sign, Entry]:
    found: dict[Sign, Entry] = {}
    for step in steps:
        if entry := _left_behind(step):
            found[entry.account, entry.fingerprint] = entry
            found[entry.account, entry.due] = entry
    return found


def _was(step: Step, signs: dict[Sign, Entry]) -> Entry | None:
    """What this new post may have been: the same words and pictures, or the very same time."""
    one = step.delivery
    if one is None or step.key.part or step.key.occurrence:
        return None
    account = step.key.account
    return signs.get((account, one.message.fingerprint)) or signs.get((account, one.due))


def _words(step: Step, was: Entry) -> str:
    assert step.delivery is not None
    same = was.fingerprint == step.delivery.message.fingerprint
    like = "reads like" if same else "has the very time of"
    seen = f", published {utc(was.published_at)}" if was.published_at else ""
    name = visible(was.post)
    return f'{like} "{name}"{seen}, whose file is gone: if it was renamed, write id: {name}'


def _judged(step: Step, was: Entry, allowed: frozenset[str]) -> Step:
    words = _words(step, was)
    if step.kind in SENDING and GUARD in allowed:
        return step
    if step.kind in SENDING or step.guard == GUARD:
        reason = f'{words}; if it is meant, type "--allow {GUARD}"'
        return replace(step, kind=Kind.BLOCKED, guard=GUARD, reason=reason, at=None)
    return replace(step, reason=f"{step.reason}; {words}")


def renamed(steps: Sequence[Step], allowed: frozenset[str]) -> list[Step]:
    """The steps, with a word about what each new post may have been; none of those goes out."""
    signs = _signs(steps)
    made = []
    for step in steps:
        was = _was(step, signs) if signs and step.kind in _NAMED else None
        made.append(_judged(step, was, allowed) if was else step)
    return made
