"""`socialauto dashboard serve`: what makes it look again, what it keeps, and real open pages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from socialauto.cli.following import Follower
from socialauto.dashboard.live import Live, News
from socialauto.dashboard.serving import create_app
from socialauto.sandbox.clock import MovableClock
from socialauto.sandbox.server import Running, address, listen, server_for
from support.browsing import browser, needs_browser
from support.repositories import git
from support.team import JUST_AFTER, Team, jpeg, post

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOW = datetime(2026, 12, 5, 10, tzinfo=UTC)
LATER = "2026-12-05 10:00"


@dataclass
class Watched:
    """A team with somebody who looks at it, at one look a call."""

    team: Team
    follower: Follower
    live: Live
    said: list[str]

    def look(self) -> News:
        """Two looks: the first may see that somebody is still writing."""
        anyio.run(self.follower.turn)
        anyio.run(self.follower.turn)
        return self.live.news

    def page(self, name: str) -> str:
        assert self.live.view is not None
        return (self.live.view.file(name) or b"").decode()

    def save(self, path: str, text: str) -> None:
        (self.team.root / path).write_text(text)


@contextmanager
def watched(
    team: Team, *, fetch: timedelta = timedelta(0), at: str | None = LATER
) -> Iterator[Watched]:
    clock, live, said = MovableClock(lambda: NOW), Live(), []
    follower = Follower(team.root, live, clock, fetch, at=at, tell=said.append)
    follower.begin()
    yield Watched(team, follower, live, said)


@pytest.fixture
def shown(acme: Team) -> Iterator[Watched]:
    """One post is out, one is coming."""
    assert acme.reconcile(now=JUST_AFTER).code == 0
    acme.write({"content/coming.md": post("Soon", time="2026-12-24 18:00")})
    with watched(acme) as made:
        yield made


def test_nothing_new_is_no_news(shown: Watched) -> None:
    assert shown.live.news == News(1, ())
    assert shown.look() == News(1, ())
    shown.save("README.md", "Nothing about posts.")
    assert shown.look() == News(1, ())


def test_a_changed_file_is_shown(shown: Watched) -> None:
    shown.save("content/coming.md", post("Very soon", time="2026-12-24 18:00"))
    assert shown.look() == News(2, ())
    assert "Very soon" in shown.page("posts/coming.html")
    shown.save("content/new.md", post("One more", time="2026-12-25 18:00"))
    assert shown.look() == News(3, ())
    assert "One more" in shown.page("posts.html")
    (shown.team.root / "content/new.md").unlink()
    assert shown.look() == News(4, ())
    assert shown.page("posts/new.html") == ""


def test_a_picture_of_the_same_size_and_name_is_drawn_anew(shown: Watched) -> None:
    view = shown.live.view
    assert view is not None
    before = set(view._wanted)
    (shown.team.root / "content/one.jpg").write_bytes(jpeg("crimson"))
    assert shown.look().built == 2
    assert shown.live.view is not None
    assert set(shown.live.view._wanted) != before
    (name,) = shown.live.view._wanted
    picture = shown.live.view.picture(name)
    assert picture is not None
    assert picture.is_current


def test_a_half_written_file_leaves_what_was_there_and_is_named(shown: Watched) -> None:
    shown.save("content/coming.md", "---\naccount: acme\ntime: 2026-12-24 18:00\nmedia: [{path: ")
    news = shown.look()
    assert news.built == 1
    assert news.problems[0].startswith("content/coming.md:")
    assert "Soon" in shown.page("posts/coming.html")
    shown.save("content/coming.md", post("Mended", time="2026-12-24 18:00"))
    assert shown.look() == News(2, ())
    assert "Mended" in shown.page("posts/coming.html")


def test_a_broken_configuration_is_named_until_it_is_mended(shown: Watched) -> None:
    config = (shown.team.root / "socialauto.yaml").read_text()
    shown.save("socialauto.yaml", config.replace("timezone:", "timezoen:"))
    news = shown.look()
    assert (news.built, len(news.problems)) == (1, 1)
    assert "timezoen" in news.problems[0]
    shown.save("socialauto.yaml", config)
    assert shown.look() == News(1, ())


def test_what_was_broken_before_keeps_nothing_else_from_being_shown(acme: Team) -> None:
    acme.write({"content/broken.md": "---\naccount: acme\n"})
    with watched(acme) as shown:
        assert shown.live.news.problems[0].startswith("content/broken.md:")
        shown.save("content/new.md", post("One more", time="2026-12-25 18:00"))
        news = shown.look()
        assert news.built == 2
        assert len(news.problems) == 1
        assert "One more" in shown.page("posts.html")


def test_a_post_with_an_error_is_shown_with_it(shown: Watched) -> None:
    shown.save("content/coming.md", post("Soon", time="2026-12-24 18:00", media="none.jpg"))
    assert shown.look() == News(2, ())
    assert "has errors" in shown.page("posts/coming.html")


def push_from_elsewhere(team: Team, folder: Path) -> None:
    """Another machine publishes: the ledger moves at the remote, and nothing here does."""
    git(folder.parent, "clone", "--quiet", str(team.remote), str(folder))
    other = Team(folder, team.remote, team.world, team.clock, team.url, team.config)
    assert other.reconcile(now="2026-12-24 18:00:05").code == 0


def test_the_ledger_is_asked_for_as_often_as_wanted(shown: Watched, tmp_path: Path) -> None:
    push_from_elsewhere(shown.team, tmp_path / "other")
    assert shown.look() == News(1, ())
    shown.follower.fetch = timedelta(minutes=5)
    assert shown.look() == News(1, ())
    shown.follower.clock = MovableClock(lambda: NOW + timedelta(minutes=5))
    assert shown.look() == News(2, ())
    assert "published" in shown.page("posts/coming.html")
    assert shown.look() == News(2, ())


def test_what_this_clone_fetches_is_seen_at_once(shown: Watched, tmp_path: Path) -> None:
    push_from_elsewhere(shown.team, tmp_path / "other")
    assert shown.team.say("status", "--now", LATER).code in (0, 4)
    assert shown.look() == News(2, ())
    assert "published" in shown.page("posts/coming.html")


def test_a_remote_that_is_away_is_said_and_files_are_followed(shown: Watched) -> None:
    git(shown.team.root, "remote", "set-url", "origin", "/nowhere/team.git")
    shown.follower.fetch = timedelta(minutes=5)
    shown.follower.clock = MovableClock(lambda: NOW + timedelta(minutes=6))
    news = shown.look()
    assert news.built == 1
    assert "cannot fetch" in news.problems[0]
    shown.save("content/coming.md", post("Very soon", time="2026-12-24 18:00"))
    assert shown.look().built == 2
    assert "Very soon" in shown.page("posts/coming.html")


def test_time_alone_makes_a_post_late(acme: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    from socialauto.engine.clock import SystemClock

    due = datetime(2026, 12, 1, 9, tzinfo=UTC)
    monkeypatch.setattr(SystemClock, "now", lambda self: due - timedelta(minutes=1))
    with watched(acme, at=None) as shown:
        shown.follower.clock = MovableClock(lambda: due - timedelta(minutes=1))
        assert shown.look() == News(1, ())
        monkeypatch.setattr(SystemClock, "now", lambda self: due + timedelta(minutes=2))
        shown.follower.clock = MovableClock(lambda: due + timedelta(minutes=2))
        assert shown.look() == News(2, ())
        assert "late" in shown.page("posts/hello.html")


@contextmanager
def served(shown: Watched) -> Iterator[Running]:
    """As the command does, in a thread; the disk is looked at all the time."""
    shown.follower.pause = 0.02
    listener = listen("127.0.0.1", 0)
    server = server_for(create_app(shown.live), listener)

    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(shown.follower.follow)
            await server.serve(sockets=[listener])
            tasks.cancel_scope.cancel()

    thread = threading.Thread(target=anyio.run, args=[main], daemon=True)
    thread.start()
    try:
        yield Running(address(listener))
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def test_nobody_elsewhere_gets_an_answer(shown: Watched) -> None:
    with served(shown) as running:
        ours = httpx.get(f"{running.url}/posts.html")
        assert ours.status_code == 200
        assert ours.headers["cache-control"] == "no-store"
        assert ours.headers["cross-origin-resource-policy"] == "same-origin"
        for path in ("/", "/data.json", "/live/news"):
            other = httpx.get(running.url + path, headers={"Host": "evil.example:8020"})
            assert other.status_code == 400, path
        assert httpx.get(f"{running.url}/../socialauto.yaml").status_code == 404
        assert httpx.get(f"{running.url}/%2e%2e/socialauto.yaml").status_code == 404
        assert httpx.post(f"{running.url}/posts.html").status_code == 405


@needs_browser
@pytest.mark.xdist_group("dashboard-browser")
def test_an_open_page_follows(shown: Watched, tmp_path: Path) -> None:
    complaints: list[str] = []
    push_from_elsewhere(shown.team, tmp_path / "other")
    with served(shown) as running, browser() as chromium:
        page = chromium.new_page(viewport={"width": 900, "height": 500})
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{running.url}/posts.html")
        page.get_by_label("Search").fill("soon")
        page.get_by_text("1 of 2 posts").wait_for()
        shown.save("content/another.md", post("Soon, too", time="2026-12-25 18:00"))
        page.get_by_text("2 of 3 posts").wait_for()
        assert page.get_by_label("Search").input_value() == "soon"
        assert page.evaluate("document.activeElement.id") == "words"

        shown.save("content/another.md", "---\naccount: acme\n")
        banner = page.locator(".banner")
        banner.get_by_text("content/another.md:").wait_for()
        assert page.get_by_text("2 of 3 posts").is_visible()
        shown.save("content/another.md", post("Mended, soon", time="2026-12-25 18:00"))
        page.get_by_text("Mended, soon").wait_for()
        banner.wait_for(state="detached")

        page.goto(f"{running.url}/posts/coming.html")
        page.get_by_text("scheduled").wait_for()
        git(shown.team.root, "fetch", "--quiet", "origin")
        page.locator(".pill.done").wait_for()
    assert complaints == []


@needs_browser
@pytest.mark.xdist_group("dashboard-browser")
def test_the_reader_stays_where_they_were(shown: Watched) -> None:
    text = "First line.\n" + "line\n" * 200
    shown.save("content/coming.md", post(text, time="2026-12-24 18:00"))
    assert shown.look().built == 2
    with served(shown) as running, browser() as chromium:
        page = chromium.new_page(viewport={"width": 600, "height": 300})
        page.set_default_timeout(20_000)
        page.goto(f"{running.url}/posts/coming.html")
        page.locator("summary").click()
        page.evaluate("scrollTo(0, 900)")
        shown.save("content/coming.md", post(f"{text}fin", time="2026-12-24 18:00"))
        page.locator("details", has_text="fin").wait_for(state="attached")
        assert _is_open_at(page, 900)


def _is_open_at(page: Page, down: int) -> bool:
    page.wait_for_function(f"scrollY === {down}")
    return bool(page.evaluate("document.querySelector('details').open"))


def test_ctrl_c_ends_it_cleanly(acme: Team) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "socialauto", "dashboard", "serve", "--port", "0", "-C", acme.root],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip
    assert started.stdout is not None
    lines = iter(started.stdout.readline, "")
    url = next(line.split()[-1] for line in lines if "http://" in line)
    assert "Overview" in httpx.get(url).text
    before = git(acme.root, "status", "--porcelain")
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=30)
    assert (started.returncode, err) == (0, "")
    assert out.rstrip().endswith("The dashboard has stopped.")
    assert before == ""


def test_every_file_of_a_built_site_is_served(shown: Watched, tmp_path: Path) -> None:
    out = tmp_path / "site"
    assert shown.team.say("dashboard", "build", "--out", str(out), "--now", LATER).code == 0
    with served(shown) as running:
        for path in sorted(out.rglob("*.*")):
            name = path.relative_to(out).as_posix()
            if not name.startswith("."):
                answer = httpx.get(f"{running.url}/{name}")
                assert answer.status_code == 200, name
                if not name.endswith((".html", "data.json")):  # those know that they are live
                    assert answer.content == path.read_bytes(), name
