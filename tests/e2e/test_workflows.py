"""The workflows that `init` writes, run for real: git over HTTP, the sandbox, and `act`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from socialauto.cli.init import command as init
from socialauto.core.config import LedgerSettings
from socialauto.engine.clock import SystemClock
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from socialauto.scaffold.post_file import NewPost, post_text
from socialauto.scaffold.templates import binary
from support import forge
from support.act import Ran, Runner, runner
from support.git_remotes import git_server, new_bare
from support.repositories import commit, git, new_repository

ID = "17841400000000001"
TOKEN = "canary-7f3a9c51"
LEDGER = "socialauto/ledger"

PULL_REQUEST = {"number": 7, "pull_request": {"number": 7, "base": {"ref": "main"}}}
BY_HAND = {"repository": {"default_branch": "main"}}


@dataclass(frozen=True, slots=True)
class Team:
    """A content repository on a forge, with the platform it publishes to."""

    clone: Path
    bare: Path
    runner: Runner
    platform: str

    def schedule(self) -> str:
        """What the forge's clock does, on a fresh checkout of main; the run's output."""
        git(self.clone, "pull", "-q", "origin", "main")
        ran = self.runner.run(self.clone, "schedule", ACME_TOKEN=TOKEN)
        assert ran.ok, ran.output
        return ran.output

    def published(self) -> list[str]:
        """Captions, in the order in which the platform published them."""
        log = httpx.get(f"{self.platform}/_sandbox/log").json()
        return [entry["caption"] for entry in log]

    def ledger_tip(self) -> str:
        return git(self.bare, "rev-parse", LEDGER)


def due_post(text: str, ahead: timedelta = -timedelta(minutes=5)) -> NewPost:
    due = SystemClock().now() + ahead
    return NewPost(
        id="launch",
        accounts=("acme",),
        time=f"{due:%Y-%m-%d %H:%M}",
        media=("media/example.jpg",),
        text=text,
    )


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The emulated platform's address, and the folder whose files it serves."""
    files = tmp_path_factory.mktemp("files")
    world = World(
        [Account(id=ID, username="acme")],
        tokens={TOKEN: Token()},
        settings=Settings(image_seconds=0, video_seconds=0),
    )
    app = create_app(world, fetch=fetch, now=SystemClock().now, files=files)
    with serve_in_thread(app) as running:
        yield running.url, files


@pytest.fixture
def team(tmp_path: Path, platform: tuple[str, Path]) -> Iterator[Team]:
    url, files = platform
    bare = new_bare(tmp_path / "served" / "team.git")
    clone = new_repository(tmp_path / "clone")
    with git_server(bare.parent) as server:
        git(clone, "remote", "add", "origin", server.url("team.git"))
        settings = LedgerSettings()
        # A ledger that began a while ago: what is due now does not belong to the time before it.
        LedgerBranch(Git(clone), settings).create(SystemClock().now() - timedelta(hours=1))
        arguments = ["-C", str(clone), "--account", "acme", "--id", ID]
        assert CliRunner().invoke(init, arguments).exit_code == 0
        _point_at(clone / "socialauto.yaml", url)
        (files / "content/media").mkdir(parents=True, exist_ok=True)
        (files / "content/media/example.jpg").write_bytes(binary("example.jpg"))
        commit(clone, {}, "Post from git")
        git(clone, "push", "-q", "origin", "main")
        yield Team(clone, bare, runner(tmp_path), url)


def _point_at(config: Path, platform: str) -> None:
    """Publish to the sandbox, which also serves the files."""
    text = config.read_text(encoding="utf-8")
    text = text.replace("    token:", f"    api: {platform}\n    token:")
    config.write_text(f"{text}\nmedia_host:\n  kind: url\n  base: {platform}/files\n")


def test_cron_publishes_what_is_due_and_brings_the_ledger_back(team: Team) -> None:
    before, main = len(team.published()), git(team.bare, "rev-parse", "main")
    # The example is a draft: the first run of a new repository has nothing to do.
    team.schedule()
    assert len(team.published()) == before
    assert git(team.bare, "rev-list", "--count", LEDGER) == "1"

    commit(team.clone, {"content/launch.md": post_text(due_post("Hello from cron"))})
    git(team.clone, "push", "-q", "origin", "main")
    main = git(team.bare, "rev-parse", "main")
    output = team.schedule()
    assert team.published()[before:] == ["Hello from cron"]
    entry = json.loads(git(team.bare, "show", f"{LEDGER}:ledger/acme/launch.json"))
    assert entry["state"] == "published"
    assert entry["provenance"]["commit"] == main
    assert git(team.bare, "rev-parse", "main") == main
    assert TOKEN not in output

    tip = team.ledger_tip()
    team.schedule()
    assert team.published()[before:] == ["Hello from cron"]
    assert team.ledger_tip() == tip


def test_a_run_by_hand_counts_on_the_default_branch_only(team: Team) -> None:
    before = len(team.published())
    git(team.clone, "checkout", "-q", "-b", "draft")
    commit(team.clone, {"content/launch.md": post_text(due_post("Not reviewed"))})
    git(team.clone, "push", "-q", "origin", "draft")
    ran = team.runner.run(team.clone, "workflow_dispatch", BY_HAND, ACME_TOKEN=TOKEN)
    assert ran.ok, ran.output
    assert "Publish what is due" not in ran.output
    assert len(team.published()) == before

    git(team.clone, "push", "-q", "origin", "draft:main")
    git(team.clone, "checkout", "-q", "-B", "main", "draft")
    ran = team.runner.run(team.clone, "workflow_dispatch", BY_HAND, ACME_TOKEN=TOKEN)
    assert ran.ok, ran.output
    assert team.published()[before:] == ["Not reviewed"]


def test_the_switch_stops_publishing_without_a_commit(team: Team) -> None:
    ran = team.runner.run(team.clone, "schedule", variables={"SOCIALAUTO": "off"}, ACME_TOKEN=TOKEN)
    assert ran.ok, ran.output
    assert "Publish what is due" not in ran.output


def test_a_pull_request_is_checked_without_secrets(team: Team) -> None:
    ran = team.runner.run(team.clone, "pull_request", PULL_REQUEST)
    assert ran.ok, ran.output
    assert "Publish what is due" not in ran.output


def test_a_pull_request_is_compared_with_the_branch_that_it_is_for(team: Team) -> None:
    git(team.clone, "checkout", "-q", "-b", "change")
    commit(team.clone, {"content/launch.md": post_text(due_post("Too late"))})
    ran = team.runner.run(team.clone, "pull_request", PULL_REQUEST)
    assert not ran.ok
    assert "::error file=content/launch.md,line=4,col=7,title=SA905 A time" in ran.output


def test_an_invalid_post_fails_the_pull_request_beside_its_line(team: Team) -> None:
    bad = post_text(due_post("Hello")).replace("account: acme", "account: acne")
    commit(team.clone, {"content/launch.md": bad})
    ran = team.runner.run(team.clone, "pull_request", PULL_REQUEST)
    assert not ran.ok
    assert "::error file=content/launch.md,line=3,col=10,title=SA203" in ran.output
    assert "acne" in ran.output


def test_the_dashboard_is_built_from_files_and_ledger(team: Team) -> None:
    init_again = ["-C", str(team.clone), "--dashboard"]
    assert CliRunner().invoke(init, init_again).exit_code == 0
    commit(team.clone, {"content/launch.md": post_text(due_post("Hello, pages"))})
    git(team.clone, "push", "-q", "origin", "main")
    team.schedule()
    ran = team.runner.run(team.clone, "workflow_dispatch", BY_HAND, variables={"SOCIALAUTO": "off"})
    assert ran.ok, ran.output
    for page in ("./index.html", "./posts/launch.html", "./calendar.ics"):
        assert page in ran.output
    assert "deployed" in ran.output
    assert TOKEN not in ran.output


@pytest.fixture
def github() -> Iterator[tuple[forge.GitHub, str]]:
    made = forge.GitHub()
    with serve_in_thread(made.app()) as server:
        yield made, server.url


def pull_request(team: Team, api: str, *, of: str = "acme/posts", to: str = "main") -> Ran:
    """What the forge does for a pull request that comes from this repository."""
    head = {"repo": {"full_name": of}, "sha": git(team.clone, "rev-parse", "HEAD")}
    base = {"ref": to, "sha": git(team.clone, "rev-parse", "origin/main")}
    event = {"number": 7, "pull_request": {"number": 7, "base": base, "head": head}}
    return team.runner.run(
        team.clone, "pull_request", event,
        environment={
            "GITHUB_API_URL": api,
            "GITHUB_REPOSITORY": "acme/posts",
            "ORIGIN": str(team.bare),
        },
        GITHUB_TOKEN=forge.TOKEN,
    )  # fmt: skip


def test_the_review_is_one_comment_that_is_kept_up_to_date(
    team: Team, github: tuple[forge.GitHub, str]
) -> None:
    hub, api = github
    hub.say("Nice picture")
    git(team.clone, "checkout", "-q", "-b", "change")
    coming = post_text(due_post("Soon `$(id)` @everyone", timedelta(days=2)))
    commit(team.clone, {"content/launch.md": coming})
    ran = pull_request(team, api)
    assert ran.ok, ran.output
    (_, body) = hub.bodies
    assert "adds 1 post" in body
    assert "``Soon `$(id)` @everyone``" in body
    sha = git(team.clone, "rev-parse", "HEAD")
    assert f"github.com/acme/posts/blob/{sha}/content/media/example.jpg?raw=true" in body

    # A check that fails renews it all the same.
    assert not pull_request(team, api, to="nowhere").ok
    (_, body) = hub.bodies
    assert "could not be compared" in body


def test_a_fork_gets_no_comment(team: Team, github: tuple[forge.GitHub, str]) -> None:
    hub, api = github
    git(team.clone, "checkout", "-q", "-b", "change")
    coming = post_text(due_post("Soon", timedelta(days=2)))
    commit(team.clone, {"content/launch.md": coming})
    ran = pull_request(team, api, of="mallory/posts")
    assert ran.ok, ran.output
    assert hub.asked == []
