"""What the page about templates says is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.test_schema import as_editors_read, complaints
from corpus.conftest import CONFIG
from socialauto.core.markup import as_plain
from socialauto.core.occurrences import calendar_of
from socialauto.core.render import render
from socialauto.core.template_filters import due_at
from socialauto.engine.load import Loaded, load
from socialauto.repository.worktree import WorkTree

NOW = datetime(2026, 11, 30, tzinfo=UTC)
DUE = due_at(datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/Berlin")))


@pytest.fixture
def page(project_root: Path) -> str:
    return (project_root / "docs" / "templates.md").read_text(encoding="utf-8")


@pytest.fixture
def loaded(page: str, repository: Callable[[], Path]) -> Loaded:
    """The examples together: the files that they name, and the posts."""
    root = repository()
    fences = re.findall(r"^```(?:yaml|markdown|csv|jinja)\n(.*?)^```$", page, re.M | re.S)
    config, number = "timezone: Europe/Berlin\n", 0
    for text in fences:
        name = re.match(r"# (\S+)\n", text)
        if name and name[1] == "socialauto.yaml":
            config += text
            continue
        number += not name
        file = root / (name[1] if name else f"content/example-{number}.md")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.split("\n", 1)[1] if name else text)
    assert CONFIG.splitlines()[0] in config
    (root / "socialauto.yaml").write_text(config)
    return load(WorkTree(root), now=NOW)


def test_the_examples_go_out_as_it_says(page: str, loaded: Loaded) -> None:
    assert [str(one) for one in loaded.findings if one.severity == "error"] == []
    inline = re.search(r"^This goes out as `([^`]+)`", page, re.M)
    blocks = re.findall(r"^This goes out as:\n\n```text\n(.*?)^```$", page, re.M | re.S)
    assert inline is not None
    expected = [inline[1], *(block.strip() for block in blocks)]
    assert [one.message.text for one in loaded.deliveries] == expected
    assert len(expected) == 3


def test_each_date_has_its_text(page: str, loaded: Loaded) -> None:
    (series,) = loaded.series
    first = next(calendar_of(series, NOW, NOW + timedelta(days=7)))
    told = re.search(r"^On 5 December 2026 this goes out as `([^`]+)`", page, re.M)
    assert told is not None
    assert (first.key.occurrence[:10], first.message.text) == ("2026-12-05", told[1])


def test_editors_take_the_examples(page: str) -> None:
    configs = re.findall(r"^```yaml\n# socialauto.yaml\n(.*?)^```$", page, re.M | re.S)
    assert len(configs) == 2
    for text in (*configs, "accounts: {acme: {platform: x, id: a, token: 'env:T', utm: false}}"):
        assert complaints("config", as_editors_read(text)[0]) == []
    fields = "account: acme\ntime: 2026-12-01 09:00\ntemplate: x\nmarkup: markdown\n"
    fields += "overflow: truncate\noverrides: {acme: {vars: {a: b}, template: y}}\n"
    assert complaints("post", as_editors_read(fields)[0]) == []
    assert complaints("post", as_editors_read(fields.replace("truncate", "cut"))[0]) != []


def test_every_filter_gives_what_it_says(page: str) -> None:
    rows = re.findall(r"^\|[^|]*\| `(\{\{.*?\}\})` \| (.*?) \|$", page, re.M)
    assert len(rows) >= 15
    for template, expected in rows:
        values = {"due": DUE, "vars": {}}
        assert render(template.replace(r"\|", "|"), values) == expected, template


def test_markdown_goes_out_as_it_says(page: str) -> None:
    table = page.partition("| Markdown | goes out as |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`+) ?(.*?) ?\1 \| (.*?) \|$", table, re.M)
    assert len(rows) == 9
    for _, markdown, expected in rows:
        assert as_plain(markdown)[0] == expected.replace("\\", ""), markdown


def test_links_are_tracked_as_it_says(page: str, loaded: Loaded, tmp_path: Path) -> None:
    assert loaded.config is not None
    assert loaded.config.utm is not None
    told = re.search(r"`(https://example.org/rye)` in the post `(\w+)` goes out as\n`(.*?)`", page)
    assert told is not None
    link, post, expected = told.groups()
    root = Path(str(tmp_path / "repository"))
    (root / "content" / f"{post}.yaml").write_text(
        f"account: acme\ntime: 2026-12-09 09:00\nmedia: [media/one.jpg]\ntext: {link}\n"
    )
    texts = {one.key.post: one.message.text for one in load(WorkTree(root)).deliveries}
    assert texts[post] == expected
