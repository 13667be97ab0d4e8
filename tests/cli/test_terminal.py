"""Commands print into terminals, logs and pipes, in whatever letters those have."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from socialauto.cli.terminal import LOG_WIDTH, console
from support.media_samples import jpeg
from support.repositories import new_repository

CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
media_host: {kind: url, base: "https://media.example.org"}
"""
POST = """\
---
account: acme
time: 2026-12-01 09:00
media: [{path: /media/one.jpg, alt: "Café, 25 °C 🔥"}]
---
Café 🔥 新年
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    files = {"socialauto.yaml": CONFIG, "media/one.jpg": jpeg(), "content/café.md": POST}
    return new_repository(tmp_path / "team", files)


def said(team: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    known = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return subprocess.run(
        [sys.executable, "-m", "socialauto", *arguments],
        cwd=team, env={**known, **environment}, capture_output=True, check=False,
    )  # fmt: skip


def test_letters_that_a_stream_does_not_have_are_numbers(team: Path) -> None:
    done = said(team, "show", "content/café.md", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode("ascii")
    assert "Caf\\u00e9 \\ud83d\\udd25 \\u65b0\\u5e74" in text
    assert "\\u2500" not in text  # lines of tables are made of what there is


def test_json_stays_json_where_letters_are_missing(team: Path) -> None:
    done = said(team, "show", "content/café.md", "--format", "json", PYTHONIOENCODING="latin-1")
    (post,) = json.loads(done.stdout.decode("latin-1"))["posts"]
    assert post["text"] == "Café 🔥 新年"


def test_names_of_files_that_nobody_can_read_are_named(team: Path) -> None:
    os.rename(team / "content/café.md", os.fsencode(team) + b"/content/caf\xe9.md")
    done = said(team, "validate", PYTHONIOENCODING="utf-8")
    assert b"bug in socialauto" not in done.stderr
    assert done.returncode in (0, 1)


def test_a_log_gets_no_colours_and_lines_of_120_columns(team: Path) -> None:
    done = said(team, "show", "content/café.md")
    lines = done.stdout.decode().splitlines()
    assert "\x1b" not in done.stdout.decode()
    assert max(map(len, lines)) == LOG_WIDTH


def test_columns_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setenv("COLUMNS", "90")
    assert console().width == 90
    monkeypatch.delenv("COLUMNS")
    assert console().width == LOG_WIDTH
