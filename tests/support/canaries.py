"""Secrets that tests plant, and every place in which none of them may ever stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import httpx

from support.repositories import git

CANARIES = ("canary-team-4f1c9a", "EAAGcanary0123456789token", "IGAAcanary")
"""A team's token, an adapter's, and how those of a vault begin."""

PAGES = ("/", "/_sandbox/requests", "/_sandbox/log")
"""Of the emulated platform, as far as it has them."""


def betrayed(text: str) -> list[str]:
    """The secrets that stand in a text."""
    return [canary for canary in CANARIES if canary in text]


def _objects(repository: Path) -> str:
    """Everything that git keeps there, reachable or not."""
    return git(repository, "cat-file", "--batch-all-objects", "--batch")


def look_through(url: str, repositories: Iterable[Path]) -> None:
    """Fail when a secret stands on a page of the sandbox, or in what git keeps."""
    # Reading the certificates of the world takes 30 ms, and this is done after each test of a team.
    with httpx.Client(base_url=url, trust_env=False, verify=False) as client:
        for page in PAGES:
            assert not betrayed(client.get(page).text), f"a secret stands on {page}"
    for repository in repositories:
        assert not betrayed(_objects(repository)), f"a secret is in {repository}"
