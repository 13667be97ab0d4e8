from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from support.media_samples import jpeg
from support.pages import serving

CONFIG = """\
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
media_host: {kind: url, base: "https://files.example/{commit}"}
"""
POST = """\
---
account: acme
time: 2026-12-01 09:00
media: [{path: media/one.jpg, alt: A door}]
---
Hello.
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plain folder: no git anywhere."""
    root = tmp_path / "social"
    (root / "content" / "media").mkdir(parents=True)
    (root / "content" / "media" / "one.jpg").write_bytes(jpeg())
    (root / "content" / "good.md").write_text(POST)
    (root / "socialauto.yaml").write_text(CONFIG)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def broken(root: Path) -> Path:
    (root / "content" / "sub").mkdir()
    (root / "content" / "bad.md").write_text(POST.replace("acme", "acmee"))
    (root / "content" / "sub" / "worse.md").write_text("Hello.\n")
    return root


def validate(*arguments: str) -> int:
    return run(socialauto, ["validate", *arguments])


def test_a_sound_folder_has_no_findings(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate() == 0
    assert capsys.readouterr().out == "1 post, 1 account, no findings\n"


def test_findings_are_shown_and_counted(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate() == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ('content/bad.md:2:10: SA203 unknown account "acmee"; did you mean "acme"?')
    assert lines[1].startswith("content/sub/worse.md:1:1: SA105 there is no front matter")
    assert lines[2:] == ["2 posts, 1 account, 2 errors"]


def test_a_warning_alone_is_no_failure(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "content" / "good.md").write_text(POST.replace(", alt: A door", ""))
    assert validate() == 0
    assert "SA434 warning:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("paths", "shown", "code"),
    [
        (["content/good.md"], [], 0),
        (["content/bad.md"], ["content/bad.md"], 1),
        (["content/sub"], ["content/sub/worse.md"], 1),
        (["content/sub", "content/good.md"], ["content/sub/worse.md"], 1),
        (["."], ["content/bad.md", "content/sub/worse.md"], 1),
        (["socialauto.yaml"], [], 0),
    ],
)
def test_paths_limit_what_is_shown(
    broken: Path,
    capsys: pytest.CaptureFixture[str],
    paths: list[str],
    shown: list[str],
    code: int,
) -> None:
    assert validate("--format", "json", *paths) == code
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["path"] for finding in found] == shown


def test_one_file_is_checked_in_the_context_of_all(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        text = POST.replace("---\naccount", "---\nid: same\naccount", 1)
        (root / "content" / f"{name}.md").write_text(text)
    assert validate("content/a.md") == 1
    assert 'the id "same" is also that of content/b.md:2' in capsys.readouterr().out


def test_what_is_wrong_with_the_configuration_is_always_shown(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "socialauto.yaml").write_text(CONFIG + "mood: good\n")
    assert validate("content/good.md") == 1
    assert "socialauto.yaml:4:1: SA201" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("content/media/one.jpg", "content/media/one.jpg is no post"),
        ("content/none.md", "content/none.md does not exist"),
        ("../elsewhere", "../elsewhere is outside of"),
        ("content/.hidden.md", "content/.hidden.md is no post"),
        ("README.md", "README.md is no post"),
    ],
)
def test_a_path_that_is_no_post_is_a_usage_error(
    root: Path, capsys: pytest.CaptureFixture[str], path: str, sentence: str
) -> None:
    for name in ("../elsewhere", "content/.hidden.md", "README.md"):
        Path(name).touch()
    assert validate(path) == 2
    assert sentence in capsys.readouterr().err


def test_it_works_from_a_folder_below_and_with_another_folder(
    broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken / "content" / "sub")
    assert validate("worse.md") == 1
    below = capsys.readouterr().out
    monkeypatch.chdir(broken.parent)
    assert validate("-C", "social", "content/sub/worse.md") == 1
    assert capsys.readouterr().out == below
    assert below.startswith("content/sub/worse.md:1:1: SA105")


def test_a_linked_post_is_shown_as_what_it_is(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "content" / "link.md").symlink_to("good.md")
    assert validate("content/link.md") == 1
    assert capsys.readouterr().out.startswith("content/link.md:1:1: SA118")


def test_a_repository_in_a_linked_folder_is_found(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = broken.parent / "link"
    link.symlink_to(broken)
    assert validate("-C", str(link), str(link / "content" / "bad.md")) == 1
    assert capsys.readouterr().out.startswith("content/bad.md:2:10")


def test_without_a_configuration_there_is_one_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert validate() == 1
    assert capsys.readouterr().out == (
        'socialauto.yaml:1:1: SA701 there is no socialauto.yaml here; run "socialauto init", '
        "or name the right folder with -C\n0 posts, 0 accounts, 1 error\n"
    )


def test_annotations_lead_from_the_checkout_to_the_file(
    broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken.parent)
    assert validate("-C", "social", "--format", "github") == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "::error file=social/content/bad.md,line=2,col=10,title=SA203 Unknown account::"
        'unknown account "acmee"; did you mean "acme"?'
    )


HEAVY = ("httpx", "git", "gitdb", "jinja2", "starlette", "uvicorn", "requests")


def test_a_clean_tree_needs_neither_http_nor_git_nor_templates(root: Path) -> None:
    script = (
        "import sys\n"
        "from socialauto.cli import socialauto\n"
        "from socialauto.cli.exits import run\n"
        "code = run(socialauto, ['validate'])\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(f'imported {loaded}' if loaded else code)\n"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}  # and no secret
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 post, 1 account, no findings\n"


@pytest.fixture
def linking(root: Path) -> Iterator[Path]:
    """A post with a page that is gone on this machine, and a second post."""
    with serving() as pages:
        text = POST.replace("Hello.", f"See {pages.url('/404')}.")
        (root / "content" / "linking.md").write_text(text.replace("-01", "-02"))
        yield root


def test_links_are_asked_on_demand_alone(linking: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moment = ("--now", "2026-11-23 12:00")
    assert validate(*moment) == 0
    assert capsys.readouterr().out == "2 posts, 1 account, no findings\n"
    assert validate(*moment, "--private-links") == 0
    told = capsys.readouterr()
    assert "content/linking.md:6:5: SA811 warning:" in told.out
    assert told.err == "asked 1 page\n"


def test_a_link_to_this_machine_is_not_asked(
    linking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (linking / "content" / "linking.md").read_text()
    (linking / "content" / "linking.md").write_text(re.sub(r":\d+/404", "/404", text))
    assert validate("--links", "--now", "2026-11-23 12:00") == 0
    assert "content/linking.md:6:5: SA813 warning:" in capsys.readouterr().out


def test_a_policy_makes_a_dead_link_an_error(
    linking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = linking / "socialauto.yaml"
    sound = config.read_text()
    config.write_text(f"{sound}policies: {{link_answers: error}}\n")
    arguments = ("--private-links", "--now", "2026-11-23 12:00")
    assert validate(*arguments) == 1
    assert validate(*arguments, "content/good.md") == 0
    assert validate("--now", "2026-11-23 12:00") == 0
    capsys.readouterr()
    config.write_text(f"{sound}policies: {{link_answers: off}}\n")
    assert validate(*arguments) == 0
    assert capsys.readouterr().err == "asked 0 pages\n"
