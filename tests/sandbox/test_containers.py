"""The life of a container, from its creation to the day after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.media_samples import mp4

pytestmark = pytest.mark.anyio
ACME = "17841400000000001"


async def test_an_image_is_ready_two_seconds_after_its_creation(platform):
    container = await platform.create(image_url=platform.photo)
    seen = [await platform.status(container)]
    platform.clock.turn(seconds=1.9)
    seen.append(await platform.status(container))
    platform.clock.turn(seconds=0.1)
    seen.append(await platform.status(container))
    assert seen == ["IN_PROGRESS", "IN_PROGRESS", "FINISHED"]


async def test_a_video_takes_five_seconds(platform):
    container = await platform.create(media_type="REELS", video_url=platform.film)
    platform.clock.turn(seconds=4.9)
    before = await platform.status(container)
    platform.clock.turn(seconds=0.1)
    assert [before, await platform.status(container)] == ["IN_PROGRESS", "FINISHED"]


async def test_publishing_too_early_is_refused_and_works_later(platform):
    container = await platform.create(image_url=platform.photo)
    path = f"/{ACME}/media_publish"
    assert await platform.refused(path, creation_id=container) == (9007, 2207027)
    platform.clock.turn(seconds=2)
    await platform.publish(container)
    assert await platform.status(container) == "PUBLISHED"


async def test_an_unpublished_container_expires_after_a_day(platform):
    container = await platform.create(image_url=platform.photo)
    platform.clock.turn(hours=24)
    assert await platform.status(container) == "EXPIRED"
    path = f"/{ACME}/media_publish"
    assert await platform.refused(path, creation_id=container) == (24, 2207008)


async def test_a_published_container_stays_published(platform):
    container = await platform.ready(image_url=platform.photo)
    await platform.publish(container)
    platform.clock.turn(days=3)
    assert await platform.status(container) == "PUBLISHED"


@pytest.mark.parametrize(
    ("problem", "video"),
    [
        ("codec", {"codec": "vp9"}),
        ("too short", {"seconds": 2}),
        ("index at the end", {"moov_first": False}),
        ("frame rate", {"frame_rate": 15}),
        ("six channels", {"channels": 6}),
        ("96 kHz", {"audio_rate": 96_000}),
    ],
)
async def test_an_unsuitable_video_fails_only_when_processing_ends(platform, problem, video):
    url = platform.host.put("film.mp4", mp4(**video))
    container = await platform.create(media_type="REELS", video_url=url)
    assert await platform.status(container) == "IN_PROGRESS"
    platform.clock.turn(seconds=5)
    answer = await platform.get(f"/{container}", fields="status_code,status")
    assert answer["status_code"] == "ERROR"
    assert answer["status"].endswith("error code 2207026")
    path = f"/{ACME}/media_publish"
    assert await platform.refused(path, creation_id=container) == (9007, 2207027)


async def test_a_video_that_was_cut_off_fails_in_processing(platform):
    url = platform.host.put("film.mp4", mp4()[:-2000])
    container = await platform.ready(media_type="REELS", video_url=url)
    assert await platform.status(container) == "ERROR"


async def test_a_carousel_needs_finished_children(platform):
    items = [
        await platform.create(image_url=platform.photo, is_carousel_item="true") for _ in range(2)
    ]
    path, children = f"/{ACME}/media", ",".join(items)
    assert await platform.refused(path, media_type="CAROUSEL", children=children) == (9007, 2207027)
    platform.clock.turn(seconds=2)
    parent = await platform.ready(media_type="CAROUSEL", children=children)
    media = await platform.publish(parent)
    answer = await platform.get(f"/{media}", fields="media_type,children{media_type}")
    assert answer["media_type"] == "CAROUSEL_ALBUM"
    assert [child["media_type"] for child in answer["children"]["data"]] == ["IMAGE", "IMAGE"]


@pytest.mark.parametrize("count", [0, 1, 11])
async def test_a_carousel_takes_two_to_ten_children(platform, count):
    item = await platform.ready(image_url=platform.photo, is_carousel_item="true")
    code = await platform.refused(
        f"/{ACME}/media", media_type="CAROUSEL", children=",".join([item] * count)
    )
    assert code == (100, 2207028)


async def test_a_carousel_refuses_children_that_are_no_items(platform):
    whole = await platform.ready(image_url=platform.photo)
    code = await platform.refused(
        f"/{ACME}/media", media_type="CAROUSEL", children=f"{whole},{whole}"
    )
    assert code == (100, None)


async def test_a_carousel_item_is_not_published_by_itself(platform):
    item = await platform.ready(image_url=platform.photo, is_carousel_item="true")
    assert await platform.refused(f"/{ACME}/media_publish", creation_id=item) == (100, None)


@pytest.mark.parametrize(("behaviour", "posts"), [("duplicate", 2), ("same", 1)])
async def test_what_a_second_publish_does_is_a_setting(platform, behaviour, posts):
    platform.world.settings = replace(platform.world.settings, republish=behaviour)
    container = await platform.ready(image_url=platform.photo)
    ids = {await platform.publish(container), await platform.publish(container)}
    assert len(ids) == len(platform.world.log) == posts


async def test_a_second_publish_can_be_refused(platform):
    platform.world.settings = replace(platform.world.settings, republish="refuse")
    container = await platform.ready(image_url=platform.photo)
    await platform.publish(container)
    code = await platform.refused(f"/{ACME}/media_publish", creation_id=container)
    assert code == (24, 2207006)
    assert len(platform.world.log) == 1


async def test_the_worst_case_is_the_default(platform):
    assert platform.world.settings.republish == "duplicate"


async def test_the_daily_quota_ends_and_comes_back(platform):
    account = platform.world.accounts[ACME]
    platform.world.add_account(replace(account, quota_total=1))
    container = await platform.ready(image_url=platform.photo)
    await platform.publish(container)
    platform.clock.turn(hours=1)
    second = await platform.ready(image_url=platform.photo)
    path = f"/{ACME}/media_publish"
    assert await platform.refused(path, creation_id=second) == (9, 2207042)
    platform.clock.turn(hours=22.99)
    assert await platform.refused(path, creation_id=second) == (9, 2207042)
    platform.clock.turn(hours=0.02)
    await platform.publish(second)
    assert len(platform.world.log) == 2


async def test_at_most_so_many_containers_a_day(platform):
    platform.world.add_account(replace(platform.world.accounts[ACME], container_cap=1))
    await platform.create(image_url=platform.photo)
    path = f"/{ACME}/media"
    assert await platform.refused(path, image_url=platform.photo) == (9, 2207042)
    platform.clock.turn(hours=24, seconds=1)
    await platform.create(image_url=platform.photo)


async def test_the_publish_log_names_account_container_media_and_time(platform):
    container = await platform.ready(image_url=platform.photo)
    media = await platform.publish(container)
    [entry] = platform.world.log
    assert (entry.account, entry.container, entry.id) == (ACME, container, media)
    assert entry.time == platform.clock.now()


async def test_a_story_is_listed_apart_and_for_a_day(platform):
    media = await platform.publish(
        await platform.ready(media_type="STORIES", image_url=platform.photo)
    )
    assert (await platform.get(f"/{ACME}/media"))["data"] == []
    assert (await platform.get(f"/{ACME}/stories"))["data"] == [{"id": media}]
    platform.clock.turn(hours=23, minutes=59)
    assert (await platform.get(f"/{media}", fields="media_product_type")) == {
        "id": media,
        "media_product_type": "STORY",
    }
    platform.clock.turn(minutes=1)
    assert (await platform.get(f"/{ACME}/stories"))["data"] == []
    assert await platform.refused(f"/{media}", "GET") == (100, 33)
