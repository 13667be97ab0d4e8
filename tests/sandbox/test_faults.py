"""Scripted misfortune: what the client meets, and what really happened."""

from __future__ import annotations

import httpx
import pytest

from socialauto.sandbox.faults import Fault

pytestmark = pytest.mark.anyio
ACME = "17841400000000001"
PUBLISH = f"/{ACME}/media_publish"


async def _publish(platform, container: str) -> httpx.Response:
    return await platform.client.post(PUBLISH, data={"creation_id": container})


async def test_a_call_can_be_refused_before_it_takes_effect(platform):
    platform.world.faults.add(Fault(path="media_publish", status=500, code=1, subcode=99))
    container = await platform.ready(image_url=platform.photo)
    answer = await _publish(platform, container)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, 1)
    assert platform.world.log == []
    assert (await _publish(platform, container)).status_code == 200


async def test_a_call_can_take_effect_and_fail_afterwards(platform):
    platform.world.faults.add(Fault(path="media_publish", apply="yes"))
    container = await platform.ready(image_url=platform.photo)
    assert (await _publish(platform, container)).status_code == 500
    assert [entry.container for entry in platform.world.log] == [container]
    assert await platform.status(container) == "PUBLISHED"


@pytest.mark.parametrize("apply", ["no", "yes"])
async def test_a_connection_can_drop(platform, apply):
    platform.world.faults.add(Fault(path="media_publish", apply=apply, answer="drop"))
    container = await platform.ready(image_url=platform.photo)
    with pytest.raises(httpx.RemoteProtocolError):
        await _publish(platform, container)
    assert len(platform.world.log) == (1 if apply == "yes" else 0)


def test_a_call_can_hang_until_the_client_gives_up(platform, virtual_time):
    """On virtual time: the client's patience costs nothing."""
    import anyio

    async def run() -> float:
        platform.world.faults.add(Fault(path="media", answer="hang"))
        start = anyio.current_time()
        with pytest.raises(httpx.ReadTimeout):
            await platform.create(image_url=platform.photo)
        return anyio.current_time() - start

    backend, options = virtual_time
    assert anyio.run(run, backend=backend, backend_options=options) == pytest.approx(5)


async def test_an_answer_can_be_garbage(platform):
    platform.world.faults.add(Fault(method="GET", answer="garbage", status=502))
    answer = await platform.client.get(f"/{ACME}")
    assert answer.status_code == 502
    assert answer.text.startswith("<html>")


async def test_a_publication_can_show_late(platform):
    platform.world.faults.add(Fault(path="media_publish", apply="yes", late=60))
    container = await platform.ready(image_url=platform.photo)
    assert (await _publish(platform, container)).status_code == 500
    assert await platform.status(container) == "FINISHED"
    assert (await platform.get(f"/{ACME}/media"))["data"] == []
    assert await platform.refused(f"/{platform.world.log[0].id}", "GET") == (100, 33)
    platform.clock.turn(seconds=60)
    assert await platform.status(container) == "PUBLISHED"
    assert len((await platform.get(f"/{ACME}/media"))["data"]) == 1


async def test_processing_can_take_longer_and_fail(platform):
    platform.world.faults.add(
        Fault(method="POST", path="/media$", answer="normal", late=60, container_problem=2207053)
    )
    container = await platform.create(image_url=platform.photo)
    platform.clock.turn(seconds=61)
    assert await platform.status(container) == "IN_PROGRESS"
    platform.clock.turn(seconds=1)
    answer = await platform.get(f"/{container}", fields="status")
    assert answer["status"].endswith("2207053")


async def test_faults_count_their_requests(platform):
    platform.world.faults.add(Fault(method="GET", path=f"^/{ACME}$", skip=1, times=2))
    statuses = [(await platform.client.get(f"/v26.0/{ACME}")).status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]


async def test_a_fault_without_an_end_stays(platform):
    platform.world.faults.add(Fault(method="GET", times=None, code=4, status=400))
    for _ in range(3):
        assert await platform.refused(f"/{ACME}", "GET") == (4, None)
