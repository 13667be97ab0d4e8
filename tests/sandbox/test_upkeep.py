"""What can still be done to a post that is out: comments, their switch, deletion."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialauto.sandbox.state import Account, Token
from socialauto.sandbox.storage import FolderStorage
from socialauto.sandbox.world import World

ACME = "17841400000000001"
OTHER = "17841400000000002"
NO_SUCH_OBJECT = (100, 33)


@pytest.fixture
async def media(platform) -> str:
    return await platform.publish(await platform.ready(image_url=platform.photo))


@pytest.mark.anyio
async def test_a_deleted_post_is_gone_and_its_container_still_says_published(platform) -> None:
    container = await platform.ready(image_url=platform.photo)
    media = await platform.publish(container)
    answer = await platform.client.delete(f"/{media}")
    assert answer.json() == {"success": True, "deleted_id": media}
    assert await platform.refused(f"/{media}", "GET") == NO_SUCH_OBJECT
    assert await platform.refused(f"/{media}", "DELETE") == NO_SUCH_OBJECT
    assert (await platform.get(f"/{ACME}/media"))["data"] == []
    assert await platform.status(container) == "PUBLISHED"
    assert (await platform.get(f"/{ACME}/content_publishing_limit"))["data"] == [{"quota_usage": 1}]


@pytest.mark.anyio
async def test_a_whole_carousel_is_deleted_and_never_one_of_its_items(platform) -> None:
    items = [await platform.ready(image_url=platform.photo, is_carousel_item="1") for _ in "ab"]
    parent = await platform.ready(media_type="CAROUSEL", children=json.dumps(items))
    media = await platform.publish(parent)
    item = (await platform.get(f"/{media}/children"))["data"][0]["id"]
    assert await platform.refused(f"/{item}", "DELETE") == (-1, 2207073)
    assert (await platform.client.delete(f"/{media}")).status_code == 200
    assert await platform.refused(f"/{item}", "GET") == NO_SUCH_OBJECT


@pytest.mark.anyio
async def test_nothing_is_deleted_with_instagram_login(platform) -> None:
    media = await platform.publish(await platform.ready(OTHER, image_url=platform.photo), OTHER)
    assert await platform.refused(f"/{media}", "DELETE") == (-1, 2207073)
    assert await platform.get(f"/{media}") == {"id": media}


@pytest.mark.anyio
@pytest.mark.parametrize("token", ["only-other", "old"])
async def test_only_the_owners_token_deletes(platform, media, token) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert (await platform.client.delete(f"/{media}", headers=headers)).status_code == 400
    assert await platform.get(f"/{media}") == {"id": media}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("scope", "status"), [("instagram_manage_contents", 200), ("instagram_manage_comments", 400)]
)
async def test_deleting_needs_a_permission_of_its_own(platform, media, scope, status) -> None:
    platform.world.tokens["narrow"] = Token(scopes=frozenset({"instagram_basic", scope}))
    headers = {"Authorization": "Bearer narrow"}
    assert (await platform.client.delete(f"/{media}", headers=headers)).status_code == status


@pytest.mark.anyio
async def test_accounts_and_containers_cannot_be_deleted(platform) -> None:
    container = await platform.ready(image_url=platform.photo)
    assert await platform.refused(f"/{ACME}", "DELETE") == NO_SUCH_OBJECT
    assert await platform.refused(f"/{container}", "DELETE") == NO_SUCH_OBJECT


@pytest.mark.anyio
async def test_comments_are_refused_while_they_are_off(platform, media) -> None:
    await platform.post(f"/{media}/comments", message="first")
    assert await platform.post(f"/{media}", comment_enabled="false") == {"success": True}
    assert (await platform.get(f"/{media}", fields="is_comment_enabled"))["is_comment_enabled"] is (
        False
    )
    assert await platform.refused(f"/{media}/comments", message="second") == (10, None)
    await platform.post(f"/{media}", comment_enabled="true")
    await platform.post(f"/{media}/comments", message="third")
    listed = await platform.get(f"/{media}/comments", fields="text")
    assert [each["text"] for each in listed["data"]] == ["first", "third"]


@pytest.mark.anyio
async def test_a_media_object_takes_no_other_change(platform, media) -> None:
    assert await platform.refused(f"/{media}", caption="Better words") == (100, None)
    assert await platform.refused(f"/{media}", comment_enabled="perhaps") == (100, None)


@pytest.mark.anyio
async def test_a_comment_is_read_hidden_and_deleted(platform, media) -> None:
    comment = (await platform.post(f"/{media}/comments", message="Link in bio"))["id"]
    assert (await platform.get(f"/{comment}", fields="text"))["text"] == "Link in bio"
    await platform.post(f"/{comment}", hide="true")
    assert (await platform.get(f"/{comment}", fields="hidden"))["hidden"] is True
    assert (await platform.client.delete(f"/{comment}")).json() == {"success": True}
    assert (await platform.get(f"/{media}/comments"))["data"] == []
    assert await platform.refused(f"/{comment}", "GET") == NO_SUCH_OBJECT
    headers = {"Authorization": "Bearer only-other"}
    assert (await platform.client.delete(f"/{comment}", headers=headers)).status_code == 400


@pytest.mark.anyio
async def test_replies_stand_below_their_comment(platform, media) -> None:
    comment = (await platform.post(f"/{media}/comments", message="How much?"))["id"]
    reply = (await platform.post(f"/{comment}/replies", message="Nothing"))["id"]
    await platform.post(f"/{reply}/replies", message="Really")
    listed = await platform.get(f"/{media}/comments", fields="text,replies{text,parent_id}")
    texts = [each["text"] for each in listed["data"][0]["replies"]["data"]]
    assert (len(listed["data"]), texts) == (1, ["Nothing", "Really"])
    assert len((await platform.get(f"/{comment}/replies"))["data"]) == 2


def test_deletions_and_switches_survive_a_restart(tmp_path: Path) -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    account = Account(id=ACME, username="acme")
    storage = FolderStorage(tmp_path / "state")
    first = World([account], storage=storage)
    kept, gone = (first.add_comment(account, "18000000000000001", text, now) for text in "ab")
    first.upkeep.delete_comment(gone.id)
    first.upkeep.enable_comments("18000000000000001", enabled=False)
    first.upkeep.delete("18000000000000002", now)
    storage.close()
    second = World(storage=FolderStorage(tmp_path / "state"))
    assert second.comments("18000000000000001") == [kept]
    assert not second.upkeep.comments_enabled("18000000000000001")
    assert second.upkeep.is_gone("18000000000000002", now)
