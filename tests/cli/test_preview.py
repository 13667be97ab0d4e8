"""`socialauto preview`: one page that needs nothing else, and its picture."""

from __future__ import annotations

import builtins
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from support.browsing import Looker, axe_script, browser, needs_browser
from support.media_samples import jpeg
from support.repositories import new_repository

NOW = ("--now", "2026-11-23 12:00")
CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY"}
media_host: {kind: url, base: "https://media.example.org"}
"""
EVIL = (
    '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7 * 7 }} \u202egnp.exe @ana #one'
)
POST = f"""\
---
accounts: [acme, bakery]
time: 2026-12-01 09:00
media: [{{path: /media/one.jpg, alt: 'A "red" <door>'}}, /media/two.jpg]
first_comment: "<b>Link</b> below"
overrides: {{bakery: {{text: Fresh bread.}}}}
---
{{% raw %}}{EVIL}

{"Many words. " * 40}{{% endraw %}}
"""
SERIES = """\
account: acme
every: monday 09:00
start: 2026-11-02
media: [{path: /media/one.jpg, alt: A door}]
text: Monday again.
"""


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files: dict[str, str | bytes] = {
        "socialauto.yaml": CONFIG,
        "media/one.jpg": jpeg(),
        "media/two.jpg": jpeg(color=60),
        "content/launch.md": POST,
        "content/wrong.md": POST.replace("2026-12-01 09:00", "tomorrow"),
        "schedules/monday.yaml": SERIES,
    }
    root = new_repository(tmp_path / "team", files)
    monkeypatch.chdir(root)
    return root


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def page(*arguments: str, code: int = 0) -> Page:
    assert run(socialauto, ["preview", *arguments, "--out", "post.html", *NOW]) == code
    return Page(Path("post.html").read_text("utf-8"))


def test_the_page_shows_the_post_on_each_account_and_needs_nothing_else(team: Path) -> None:
    made = page("content/launch.md")
    assert "Tue 1 Dec 2026, 09:00 Europe/Berlin" in made.words
    assert "2026-12-01 08:00 UTC" in made.words
    assert "Fresh bread." in made.words
    assert "2 of 2" in made.words
    pictures = [value for name, value in made.attributes if name == "src"]
    assert len(pictures) == 4
    assert all(one.startswith("data:image/jpeg;base64,") for one in pictures)
    assert not [value for name, value in made.attributes if name in ("href", "action")]


def test_no_text_becomes_markup(team: Path) -> None:
    made = page("content/launch.md")
    assert "script" not in made.tags
    assert not [name for name, _ in made.attributes if name.startswith("on")]
    assert made.tags.count("img") == 4
    assert EVIL.split(" {{")[0] in made.words
    assert "{{ 7 * 7 }}" in made.words
    assert ("alt", 'A "red" <door>') in made.attributes


def test_one_account_may_be_chosen(team: Path) -> None:
    made = page("content/launch.md", "--account", "bakery")
    assert "Fresh bread." in made.words
    assert "Many words." not in made.words


@pytest.mark.parametrize(
    ("wish", "shown"),
    [((), "Mon 30 Nov 2026, 09:00"), (("--date", "2027-03-29"), "Mon 29 Mar 2027, 09:00")],
)
def test_a_series_is_shown_by_one_of_its_dates(
    team: Path, wish: tuple[str, ...], shown: str
) -> None:
    assert shown in page("schedules/monday.yaml", *wish).words
    assert shown in page("monday", *wish).words


def test_of_several_posts_in_a_file_the_one_of_that_id_is_shown(team: Path) -> None:
    both = "\n---\n".join(
        f"id: {day}\naccount: acme\ntime: 2026-12-07 09:00\ntext: On {day}.\n"
        "media: [/media/one.jpg]\n"
        for day in ("first", "second")
    )
    (team / "content/week.yaml").write_text(both)
    made = page("second")
    assert "On second." in made.words
    assert "On first." not in made.words


def test_errors_of_the_file_stand_above_it(team: Path) -> None:
    made = page("content/wrong.md", code=1)
    assert re.search(r"error line 3: .*tomorrow", made.words)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("content", "--out", "a.html"), "is a folder"),
        (
            ("lunch", "--out", "a.html"),
            'no post or schedule has the id "lunch"; did you mean "launch"?',
        ),
        (("content/launch.md", "--out", "a.pdf"), "neither .html nor .png"),
        (("content/launch.md", "--out", "a.html", "--date", "2026-12-01"), "is no series"),
        (("schedules/monday.yaml", "--out", "a.html", "--date", "2026-12-01"), "can be shown"),
        (("schedules/monday.yaml", "--out", "a.html", "--date", "soon"), "is no date"),
        (("content/launch.md", "--out", "a.html", "--account", "acne"), "unknown account"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    team: Path, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(socialauto, ["preview", *arguments, *NOW]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (team / "a.html").exists()


def test_the_page_can_be_piped(team: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(socialauto, ["preview", "content/launch.md", "--out", "-", *NOW]) == 0
    assert capsysbinary.readouterr().out.startswith(b"<!doctype html>")


def test_what_the_page_about_it_types_works(project_root: Path, tmp_path: Path) -> None:
    page_ = (project_root / "docs/preview.md").read_text("utf-8")
    typed = re.findall(r"^    socialauto (preview content/.*\.html.*)$", page_, re.MULTILINE)
    assert typed
    for words in typed:
        arguments = words.split()
        place = arguments.index("--out") + 1
        arguments[place] = str(tmp_path / arguments[place])
        assert run(socialauto, [*arguments, "-C", str(project_root), *NOW]) == 0
        assert Path(arguments[place]).stat().st_size > 10_000


def test_without_playwright_the_cure_is_said(
    team: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("playwright"):
            raise ImportError(name)
        return known(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert run(socialauto, ["preview", "content/launch.md", "--out", "a.png", *NOW]) == 1
    said = capsys.readouterr().err
    assert "socialauto[preview]" in said
    assert "playwright install chromium" in said


together = pytest.mark.xdist_group("dashboard-browser")


@needs_browser
@together
def test_the_picture_is_one_of_the_whole_page(team: Path) -> None:
    pytest.importorskip("playwright.sync_api")
    assert run(socialauto, ["preview", "content/launch.md", "--out", "a.png", *NOW]) == 0
    with Image.open(BytesIO((team / "a.png").read_bytes())) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1_840
        assert picture.height > 2_000


@needs_browser
@together
def test_a_browser_asks_for_nothing_and_axe_finds_nothing(team: Path) -> None:
    pytest.importorskip("axe_playwright_python")
    page("content/launch.md")
    with browser() as started:
        looker = Looker(started, team.parent, axe_script())
        shown = looker.open(team.name, "post.html", dark=True)
        assert looker.violations(shown) == []
        assert looker.faults == []
