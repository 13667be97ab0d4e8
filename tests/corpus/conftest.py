"""A sound repository with sound and broken media, into which each case puts its files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support import media_samples as samples

CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme:
    platform: instagram
    id: "17841400000000001"
    token: env:ACME_TOKEN
  bakery:
    platform: instagram
    id: "17841400000000002"
    token: env:BAKERY_TOKEN
vars:
  shop: the bakery
"""

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def _media() -> dict[str, bytes]:
    whole = samples.jpeg()
    clip = samples.mp4()
    last = samples.mp4(moov_first=False)
    return {
        "one.jpg": whole,
        "two.jpg": samples.jpeg(color=60),
        "square.jpg": samples.jpeg(1080, 1080),
        "tall.jpg": samples.jpeg(1080, 1920),
        "narrow.jpg": samples.jpeg(300, 300),
        "large.jpg": samples.jpeg(4000, 4000),
        "cmyk.jpg": samples.jpeg(mode="CMYK"),
        "located.jpg": samples.with_notes(whole),
        "heavy.jpg": whole + bytes(8_000_000),
        "png.jpg": samples.png(),
        "cut.jpg": whole[: len(whole) // 2],
        "empty.jpg": b"",
        "text.jpg": b"This is no picture.\n",
        "lfs.jpg": LFS,
        "bomb.png": samples.png_bomb(),
        "clip.mp4": clip,
        "moov_last.mp4": last,
        "no_moov.mp4": last[: last.index(b"moov") - 4],
        "vp9.mp4": samples.mp4(codec="vp9"),
        "short.mp4": samples.mp4(seconds=1),
        "slow.mp4": samples.mp4(frame_rate=12),
        "clip.webm": samples.mp4(codec="vp9", audio=None, container="webm"),
        "interlaced.mp4": samples.mp4(interlaced=True),
        "chroma.mp4": samples.mp4(chroma="4:2:2"),
        "sound.mp4": samples.mp4(audio_rate=96_000),
    }


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; cases get hard links to it and replace files, never write into them."""
    root = tmp_path_factory.mktemp("base")
    media = root / "content" / "media"
    media.mkdir(parents=True)
    for name, data in _media().items():
        (media / name).write_bytes(data)
    (media / "link.jpg").symlink_to("one.jpg")
    (root / "content" / "linked").symlink_to("media")
    module = root / "content" / "module"
    module.mkdir()
    (module / ".git").write_text("gitdir: ../../.git/modules/module\n")
    (module / "one.jpg").write_bytes(samples.jpeg())
    return root


@pytest.fixture
def repository(base: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes a fresh copy of the sound repository."""

    def make() -> Path:
        root = tmp_path / "repository"
        shutil.copytree(base, root, symlinks=True, copy_function=os.link)
        (root / "socialauto.yaml").write_text(CONFIG)
        return root

    return make
