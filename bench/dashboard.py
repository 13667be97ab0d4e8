"""What the dashboard of a big team costs: 10,000 real files and their ledger, from the command line
to a browser that shows the list.

Usage: PYTHONPATH=tests python -m bench.dashboard [POSTS]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bench import corpus
from socialauto.core.config import LedgerSettings
from socialauto.core.delivery import Delivery
from socialauto.core.ledger import State
from socialauto.engine.load import load
from socialauto.repository.git import Git
from socialauto.repository.layout import entry_path, to_bytes
from socialauto.repository.ledger import AUTHOR, LedgerBranch
from socialauto.repository.objects import write_commit
from socialauto.repository.worktree import WorkTree
from support.browsing import BROWSER, browser
from support.builders import entry

POSTS = 10_000
NOW = "2026-06-01 12:00"
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOCIALAUTO = str(Path(sys.executable).with_name("socialauto"))
LEDGER = "refs/heads/socialauto/ledger"
FIRST_PAGE = 300_000
"""Bytes of the list and all it needs at first, without media: the goal."""
USABLE = 1.0
"""Seconds until somebody can search in it: the goal."""


def _past(root: Path) -> Iterator[Delivery]:
    """Everything before `NOW` that was meant to go out."""
    for one in load(WorkTree(root), now=AT).deliveries:
        if one.due < AT and not one.draft:
            yield one


def _ledger(root: Path) -> int:
    """A ledger in which all of it did; how many that were."""
    git, settings = Git(root), LedgerSettings()
    LedgerBranch(git, settings).create(datetime(2022, 1, 1, tzinfo=UTC))
    files = {}
    for number, one in enumerate(_past(root)):
        at, url = one.due + timedelta(seconds=2), f"https://www.instagram.com/p/C{number}/"
        known = entry(
            one, State.PUBLISHED, published_at=at, lateness=2.0, url=url, remote_id=str(number)
        )
        files[entry_path(known.key)] = to_bytes(known)
    tip = git.line("rev-parse", LEDGER)
    made = write_commit(git, parent=tip, files=files, message="Publish", author=AUTHOR)
    git.run("update-ref", LEDGER, made)
    return len(files)


def make_team(root: Path, posts: int) -> int:
    """The repository; how many of its posts are out."""
    corpus.write(root, posts)
    for words in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["-c", "user.name=Ana", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Posts"],
    ):
        subprocess.run(["git", "-C", str(root), *words], check=True)
    return _ledger(root)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process."""

    seconds: float
    cpu: float
    said: str

    def __str__(self) -> str:
        return f"{self.seconds:5.1f} s ({self.cpu:.1f} s of CPU)"


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def build(root: Path, out: Path) -> Cost:
    began, before = perf_counter(), _cpu()
    words = ("dashboard", "build", "-C", str(root), "--out", str(out), "--now", NOW)
    done = subprocess.run([SOCIALAUTO, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return Cost(perf_counter() - began, _cpu() - before, done.stdout.splitlines()[0])


def _bytes(out: Path, *names: str) -> int:
    return sum((out / name).stat().st_size for name in names)


SEARCH = """
async () => {
  const box = document.getElementById("words");
  const began = performance.now();
  box.value = "launch";
  box.dispatchEvent(new Event("input", {bubbles: true}));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}
"""


def look(out: Path) -> Iterator[tuple[str, float]]:
    """Seconds until pages can be used, in a new browser each, and a search over all rows."""
    with browser() as chromium:
        for name in ("index.html", "calendar/index.html", "posts.html"):
            page = chromium.new_context().new_page()
            page.goto((out / name).as_uri(), wait_until="domcontentloaded")
            ready = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
            yield name, page.evaluate(ready) / 1000
        page.locator("#count").filter(has_not_text="reading").wait_for()
        yield "posts.html, all rows read", page.evaluate("performance.now()") / 1000
        yield "a search in all rows", page.evaluate(SEARCH) / 1000


def main(arguments: list[str]) -> int:
    """1 when a goal is missed."""
    posts = int(arguments[0]) if arguments else POSTS
    with tempfile.TemporaryDirectory(prefix="socialauto-bench-") as name:
        root, out = Path(name) / "team", Path(name) / "site"
        root.mkdir()
        print(f"{posts:,} posts in files, {make_team(root, posts):,} of them in the ledger")
        print(f"build, all of it       {build(root, out)}", flush=True)
        print(f"build, nothing new     {build(root, out)}", flush=True)
        changed = next(iter((root / "content").rglob("*.md")))
        changed.write_text(changed.read_text(encoding="utf-8") + "\nmore\n", encoding="utf-8")
        again = build(root, out)
        print(f"build, one file new    {again}: {again.said.rpartition(': ')[2]}", flush=True)
        first = _bytes(out, "posts.html", "posts.js", "style.css", "data/rows-0.js", "icon.svg")
        print(f"first page of the list {first:,} bytes (goal {FIRST_PAGE:,})")
        print(f"overview               {_bytes(out, 'index.html', 'style.css'):,} bytes")
        met = first <= FIRST_PAGE
        for what, seconds in look(out) if BROWSER else ():
            print(f"{what:<28}{seconds:.2f} s")
            met = met and (what != "posts.html" or seconds <= USABLE)
    return 0 if met else 1


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(main(sys.argv[1:]))
