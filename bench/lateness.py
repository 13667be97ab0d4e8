"""How late posts are on the real clock: `reconcile --for` against the sandbox.

50 posts over 10 accounts fall due after the run has started; the ledger tells how late each one
went out. Usage: python -m bench.lateness
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from socialauto.core.config import LedgerSettings
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Token
from socialauto.sandbox.world import World

ACCOUNTS = 10
POSTS_EACH = 5
FIRST_DUE = timedelta(seconds=40)
APART = timedelta(seconds=12)
WINDOW = "2m"
GOAL = 1.0
"""Seconds, for 99 of 100."""


def _now() -> datetime:
    return datetime.now(UTC)


def _picture(number: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 400), (number * 5 % 256, 90, 120)).save(file, "JPEG")
    return file.getvalue()


def _config(url: str, lineage: str) -> str:
    accounts = "".join(
        f'  acme-{number}:\n    platform: instagram\n    id: "{1000 + number}"\n'
        f"    token: env:BENCH_KEY\n    api: {url}\n"
        for number in range(ACCOUNTS)
    )
    return (
        f"accounts:\n{accounts}media_host: {{kind: url, base: {url}/files}}\n"
        f"ledger: {{lineage: {lineage}}}\nguard: {{max_per_run: 100}}\n"
    )


def _posts(start: datetime) -> Iterator[tuple[str, str]]:
    for account in range(ACCOUNTS):
        for turn in range(POSTS_EACH):
            # Accounts fall due together, as they do on the full hour.
            due = start + FIRST_DUE + turn * APART
            number = account * POSTS_EACH + turn
            yield (
                f"content/p{number}.md",
                f"---\naccount: acme-{account}\ntime: {due:%Y-%m-%d %H:%M:%S}\n"
                f"media: [{{path: m{number}.jpg, alt: A square}}]\n---\nNumber {number}\n",
            )


def _team(folder: Path, url: str) -> Path:
    root = folder / "team"
    git = Git(root)
    Git(folder).run("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git.run("init", "--quiet", "--initial-branch=main")
    git.run("remote", "add", "origin", str(folder / "remote.git"))
    header = LedgerBranch(git, LedgerSettings()).create(_now() - timedelta(days=1))
    (root / "socialauto.yaml").write_text(_config(url, header.lineage))
    (root / "content").mkdir()
    for number in range(ACCOUNTS * POSTS_EACH):
        (root / f"content/m{number}.jpg").write_bytes(_picture(number))
    for path, text in _posts(_now()):
        (root / path).write_text(text)
    git.run("add", "--all")
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    git.run(*who, "commit", "--quiet", "--message", "Posts")
    git.run("push", "--quiet", "origin", "main")
    return root


def _run(root: Path) -> list[float]:
    """Lateness of each publication, in seconds, sorted."""
    finished = subprocess.run(
        [sys.executable, "-m", "socialauto", "reconcile", "--for", WINDOW, "--format", "json"],
        cwd=root,
        env=os.environ | {"BENCH_KEY": "bench-token"},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(finished.stdout + finished.stderr)
    results = json.loads(finished.stdout)["results"]
    return sorted(result["lateness"] for result in results if result["outcome"] == "published")


def main() -> int:
    """Print the figures; 1 when the goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "team").mkdir()
        accounts = [Account(id=str(1000 + n), username=f"acme-{n}") for n in range(ACCOUNTS)]
        world = World(accounts, tokens={"bench-token": Token()})
        app = create_app(world, fetch=fetch, now=_now, files=folder / "team")
        with serve_in_thread(app) as server:
            lateness = _run(_team(folder, server.url))
        twice = len(world.log) - len({line.container for line in world.log})
    p99 = lateness[max(0, int(len(lateness) * 0.99) - 1)]
    median, worst = lateness[len(lateness) // 2], lateness[-1]
    print(
        f"{len(lateness)} posts on {ACCOUNTS} accounts, {twice} twice; late by: "
        f"median {median:.3f} s, p99 {p99:.3f} s, worst {worst:.3f} s (goal {GOAL:g} s)"
    )
    return 0 if len(lateness) == ACCOUNTS * POSTS_EACH and p99 <= GOAL and not twice else 1


if __name__ == "__main__":
    sys.exit(main())
