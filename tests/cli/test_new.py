"""`socialauto new` on real folders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from socialauto.cli.new import Wanted, command, create
from socialauto.core.errors import SocialautoError
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree
from socialauto.scaffold.templates import binary

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)

CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "17841400000000001", token: env:ACME_TOKEN}
"""

ANOTHER = '  other: {platform: instagram, id: "17841400000000002", token: env:OTHER_TOKEN}\n'


@pytest.fixture
def team(tmp_path: Path) -> Path:
    (tmp_path / "socialauto.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "one.jpg").write_bytes(binary("example.jpg"))
    return tmp_path


def new(team: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["-C", str(team), *arguments])


def asked(team: Path, wanted: Wanted, *replies: str) -> str:
    """What a person on a terminal sees."""
    with CliRunner().isolation(input="\n".join(replies) + "\n") as streams:
        create(team, wanted, NOW, ask=True)
        return streams[0].getvalue().decode()


NOTHING = Wanted(
    id="", accounts=(), type="", time="", media=(), alts=(), text="", format="md", draft=False
)


@pytest.mark.parametrize("suffix", ["md", "yaml"])
def test_a_new_post_validates(team: Path, suffix: str) -> None:
    flags = ["--time", "2026-12-01 09:00", "--media", "media/one.jpg", "--alt", "A: b"]
    flags += ["--text", "Hi: #1 ☕"]
    result = new(team, "launch", *flags, "--format", suffix)
    assert (result.exit_code, result.exception) == (0, None), result.output
    path = f"content/2026/12/launch.{suffix}"
    assert result.output.splitlines()[0] == f"created {path}"
    loaded = load(WorkTree(team))
    assert list(loaded.findings) == []
    (delivery,) = loaded.deliveries
    assert (delivery.path, delivery.message.text) == (path, "Hi: #1 ☕")
    assert [item.path for item in delivery.message.media] == ["media/one.jpg"]
    assert delivery.due == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_a_terminal_is_asked_for_what_is_missing(team: Path) -> None:
    output = asked(team, NOTHING, "", "media/one.jpg", "Hello from the wide coast!", "", "A coast")
    assert "Time [2026-11-23 16:00]" in output
    assert "Name of the post [hello-from-the-wide]" in output
    text = (team / "content/2026/11/hello-from-the-wide.md").read_text(encoding="utf-8")
    assert (
        text
        == """\
---
id: hello-from-the-wide
account: acme
time: 2026-11-23 16:00
media:
  - path: /media/one.jpg
    alt: A coast
---
Hello from the wide coast!
"""
    )


def test_nobody_is_asked_for_the_words_of_a_story(team: Path) -> None:
    wanted = replace(NOTHING, type="story")
    screen = asked(team, wanted, "2026-12-01 09:00", "media/one.jpg", "morning")
    assert "Caption" not in screen
    assert "created content/2026/12/morning.md" in screen
    (delivery,) = load(WorkTree(team)).deliveries
    assert (delivery.message.type, delivery.invalid) == ("story", "")


def test_several_accounts_are_asked_for(team: Path) -> None:
    (team / "socialauto.yaml").write_text(CONFIG + ANOTHER, encoding="utf-8")
    asked(team, NOTHING, "acme, other", "2026-12-01 09:00", "media/one.jpg", "Hello", "hello", "")
    text = (team / "content/2026/12/hello.md").read_text(encoding="utf-8")
    assert "accounts: [acme, other]" in text


def test_without_a_terminal_all_that_is_missing_is_named(team: Path) -> None:
    (team / "socialauto.yaml").write_text(CONFIG + ANOTHER, encoding="utf-8")
    result = new(team)
    assert result.exit_code == 2
    assert "missing: ID, --account, --time (no terminal to ask on)" in result.output
    assert not (team / "content").exists()


def test_an_existing_post_is_never_overwritten(team: Path) -> None:
    flags = ["launch", "--time", "2026-12-01 09:00", "--media", "media/one.jpg"]
    new(team, *flags, "--text", "first")
    again = new(team, *flags, "--text", "second")
    assert str(again.exception) == ("content/2026/12/launch.md exists already; choose another id")
    assert "first" in (team / "content/2026/12/launch.md").read_text(encoding="utf-8")


def test_what_validate_says_is_said_at_once(team: Path) -> None:
    flags = ["launch", "--time", "2026-12-01 09:00", "--type", "carousel"]
    result = CliRunner().invoke(command, ["-C", str(team), *flags], standalone_mode=False)
    assert result.return_value == 1
    assert "content/2026/12/launch.md:" in result.output


def test_media_count_from_where_the_person_stands(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(team / "media")
    result = new(Path(), "launch", "--time", "2026-12-01 09:00", "--media", "one.jpg")
    assert result.exception is None
    assert "  - /media/one.jpg\n" in (team / "content/2026/12/launch.md").read_text()


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["a", "--account", "acne"], 'unknown account "acne"; did you mean "acme"?'),
        (["a@b"], 'the id "a@b" contains "@", which separates the date of a recurring post; '),
        (["../a"], 'the id "../a" has a part that is "." or ".."'),
        (["a:b"], 'the id "a:b" cannot be part of a file name; use letters, digits, - and _'),
        (["a", "--media", "nowhere.jpg"], "there is no file nowhere.jpg; "),
        (["a", "--media", "/etc/hostname"], "/etc/hostname is not in the repository; copy it "),
        (["a", "--time", "tomorrow"], '"tomorrow" is not a date and a time; write the date out'),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_written(
    team: Path, flags: list[str], sentence: str
) -> None:
    result = new(team, *flags, *([] if "--time" in flags else ["--time", "2026-12-01 09:00"]))
    assert isinstance(result.exception, SocialautoError)
    assert str(result.exception).startswith(sentence)
    assert not (team / "content").exists()


def test_a_folder_that_is_no_repository_is_named(tmp_path: Path) -> None:
    result = new(tmp_path, "a")
    assert str(result.exception).startswith("no socialauto.yaml in ")
