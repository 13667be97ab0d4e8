"""What the benches on the real clock share: a team, an emulated Instagram, and a run."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from socialauto.core.config import LedgerSettings
from socialauto.engine.clock import SystemClock
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World

TOKEN = "bench-token"  # opens nothing but the bench's own sandbox


def picture(shade: int = 200) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 400), (shade % 256, 90, 120)).save(file, "JPEG")
    return file.getvalue()


def post(account: int, due: datetime, media: str, text: str) -> bytes:
    return (
        f"---\naccount: acme-{account}\ntime: {due:%Y-%m-%d %H:%M:%S}\n"
        f"media: [{{path: {media}, alt: A square}}]\n---\n{text}\n"
    ).encode()


def _config(url: str, lineage: str, accounts: int, more: str) -> str:
    named = "".join(
        f'  acme-{number}:\n    platform: instagram\n    id: "{1000 + number}"\n'
        f"    token: env:BENCH_KEY\n    api: {url}\n"
        for number in range(accounts)
    )
    return (
        f"accounts:\n{named}media_host: {{kind: url, base: {url}/files}}\n"
        f"ledger: {{lineage: {lineage}}}\n{more}"
    )


@contextmanager
def platform(
    folder: Path, accounts: int, settings: Settings | None = None
) -> Iterator[tuple[World, str]]:
    """The sandbox and its address; it serves the files of the team below `folder`."""
    (folder / "team").mkdir()
    known = [Account(id=str(1000 + n), username=f"acme-{n}") for n in range(accounts)]
    world = World(known, tokens={TOKEN: Token()}, settings=settings or Settings())
    app = create_app(world, fetch=fetch, now=SystemClock().now, files=folder / "team")
    with serve_in_thread(app) as server:
        yield world, server.url


def make_team(
    folder: Path, url: str, accounts: int, files: Iterable[tuple[str, bytes]], more: str
) -> Path:
    """A clone of `folder`/remote.git with the files and a ledger; `more` ends its configuration."""
    root = folder / "team"
    git = Git(root)
    Git(folder).run("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git.run("init", "--quiet", "--initial-branch=main")
    git.run("remote", "add", "origin", str(folder / "remote.git"))
    began = SystemClock().now() - timedelta(days=1)
    header = LedgerBranch(git, LedgerSettings()).create(began)
    (root / "socialauto.yaml").write_text(_config(url, header.lineage, accounts, more))
    for path, content in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    git.run("add", "--all")
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    git.run(*who, "commit", "--quiet", "--message", "Posts")
    git.run("push", "--quiet", "origin", "main")
    return root


def published(root: Path, *flags: str) -> list[dict[str, Any]]:
    """What a run of the command published. Ends the bench when the run fails."""
    finished = subprocess.run(
        [sys.executable, "-m", "socialauto", "reconcile", *flags, "--format", "json"],
        cwd=root,
        env=os.environ | {"BENCH_KEY": TOKEN},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(finished.stdout[-3000:] + finished.stderr[-3000:])
    results = json.loads(finished.stdout)["results"]
    return [result for result in results if result["outcome"] == "published"]


def twice(world: World) -> int:
    """How many publications were one too many."""
    return len(world.log) - len({line.container for line in world.log})
