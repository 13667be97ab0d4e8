"""What can be read back, and in which wire forms questions may come."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

pytestmark = pytest.mark.anyio
ACME = "17841400000000001"
OTHER = "17841400000000002"


async def _post(platform, **params) -> str:
    media = await platform.publish(await platform.ready(image_url=platform.photo, **params))
    platform.clock.turn(minutes=1)
    return media


async def test_a_post_reads_back_as_it_was_sent(platform):
    media = await _post(platform, caption="Hello #you", alt_text="A door")
    fields = "id,caption,alt_text,media_type,media_product_type,timestamp,permalink,shortcode"
    answer = await platform.get(f"/{media}", fields=f"{fields},username,owner{{id}}")
    code = answer["shortcode"]
    assert answer == {
        "id": media,
        "caption": "Hello #you",
        "alt_text": "A door",
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "timestamp": "2026-12-01T09:00:10+0000",
        "permalink": f"http://sandbox/acme/p/{code}/",
        "shortcode": code,
        "username": "acme",
        "owner": {"id": ACME},
    }


async def test_a_reel_says_so(platform):
    container = await platform.ready(
        media_type="REELS", video_url=platform.film, share_to_feed="0", cover_url=platform.photo
    )
    media = await platform.publish(container)
    fields = "media_type,media_product_type,is_shared_to_feed,thumbnail_url"
    answer = await platform.get(f"/{media}", fields=fields)
    assert answer.pop("thumbnail_url").endswith(".jpg")
    expected = {"media_type": "VIDEO", "media_product_type": "REELS", "is_shared_to_feed": False}
    assert answer == {"id": media, **expected}


async def test_carousel_items_have_ids_of_their_own_and_no_permalink(platform):
    items = [
        await platform.ready(image_url=platform.photo, is_carousel_item="1", alt_text=alt)
        for alt in ("one", "two")
    ]
    media = await platform.publish(
        await platform.ready(media_type="CAROUSEL", children=json.dumps(items))
    )
    children = (await platform.get(f"/{media}/children", fields="alt_text,permalink"))["data"]
    assert [child["alt_text"] for child in children] == ["one", "two"]
    assert all("permalink" not in child for child in children)
    assert (await platform.get(f"/{children[0]['id']}", fields="media_type")) == {
        "id": children[0]["id"],
        "media_type": "IMAGE",
    }


async def test_without_fields_only_the_id_is_told(platform):
    container = await platform.ready(image_url=platform.photo)
    media = await platform.publish(container)
    for object_id in (ACME, container, media):
        assert await platform.get(f"/{object_id}") == {"id": object_id}


@pytest.mark.parametrize("fields", ["nope", "id,", "id{", "a}", "children{" * 9, "id;drop"])
async def test_fields_that_do_not_exist_are_refused(platform, fields):
    assert await platform.refused(f"/{ACME}", "GET", fields=fields) == (100, None)


async def test_a_container_does_not_reveal_its_media_id(platform):
    container = await platform.ready(image_url=platform.photo)
    await platform.publish(container)
    assert await platform.refused(f"/{container}", "GET", fields="media_id") == (100, None)


async def test_the_list_is_newest_first_and_comes_in_pages(platform):
    media = [await _post(platform, caption=str(number)) for number in range(5)]
    first = await platform.get(f"/v26.0/{ACME}/media", fields="caption", limit=2)
    assert [entry["caption"] for entry in first["data"]] == ["4", "3"]
    assert first["paging"]["next"].startswith(f"http://sandbox/v26.0/{ACME}/media?")
    assert "good" not in first["paging"]["next"]
    second = await platform.get(first["paging"]["next"])
    assert [entry["caption"] for entry in second["data"]] == ["2", "1"]
    after = second["paging"]["cursors"]["after"]
    last = await platform.get(f"/{ACME}/media", limit=2, after=after)
    assert last["data"] == [{"id": media[0]}]
    assert "next" not in last["paging"]


async def test_the_list_can_be_cut_by_time(platform):
    media = [await _post(platform) for _ in range(3)]
    middle = platform.world.log[1].time
    second = int(middle.timestamp())
    since = await platform.get(f"/{ACME}/media", since=second)
    until = await platform.get(f"/{ACME}/media", until=second)
    assert [entry["id"] for entry in since["data"]] == [media[2], media[1]]
    assert [entry["id"] for entry in until["data"]] == [media[1], media[0]]
    assert await platform.refused(f"/{ACME}/media", "GET", since="9" * 30) == (100, None)


async def test_the_list_may_lag_behind(platform):
    platform.world.settings = replace(platform.world.settings, listing_lag=90)
    media = await platform.publish(await platform.ready(image_url=platform.photo))
    platform.clock.turn(seconds=89)
    assert (await platform.get(f"/{ACME}/media"))["data"] == []
    assert (await platform.get(f"/{media}"))["id"] == media
    platform.clock.turn(seconds=1)
    assert (await platform.get(f"/{ACME}/media"))["data"] == [{"id": media}]


async def test_the_quota_is_read_with_and_without_its_configuration(platform):
    await _post(platform)
    path = f"/{ACME}/content_publishing_limit"
    assert await platform.get(path) == {"data": [{"quota_usage": 1}]}
    answer = await platform.get(path, fields="quota_usage,config")
    config = {"quota_total": 100, "quota_duration": 86400}
    assert answer == {"data": [{"quota_usage": 1, "config": config}]}
    since = int(platform.clock.now().timestamp())
    assert await platform.get(path, since=since) == {"data": [{"quota_usage": 0}]}
    platform.clock.turn(days=1)
    assert await platform.get(path) == {"data": [{"quota_usage": 0}]}


async def test_an_account_tells_about_itself(platform):
    await _post(platform)
    fields = "username,name,media_count,media.limit(1){media_type}"
    answer = await platform.get(f"/{ACME}", fields=fields)
    assert (answer["username"], answer["name"]) == ("acme", "Acme & Sons")
    assert answer["media_count"] == 1
    assert answer["media"]["data"][0]["media_type"] == "IMAGE"


async def test_me_differs_between_the_two_logins(platform):
    facebook = await platform.client.get(
        "/me", params={"access_token": "only-acme"}, headers={"Authorization": ""}
    )
    assert facebook.json() == {"id": "1841400000000001", "name": "Sandbox Person"}
    pages = await platform.get("/me/accounts")
    assert [page["instagram_business_account"] for page in pages["data"]] == [{"id": ACME}]
    instagram = await platform.client.get(
        "/me",
        params={"fields": "id,user_id,username"},
        headers={"Authorization": "Bearer only-other"},
    )
    assert instagram.json()["user_id"] == OTHER
    assert instagram.json()["id"] != OTHER


async def test_comments_are_written_and_listed(platform):
    media = await _post(platform)
    comment = await platform.post(f"/{media}/comments", message="Link in bio")
    listed = await platform.get(f"/{media}/comments", fields="text,username")
    assert listed["data"] == [{"id": comment["id"], "text": "Link in bio", "username": "acme"}]
    assert await platform.refused(f"/{media}/comments", message=" ") == (100, None)


async def test_captions_can_come_back_without_at_signs(platform):
    platform.world.add_account(replace(platform.world.accounts[ACME], drops_at_signs=True))
    media = await _post(platform, caption="with @friend")
    assert (await platform.get(f"/{media}", fields="caption"))["caption"] == "with friend"


async def test_an_account_can_hide_fields(platform):
    hidden = replace(platform.world.accounts[ACME], hidden_fields=("caption",))
    platform.world.add_account(hidden)
    media = await _post(platform, caption="secret")
    assert await platform.get(f"/{media}", fields="id,caption") == {"id": media}


async def test_every_answer_tells_how_near_the_limits_are(platform):
    platform.world.settings = replace(platform.world.settings, hourly_calls=2)
    answer = await platform.client.get(f"/{ACME}")
    assert json.loads(answer.headers["x-app-usage"])["call_count"] == 50
    business = json.loads(answer.headers["x-business-use-case-usage"])
    assert business[ACME][0]["type"] == "instagram"
    await platform.get(f"/{ACME}")
    assert await platform.refused(f"/{ACME}", "GET") == (80002, None)
    platform.clock.turn(hours=1)
    await platform.get(f"/{ACME}")


WIRES = {
    "form": {"data": {"caption": "x", "is_ai_generated": "true", "access_token": "good"}},
    "query": {"params": {"caption": "x", "is_ai_generated": "True", "access_token": "good"}},
    "JSON": {"json": {"caption": "x", "is_ai_generated": True, "access_token": "good"}},
    "multipart": {"files": {"caption": (None, "x"), "is_ai_generated": (None, "1")}},
}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("version", ["", "/v19.0", "/v26.0"])
async def test_parameters_and_token_may_come_in_any_wire_form(platform, wire, version):
    request = {name: dict(part) for name, part in WIRES[wire].items()}
    kind, part = next(iter(request.items()))
    part["image_url"] = (None, platform.photo) if kind == "files" else platform.photo
    headers = {"Authorization": "Bearer good" if kind == "files" else ""}
    answer = await platform.client.post(f"{version}/{ACME}/media", headers=headers, **request)
    container = platform.world.containers[answer.json()["id"]]
    assert container.draft.caption == "x"
    assert container.draft.options["is_ai_generated"] is True


@pytest.mark.parametrize("body", [b"[1]", b"{", b"[" * 100_000, b"1" * 1_000_001])
async def test_a_body_that_cannot_be_read_is_refused(platform, body):
    answer = await platform.client.post(
        f"/{ACME}/media", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.json()["error"]["code"] == 100
