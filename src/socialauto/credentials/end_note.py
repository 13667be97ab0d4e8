"""The one thing about a token that is kept in clear: when it ends and only a person can help.

A review has no key, and should say that a post is due after that. Whoever reads the branch sees
from its commits when the token came, so the day of its end is no news to anybody. A run never reads
this.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from socialauto.credentials.credential import Credential
from socialauto.credentials.refresh import Ending

What = Literal["the token", "the app's access to the data"]

_LARGEST = 1_000
"""Bytes; anybody who may push the branch can put something else there."""


class _Note(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ends: AwareDatetime
    what: What


def soonest_end(credential: Credential) -> Ending | None:
    """Of what no run can move by itself. Instagram Login renews its tokens in every run."""
    if credential.login != "facebook":
        return None
    ends: dict[What, datetime | None] = {
        "the token": credential.expires,
        "the app's access to the data": credential.data_access_expires,
    }
    found = [Ending(what, at) for what, at in ends.items() if at is not None]
    return min(found, key=lambda ending: ending.at, default=None)


def written(ending: Ending | None) -> bytes:
    """The note; of a token without an end an empty one."""
    fields = {}
    if ending:
        at = f"{ending.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        fields = {"ends": at, "what": ending.what}
    return (json.dumps(fields, sort_keys=True, indent=2) + "\n").encode()


def read(data: bytes) -> Ending | None:
    """What a note says; None for one that says nothing that can be used."""
    if len(data) > _LARGEST:
        return None
    try:
        note = _Note.model_validate_json(data)
    except ValidationError:
        return None
    return Ending(note.what, note.ends.astimezone(UTC))
