"""`validate --comment` in a real repository: the file that a workflow posts."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialauto.cli import socialauto, validate
from socialauto.cli.exits import run
from support.media_samples import jpeg
from support.repositories import commit, git, new_repository

NOW = "2026-11-23 12:00"
CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
media_host: {kind: url, base: "https://media.example.org"}
"""
HERE = "https://github.com/acme/posts/blob/0123abc"


def post(text: str, time: str = "2026-12-01 09:00", alt: str = "A red door") -> str:
    media = f"media: [{{path: /media/one.jpg, alt: {alt}}}]"
    return f"---\naccount: acme\ntime: {time}\n{media}\n---\n{text}\n"


LONG = "We open the doors on Tuesday, and everybody who comes before noon gets a coffee. " * 3


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "socialauto.yaml": CONFIG,
        "media/one.jpg": jpeg(),
        "content/launch.md": post("We launch tomorrow, at noon."),
        "content/gone.md": post("Gone soon.", "2026-12-04 09:00"),
    }
    root = new_repository(tmp_path / "team", files)
    git(root, "checkout", "-q", "-b", "change")
    monkeypatch.chdir(root)
    return root


def comment(root: Path, *arguments: str) -> str:
    file = root.parent / "comment.md"
    base = ("--base", "main", "--now", NOW)
    run(socialauto, ["validate", *base, "--comment", str(file), *arguments])
    return file.read_text("utf-8")


def test_a_reviewer_sees_what_will_be_read(team: Path) -> None:
    (team / "content/gone.md").unlink()
    commit(
        team,
        {
            "content/launch.md": post("We launch today, at noon.", "2026-12-02 09:00"),
            "content/new.md": post(f"{LONG.strip()}\n\n#open @friends", "2026-12-05 10:00"),
        },
    )
    assert comment(team, "--files-url", HERE) == (
        "<!-- socialauto:review -->\n"
        "## This change adds 1 post, moves 1, edits 1, withdraws 1\n"
        "\n"
        "### `acme`\n"
        "\n"
        "#### withdraws `gone`\n"
        "\n"
        "**Fri 4 Dec 2026, 09:00 Europe/Berlin** (2026-12-04 08:00 UTC) · image · "
        "`content/gone.md`\n"
        "\n"
        "> `Gone soon.`\n"
        "\n"
        "#### moves and edits `launch`\n"
        "\n"
        "**Wed 2 Dec 2026, 09:00 Europe/Berlin** (2026-12-02 08:00 UTC) · image · "
        f"[`content/launch.md`]({HERE}/content/launch.md)\\\n"
        "25/2,200 characters · 1/1 media\n"
        "\n"
        "was 2026-12-01 09:00 Europe/Berlin; changes text\n"
        "\n"
        "> `We launch `<del>`tomorrow`</del><ins>`today`</ins>`, at noon.`\n"
        "\n"
        "#### adds `new`\n"
        "\n"
        "**Sat 5 Dec 2026, 10:00 Europe/Berlin** (2026-12-05 09:00 UTC) · image · "
        f"[`content/new.md`]({HERE}/content/new.md)\\\n"
        "258/2,200 characters · 1/30 hashtags · 1/20 mentions · 1/1 media\n"
        "\n"
        "> `We open the doors on Tuesday, and everybody who comes before noon gets a coffee. "
        "We open the doors on Tuesday, and everybody` **… more** ` who comes before noon gets a "
        "coffee. We open the doors on Tuesday, and everybody who comes before noon gets a "
        "coffee.`\n"
        ">\n"
        "> `#open @friends`\n"
        "\n"
        f'<img src="{HERE}/media/one.jpg?raw=true" alt="A red door" height="160">\n'
        "\n"
        f"1. [`media/one.jpg`]({HERE}/media/one.jpg) JPEG 1080 × 1350, 24 kB, alt: `A red door`\n"
        "\n"
        "Compared with where this left `main`; the ledger was not compared: this clone has no copy "
        'of branch socialauto/ledger; "git fetch origin socialauto/ledger" brings one.\n'
    )


def test_a_summary_is_never_longer_than_a_forge_shows(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validate, "_MOST_SUMMARY", 2_000)
    commit(
        team,
        {f"content/{number}.md": post("Hello", "2026-12-05 10:00") for number in range(40)},
    )
    file = team.parent / "summary.md"
    run(socialauto, ["validate", "--base", "main", "--now", NOW, "--summary", str(file)])
    text = file.read_text("utf-8")
    assert len(text.encode()) < 2_100
    assert text.endswith("shows the rest.\n")
    assert text.splitlines()[-3].endswith("|")


def test_a_comment_needs_something_to_compare_with(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(socialauto, ["validate", "--comment", "c.md"]) == 2
    assert "it needs --base" in capsys.readouterr().err


def test_only_an_address_of_the_web_is_linked_to(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ["--files-url", "javascript:alert(1)"]
    assert run(socialauto, ["validate", "--base", "main", "--comment", "c.md", *wrong]) == 2
    assert "no http or https address" in capsys.readouterr().err


def test_the_same_change_is_the_same_comment_whatever_the_hour(team: Path) -> None:
    commit(team, {"content/new.md": post("New", "2026-12-05 10:00")})
    first = comment(team)
    assert comment(team, "--now", "2026-11-24 08:00") == first
    assert comment(team, "--format", "json") == first
