"""Writes the pictures of the dashboard that README and docs show: `make screenshots`.

A painted team, the same at every run, seen by a real browser.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from socialauto.dashboard.site import build
from support import showcase
from support.browsing import browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST = 150_000
"""Bytes of one."""
SCALE = 1.5
"""Pixels of the file for one of the page."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    page: str
    width: int
    height: int
    dark: bool = False


SHOTS = (
    Shot("dashboard-overview.png", "index.html", 1240, 860),
    Shot("dashboard-calendar.png", "calendar/index.html", 1240, 900),
    Shot("dashboard-post.png", "posts/2026-11-tulip.*.html", 1240, 935, dark=True),
)


def compressed(data: bytes) -> bytes:
    """The same picture in as many colours as fit into `MOST` bytes."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    for colors in (256, 192, 128, 96, 64):
        file = io.BytesIO()
        painted = image.quantize(colors, kmeans=3, dither=Image.Dither.NONE)
        painted.save(file, "PNG", optimize=True)
        if file.tell() <= MOST:
            break
    return file.getvalue()


def main() -> None:
    with tempfile.TemporaryDirectory() as name, browser() as chromium:
        site = Path(name) / "site"
        build(
            showcase.team(),
            site,
            read=showcase.read,
            caps={showcase.ROASTERY: 50, showcase.JOBS: 50},
        )
        for shot in SHOTS:
            page = chromium.new_page(
                viewport={"width": shot.width, "height": shot.height},
                device_scale_factor=SCALE,
                color_scheme="dark" if shot.dark else "light",
            )
            page.goto(next(site.glob(shot.page)).as_uri())
            data = compressed(page.screenshot(animations="disabled"))
            (IMAGES / shot.name).write_bytes(data)
            print(f"{shot.name}: {len(data):,} bytes")
            page.close()


if __name__ == "__main__":
    main()
