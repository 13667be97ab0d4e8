"""A page as a picture, by a browser that sees nothing but this page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_QUIET = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)
_MILLISECONDS = 60_000
WIDTH = 920
"""CSS pixels; the picture has twice as many."""


def _launched(playwright: Playwright) -> Browser:
    """Playwright's own browser where there is one, otherwise the machine's."""
    own = Path(playwright.chromium.executable_path)
    found = str(own) if own.exists() else next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise SocialautoError(
            "there is no Chromium to make a picture with",
            'type "playwright install chromium", or write a page: --out post.html',
        )
    return playwright.chromium.launch(
        executable_path=found, args=list(_QUIET), timeout=_MILLISECONDS
    )


def png_of(page: bytes) -> bytes:
    """A PNG of the whole page. Raises `SocialautoError` when there is nothing to make it with."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise SocialautoError(
            "pictures of pages need the extra socialauto[preview]",
            "type \"python -m pip install 'socialauto[preview]'\" and "
            '"playwright install chromium", or write a page: --out post.html',
        ) from None
    try:
        with sync_playwright() as playwright:
            browser = _launched(playwright)
            context = browser.new_context(
                viewport={"width": WIDTH, "height": 600},
                device_scale_factor=2,
                java_script_enabled=False,
                offline=True,
            )
            context.set_default_timeout(_MILLISECONDS)
            shown = context.new_page()
            shown.set_content(page.decode("utf-8"), wait_until="load")
            taken = shown.screenshot(full_page=True, animations="disabled")
            browser.close()
            return taken
    except Error as error:
        first = str(error).strip().splitlines()[0][:300]
        raise SocialautoError(
            f"the browser did not take the picture: {first}", "write a page: --out post.html"
        ) from None
