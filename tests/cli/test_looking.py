"""A run that waits obeys what lands on the shared branch meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialauto.cli.looking import Lookout
from socialauto.cli.place import read_ledger, terms_for, usable_config
from socialauto.core.guard import make_plan
from socialauto.core.plan import Kind, Step
from socialauto.engine.load import load
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import Git
from socialauto.repository.history import head
from support.repositories import commit, git
from support.team import DUE, Team, post

BEFORE = datetime(2026, 12, 1, 8, 55, tzinfo=UTC)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = BEFORE

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Waiting:
    """A run that waits for the one post of the team."""

    def __init__(self, acme: Team) -> None:
        tree = CommitTree(Git(acme.root), head(Git(acme.root)))
        loaded = load(tree)
        config = usable_config(loaded)
        snapshot = read_ledger(Git(acme.root), config).snapshot
        terms = terms_for(loaded, config, ahead=timedelta(minutes=10))
        self.watch = Watch()
        began = snapshot.header.began
        self.lookout = Lookout(Git(acme.root), config, self.watch, tree, loaded, began, terms)
        plan = make_plan(loaded.deliveries, snapshot, config, now=BEFORE, terms=terms)
        (self.step,) = plan.steps
        assert self.step.kind is Kind.PUBLISH

    async def look(self) -> Step:
        self.watch.time += timedelta(minutes=1)
        return await self.lookout.look(self.step)


@pytest.fixture
def waiting(acme: Team) -> Iterator[Waiting]:
    made = Waiting(acme)
    yield made
    made.lookout.close()


@pytest.fixture
def colleague(acme: Team, tmp_path: Path) -> Path:
    """Another clone, from which changes land on the remote."""
    git(tmp_path, "clone", "--quiet", str(acme.remote), "colleague")
    return tmp_path / "colleague"


def land(clone: Path, files: dict[str, str | bytes]) -> str:
    made = commit(clone, files)
    git(clone, "push", "--quiet", "origin", "main")
    return made


pytestmark = pytest.mark.anyio


async def test_nothing_new_leaves_the_step_as_it_was(waiting: Waiting) -> None:
    fresh = await waiting.look()
    assert (fresh.kind, fresh.at) == (Kind.PUBLISH, waiting.step.at)


async def test_an_edit_is_seen_with_its_commit(waiting: Waiting, colleague: Path) -> None:
    landed = land(colleague, {"content/hello.md": post("Edited")})
    fresh = await waiting.look()
    assert fresh.delivery is not None
    assert fresh.delivery.message.text == "Edited"
    assert waiting.lookout.commit == landed


async def test_a_deletion_is_seen(waiting: Waiting, colleague: Path) -> None:
    (colleague / "content/hello.md").unlink()
    land(colleague, {"content/README.txt": "gone"})
    assert (await waiting.look()).kind is Kind.ORPHAN


async def test_a_new_time_is_seen(waiting: Waiting, colleague: Path) -> None:
    land(colleague, {"content/hello.md": post("Hello", time="2026-12-24 09:00")})
    assert (await waiting.look()).kind is Kind.WAIT


async def test_a_freeze_is_seen(waiting: Waiting, colleague: Path) -> None:
    land(colleague, {"freeze.yaml": "reason: storm\nuntil: 2026-12-02 09:00\n"})
    fresh = await waiting.look()
    assert (fresh.kind, fresh.reason) == (
        Kind.WAIT,
        "frozen until 2026-12-02 09:00 UTC: storm",
    )


async def test_a_mistake_that_lands_keeps_the_post_in(waiting: Waiting, colleague: Path) -> None:
    land(colleague, {"content/hello.md": post("Hello", media="gone.jpg")})
    assert (await waiting.look()).kind is Kind.INVALID


async def test_one_look_serves_all_who_ask_at_the_same_time(
    waiting: Waiting, colleague: Path
) -> None:
    await waiting.look()
    land(colleague, {"content/hello.md": post("Edited")})
    unchanged = await waiting.lookout.look(waiting.step)
    assert unchanged.delivery is not None
    assert unchanged.delivery.message.text == "Hello, world"


async def test_a_gap_that_moved_the_step_is_kept(waiting: Waiting) -> None:
    later = datetime.fromisoformat(DUE).replace(tzinfo=UTC) + timedelta(minutes=3)
    waiting.step = replace(waiting.step, at=later)
    assert (await waiting.look()).at == later


@pytest.mark.parametrize(
    ("part", "more", "kind"),
    [
        ("delete", "delete: true\n", Kind.DELETE),
        ("delete", "", Kind.ORPHAN),
        ("delete", "delete: true\nunknown: 1\n", Kind.ORPHAN),
        ("comment", "", Kind.PUBLISH),
        ("comment", "delete: true\n", Kind.ORPHAN),
    ],
)
async def test_what_follows_a_post_is_still_asked_for(
    waiting: Waiting, colleague: Path, part: str, more: str, kind: Kind
) -> None:
    key = replace(waiting.step.key, part=part)
    planned = Kind.DELETE if part == "delete" else Kind.PUBLISH
    waiting.step = replace(waiting.step, key=key, kind=planned)
    land(colleague, {"content/hello.md": post("Hello, world!", more=more)})
    assert (await waiting.look()).kind is kind
