"""An emulated platform in process, on a clock that tests turn by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import Fetched, FetchError
from socialauto.sandbox.inprocess import InProcess
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.media_samples import jpeg, mp4

ACME = "17841400000000001"
OTHER = "17841400000000002"
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@dataclass
class Hands:
    """A clock turned by hand."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def turn(self, **amount: float) -> None:
        self.time += timedelta(**amount)

    def move(self, instant: datetime) -> None:
        self.time = instant


@dataclass
class Host:
    """A media host: what a stranger gets at each address."""

    files: dict[str, Fetched | FetchError] = field(default_factory=dict)

    def put(self, name: str, body: bytes, status: int = 200) -> str:
        address = f"https://media.example/{name}"
        self.files[address] = Fetched(status, body)
        return address

    def fail(self, name: str, *, slow: bool = False) -> str:
        address = f"https://media.example/{name}"
        self.files[address] = FetchError("no answer", slow=slow)
        return address

    async def fetch(self, address: str) -> Fetched:
        found = self.files.get(address, FetchError("no such host"))
        if isinstance(found, FetchError):
            raise found
        return found


class Platform:
    """The platform as a client with a good token sees it, and as the test sees it from behind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = Hands()
        self.host = Host()
        app = create_app(world, fetch=self.host.fetch, now=self.clock.now, move=self.clock.move)
        self.client = httpx.AsyncClient(
            transport=InProcess(app),
            base_url="http://sandbox",
            headers={"Authorization": "Bearer good"},
            timeout=5,
        )
        self.photo = self.host.put("photo.jpg", jpeg())
        self.film = self.host.put("film.mp4", mp4())

    async def get(self, path: str, **params: Any) -> dict[str, Any]:
        return _fine(await self.client.get(path, params=params or None))

    async def post(self, path: str, **form: Any) -> dict[str, Any]:
        return _fine(await self.client.post(path, data=form))

    async def refused(
        self, path: str, method: str = "POST", **params: Any
    ) -> tuple[int, int | None]:
        """The code and subcode of a call that must be refused."""
        where = {"data" if method == "POST" else "params": params}
        error = (await self.client.request(method, path, **where)).json()["error"]
        return error["code"], error.get("error_subcode")

    async def create(self, account: str = ACME, **params: Any) -> str:
        return str((await self.post(f"/{account}/media", **params))["id"])

    async def ready(self, account: str = ACME, **params: Any) -> str:
        container = await self.create(account, **params)
        self.clock.turn(seconds=10)
        return container

    async def publish(self, container: str, account: str = ACME) -> str:
        return str((await self.post(f"/{account}/media_publish", creation_id=container))["id"])

    async def status(self, container: str) -> str:
        return str((await self.get(f"/{container}", fields="status_code"))["status_code"])


def _fine(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    document = response.json()
    assert isinstance(document, dict)
    return document


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other people's clients would ask the machine's proxy even for loopback."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def platform() -> Platform:
    accounts = [
        Account(id=ACME, username="acme", name="Acme & Sons"),
        Account(id=OTHER, username="other", login="instagram"),
    ]
    tokens = {
        "good": Token(),
        "only-acme": Token(frozenset({ACME})),
        "only-other": Token(frozenset({OTHER})),
        "old": Token(expires=START),
        "revoked": Token(revoked=True),
    }
    return Platform(World(accounts, tokens=tokens, settings=Settings()))
