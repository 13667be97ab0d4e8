"""Debian's Chromium through Playwright, without a way to anywhere but this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
QUIET = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    # The browser's own sandbox does not work in many containers; it sees only our pages.
    "--no-sandbox",
)

needs_browser = pytest.mark.skipif(BROWSER is None, reason="no chromium: apt-get install chromium")


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser of its own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=BROWSER, args=list(QUIET), timeout=60_000)
        yield made
        made.close()
