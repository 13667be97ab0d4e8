"""Real git repositories for tests: made quickly, committed to, looked at."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


def git(root: Path, *args: str, data: bytes | None = None) -> str:
    """What git prints; a failure fails the test with git's words."""
    ended = subprocess.run(["git", *args], cwd=root, input=data, capture_output=True)
    assert ended.returncode == 0, f"git {' '.join(args)}: {ended.stderr.decode()}"
    return os.fsdecode(ended.stdout).rstrip("\n")


def new_repository(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A repository on branch main, with these files committed when there are some."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    if files:
        commit(root, files)
    return root


def commit(root: Path, files: Mapping[str, str | bytes], message: str = "Change files") -> str:
    """Write and commit the files; the commit's id."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    return git(root, "rev-parse", "HEAD")
