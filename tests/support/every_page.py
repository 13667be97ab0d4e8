"""Every page of the dashboard with 0, 1, 600 and 10,000 posts, light and dark, phone and desk.

`make pages`; the suite looks at a sample.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from socialauto.dashboard.site import build
from support import scenery
from support.browsing import DESK, PHONE, Looker, axe_script, browser

SCENES = {
    "0": lambda: scenery.many(0),
    "1": lambda: scenery.many(1),
    "600": lambda: scenery.many(600),
    "10000": lambda: scenery.many(10_000),
    "busy": scenery.busy,
    "shared": scenery.shared,
    "hostile": scenery.hostile,
}
PAGES = (
    "index.html", "posts.html", "calendar/index.html", "calendar/2026-W49.html", "accounts.html",
    "runs.html",
)  # fmt: skip
POSTS = 3
"""Pages of single posts that are looked at, from the first to the last of a scene."""


def _names(root: Path) -> Iterator[str]:
    yield from (name for name in PAGES if (root / name).exists())
    posts = sorted(path.relative_to(root).as_posix() for path in root.glob("posts/*.html"))
    yield from dict.fromkeys(
        posts[index * (len(posts) - 1) // (POSTS - 1)] for index in range(POSTS) if posts
    )


def _look(looker: Looker, scene: str, size: tuple[int, int], *, dark: bool) -> Iterator[str]:
    looker.faults.clear()
    page = looker.open(scene, "index.html", size=size, dark=dark)
    for name in _names(looker.root / scene):
        page.goto(looker.file(scene, name).as_uri())
        place = f"{scene}/{name} at {size[0]}, {'dark' if dark else 'light'}"
        yield place
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size[0]:
            yield f"! {place}: {width} wide"
        yield from (f"! {place}: {found}" for found in looker.violations(page))
        yield from (f"! {place}: {fault}" for fault in looker.faults)
        looker.faults.clear()
    page.context.close()


def main() -> int:
    seen, faults = 0, 0
    with tempfile.TemporaryDirectory() as folder, browser() as started:
        looker = Looker(started, Path(folder), axe_script())
        for scene, make in SCENES.items():
            build(make(), looker.root / scene, read=scenery.read, caps={"acme-instagram": 50})
            for size, dark in product((DESK, PHONE), (False, True)):
                for line in _look(looker, scene, size, dark=dark):
                    seen += not line.startswith("!")
                    faults += line.startswith("!")
                    if line.startswith("!"):
                        print(line)
            print(f"{scene} posts: {seen} pages seen so far, {faults} faults", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
