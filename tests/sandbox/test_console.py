"""The sandbox's own door: publish log, requests, faults, settings, clock."""

from __future__ import annotations

import httpx
import pytest

from socialauto.sandbox.app import create_app
from socialauto.sandbox.inprocess import InProcess

pytestmark = pytest.mark.anyio
ACME = "17841400000000001"


async def _json(platform, method: str, path: str, **arguments):
    return (await platform.client.request(method, path, **arguments)).json()


async def test_the_publish_log_is_readable(platform):
    media = await platform.publish(await platform.ready(image_url=platform.photo, caption="Hello"))
    [line] = await _json(platform, "GET", "/_sandbox/log")
    assert (line["account"], line["media"], line["caption"]) == (ACME, media, "Hello")
    assert line["time"] == platform.clock.now().isoformat()


async def test_requests_are_kept_without_their_tokens(platform):
    await platform.client.get(
        f"/{ACME}", params={"fields": "id", "access_token": "good", "appsecret_proof": "proof"}
    )
    await platform.client.get("/999", headers={"Authorization": "Bearer wrong"})
    first, second = await _json(platform, "GET", "/_sandbox/requests")
    assert first["params"] == {"fields": "id"}
    assert (first["token"], first["answer"]) == ("query", "ok")
    assert second["answer"].startswith("190/467")
    assert "good" not in str(first)
    assert "wrong" not in str(second)


async def test_faults_are_scripted_over_http(platform):
    rule = {"method": "GET", "path": "^/1", "status": 503, "code": 2}
    [fault] = await _json(platform, "POST", "/_sandbox/faults", json=rule)
    assert (fault["status"], fault["times"]) == (503, 1)
    assert (await platform.client.get(f"/{ACME}")).status_code == 503
    assert await _json(platform, "GET", "/_sandbox/faults") == []
    await platform.client.post("/_sandbox/faults", json=rule)
    assert await _json(platform, "DELETE", "/_sandbox/faults") == []


@pytest.mark.parametrize(
    "document", [{"path": "("}, {"answer": "shrug"}, {"colour": "red"}, [], "x", {"times": "many"}]
)
async def test_a_fault_that_makes_no_sense_is_refused(platform, document):
    answer = await platform.client.post("/_sandbox/faults", json=document)
    assert answer.status_code == 400
    assert answer.json()["problem"]
    assert list(platform.world.faults) == []


async def test_forms_of_other_sites_are_not_taken(platform):
    answer = await platform.client.post("/_sandbox/faults", data={"path": ".*"})
    assert answer.status_code == 415


async def test_settings_change_one_by_one(platform):
    changed = await _json(platform, "POST", "/_sandbox/settings", json={"listing_lag": 30})
    assert (changed["listing_lag"], changed["image_seconds"]) == (30, 2)
    assert platform.world.settings.listing_lag == 30
    answer = await platform.client.post("/_sandbox/settings", json={"speed": 1})
    assert answer.status_code == 400


async def test_the_clock_moves_when_it_may(platform):
    moved = await _json(
        platform, "POST", "/_sandbox/clock", json={"now": "2027-01-01T00:00:00Z", "advance": 60}
    )
    assert moved == {"now": "2027-01-01T00:01:00+00:00"}
    answer = await platform.client.post("/_sandbox/clock", json={"now": "2027-01-01"})
    assert answer.status_code == 400


async def test_real_time_does_not_move(platform):
    app = create_app(platform.world, fetch=platform.host.fetch, now=platform.clock.now)
    async with httpx.AsyncClient(transport=InProcess(app), base_url="http://sandbox") as client:
        answer = await client.post("/_sandbox/clock", json={"advance": 60})
    assert answer.status_code == 409
    assert "--now" in answer.json()["problem"]
