"""What the workflows install: the very socialauto that wrote them."""

from __future__ import annotations

import json
from typing import Any


def requirement(version: str, direct_url: str | None) -> str:
    """A line for pip. `direct_url` is what pip noted when it did not install from an index.

    A copy from a folder on this machine cannot be had elsewhere: then the version is named, and
    `is_public` says that somebody has to look.
    """
    origin: dict[str, Any] = json.loads(direct_url) if direct_url else {}
    vcs = origin.get("vcs_info")
    if vcs:
        return f"socialauto @ {vcs['vcs']}+{origin['url']}@{vcs['commit_id']}"
    return f"socialauto=={version}"


def is_public(direct_url: str | None) -> bool:
    """False when this copy came from a folder or file, so that an index may lack it."""
    return not direct_url or "vcs_info" in json.loads(direct_url)
