"""Clients that other people wrote, and an emulated platform over real HTTP for them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import Fetched
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.media_samples import jpeg, mp4

if TYPE_CHECKING:
    from facebook_business.api import FacebookAdsApi
    from pyfacebook import IGBusinessApi

NODE_MODULES = Path(sys.prefix, "npm", "node_modules")
"""`npm install --prefix .venv/npm instagram-graph-api@7.0.0` puts the client there."""

ACME = "17841400000000001"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PHOTO = "https://media.example/photo.jpg"
SQUARE = "https://media.example/square.jpg"
TALL = "https://media.example/tall.jpg"
FILM = "https://media.example/film.mp4"


def quick_world(**tokens: Token) -> World:
    """One account whose uploads are ready at once; every test of a module publishes to it."""
    return World(
        [Account(id=ACME, username="acme", trial_reels=True)],
        tokens={"good": Token(), **tokens},
        settings=Settings(image_seconds=0, video_seconds=0),
    )


@contextmanager
def served(world: World) -> Iterator[str]:
    """The address of the platform while the context is open."""
    files = {
        PHOTO: jpeg(),
        SQUARE: jpeg(1080, 1080),
        TALL: jpeg(1080, 1920),
        FILM: mp4(),
    }

    async def fetch(address: str) -> Fetched:
        return Fetched(200, files[address])

    with serve_in_thread(create_app(world, fetch=fetch, now=lambda: NOW)) as running:
        yield running.url


def publications(world: World) -> Callable[[], list[tuple[str, str | None]]]:
    """Tells what has been published since now: the shape and the caption of each."""
    before = len(world.log)

    def read() -> list[tuple[str, str | None]]:
        drafts = [world.containers[entry.container].draft for entry in world.log[before:]]
        return [(draft.shape, draft.caption) for draft in drafts]

    return read


def metas_own_sdk(url: str, monkeypatch: pytest.MonkeyPatch) -> FacebookAdsApi:
    from facebook_business.api import FacebookAdsApi, FacebookSession

    monkeypatch.setattr(FacebookSession, "GRAPH", url)
    return FacebookAdsApi.init("1", "secret", "good", crash_log=False)


def python_facebook_api(url: str) -> IGBusinessApi:
    from pyfacebook import IGBusinessApi

    return IGBusinessApi(
        access_token="good",
        instagram_business_id=ACME,
        base_url=f"{url}/",
        version="v19.0",
        ignore_version_check=True,
    )


def npm_client(script: Path, *arguments: str) -> Any:
    """What a script that drives `instagram-graph-api` prints, as JSON."""
    node = shutil.which("node")
    if node is None or not (NODE_MODULES / "instagram-graph-api").is_dir():
        pytest.skip("npm install --prefix .venv/npm instagram-graph-api@7.0.0")
    done = subprocess.run(
        [node, str(script), *arguments],
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(NODE_MODULES)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
