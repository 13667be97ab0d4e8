"""A team as in real life: a clone, a remote, an emulated Instagram, and the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from socialauto.core.config import LedgerSettings
from socialauto.engine.clock import SystemClock
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.app import create_app
from socialauto.sandbox.clock import MovableClock
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.canaries import CANARIES, betrayed, look_through
from support.repositories import commit, git, new_repository

IG_ID = "17841400000000001"
TOKEN = CANARIES[0]
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
GROUPS = ("accounts", "dashboard", "media", "insights")
"""Commands whose second word is the verb."""
DUE = "2026-12-01 09:00"
JUST_AFTER = "2026-12-01 09:00:05"

CONFIG = """\
timezone: UTC
accounts:
  acme:
    platform: instagram
    id: "{id}"
    token: env:ACME_KEY
    api: {api}
media_host:
  kind: url
  base: {base}
ledger:
  lineage: {lineage}
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def jpeg(color: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 400), color).save(file, "JPEG", quality=70)
    return file.getvalue()


def post(text: str, *, time: str = DUE, media: str = "one.jpg", more: str = "") -> str:
    return (
        f"---\naccount: acme\ntime: {time}\nmedia: [{{path: {media}, alt: A picture}}]\n{more}---\n"
        f"{text}\n"
    )


@dataclass
class Team:
    """Where a test works."""

    root: Path
    remote: Path | None
    world: World
    clock: MovableClock
    url: str
    config: str
    """The text of socialauto.yaml as it was at the start."""

    def write(self, files: dict[str, str | bytes], *, push: bool = True) -> str:
        """Commit files, and share them."""
        made = commit(self.root, files)
        if push and self.remote:
            git(self.root, "push", "--quiet", "origin", "main")
        return made

    def configure(self, old: str, new: str) -> None:
        """Change the configuration by replacing a piece of its text."""
        text = (self.root / "socialauto.yaml").read_text()
        assert old in text
        self.write({"socialauto.yaml": text.replace(old, new)})

    def say(self, *arguments: str) -> Said:
        """Run a command here, in this process, as the console script would."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            verb = 2 if arguments[0] in GROUPS else 1
            place = ("-C", str(self.root))
            code = run(socialauto, [*arguments[:verb], *place, *arguments[verb:]])
        said = Said(code, out.getvalue(), err.getvalue())
        assert not betrayed(said.out + said.err), "a secret was printed"
        return said

    def reconcile(self, *flags: str, now: str = JUST_AFTER) -> Said:
        """A run at `now`, with the platform's clock at the same time."""
        self.clock.move(datetime.fromisoformat(now).replace(tzinfo=UTC))
        return self.say("reconcile", "--now", now, *flags)

    def ledger(self, path: str = "ledger/acme/hello.json", ref: str = "") -> dict[str, Any]:
        """An entry as the remote has it (or the clone, when there is no remote)."""
        text = git(self.remote or self.root, "show", f"{ref or 'socialauto/ledger'}:{path}")
        entry: dict[str, Any] = json.loads(text)
        return entry

    @property
    def lineage(self) -> str:
        return self.config.split("lineage: ")[1].split()[0]

    @property
    def captions(self) -> list[str]:
        """What the public has seen, in order."""
        containers = self.world.containers
        return [containers[line.container].draft.caption or "" for line in self.world.log]


@contextmanager
def team(folder: Path, *, remote: str | None = "", lease: str = "") -> Iterator[Team]:
    """`remote`: an URL, empty for a bare repository beside the clone, None for none at all."""
    root = folder / "team"
    bare = None
    world = World(
        [Account(id=IG_ID, username="acme")],
        tokens={TOKEN: Token()},
        settings=Settings(image_seconds=0, video_seconds=0),
    )
    clock = MovableClock(lambda: SystemClock().now())  # as it is then: a test may stop it
    root.mkdir(parents=True)
    app = create_app(world, fetch=fetch, now=clock.now, files=root)
    with serve_in_thread(app) as server:
        new_repository(root)
        if remote is not None:
            bare = folder / "remote.git"
            if not bare.exists():
                git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
            git(root, "remote", "add", "origin", remote or str(bare))
        header = LedgerBranch(Git(root), LedgerSettings()).create(BEGAN)
        config = CONFIG.format(
            id=IG_ID, api=server.url, base=f"{server.url}/files", lineage=header.lineage
        )
        made = Team(root, bare, world, clock, server.url, config + lease)
        made.write(
            {
                "socialauto.yaml": made.config,
                "content/one.jpg": jpeg(),
                "content/hello.md": post("Hello, world"),
            }
        )
        yield made
        look_through(server.url, [root / ".git", *([bare] if bare else [])])
