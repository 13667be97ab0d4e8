from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from support import media_samples as make
from support.oddities import corners, four_colors, near, saved

CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY"}
vars: {shop: the bakery}
"""
UPLOADS = """\
media_host: {kind: branch, base: "https://raw.example.org/{commit}"}
"""
POST = """\
---
id: launch/one
accounts: [acme, bakery]
time: 2026-12-01 09:00
media:
  - {path: media/door.png, alt: A red door}
  - {path: media/tall.jpg, alt: A blue door, fit: crop}
hashtags: [bread]
location: "4711"
overrides:
  bakery: {text: Fewer words.}
---
Hello from {{ vars.shop }} 🎉
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plain folder with a media host that takes bytes: no git anywhere."""
    root = tmp_path / "social"
    (root / "content" / "media").mkdir(parents=True)
    (root / "content" / "media" / "door.png").write_bytes(saved(four_colors(), "PNG"))
    tall = saved(Image.new("RGB", (1080, 1920), (10, 200, 10)), "JPEG")
    (root / "content" / "media" / "tall.jpg").write_bytes(tall)
    (root / "content" / "post.md").write_text(POST)
    (root / "socialauto.yaml").write_text(CONFIG + UPLOADS)
    monkeypatch.chdir(root)
    return root


def show(*arguments: str) -> int:
    return run(socialauto, ["show", *arguments])


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    assert show(*arguments, "--format", "json") == code
    return json.loads(capsys.readouterr().out)


def test_a_post_is_shown_as_it_will_go_out(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show("content/post.md", "--account", "acme") == 0
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0].startswith("launch/one on acme (Instagram carousel) ──")
    assert lines[1:7] == [
        "time: 2026-12-01 09:00 Europe/Berlin = 2026-12-01 08:00 UTC",
        "text: 32 of 2,200 characters, 1 of 30 hashtags, 0 of 20 mentions",
        "location: 4711",
        "alt of media/door.png: A red door",
        "alt of media/tall.jpg: A blue door",
        "",
    ]
    assert lines[7:10] == ["    Hello from the bakery 🎉", "", "    #bread"]
    text = "\n".join(lines)
    assert "media/door.png   PNG 640 × 520" in text
    assert "as JPEG 640 × 520     stored as JPEG" in text
    assert "as JPEG 1080 × 1350   cropped to 1080 × 1350" in text
    assert lines[-3].startswith("content/post.md:6:5: SA441 warning: content/media/door.png goes")


def test_every_account_is_shown_with_its_own_text(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = shown(capsys, "content/post.md")["posts"]
    assert [(one["account"], one["text"]) for one in posts] == [
        ("acme", "Hello from the bakery 🎉\n\n#bread"),
        ("bakery", "Fewer words.\n\n#bread"),
    ]
    assert posts[0]["due"] == "2026-12-01T08:00:00Z"
    assert posts[0]["local"] == "2026-12-01 09:00 Europe/Berlin"
    assert posts[0]["counts"][0] == {"what": "characters", "count": 32, "limit": 2200}


def test_media_are_shown_with_what_is_done_to_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = shown(capsys, "content/post.md", "--account", "acme")
    first, second = document["posts"][0]["media"]
    assert (first["goes_out"], first["steps"]) == ("prepared", ["stored as JPEG"])
    assert (first["facts"]["format"], first["facts"]["width"]) == ("png", 640)
    assert second["steps"] == ["cropped to 1080 × 1350"]
    assert {one["code"] for one in document["findings"]} >= {"SA441"}


def test_where_files_are_served_nothing_is_prepared_and_the_error_is_shown(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "socialauto.yaml").write_text(CONFIG)
    document = shown(capsys, "content/post.md", code=1)
    assert [one["goes_out"] for one in document["posts"][0]["media"]] == ["as it is"] * 2
    assert {one["code"] for one in document["findings"]} >= {"SA414", "SA416"}


def test_media_are_written_as_they_will_go_out(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    document = shown(capsys, "content/post.md", "--account", "acme", "--out", str(out))
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*"))
    assert names == ["acme/launch-one/1-door.jpg", "acme/launch-one/2-tall.jpg"]
    with Image.open(out / names[0]) as made:
        assert made.format == "JPEG"
        assert near(corners(made), corners(four_colors()))
    with Image.open(out / names[1]) as made:
        assert made.size == (1080, 1350)
    assert document["posts"][0]["media"][0]["written"] == str(out / names[0])


def test_what_does_not_go_out_is_not_written(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "content" / "media" / "tall.jpg").write_bytes(b"no picture")
    assert show("content/post.md", "--account", "acme", "--out", str(tmp_path / "out")) == 1
    assert "not at all" in capsys.readouterr().out
    names = [path.name for path in (tmp_path / "out").rglob("*.*")]
    assert names == ["1-door.jpg"]


def test_a_missing_file_is_a_finding_and_no_crash(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "content" / "media" / "tall.jpg").unlink()
    assert show("content/post.md", "--out", str(tmp_path / "out")) == 1
    assert "SA401 content/media/tall.jpg does not exist" in capsys.readouterr().out


def test_a_draft_without_a_time_is_shown_too(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = POST.replace("time: 2026-12-01 09:00", "draft: true")
    (root / "content" / "post.md").write_text(draft)
    assert show("content/post.md") == 0
    assert "time: none; it is a draft" in capsys.readouterr().out


def test_a_folder_shows_its_posts(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "content" / "more").mkdir()
    text = POST.replace("launch/one", "two").replace("media/", "/content/media/")
    (root / "content" / "more" / "two.md").write_text(text)
    assert {one["post"] for one in shown(capsys, "content")["posts"]} == {"launch/one", "two"}
    assert {one["post"] for one in shown(capsys, "content/more")["posts"]} == {"two"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["content/nothing.md"], "does not exist"),
        (["content/media"], "there is no post"),
        (["socialauto.yaml"], "there is no post"),
        (["content/post.md", "--account", "acmee"], 'unknown account "acmee"'),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_shown_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert show(*arguments) == 2
    assert words in capsys.readouterr().err


def test_a_broken_configuration_stops_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "socialauto.yaml").write_text("accounts: 1\n")
    assert show("content/post.md") == 1


def test_no_terminal_is_taken_over(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "content" / "post.md").write_text(
        "account: acme\n".join(["---\n", "time: 2026-12-01 09:00\n---\nHello\x9b2J\x1b[2J\n"])
    )
    show("content/post.md")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x9b" not in out


def test_neither_network_nor_git_nor_decoders_are_loaded(root: Path) -> None:
    """What only looks at headers stays fast: the decoder comes with --out."""
    code = (
        "import sys; from socialauto.cli import socialauto; from socialauto.cli.exits import run\n"
        "run(socialauto, ['show', 'content/post.md'])\n"
        "print(sorted({'httpx', 'git', 'PIL.ImageCms'} & set(sys.modules)))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert finished.stdout.splitlines()[-1] == "[]"


def test_a_video_is_shown_with_its_length(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "content" / "media" / "film.mp4").write_bytes(make.mp4(moov_first=False))
    (root / "content" / "film.yaml").write_text(
        "account: acme\ntime: 2026-12-01 10:00\nmedia: [media/film.mp4]\ncover_at: 1.5s\n"
    )
    (media,) = shown(capsys, "content/film.yaml")["posts"][0]["media"]
    assert media["steps"] == ["its index moved to the front"]
    assert media["facts"]["duration"] == 3.0


@pytest.mark.usefixtures("root")
def test_a_post_is_known_by_its_id_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("content/post.md") == 0
    by_file = capsys.readouterr().out
    assert show("launch/one") == 0
    assert capsys.readouterr().out == by_file
    assert "launch/one on acme" in by_file


def test_of_several_posts_in_a_file_the_one_of_that_id_is_shown(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    media = "media: [{path: media/door.png, alt: A door}]\n"
    both = "\n---\n".join(
        f"id: {day}\naccount: acme\ntime: 2026-12-07 09:00\ntext: On {day}.\n{media}"
        for day in ("monday", "tuesday")
    )
    (root / "content" / "week.yaml").write_text(both)
    assert show("tuesday") == 0
    out = capsys.readouterr().out
    assert "On tuesday." in out
    assert "On monday." not in out


@pytest.mark.usefixtures("root")
def test_a_misspelt_id_has_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("launch/onne") == 2
    assert 'did you mean "launch/one"?' in capsys.readouterr().err
