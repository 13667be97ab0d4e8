"""The upload host: bytes in pieces, an envelope of its own, and containers that wait for them."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sandbox.conftest import ACME, OTHER, START, Platform
from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Token
from socialauto.sandbox.storage import FolderStorage
from socialauto.sandbox.world import World
from support.media_samples import mp4

pytestmark = pytest.mark.anyio

FILM = mp4()
SIZE = len(FILM)


async def begin(platform: Platform, **more: Any) -> tuple[str, str]:
    """A container that waits, and its address."""
    form = {"media_type": "REELS", "upload_type": "resumable", **more}
    made = await platform.post(f"/v25.0/{ACME}/media", **form)
    return made["id"], made["uri"]


async def send(
    platform: Platform, address: str, body: bytes = FILM, **headers: str
) -> tuple[int, Any]:
    given = {"authorization": "OAuth good", "offset": "0", "file_size": str(SIZE), **headers}
    response = await platform.client.post(address, content=body, headers=given)
    return response.status_code, response.json()


async def stored(platform: Platform, address: str) -> int:
    answer = await platform.client.get(address, headers={"authorization": "OAuth good"})
    return int(answer.json()["offset"])


async def test_a_container_waits_for_its_bytes_and_is_then_processed(platform: Platform) -> None:
    container, address = await begin(platform)
    platform.clock.turn(hours=1)
    assert address == f"http://sandbox/ig-api-upload/v25.0/{container}"
    assert await platform.status(container) == "IN_PROGRESS"

    status, answer = await send(platform, address)

    assert (status, answer["success"]) == (200, True)
    assert await platform.status(container) == "IN_PROGRESS"
    platform.clock.turn(seconds=6)
    assert await platform.status(container) == "FINISHED"
    assert await platform.publish(container)


async def test_a_container_that_gets_nothing_expires(platform: Platform) -> None:
    container, _ = await begin(platform)
    platform.clock.turn(hours=24)

    assert await platform.status(container) == "EXPIRED"


async def test_an_upload_is_resumed_at_what_has_arrived(platform: Platform) -> None:
    container, address = await begin(platform)
    half = SIZE // 2

    status, answer = await send(platform, address, FILM[:half])
    assert status == 400
    assert answer["debug_info"] == {
        "retriable": True,
        "type": "PartialRequestError",
        "message": f"Only {half} of {SIZE} bytes were received.",
    }
    assert await stored(platform, address) == half
    for wrong in (0, half - 1, half + 1):
        _, answer = await send(platform, address, FILM[wrong:], offset=str(wrong))
        assert answer["debug_info"]["type"] == "OffsetInvalidError"
        assert answer["debug_info"]["retriable"] is True
    assert await stored(platform, address) == half

    status, _ = await send(platform, address, FILM[half:], offset=str(half))

    assert status == 200
    assert await stored(platform, address) == SIZE
    asset = platform.world.containers[container].asset
    assert asset is not None
    assert platform.world.storage.blob(asset.blob) == FILM


@pytest.mark.parametrize(
    ("body", "headers", "status", "kind"),
    [
        (FILM, {"authorization": "Bearer good"}, 400, "NotAuthorizedError"),
        (FILM, {"authorization": "OAuth bad"}, 400, "NotAuthorizedError"),
        (FILM, {"authorization": "OAuth old"}, 400, "NotAuthorizedError"),
        (FILM, {"authorization": "OAuth only-other"}, 404, "NotFoundError"),
        (FILM, {"offset": ""}, 400, "InvalidHeaderError"),
        (FILM, {"file_size": "-1"}, 400, "InvalidHeaderError"),
        (FILM, {"file_size": "0"}, 400, "ProcessingFailedError"),
        (FILM, {"file_size": "300000001"}, 400, "ProcessingFailedError"),
        (FILM + b"!", {}, 400, "ProcessingFailedError"),
        (b"x" * SIZE, {}, 400, "ProcessingFailedError"),
    ],
)
async def test_what_the_upload_host_refuses(
    platform: Platform, body: bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    _, address = await begin(platform)

    found, answer = await send(platform, address, body, **headers)

    assert (found, answer["debug_info"]["type"]) == (status, kind)


async def test_bytes_go_only_where_they_are_waited_for_and_once(platform: Platform) -> None:
    by_url = await platform.create(media_type="REELS", video_url=platform.film)
    _, refused = await send(platform, f"/ig-api-upload/v25.0/{by_url}")
    _, address = await begin(platform)
    await send(platform, address)
    _, again = await send(platform, address)

    assert refused["debug_info"]["message"] == "This container takes no upload."
    assert again["debug_info"]["message"] == "The upload is already complete."


async def test_the_upload_host_can_fetch_the_file_itself(platform: Platform) -> None:
    container, address = await begin(platform)

    status, _ = await send(platform, address, b"", file_url=platform.film)

    platform.clock.turn(seconds=6)
    assert status == 200
    assert await platform.status(container) == "FINISHED"


@pytest.mark.parametrize(
    ("account", "form"),
    [
        (OTHER, {"media_type": "REELS", "upload_type": "resumable"}),
        (ACME, {"upload_type": "resumable"}),
        (ACME, {"media_type": "REELS", "upload_type": "simple"}),
        (
            ACME,
            {"media_type": "REELS", "upload_type": "resumable", "video_url": "https://m.example/"},
        ),
        (ACME, {"media_type": "REELS"}),
    ],
)
async def test_which_containers_can_wait(
    platform: Platform, account: str, form: dict[str, str]
) -> None:
    assert await platform.refused(f"/{account}/media", **form) == (100, None)


async def test_a_bad_cover_offset_is_noticed_when_the_bytes_are_there(platform: Platform) -> None:
    _, address = await begin(platform, thumb_offset="3600000")

    status, answer = await send(platform, address)

    assert status == 400
    assert answer["debug_info"]["retriable"] is False


def test_a_connection_that_breaks_leaves_what_has_arrived() -> None:
    world = World([Account(id=ACME, username="acme")], tokens={"good": Token()})
    app = create_app(world, fetch=fetch, now=lambda: START)
    with serve_in_thread(app) as server, httpx.Client(
        base_url=server.url, headers={"Authorization": "OAuth good"}, trust_env=False
    ) as client:  # fmt: skip
        form = {"media_type": "REELS", "upload_type": "resumable"}
        address = client.post(f"/v25.0/{ACME}/media", data=form).json()["uri"]
        host, port = client.base_url.host, client.base_url.port
        with socket.create_connection((host, port)) as line:
            head = f"POST {httpx.URL(address).path} HTTP/1.1\r\nHost: {host}\r\n"
            head += "Authorization: OAuth good\r\noffset: 0\r\n"
            head += f"file_size: {SIZE}\r\nContent-Length: {SIZE}\r\n\r\n"
            line.sendall(head.encode() + FILM[: SIZE // 2])
        found = 0
        for _ in range(200):  # until the server has noticed
            found = client.get(address).json()["offset"]
            if found:
                break
        rest = {"offset": str(found), "file_size": str(SIZE)}
        done = client.post(address, content=FILM[found:], headers=rest)

    assert found == SIZE // 2
    assert done.json()["success"] is True


def test_what_was_uploaded_survives_a_restart(tmp_path: Any) -> None:
    storage = FolderStorage(tmp_path)
    world = World([Account(id=ACME, username="acme")], tokens={"good": Token()}, storage=storage)
    app = create_app(world, fetch=fetch, now=lambda: START)
    with serve_in_thread(app) as server, httpx.Client(
        base_url=server.url, headers={"Authorization": "OAuth good"}, trust_env=False
    ) as client:  # fmt: skip
        form = {"media_type": "REELS", "upload_type": "resumable"}
        made = client.post(f"/v25.0/{ACME}/media", data=form).json()
        client.post(made["uri"], content=FILM, headers={"offset": "0", "file_size": str(SIZE)})
    storage.close()

    again = World(storage=FolderStorage(tmp_path))
    assert again.containers[made["id"]].asset is not None
    assert replace(again.containers[made["id"]]) == world.containers[made["id"]]
