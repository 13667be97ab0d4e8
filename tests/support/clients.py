"""An emulated platform over real HTTP for clients that other people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import Fetched
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.media_samples import jpeg, mp4

ACME = "17841400000000001"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PHOTO = "https://media.example/photo.jpg"
SQUARE = "https://media.example/square.jpg"
TALL = "https://media.example/tall.jpg"
FILM = "https://media.example/film.mp4"


def quick_world() -> World:
    """One account whose uploads are ready at once; every test of a module publishes to it."""
    return World(
        [Account(id=ACME, username="acme", trial_reels=True)],
        tokens={"good": Token()},
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
