"""Paths that are safe to look at."""

from __future__ import annotations

import pytest

from socialauto.repository.paths import above, is_safe


@pytest.mark.parametrize("path", ["a", "a/b.md", "a b/c", ".github/x", "a..b", "gitignore/.gitx"])
def test_a_relative_path_is_safe(path: str) -> None:
    assert is_safe(path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\0", ".git", "x/.GIT/y"],
)
def test_a_path_that_could_lead_elsewhere_is_not(path: str) -> None:
    assert not is_safe(path)


def test_the_folders_above_a_path_come_outermost_first() -> None:
    assert list(above("a/b/c.md")) == ["a", "a/b"]
    assert list(above("c.md")) == []
