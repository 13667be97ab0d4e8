"""The chapters of the tour. Every command in it is a real one in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

import socialauto
from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Git

if TYPE_CHECKING:
    from socialauto.sandbox.world import World

TOKEN = "demo-token"  # noqa: S105  # opens nothing but the tour's own sandbox
TOKEN_VARIABLE = "ACME_IG_TOKEN"  # noqa: S105  # a name
POSTS = 3
_TIME = re.compile(r"^time: \d{4}-\d{2}-\d{2} ", re.MULTILINE)
_BASE = re.compile(r"^(\s+base:) \S+$", re.MULTILINE)
_PLATFORM = re.compile(r"^( +)platform: instagram$", re.MULTILINE)

BROKEN = """\
---
account: acme-instagrm
time: tomorrow
medai: [media/nothing-here.jpg]
---
This post has three mistakes.
"""


def example_folder() -> Path:
    """The example team's files: inside the installed package, or at the top of a checkout."""
    package = Path(socialauto.__file__).parent
    for folder in (package / "example", package.parent.parent):
        if (folder / "content").is_dir():
            return folder
    raise SocialautoError("the tour's example posts are missing", "install socialauto again")


class Tour:
    """A bare remote, a clone, a sandbox, and a walk through them."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self._folder = folder
        self._remote = folder / "remote.git"
        self._team = folder / "team"
        self._port = port
        self._stack = ExitStack()
        self._world: World | None = None
        self._url = ""

    def __enter__(self) -> Self:
        try:
            self._url = self._start_sandbox()
        except ImportError as error:
            raise SocialautoError(
                "the sandbox's web server is not installed",
                'type: pip install "socialauto[sandbox]"',
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _start_sandbox(self) -> str:
        from socialauto.engine.clock import SystemClock
        from socialauto.sandbox.app import create_app
        from socialauto.sandbox.clock import MovableClock
        from socialauto.sandbox.fetch import fetch
        from socialauto.sandbox.server import serve_in_thread
        from socialauto.sandbox.state import Account, Settings, Token
        from socialauto.sandbox.storage import FolderStorage
        from socialauto.sandbox.world import World

        self._team.mkdir()
        self._clock = MovableClock(SystemClock().now)
        self._world = World(
            [Account(id="17841400000000001", username="acme-instagram")],
            tokens={TOKEN: Token()},
            settings=Settings(image_seconds=0, video_seconds=0.5),
            storage=FolderStorage(self._folder / "sandbox"),
        )
        app = create_app(self._world, fetch=fetch, now=self._clock.now, files=self._team)
        return self._stack.enter_context(serve_in_thread(app, port=self._port)).url

    def take(self) -> None:
        """All chapters, one after the other. Raises `SocialautoError` when one goes wrong."""
        self._set_up()
        self._check()
        self._look_ahead()
        self._publish()
        self._nothing_left()
        self._ledger()
        self._where_next()

    # the chapters

    def _set_up(self) -> None:
        _title("A team's repository, a git remote, and an emulated Instagram")
        _say(f"remote   {self._remote}")
        _say(f"clone    {self._team}")
        _say(f"sandbox  {self._url}/")
        git = Git(self._folder)
        git.run("init", "--quiet", "--bare", "--initial-branch=main", str(self._remote))
        git = Git(self._team)
        git.run("init", "--quiet", "--initial-branch=main")
        git.run("remote", "add", "origin", str(self._remote))
        self._copy_example()
        self._command("init")
        self._commit("Schedule three posts")

    def _copy_example(self) -> None:
        example = example_folder()
        shutil.copytree(example / "content", self._team / "content")
        today = self._clock.now().date()
        for days, post in enumerate(_posts(self._team / "content"), start=1):
            text = post.read_text(encoding="utf-8")
            moved = _TIME.sub(f"time: {today + timedelta(days=days):%Y-%m-%d} ", text)
            post.write_text(moved, encoding="utf-8")
        config = (example / "socialauto.yaml").read_text(encoding="utf-8")
        config = _PLATFORM.sub(rf"\1platform: instagram\n\1api: {self._url}", config)
        config = _BASE.sub(rf"\1 {self._url}/files", config)
        (self._team / "socialauto.yaml").write_text(config, encoding="utf-8")
        _say("Its posts are moved to the coming days, its account to the sandbox.")

    def _check(self) -> None:
        _title("A pull request with mistakes is stopped before anybody sees it")
        broken = self._team / "content" / "broken.md"
        broken.write_text(BROKEN, encoding="utf-8")
        self._command("validate", expect=1)
        broken.unlink()
        _say("Without that file:")
        self._command("validate")

    def _look_ahead(self) -> None:
        _title("The plan: what would go out when, and why")
        self._command("plan")

    def _publish(self) -> None:
        _title("The cron job: three runs, each with the clock moved to when a post is due")
        for due in self._due_times():
            moment = due + timedelta(seconds=20)
            self._clock.move(moment)
            self._command("reconcile", "--now", f"{moment:%Y-%m-%dT%H:%M:%SZ}")

    def _nothing_left(self) -> None:
        _title("The same run again: there is nothing left to do, and nothing goes out twice")
        last = self._due_times(step="done")[-1] + timedelta(minutes=1)
        self._command("reconcile", "--now", f"{last:%Y-%m-%dT%H:%M:%SZ}")
        assert self._world is not None
        if len(self._world.log) != POSTS:
            raise SocialautoError(f"the sandbox shows {len(self._world.log)} posts, not {POSTS}")

    def _ledger(self) -> None:
        _title("The ledger on the remote: every intent and every receipt is a commit")
        branch = "socialauto/ledger"
        log = Git(self._remote).run("log", "--format=%s", branch).decode()
        _show("git log --format=%s origin/socialauto/ledger", log)
        receipts = log.count("Record published")
        if receipts != POSTS:
            raise SocialautoError(f"the remote's ledger has {receipts} receipts, not {POSTS}")

    def _where_next(self) -> None:
        _title("Where to look next")
        _say("socialauto init       make a repository of your own")
        _say(
            "socialauto sandbox    rehearse against the emulated platform, with its feed as a page"
        )
        _say("socialauto status     where every post stands")
        _say("docs/lifecycle.md     one post on its way through a run")

    def stay(self) -> None:
        """Until Ctrl-C: the feed can be looked at, the clone played with."""
        _title("Still running, until Ctrl-C")
        _say(f"feed     {self._url}/")
        _say(f"clone    {self._team}")
        _say(f"token    export {TOKEN_VARIABLE}={TOKEN}")
        try:
            import threading

            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo()

    # the tools

    def _due_times(self, *, step: str = "wait") -> list[datetime]:
        """When the plan's steps of one kind are due, in order."""
        answer = subprocess.run(
            [sys.executable, "-m", "socialauto", "plan", "--format", "json"],
            cwd=self._team,
            env=self._environment(),
            capture_output=True,
            check=True,
        )
        steps = json.loads(answer.stdout)["steps"]
        return sorted(datetime.fromisoformat(one["due"]) for one in steps if one["step"] == step)

    def _command(self, *arguments: str, expect: int = 0) -> None:
        """Run socialauto as a person would, and show what it prints."""
        finished = subprocess.run(
            [sys.executable, "-m", "socialauto", *arguments],
            cwd=self._team,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        _show(" ".join(["socialauto", *arguments]), finished.stdout)
        if finished.returncode != expect:
            raise SocialautoError(
                f"the tour expected exit code {expect} and got {finished.returncode}",
                "please report it with what stands above",
            )

    def _environment(self) -> dict[str, str]:
        own = {TOKEN_VARIABLE: TOKEN, "COLUMNS": str(_width()), "PYTHONUTF8": "1"}
        outside = {"GITHUB_STEP_SUMMARY"}
        return {name: value for name, value in os.environ.items() if name not in outside} | own

    def _commit(self, message: str) -> None:
        git = Git(self._team)
        git.run("add", "--all")
        who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
        git.run(*who, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", message)
        git.run("push", "--quiet", "origin", "main")


def _posts(content: Path) -> Iterator[Path]:
    """The example's posts in the order of their times."""
    posts = [path for path in content.rglob("*") if path.suffix in (".md", ".yaml")]
    yield from sorted(posts, key=_written_time)


def _written_time(post: Path) -> str:
    found = re.search(r"^time: (.*)$", post.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def _width() -> int:
    return max(60, min(shutil.get_terminal_size((96, 24)).columns - 4, 116))


def _title(text: str) -> None:
    click.echo(f"\n{click.style(text, bold=True)}\n")


def _say(text: str) -> None:
    click.echo(f"    {text}")


def _show(command: str, output: str) -> None:
    click.echo(f"  {click.style('$ ' + command, fg='cyan')}")
    for line in output.rstrip().splitlines():
        click.echo(f"    {line}".rstrip())
    click.echo()
