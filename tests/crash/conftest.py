"""Servers that know when a run's request arrives, shared by all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.crash_scene import Kind, Scene, SceneMaker, Stage, open_scene, open_stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ana Author")
            patch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")
        with open_stage(tmp_path_factory.mktemp("stage")) as made:
            kinds: tuple[Kind, ...] = ("image", "carousel", "reel", "commented")
            for kind in kinds:
                made.seed(kind)
            yield made


@pytest.fixture
def scene_of(stage: Stage, tmp_path: Path) -> SceneMaker:
    return lambda kind: open_scene(stage, tmp_path, kind)


@pytest.fixture
def scene(scene_of: SceneMaker) -> Scene:
    return scene_of("image")
