"""The pictures that README and docs show: small, described, and painted by the same team."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from support import showcase
from support.screenshots import MOST, SHOTS, Shot, compressed


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_picture_is_small_and_as_large_as_its_page(project_root: Path, shot: Shot) -> None:
    path = project_root / "docs" / "images" / shot.name
    assert path.stat().st_size <= MOST
    with Image.open(path) as image:
        assert image.width == 1860


@pytest.mark.parametrize("page", ["README.md", "docs/dashboard.md"])
def test_every_picture_is_described(project_root: Path, page: str) -> None:
    text = (project_root / page).read_text("utf-8")
    images = re.findall(r"<img\s[^>]*>", text)
    assert sum("dashboard-" in image for image in images) == len(SHOTS)
    for image in images:
        (alt,) = re.findall(r'alt="([^"]*)"', image)
        assert len(alt) > 40, image


def test_the_showcase_has_one_thing_to_do() -> None:
    team = showcase.team()
    assert [item.status for item in team.attention] == ["failed"]
    assert {item.author for item in team.items} == {"Lena Vogt", "Amara Osei"}


def test_a_picture_that_is_too_large_loses_colours() -> None:
    import io

    file = io.BytesIO()
    Image.effect_noise((900, 900), 90).save(file, "PNG")
    assert len(compressed(file.getvalue())) < file.tell()
