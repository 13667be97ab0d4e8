"""The branch host on virtual time: one push for what belongs together, and patience with forges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from trio.testing import MockClock

from socialauto.core.errors import MediaHostError
from socialauto.core.media_facts import ImageFacts
from socialauto.core.media_host import GitBranch
from socialauto.core.message import MediaItem
from socialauto.engine.clock import LoopClock
from socialauto.media.branch_host import BranchHost, Placed
from socialauto.media.prepared import Prepared, PreparedFile
from support.media_samples import jpeg

T = TypeVar("T")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
BODIES = {"one.jpg": jpeg(), "two.jpg": jpeg(width=400), "three.jpg": jpeg(width=500)}
ONE, TWO, THREE = (
    MediaItem(path, path.ljust(40, "0"), ImageFacts("jpeg", len(body), 320, 320))
    for path, body in BODIES.items()
)


async def make(item: MediaItem) -> PreparedFile:
    return Prepared(BODIES.__getitem__).of(item)


@dataclass
class Forge:
    """Takes pushes, and serves them after a while."""

    late: float = 0
    refuse: MediaHostError | None = None
    status: int = 404
    pushes: list[list[int]] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)
    _files: dict[str, tuple[float, bytes]] = field(default_factory=dict)

    async def push(self, files: Mapping[str, bytes]) -> Placed:
        await anyio.sleep(1)
        if self.refuse:
            raise self.refuse
        self.pushes.append(sorted(len(body) for body in files.values()))
        commit = f"c{len(self.pushes)}"
        paths = {name: f"2026-12-01/{name}" for name in files}
        for name, body in files.items():
            self._files[f"/{commit}/{paths[name]}"] = (anyio.current_time() + self.late, body)
        return Placed(commit, paths)

    def serve(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((anyio.current_time(), request.url.path))
        since, body = self._files.get(request.url.path, (float("inf"), b""))
        if anyio.current_time() < since:
            return httpx.Response(self.status)
        return httpx.Response(200, content=body, headers={"content-type": "image/jpeg"})


def host(forge: Forge, **more: Any) -> BranchHost:
    settings = GitBranch(kind="branch", base="https://raw.example/acme/{commit}/")
    transport = httpx.MockTransport(lambda request: forge.serve(_below(request)))
    return BranchHost(
        settings.model_copy(update=more.pop("settings", {})),
        push=forge.push, make=make, clock=LoopClock(NOON), transport=transport, **more,
    )  # fmt: skip


def _below(request: httpx.Request) -> httpx.Request:
    request.url = request.url.copy_with(path=request.url.path.removeprefix("/acme"))
    return request


def run(main: Callable[[], Awaitable[T]]) -> T:
    clock = MockClock(autojump_threshold=0)
    return anyio.run(main, backend="trio", backend_options={"clock": clock})


def test_an_item_gets_the_address_of_its_commit() -> None:
    forge = Forge()

    async def main() -> str:
        return await host(forge).url(ONE)

    url = run(main)
    name = run(lambda: make(ONE)).sha256
    assert url == f"https://raw.example/acme/c1/2026-12-01/{name}.jpg"


def test_what_belongs_together_is_pushed_together_and_once() -> None:
    forge = Forge()
    together = host(forge, companions=lambda _: (ONE, TWO, THREE))

    async def main() -> list[str]:
        urls: list[str] = []

        async def ask(item: MediaItem) -> None:
            urls.append(await together.url(item))

        async with anyio.create_task_group() as tasks:
            for item in (TWO, ONE, THREE, ONE):
                tasks.start_soon(ask, item)
        return urls

    urls = run(main)
    assert len(forge.pushes) == 1
    assert len(forge.pushes[0]) == 3
    assert len(set(urls)) == 3


def test_a_forge_that_serves_late_is_waited_for_with_growing_pauses() -> None:
    forge = Forge(late=60)

    async def main() -> None:
        await host(forge).url(ONE)

    run(main)
    times = [at - forge.asked[0][0] for at, _ in forge.asked]
    pauses = [round(later - earlier, 2) for earlier, later in pairwise(times)]
    assert pauses[:4] == [1.0, 1.6, 2.56, 4.1]
    assert max(pauses) <= 30
    assert 60 <= times[-1] <= 90


def test_patience_ends_with_the_cure_and_the_next_run_may_try() -> None:
    forge = Forge(late=3600)

    async def main() -> tuple[MediaHostError, float]:
        began = anyio.current_time()
        with pytest.raises(MediaHostError) as refused:
            await host(forge).url(ONE)
        return refused.value, anyio.current_time() - began

    error, waited = run(main)
    assert error.passing
    assert error.message.endswith(
        ": the host answers 404; is media_host.base the address of the branch, and is the "
        "repository public? (waited 5 min)"
    )
    assert waited == pytest.approx(301, abs=1)


def test_only_what_is_missing_is_waited_for() -> None:
    forge = Forge(late=3600, status=403)

    async def main() -> MediaHostError:
        with pytest.raises(MediaHostError) as refused:
            await host(forge).url(ONE)
        return refused.value

    error = run(main)
    assert len(forge.asked) == 1
    assert "make the repository public, or use kind: s3" in error.message
    assert not error.passing


def test_a_push_that_failed_is_made_again_when_asked_again() -> None:
    forge = Forge(refuse=MediaHostError("the remote is away", passing=True))
    one = host(forge)

    async def main() -> str:
        with pytest.raises(MediaHostError, match="the remote is away"):
            await one.url(ONE)
        forge.refuse = None
        return await one.url(ONE)

    assert "/c1/" in run(main)


@pytest.mark.parametrize("base", ["http://raw.example/{commit}", "https://raw.example/{sha}"])
def test_nothing_is_pushed_for_an_address_that_platforms_cannot_use(base: str) -> None:
    forge = Forge()

    async def main() -> None:
        with pytest.raises(MediaHostError, match=r"media_host\.base"):
            await host(forge, settings={"base": base}).url(ONE)

    run(main)
    assert forge.pushes == []
