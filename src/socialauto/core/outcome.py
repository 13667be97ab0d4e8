"""What came of a step: values that say what to do next, not what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Handle = Mapping[str, Any]
"""What makes a publish call safe to repeat or to look up, JSON-able and opaque to the engine:
`{"container": "178…"}` on Instagram, a record key on Bluesky. Never holds a secret."""


class ErrorClass(StrEnum):
    """Errors by what to do next."""

    TRANSIENT = "transient"
    """Try again later."""
    RATE_LIMITED = "rate_limited"
    """Wait until `Problem.until`; uses up no try."""
    AUTH = "auth"
    """A person must act on the account; stops its lane."""
    CONTENT = "content"
    """Fix the file."""
    MEDIA = "media"
    """Fix the media or their host."""
    UNKNOWN = "unknown"
    """Nobody knows; in doubt once the visible call has been made."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something did not work, for a person and for the next decision."""

    kind: ErrorClass
    message: str
    """One sentence for a person, with the cure where there is one; no secret, no full stop."""
    code: str = ""
    """The platform's own code, `9004/2207052`."""
    until: datetime | None = None
    """Not before this instant, aware and in UTC; given with RATE_LIMITED."""
    detail: str = ""
    """The platform's own words, shortened and redacted."""


@dataclass(frozen=True, slots=True)
class Published:
    """It is public."""

    id: str | None
    """The platform's id; None when the platform proves publication but does not say the id."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class NotPublished:
    """Surely nothing is public."""

    problem: Problem
    handle_dead: bool = False
    """The handle can never publish any more (expired, errored): prepare a new one."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The visible call was made and nobody knows what it did. Only `find` may say."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Unknown:
    """`find` could not say. Never read as "not published"."""

    problem: Problem
    later: bool = False
    """Asking again later may help (the read itself failed); otherwise a person must decide."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Uploaded and ready; invisible to the public."""

    handle: Handle


@dataclass(frozen=True, slots=True)
class NotPrepared:
    """Nothing is ready; nothing is public."""

    problem: Problem
    handle: Handle | None = None
    """What is worth keeping for the next try, such as a container that is still processing."""


@dataclass(frozen=True, slots=True)
class AlreadyPublished:
    """The handle of an earlier try turns out to be public: nothing new was prepared.

    Whoever gets this writes an intent with this handle and asks `find`; publishing anything for
    the same delivery now would send it twice.
    """

    handle: Handle
    since: datetime
    """Nothing of this handle can have been public before this instant; aware, in UTC."""


PrepareOutcome = Prepared | NotPrepared | AlreadyPublished
PublishOutcome = Published | NotPublished | InDoubt
FindOutcome = Published | NotPublished | Unknown
