"""What the page about policies says is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.test_schema import as_editors_read, complaints
from socialauto.core.policies import Allow, Policies
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree


@pytest.fixture
def page(project_root: Path) -> str:
    return (project_root / "docs" / "policies.md").read_text(encoding="utf-8")


def test_the_examples_are_sound_and_the_exceptions_are_used(
    page: str, repository: Callable[[], Path]
) -> None:
    root = repository()
    policies, post = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    config = root / "socialauto.yaml"
    config.write_text(config.read_text() + policies)
    (root / "content" / "fair.yaml").write_text(post)
    found = load(WorkTree(root)).findings
    assert [(one.code, one.path) for one in found] == [
        ("SA810", "content/fair.yaml"),
        ("SA810", "content/fair.yaml"),
        ("SA805", "socialauto.yaml"),
        ("SA805", "socialauto.yaml"),
    ]


def test_editors_take_the_examples(page: str) -> None:
    policies, post = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert complaints("config", as_editors_read(policies)[0]) == []
    assert complaints("post", as_editors_read(post)[0]) == []
    short = "policies: {max_hashtags: 5, banned_words: [cheap], weekend: off}"
    assert complaints("config", as_editors_read(short)[0]) == []


def test_every_policy_is_in_the_table_with_its_finding(page: str) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (SA\d{3}) \|$", page, re.MULTILINE))
    assert rows.keys() == Policies.model_fields.keys()
    assert sorted(rows.values()) == [*(f"SA80{number}" for number in range(1, 9)), "SA811"]


def test_whatever_is_about_a_post_can_be_lifted() -> None:
    assert Allow.model_fields.keys() == Policies.model_fields.keys() - {"require_owner"}
