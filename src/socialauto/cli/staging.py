"""The scene that the dashboard and the calendar show, from the work tree and the ledger."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.cli.lifetimes import token_ends
from socialauto.cli.place import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from socialauto.core.ledger import Snapshot
    from socialauto.dashboard.scene import Scene
    from socialauto.engine.load import Loaded
    from socialauto.repository.git import Git
    from socialauto.repository.worktree import WorkTree

_FORGES = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org")
_REMOTE = re.compile(
    r"(?:https?://(?:[^/@\s]*@)?|ssh://(?:[^/@\s]*@)?|[\w.-]+@)([\w.-]+)(?::\d+)?[:/]([\w./-]+?)(?:\.git)?/?"
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene, where its files are, and what its platforms allow."""

    scene: Scene
    tree: WorkTree
    caps: Mapping[str, int | None]
    loaded: Loaded
    snapshot: Snapshot


def commit_url(remote: str, environment: Mapping[str, str]) -> str:
    """Where the forge shows commits; empty when nothing says so. Never a part of a password.

    GitHub and GitLab tell their jobs their own address; otherwise only well-known forges count.
    """
    if server := environment.get("GITHUB_SERVER_URL"):
        return f"{server}/{environment.get('GITHUB_REPOSITORY', '')}/commit/"
    if project := environment.get("CI_PROJECT_URL"):
        return f"{project}/-/commit/"
    match = _REMOTE.fullmatch(remote)
    if match is None or match[1] not in _FORGES:
        return ""
    between = {"gitlab.com": "-/commit", "bitbucket.org": "commits"}.get(match[1], "commit")
    return f"https://{match[1]}/{match[2]}/{between}/"


def _remote(git: Git, name: str) -> str:
    from socialauto.core.errors import SocialautoError

    try:
        return git.line("remote", "get-url", name)
    except SocialautoError:
        return ""


def _authors(git: Git, loaded: Loaded) -> Mapping[str, str]:
    """Who changed each file last; nobody before the first commit."""
    from socialauto.core.reading import CONTENT, SCHEDULES
    from socialauto.repository.history import commit_authors

    if not git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}").ok:
        return {}
    paths = {delivery.path for delivery in loaded.contents()}
    return commit_authors(git, "HEAD", paths, below=(CONTENT, SCHEDULES))


def stage(
    folder: Path,
    *,
    now: str | None,
    accounts: Iterable[str] = (),
    base_url: str = "",
    snapshot: Snapshot | None = None,
) -> Stage:
    """The ledger is fetched unless a `snapshot` of it is at hand. Raises `SocialautoError` when
    configuration or ledger cannot be used."""
    from socialauto.dashboard.scene import Scene
    from socialauto.repository.insights import shelf_at

    seen = look(folder, now=now, accounts=accounts, snapshot=snapshot)
    scene = Scene(
        plan=seen.plan,
        config=seen.config,
        insights=shelf_at(seen.git, seen.snapshot.tip).histories,
        base_url=base_url,
        commit_url=commit_url(_remote(seen.git, seen.config.ledger.remote), os.environ),
        authors=_authors(seen.git, seen.loaded),
        tokens=token_ends(seen.git, seen.config, seen.snapshot.tip, os.environ),
    )
    return Stage(scene, seen.tree, seen.terms.caps, seen.loaded, seen.snapshot)
