"""The real session against the emulated platform, in process and on virtual time."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import anyio
import av
import httpx
from PIL import Image
from trio.testing import MockClock

from socialauto.adapters.instagram.session import InstagramSession, connect
from socialauto.adapters.protocol import Tools
from socialauto.core.config import Account
from socialauto.core.media_facts import ImageFacts, VideoFacts
from socialauto.core.message import MediaItem, Message, PostType
from socialauto.engine.clock import LoopClock
from socialauto.sandbox.app import create_app
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.fetch import Fetched, FetchError
from socialauto.sandbox.inprocess import InProcess
from socialauto.sandbox.state import Account as SandboxAccount
from socialauto.sandbox.state import Token
from socialauto.sandbox.world import World

T = TypeVar("T")
Scenario = Callable[[InstagramSession, LoopClock], Awaitable[T]]

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
IG_ID = "17841400000000001"
HOST = "https://media.example"
PUBLISH = "/media_publish$"
STATUS = r"^/179\d+$"
MEDIA = "/media$"
"""POST makes a container, GET lists what is public."""

HANDLE = {
    "container": "1790001",
    "account": IG_ID,
    "created": "2026-12-01T12:00:00Z",
    "inputs": "sha256:0",
    "media_type": "IMAGE",
    "items": 1,
    "caption": "",
}
"""Of an image without words that nobody has uploaded."""


@dataclass
class Files:
    """A media host that serves these bytes, and counts who asks it for a URL."""

    bodies: dict[str, bytes]
    asked: list[str] = field(default_factory=list)
    refuse: Exception | None = None

    async def url(self, item: MediaItem) -> str:
        self.asked.append(item.path)
        if self.refuse:
            raise self.refuse
        return f"{HOST}/{item.path}"

    async def read(self, item: MediaItem) -> bytes:
        return self.bodies[item.path]

    async def fetch(self, address: str) -> Fetched:
        """As the platform fetches."""
        body = self.bodies.get(address.removeprefix(f"{HOST}/"))
        if body is None:
            raise FetchError("404")
        return Fetched(200, body)


class Platform:
    """The emulated platform with one account, and sessions to it."""

    def __init__(self, bodies: dict[str, bytes], token: str) -> None:
        self.token = token
        self.world = World([SandboxAccount(id=IG_ID, username="acme")], tokens={token: Token()})
        self.files = Files(dict(bodies))
        self.respond: Callable[[httpx.Request], httpx.Response] | None = None
        """Answers in the place of the emulated platform, with what that one never says."""
        self.account = Account(platform="instagram", id=IG_ID, token="env:ACME_IG_TOKEN")

    def configure(self, **changes: Any) -> None:
        """Change the emulated account: quota, login, …"""
        self.world.add_account(replace(self.world.accounts[IG_ID], **changes))

    def fault(self, method: str, path: str, **rule: Any) -> None:
        self.world.faults.add(Fault(method=method, path=path, **rule))

    def run(self, scenario: Scenario[T], *, login: str | None = None) -> T:
        """Play a scenario from noon on; waiting takes no time."""
        account = self.account.model_copy(update={"login": login})

        async def main() -> T:
            clock = LoopClock(NOON)
            tools = Tools(clock, self.token, self._transport(clock))
            async with connect(account, tools) as session:
                return await scenario(session, clock)

        clock = MockClock(autojump_threshold=0)
        return anyio.run(main, backend="trio", backend_options={"clock": clock})

    def _transport(self, clock: LoopClock) -> httpx.AsyncBaseTransport:
        if self.respond:
            return httpx.MockTransport(self.respond)
        return InProcess(create_app(self.world, fetch=self.files.fetch, now=clock.now))

    @property
    def published(self) -> list[str]:
        """The oracle: the containers that went public, in order."""
        return [entry.container for entry in self.world.log]

    @property
    def containers(self) -> list[str]:
        return list(self.world.containers)


def _jpeg(color: str) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (320, 320), color).save(body, "JPEG")
    return body.getvalue()


def _mp4() -> bytes:
    """Three seconds that meet the rules of a reel. Moving the index forward needs a real file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", 30, {"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = 144, 180, "yuv420p"
            still = Image.new("RGB", (144, 180), "teal")
            for _ in range(95):
                container.mux(stream.encode(av.VideoFrame.from_image(still)))
            container.mux(stream.encode(None))
        return path.read_bytes()


def real_bodies() -> dict[str, bytes]:
    return {
        "a.jpg": _jpeg("tomato"),
        "b.jpg": _jpeg("gold"),
        "cover.jpg": _jpeg("navy"),
        "film.mp4": _mp4(),
    }


def picture(path: str, **more: Any) -> MediaItem:
    return MediaItem(path, path.ljust(40, "0"), ImageFacts("jpeg", 1000, 320, 320), **more)


def film(path: str = "film.mp4", **more: Any) -> MediaItem:
    facts = VideoFacts(
        "mp4", 1000, 144, 180, 3.2, 30.0, "h264", None, "4:2:0", "progressive", None, None, None,
        moov_first=True,
    )  # fmt: skip
    return MediaItem(path, path.ljust(40, "0"), facts, **more)


def image_post(text: str = "Hello @world #one", **more: Any) -> Message:
    media = (more.pop("item", picture("a.jpg", alt="A red square")),)
    return Message("instagram", PostType.IMAGE, text, media, **more)


def carousel_post(text: str = "Three things", **more: Any) -> Message:
    media = (picture("a.jpg", alt="Red"), film(), picture("b.jpg"))
    return Message("instagram", PostType.CAROUSEL, text, media, **more)


def reel_post(text: str = "Moving", **more: Any) -> Message:
    return Message("instagram", PostType.REEL, text, (film(),), **more)


def story_post(item: MediaItem | None = None, **more: Any) -> Message:
    return Message("instagram", PostType.STORY, "", (item or picture("a.jpg"),), **more)
