"""Debian's Chromium through Playwright, without a way to anywhere but this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
QUIET = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    # The browser's own sandbox does not work in many containers; it sees only our pages.
    "--no-sandbox",
)

DESK, PHONE = (1280, 900), (390, 780)

needs_browser = pytest.mark.skipif(BROWSER is None, reason="no chromium: apt-get install chromium")


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser of its own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=BROWSER, args=list(QUIET), timeout=60_000)
        yield made
        made.close()


def axe_script() -> str:
    """What looks for barriers."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__path__[0]) / "axe.min.js").read_text("utf-8")


@dataclass
class Looker:
    """Opens pages of the scenes and remembers what the browser complained about."""

    browser: Browser
    root: Path
    axe: str
    faults: list[str] = field(default_factory=list)

    def file(self, scene: str, page: str) -> Path:
        return next((self.root / scene).glob(page))

    def open(
        self, scene: str, page: str, *, size: tuple[int, int] = DESK, dark: bool = False,
        anchor: str = "", scripts: bool = True,
    ) -> Page:  # fmt: skip
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        opened = context.new_page()
        opened.set_default_timeout(20_000)
        opened.on("console", lambda message: self.faults.append(message.text))
        opened.on("pageerror", lambda error: self.faults.append(str(error)))
        opened.on("request", self._ask)
        opened.goto(f"{self.file(scene, page).as_uri()}{anchor}")
        return opened

    def _ask(self, request: Any) -> None:
        if not request.url.startswith(("file://", "data:")):
            self.faults.append(f"asked {request.url}")

    def violations(self, page: Page) -> list[str]:
        """What axe-core finds, serious or not."""
        page.evaluate(self.axe)
        asked = "async () => (await axe.run({preload: false, resultTypes: ['violations']}))"
        found = page.evaluate(asked)["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
