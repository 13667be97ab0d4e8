"""A scene for crashes: a remote over HTTP, clones of it, an emulated Instagram, runs as processes.

The servers belong to the test, so they know when a request of a run arrives, and can end the run
right there.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any, Literal

from socialauto.core.config import LedgerSettings
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.gates import Gate, Moment, Operation, Watched, git_operation
from support.git_remotes import GitServer, git_server, new_bare
from support.repositories import commit, git, new_repository
from support.runs import ForkServer, Run
from support.shared_clock import SharedClock
from support.team import BEGAN, CONFIG, DUE, IG_ID, TOKEN, Said, jpeg

Kind = Literal["image", "carousel", "reel", "commented", "series", "queued"]
"""Of posts; the last three are images: with a first comment, each week, and in a slot."""

JUST_AFTER = datetime(2026, 12, 1, 9, 0, 5, tzinfo=UTC)
LATER = timedelta(minutes=40)
"""Beyond the lease of half an hour and the two minutes in which nothing is asked."""
BRANCH = "socialauto/ledger"
EXAMPLES = Path(__file__).parent.parent.parent / "content/2026/12/media"

_MEDIA = {
    "image": ["one.jpg"],
    "carousel": ["one.jpg", "two.jpg", "clip.mp4"],
    "reel": ["clip.mp4"],
    "commented": ["one.jpg"],
    "queued": ["one.jpg"],
}
FIRST_COMMENT = "Link in bio"


def post(kind: Kind, text: str) -> str:
    media = "".join(f"  - {{path: {name}}}\n" for name in _MEDIA[kind])
    when = "schedule: tuesdays" if kind == "queued" else f"time: {DUE}"
    fields = f"account: acme\n{when}\nmedia:\n{media}"
    if kind == "commented":
        fields += f"first_comment: {FIRST_COMMENT}\n"
    elif kind != "queued":
        fields += f"type: {kind}\n"
    return f"---\n{fields}---\n{text}\n"


def wanted(kind: Kind, text: str) -> dict[str, str | bytes]:
    """The files by which a post is due at the instant of all of them."""
    every = "tuesday 09:00"
    if kind == "series":
        series = f"account: acme\nevery: {every}\nmedia: [/content/one.jpg]\ntext: {text}\n"
        return {"schedules/hello.yaml": series}
    slots = {"schedules/tuesdays.yaml": f"slots: [{every}]\n"} if kind == "queued" else {}
    return {"content/hello.md": post(kind, text), **slots}


@dataclass
class Stage:
    """The servers, which outlive scenes; and for each kind of post a team to copy."""

    folder: Path
    url: str
    """Of the platform."""
    watched: Watched
    git_server: GitServer
    forks: ForkServer
    clock: SharedClock
    _seeds: dict[Kind, Path] = field(default_factory=dict)

    def seed(self, kind: Kind) -> Path:
        """A folder with a bare repository and a clone of it, of which the ledger has begun."""
        if kind not in self._seeds:
            folder = self.folder / f"seed-{kind}"
            self._sow(folder, kind)
            self._seeds[kind] = folder
        return self._seeds[kind]

    def _sow(self, folder: Path, kind: Kind) -> None:
        clone = new_repository(folder / "clone")
        bare = new_bare(folder / "team.git")
        git(clone, "remote", "add", "origin", str(bare))
        header = LedgerBranch(Git(clone), LedgerSettings()).create(BEGAN)
        config = CONFIG.format(
            id=IG_ID, api=self.url, base=f"{self.url}/files/clone", lineage=header.lineage
        )
        commit(
            clone,
            {
                "socialauto.yaml": config,
                "content/one.jpg": jpeg(),
                "content/two.jpg": jpeg("red"),
                "content/clip.mp4": (EXAMPLES / "espresso.mp4").read_bytes(),
                **wanted(kind, "Hello, world"),
            },
        )
        git(clone, "push", "--quiet", "origin", "main")
        git(clone, "remote", "set-url", "origin", self.git_server.url("team.git"))


@dataclass
class Scene:
    """One team, its remote and what the platform shows of it."""

    stage: Stage
    folder: Path
    world: World

    @property
    def gate(self) -> Gate:
        return self.stage.watched.gate

    @property
    def clock(self) -> SharedClock:
        return self.stage.clock

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    @property
    def bare(self) -> Path:
        return self.folder / "team.git"

    def another_clone(self, name: str) -> Path:
        """As another machine has it."""
        shutil.copytree(self.clone, self.folder / name)
        return self.folder / name

    def add_posts(self, **texts: str) -> None:
        """Commit and share further posts that are due at the same time."""
        files = {f"content/{name}.md": post("image", text) for name, text in texts.items()}
        commit(self.clone, files)
        git(self.clone, "push", "--quiet", str(self.bare), "main")

    def start(self, *flags: str, clone: Path | None = None, **job: Any) -> Run:
        arguments = ("reconcile", "-C", str(clone or self.clone), *flags)
        return self.stage.forks.start(*arguments, env={"ACME_KEY": TOKEN}, **job)

    def reconcile(self, *flags: str, clone: Path | None = None, **job: Any) -> Said:
        return self.start(*flags, clone=clone, **job).wait()

    def struck(
        self,
        operation: Operation,
        moment: Moment,
        strike: Callable[[Run], bool],
        *,
        start: Callable[[], Run] | None = None,
    ) -> Run:
        """A run that is struck when `operation` arrives, or before its answer leaves.

        `strike` returns whether the request goes on.
        """
        victim: Future[Run] = Future()
        self.gate.set_trap(operation, moment, lambda: strike(victim.result()))
        victim.set_result((start or self.start)())
        return victim.result()

    def killed(self, operation: Operation, moment: Moment) -> None:
        """A run that is killed there, together with its git."""
        said = self.struck(operation, moment, kill).wait()
        assert (said.code, said.err) == (-SIGKILL, "")

    # --- what came of it

    @property
    def public(self) -> Counter[str]:
        """How often the public has seen each caption."""
        containers = self.world.containers
        return Counter(containers[line.container].draft.caption for line in self.world.log)

    @property
    def comments(self) -> list[str]:
        """What stands below the posts."""
        found = (self.world.comments(line.id) for line in self.world.log)
        return [comment.text for comments in found for comment in comments]

    def entries(self) -> dict[str, dict[str, Any]]:
        """The ledger on the remote, by the names of deliveries."""
        names = git(self.bare, "ls-tree", "-r", "--name-only", BRANCH, "ledger/").splitlines()
        texts = [git(self.bare, "show", f"{BRANCH}:{name}") for name in names if "/acme/" in name]
        return {
            "@".join(
                entry[part] for part in ("post", "occurrence", "part") if entry.get(part)
            ): entry
            for entry in map(json.loads, texts)
        }

    def check_exactly_once(self, *captions: str) -> None:
        """The public saw each once, the ledger names just these, and the remote is whole."""
        assert self.public == dict.fromkeys(captions, 1)
        below = [one.id for line in self.world.log for one in self.world.comments(line.id)]
        recorded = [entry["remote_id"] for entry in self.entries().values()]
        assert sorted(recorded) == sorted([*below, *(line.id for line in self.world.log)])
        assert {entry["state"] for entry in self.entries().values()} == {"published"}
        # Objects that nobody names are what a killed push leaves behind: no fault.
        assert git(self.bare, "fsck", "--strict", "--full", "--no-dangling") == ""
        assert list(self.bare.rglob("*.lock")) == []


SceneMaker = Callable[[Kind], Scene]


def kill(run: Run) -> bool:
    """A strike."""
    run.kill()
    return False


@contextmanager
def open_stage(folder: Path, *, speed: float = 0.0) -> Iterator[Stage]:
    """The servers, running; `speed` as the shared clock has it."""
    gate = Gate()
    watched = Watched(gate)
    clock = SharedClock.create(folder / "clock", JUST_AFTER, speed=speed)
    with ExitStack() as stack:
        server = stack.enter_context(git_server(folder))
        server.around = lambda request, act: gate.around(git_operation(request), act)
        platform = stack.enter_context(serve_in_thread(watched))
        (folder / "runs").mkdir()
        forks = ForkServer(folder / "runs", folder / "clock")
        stack.callback(forks.close)
        yield Stage(folder, platform.url, watched, server, forks, clock)


def open_scene(stage: Stage, folder: Path, kind: Kind = "image", **settings: Any) -> Scene:
    """A fresh team and a fresh platform on the stage's servers."""
    shutil.copytree(stage.seed(kind), folder, dirs_exist_ok=True)
    world = World(
        [Account(id=IG_ID, username="acme")],
        tokens={TOKEN: Token()},
        settings=Settings(image_seconds=2, video_seconds=5, **settings),
    )
    stage.git_server.root = folder
    stage.git_server.forget_faults()
    stage.clock.move(JUST_AFTER)
    stage.watched.app = create_app(world, fetch=fetch, now=stage.clock.now, files=folder)
    stage.watched.gate.reset()
    return Scene(stage, folder, world)
