"""The page about media: its examples are checked, its numbers are the program's."""

from __future__ import annotations

import re
from pathlib import Path

from socialauto.adapters.instagram.rules import IMAGE
from socialauto.core.reading import read_config, read_posts
from socialauto.media.cache import FOLDER, MOST_BYTES, UNUSED_DAYS
from socialauto.media.image import MAX_PIXELS
from socialauto.media.prepare_image import QUALITIES


def _page(root: Path) -> str:
    return (root / "docs" / "media.md").read_text()


def test_every_example_is_sound(project_root: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", _page(project_root), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    (post,), findings = read_posts(blocks[0].encode(), "content/post.yaml")
    assert findings == []
    assert [entry.fit for entry in post.post.media or ()] == [None, "crop"]
    assert (post.post.fit, post.post.background) == ("pad", "#000000")
    config, findings = read_config(blocks[1].encode())
    assert findings == []
    assert config is not None
    assert config.value.media.transcode


def test_its_numbers_are_those_of_the_program(project_root: Path) -> None:
    page = _page(project_root)
    assert f"wider than {IMAGE.max_width:,} pixels" in page
    assert f"more than {IMAGE.max_bytes:,} bytes" in page
    assert f"JPEG of quality {QUALITIES[0]}" in page
    assert f"more than {MAX_PIXELS // 1_000_000} million pixels" in page
    assert f"`.git/{FOLDER}/`" in page
    assert f"nobody has used for {UNUSED_DAYS} days goes" in page
    assert f"more than {MOST_BYTES // 1_000_000_000} GB, what was used longest ago" in page
