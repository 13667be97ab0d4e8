"""The newcomer's tour, from the console script, with everything in it real."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The finished tour, and the folder for temporary files that it had."""
    temporary = tmp_path_factory.mktemp("tour")
    finished = subprocess.run(
        [sys.executable, "-m", "socialauto", "demo"],
        env=os.environ | {"TMPDIR": str(temporary), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return finished, temporary


def test_the_tour_ends_well(tour: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    finished, _ = tour
    assert (finished.returncode, finished.stderr) == (0, "")


def test_three_posts_go_out_once_each(
    tour: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    lines = tour[0].stdout.splitlines()
    published = [line.split()[2] for line in lines if line.strip().startswith("✓ published")]
    assert published == ["winter-blend-2026", "two-ways-to-brew", "slow-mornings"]
    assert [line.strip() for line in lines].count("nothing to do") == 1
    assert sum(line.strip().startswith("Record published") for line in lines) == 3


def test_the_broken_post_shows_its_findings(
    tour: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    assert 'content/broken.md:2:10: SA203 unknown account "acme-instagrm"' in tour[0].stdout


def test_the_tour_cleans_up(tour: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    assert list(tour[1].iterdir()) == []
