"""How long 1,000 due posts on 100 accounts take, beside what the platform itself makes them take.

The sandbox processes each container for five seconds. The bound is that time and the requests of
an account's posts one after the other (or three at a time), without any run or ledger.
Usage: python -m bench.throughput [ACCOUNTS] [POSTS EACH]
"""

from __future__ import annotations

import io
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
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
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World

PROCESSING = 5.0
REQUESTS = 0.2
"""Seconds for the requests of one post: four of 50 ms each, as a distant platform takes them."""
GOALS = {1: 1.1, 3: 1.2}
"""Times the bound, by how many are prepared ahead."""
FLUSH = 0.5


def _now() -> datetime:
    return datetime.now(UTC)


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 400), (200, 90, 120)).save(file, "JPEG")
    return file.getvalue()


def _config(url: str, lineage: str, accounts: int, ahead: int) -> str:
    named = "".join(
        f'  acme-{number}:\n    platform: instagram\n    id: "{1000 + number}"\n'
        f"    token: env:BENCH_KEY\n    api: {url}\n"
        for number in range(accounts)
    )
    return (
        f"accounts:\n{named}media_host: {{kind: url, base: {url}/files}}\n"
        f"ledger: {{lineage: {lineage}}}\n"
        f"guard: {{max_per_run: 100000}}\nrun: {{ahead: {ahead}}}\n"
    )


def _posts(accounts: int, each: int) -> Iterator[tuple[str, str]]:
    due = _now() - timedelta(hours=1)
    for account in range(accounts):
        for turn in range(each):
            yield (
                f"content/a{account}/p{turn}.md",
                f"---\naccount: acme-{account}\ntime: {due:%Y-%m-%d %H:%M:%S}\n"
                f"media: [{{path: /m.jpg, alt: A square}}]\n---\nNumber {account} {turn}\n",
            )


def _team(folder: Path, url: str, accounts: int, each: int, ahead: int) -> Path:
    root = folder / "team"
    git = Git(root)
    Git(folder).run("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git.run("init", "--quiet", "--initial-branch=main")
    git.run("remote", "add", "origin", str(folder / "remote.git"))
    header = LedgerBranch(git, LedgerSettings()).create(_now() - timedelta(days=1))
    (root / "socialauto.yaml").write_text(_config(url, header.lineage, accounts, ahead))
    (root / "m.jpg").write_bytes(_picture())
    for path, text in _posts(accounts, each):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git.run("add", "--all")
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    git.run(*who, "commit", "--quiet", "--message", "Posts")
    git.run("push", "--quiet", "origin", "main")
    return root


def _run(root: Path) -> tuple[float, int]:
    """Seconds of the whole process, and what it published."""
    began = time.perf_counter()
    finished = subprocess.run(
        [sys.executable, "-m", "socialauto", "reconcile", "--format", "json"],
        cwd=root,
        env=os.environ | {"BENCH_KEY": "bench-token"},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(finished.stdout[-3000:] + finished.stderr[-3000:])
    results = json.loads(finished.stdout)["results"]
    published = sum(result["outcome"] == "published" for result in results)
    return time.perf_counter() - began, published


def measure(accounts: int, each: int, ahead: int) -> bool:
    """Print one line; whether the goal is met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "team").mkdir()
        known = [Account(id=str(1000 + n), username=f"acme-{n}") for n in range(accounts)]
        settings = Settings(image_seconds=PROCESSING)
        world = World(known, tokens={"bench-token": Token()}, settings=settings)
        app = create_app(world, fetch=fetch, now=_now, files=folder / "team")
        with serve_in_thread(app) as server:
            root = _team(folder, server.url, accounts, each, ahead)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds, published = _run(root)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        bare = Git(folder / "remote.git")
        commits = int(bare.line("rev-list", "--count", "socialauto/ledger")) - 1
    bound = math.ceil(each / ahead) * (PROCESSING + REQUESTS)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    allowed = 2 + seconds / FLUSH
    print(
        f"{published} posts, {accounts} accounts, {ahead} ahead: {seconds:.1f} s, "
        f"{seconds / bound:.2f} x the bound of {bound:.1f} s (goal {GOALS[ahead]:g}); "
        f"{commits} pushes (at most {allowed:.0f}); {cpu:.1f} s of CPU; "
        f"{len(world.log) - len({line.container for line in world.log})} twice",
        flush=True,
    )
    whole = published == accounts * each == len(world.log)
    return whole and seconds <= GOALS[ahead] * bound and commits <= allowed


def main(arguments: list[str]) -> int:
    """1 when a goal is missed."""
    accounts, each = (int(word) for word in arguments) if arguments else (100, 10)
    met = [measure(accounts, each, ahead) for ahead in GOALS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
