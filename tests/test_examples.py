"""No example in the documentation is unread: each is a file, a setting or a command line that the
program of today takes. Some pages have tests of their own that look closer."""

from __future__ import annotations

import ast
import csv
import json
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
import yaml
from jinja2 import Environment

from socialauto.cli import socialauto
from socialauto.core.config import Account, Config
from socialauto.core.freeze import read_freezes
from socialauto.core.ledger import Entry
from socialauto.core.reading import read_config, read_posts
from socialauto.core.schedule import Recurring, Slots
from socialauto.core.schedule_reading import read_schedules
from socialauto.core.when import TimeFlaw, parse_time

ROOT = Path(__file__).parent.parent
PAGES = [
    path
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    if path.name not in ("CHANGELOG.md", "commands.md", "configuration.md", "findings.md")
]
"""Reference pages are made by the program itself."""

STEP = {"name", "run", "env", "uses", "with", "if", "id"}
OUTPUT = ("", "text", "console", "mermaid")
"""Kinds of blocks that show what is printed, with commands between."""


@dataclass(frozen=True, slots=True)
class Example:
    page: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def _fenced(path: Path) -> Iterator[Example]:
    text = path.read_text(encoding="utf-8")
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Example(path.name, text.count("\n", 0, match.start()) + 1, match[1], match[2])


EXAMPLES = [example for path in PAGES for example in _fenced(path)]


def _keys(text: str) -> set[str]:
    first = next(yaml.load_all(text, yaml.BaseLoader))
    return set(first) if isinstance(first, dict) else set()


def _step(text: str) -> list[str]:
    """A step of a workflow: what is odd about it."""
    odd = []
    for step in yaml.safe_load(text):
        odd += [f"unknown key {key}" for key in set(step) - STEP]
        odd += [wrong for line in _commands(step.get("run", "")) if (wrong := _odd(line))]
    return odd


def _yaml(text: str) -> list[object]:
    keys = _keys(text)
    if not keys:
        return list(_step(text))
    if re.match(r"# data/", text):
        return []
    if keys <= set(Config.model_fields):
        return list(read_config(text.encode())[1])
    if keys & {"every", "rule"} or keys <= set(Slots.model_fields):
        unknown = keys - {field.alias or name for name, field in Recurring.model_fields.items()}
        return [
            *read_schedules(text.encode(), "schedules/it.yaml")[1],
            *(unknown - {"slots", "blackout"}),
        ]
    return _posts(text, "content/it.yaml")


def _posts(text: str, path: str) -> list[object]:
    sources, findings = read_posts(text.encode(), path)
    times = [source.post.time for source in sources if source.post.time is not None]
    read = [parse_time(time, ZoneInfo("UTC")) for time in times]
    return [*findings, *(time for time in read if isinstance(time, TimeFlaw))]


def _markdown(text: str) -> list[object]:
    return _posts(text, "content/it.md")


def _json(text: str) -> list[object]:
    found = json.loads(text)
    if isinstance(found, dict) and "digest" in found:
        Entry.model_validate_json(text)
    return []


def _python(text: str) -> list[object]:
    compile(text, "example", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return []


def _csv(text: str) -> list[object]:
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    return [row for row in rows if len(row) != len(rows[0])]


def _jinja(text: str) -> list[object]:
    Environment(autoescape=False).parse(text)
    return []


def _toml(text: str) -> list[object]:
    tomllib.loads(text)
    return []


def _commands(text: str) -> list[str]:
    """The lines that somebody types."""
    lines = text.replace("\\\n", " ").splitlines()
    typed = (re.sub(r"^\s*(\$ |- run: |run: )?", "", line) for line in lines)
    return [line for line in typed if re.match(r"(\w+=\S+ )*socialauto [a-z]", line)]


def _odd(line: str) -> str:
    """What the program of today would not take of a command line; empty when all is well."""
    words = shlex.split(line.split(" #")[0].split(" | ")[0].split(" > ")[0], posix=True)
    words = words[words.index("socialauto") + 1 :]
    command: click.Command = socialauto
    context = click.Context(socialauto, info_name="socialauto")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            return f"{line}: no command {words[0]}"
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    known |= {option for parameter in command.params for option in parameter.secondary_opts}
    wrong = [word for word in words if word.startswith("-") and word.split("=")[0] not in known]
    return f"{line}: {', '.join(wrong)}" if wrong else ""


READERS: dict[str, Callable[[str], list[object]]] = {
    "yaml": _yaml,
    "markdown": _markdown,
    "json": _json,
    "python": _python,
    "csv": _csv,
    "jinja": _jinja,
    "toml": _toml,
}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_every_example_is_read(example: Example) -> None:
    if example.kind in (*OUTPUT, "sh"):
        assert [odd for line in _commands(example.text) if (odd := _odd(line))] == []
    else:
        assert example.kind in READERS, f"{example}: nobody reads {example.kind}"
        assert [str(one) for one in READERS[example.kind](example.text)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_line_is_one_that_the_program_takes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    inline = [words for words in re.findall(r"`(socialauto [a-z][^`]*)`", text) if "…" not in words]
    indented = _commands("\n".join(re.findall(r"^    (\S.*)$", text, re.MULTILINE)))
    assert [odd for line in (*inline, *indented) if (odd := _odd(" ".join(line.split())))] == []


def test_the_post_of_the_first_page_is_sound() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    (---\n(?:    .*\n)+?    ---\n    .*\n)", page, re.MULTILINE)
    (post,) = (re.sub(r"^    ", "", text, flags=re.MULTILINE) for text in lines)
    assert _markdown(post) == []


def test_the_freeze_of_the_page_about_the_life_of_a_post_is_sound() -> None:
    page = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^(    reason: (?:.*\n    )+?accounts: .*\n)", page, re.MULTILINE)
    account = Account(platform="instagram", id="1", token="env:T")
    freezes, findings = read_freezes(
        re.sub(r"^    ", "", text, flags=re.MULTILINE).encode(),
        Config(accounts={"acme-instagram": account}),
    )
    assert [str(one) for one in findings] == []
    assert len(freezes) == 1


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("socialauto plan --jsn", "socialauto plan --jsn: --jsn"),
        ("socialauto accounts chek", "socialauto accounts chek: no command chek"),
        ("socialauto show post | less", ""),
        ("socialauto plan --format json", ""),
    ],
)
def test_a_command_line_that_is_wrong_is_noticed(line: str, wrong: str) -> None:
    assert _odd(line) == wrong


def test_an_example_that_is_wrong_is_noticed() -> None:
    assert _yaml("accunt: acme\ntime: 2026-12-01 09:00\nmedia: [a.jpg]\n") != []
    assert _yaml("every: monday\ntext: Hello\n") != []
    assert _yaml("timezone: Europe/Berlinn\n") != []
    assert _yaml("- {name: It, runs: it}\n") != []
    assert _markdown("---\ntime: 2026-12-01\n---\nHello\n") != []
    assert _csv("a,b\n1,2,3\n") != []
