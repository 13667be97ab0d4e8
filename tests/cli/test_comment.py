"""`socialauto comment` against a forge on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from socialauto.report.comment import MARKER
from socialauto.sandbox.server import serve_in_thread
from support.forge import TOKEN, GitHub


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    made = GitHub()
    with serve_in_thread(made.app()) as server:
        monkeypatch.setenv("GITHUB_API_URL", server.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", "acme/posts")
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield made


def test_a_comment_is_written_and_renewed(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "comment.md"
    for text in ("adds 1 <ü>", "adds 2", "adds 2"):
        file.write_text(f"{MARKER}\n## {text}\n", encoding="utf-8")
        assert run(socialauto, ["comment", "--pull-request", "7", str(file)]) == 0
    assert [one.split("\n")[1].strip() for one in github.bodies] == ["## adds 2"]
    assert capsys.readouterr().out == (
        "comment below acme/posts#7: written\n"
        "comment below acme/posts#7: renewed\n"
        "comment below acme/posts#7: the same already\n"
    )


def test_without_a_token_nothing_is_asked(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.delenv("GITHUB_TOKEN")
    file = tmp_path / "comment.md"
    file.write_text(MARKER)
    assert run(socialauto, ["comment", "--pull-request", "7", str(file)]) == 1
    assert github.asked == []
    assert "there is no token in GITHUB_TOKEN" in capsys.readouterr().err
