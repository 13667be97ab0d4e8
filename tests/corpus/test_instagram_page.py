"""What the page about Instagram says of posts is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from socialauto.adapters.instagram.rules import CAPABILITIES
from socialauto.core.message import PostType
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree

OF_A_FILE = frozenset({"alt", "tags"})


@pytest.fixture
def page(project_root: Path) -> str:
    return (project_root / "docs" / "instagram.md").read_text(encoding="utf-8")


def test_every_example_of_a_post_is_sound(page: str, repository: Callable[[], Path]) -> None:
    root = repository()
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    posts = [block for block in blocks if re.match(r"accounts?: [a\[]", block)]
    for number, text in enumerate(posts):
        (root / "content" / f"example-{number}.yaml").write_text(text)
    loaded = load(WorkTree(root))

    assert [str(finding) for finding in loaded.findings] == []
    assert loaded.posts == len(posts) == 3


def _table(page: str) -> list[list[str]]:
    rows = page.partition("| field | image |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_table_of_fields_says_what_is_honoured(page: str) -> None:
    types = (PostType.IMAGE, PostType.CAROUSEL, PostType.REEL, PostType.STORY)
    listed = set()
    for what, *cells in _table(page):
        name = re.findall(r"`(\w+)", what)[0]
        for kind, cell in zip(types, cells, strict=True):
            rules = CAPABILITIES.types[kind]
            field = f"media.{name}" if name in OF_A_FILE else name
            honoured = rules.text is not None if name == "hashtags" else field in rules.fields
            if (name, kind) == ("cover", PostType.CAROUSEL):
                honoured = "media.cover_at" in rules.fields
            assert (not cell.startswith("no")) is honoured, f"{name} of {kind}"
        listed.add(name)

    known = {each for rules in CAPABILITIES.types.values() for each in rules.fields}
    assert {each.removeprefix("media.") for each in known} == (listed - {"hashtags"}) | {"cover_at"}
