"""docs/getting-started.md, followed to the letter."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from socialauto.engine.clock import SystemClock

BIN = Path(sys.executable).parent
PORT = "8765"
DAY = "2026-12-01"
"""Stands for a day in the near future."""


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "GIT_PAGER": "cat"}


def typed(folder: Path, commands: str) -> str:
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}"
    return done.stdout


@contextmanager
def second_terminal(folder: Path, command: str) -> Iterator[None]:
    with subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=folder,
        env={**environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().startswith("The sandbox listens.")
            yield
        finally:
            process.terminate()
            process.stdout.read()


def add_to_configuration(path: Path, port: str) -> None:
    text = path.read_text(encoding="utf-8")
    text = text.replace("    token:", f"    api: http://127.0.0.1:{port}\n    token:")
    text += f"\nmedia_host:\n  kind: url\n  base: http://127.0.0.1:{port}/files\n"
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> str:
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / "getting-started.md").read_text(encoding="utf-8")
    soon = SystemClock().now() + timedelta(days=7)
    assert DAY in text
    return text.replace(DAY, f"{soon:%Y-%m-%d}")


def test_a_newcomer_who_follows_the_page_publishes_the_first_post(
    page: str, tmp_path: Path
) -> None:
    port = free_port()
    start, sandbox, write, look, publish, again = blocks(page, "sh")
    typed(tmp_path, start)
    coffee = tmp_path / "coffee"
    with second_terminal(coffee, f"{sandbox.strip()} --port {port} --processing 0"):
        add_to_configuration(coffee / "socialauto.yaml", port)
        (shown,) = blocks(page, "yaml")
        written = yaml.safe_load((coffee / "socialauto.yaml").read_text(encoding="utf-8"))
        wanted = yaml.safe_load(shown.replace(PORT, port))
        assert {key: written[key] for key in wanted} == wanted

        created, checked = typed(coffee, write).splitlines()
        assert re.fullmatch(r"created content/\d{4}/\d\d/hello\.md", created)
        assert checked == "2 posts, 1 account, no findings"
        assert "1 wait" in typed(coffee, look)
        assert "1 published" in typed(coffee, publish)
        export = publish.splitlines()[0]
        told = typed(coffee, f"{export}\n{again}")
    assert told.startswith("nothing to do\n")
    assert "Record published: hello on acme-instagram" in told
    assert "Record intent: hello on acme-instagram" in told
