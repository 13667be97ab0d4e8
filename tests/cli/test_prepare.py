from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from support import media_samples as make
from support.oddities import corners, four_colors, near, saved

CONFIG = """\
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME", login: instagram}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY", login: instagram}
media_host: {kind: url, base: "https://raw.example.org/{commit}"}
"""
POST = """\
---
accounts: [acme, bakery]
time: 2026-12-01 09:00
media:
  - {path: media/door.png, alt: A red door}
---
Hello.
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "social"
    media = root / "content" / "media"
    media.mkdir(parents=True)
    (media / "door.png").write_bytes(saved(four_colors(), "PNG"))
    (media / "fine.jpg").write_bytes(make.jpeg())
    (media / "film.mp4").write_bytes(make.mp4(moov_first=False))
    (root / "content" / "post.md").write_text(POST)
    (root / "socialauto.yaml").write_text(CONFIG)
    monkeypatch.chdir(root)
    return root


def prepare(*arguments: str) -> int:
    return run(socialauto, ["prepare", *arguments])


def media(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "content" / "media").iterdir())


def test_the_prepared_file_is_written_beside_and_the_line_to_change_is_said(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (root / "content" / "media" / "door.png").read_bytes()
    assert prepare("content/post.md") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("content/media/door.ig.jpg written: JPEG 640 × 520, ")
    assert lines[0].endswith("; stored as JPEG")
    # Two accounts need the same file: it is made once, and the line is said once.
    assert lines[1:] == ["content/post.md:5: write media/door.ig.jpg instead of media/door.png"]
    assert media(root) == ["door.ig.jpg", "door.png", "film.mp4", "fine.jpg"]
    assert (root / "content" / "media" / "door.png").read_bytes() == source
    with Image.open(root / "content" / "media" / "door.ig.jpg") as made:
        assert near(corners(made), corners(four_colors()))


def test_what_was_prepared_is_taken(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(socialauto, ["validate"]) == 1
    assert prepare("content/post.md") == 0
    (root / "content" / "post.md").write_text(POST.replace("door.png", "door.ig.jpg"))
    assert run(socialauto, ["validate"]) == 0
    capsys.readouterr()
    assert prepare("content/post.md") == 0
    out = capsys.readouterr().out
    assert out == "content/post.md:5: content/media/door.ig.jpg is taken as it is\n"


def test_a_media_file_is_prepared_for_the_posts_that_name_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare("content/media/door.png", "--account", "acme") == 0
    assert "content/post.md:5: write media/door.ig.jpg" in capsys.readouterr().out


def test_the_command_of_a_hint_can_be_typed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(socialauto, ["validate"])
    out = capsys.readouterr().out
    assert 'run "socialauto prepare content/media/door.png"' in out
    assert prepare("content/media/door.png") == 0


def test_nothing_is_overwritten(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = root / "content" / "media" / "door.ig.jpg"
    mine.write_bytes(b"somebody's own")
    assert prepare("content/post.md") == 0
    assert mine.read_bytes() == b"somebody's own"
    assert "door.ig-2.jpg written" in capsys.readouterr().out
    assert prepare("content/post.md") == 0
    assert "door.ig-2.jpg is there already" in capsys.readouterr().out
    assert "door.ig-3.jpg" not in media(root)


def test_a_link_in_the_way_is_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.jpg"
    (root / "content" / "media" / "door.ig.jpg").symlink_to(outside)
    assert prepare("content/post.md") == 0
    assert not outside.exists()
    assert "door.ig-2.jpg" in media(root)


def test_two_wishes_are_two_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen_through = Image.new("RGBA", (400, 400))
    (root / "content" / "media" / "door.png").write_bytes(saved(seen_through, "PNG"))
    black = POST.replace("alt: A", "background: black, alt: A").replace(
        "accounts", "id: b\naccounts"
    )
    (root / "content" / "other.md").write_text(black.replace("09:00", "11:00"))
    assert prepare("content/media/door.png") == 0
    assert [name for name in media(root) if ".ig" in name] == ["door.ig-2.jpg", "door.ig.jpg"]


def test_a_video_gets_its_index_to_the_front(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "content" / "film.yaml").write_text(
        "account: acme\ntime: 2026-12-01 10:00\nmedia: [media/film.mp4]\ncover: media/door.png\n"
    )
    assert prepare("content/film.yaml") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("content/media/film.ig.mp4 written: MP4 180 × 320, 3 s, ")
    assert "content/film.yaml:3: write media/film.ig.mp4 instead of media/film.mp4" in lines
    assert "content/film.yaml:4: write media/door.ig.jpg instead of media/door.png" in lines


def test_what_cannot_be_prepared_says_why(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "content" / "media" / "door.png").write_bytes(make.png(1080, 1920))
    assert prepare("content/post.md") == 1
    out = capsys.readouterr().out
    assert "content/post.md:5: content/media/door.png is 1080 × 1920 (0.56), narrower" in out
    assert 'write "fit: crop"' in out
    assert "door.ig.jpg" not in media(root)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["content/nothing.md"], "does not exist"),
        (["content/media/fine.jpg"], "neither a post with media nor a file that a post names"),
        (["/etc/hostname"], "does not exist in"),
        (["content/post.md", "--account", "acmee"], 'unknown account "acmee"'),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_meant_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert prepare(*arguments) == 2
    assert words in capsys.readouterr().err
