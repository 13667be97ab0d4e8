"""Insights: which metric exists for what, numbers that grow, and what an absence means."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

pytestmark = pytest.mark.anyio
OTHER = "17841400000000002"
ACME = "17841400000000001"
BAD = (100, None)

COMMON = "reach,views,shares,reposts,total_interactions"
REACTIONS = "likes,comments,saved"
VISITS = "follows,profile_visits,profile_activity"
WATCHED = "ig_reels_avg_watch_time,ig_reels_video_view_total_time,reels_skip_rate"
STORY = "replies,link_clicks,navigation"
TOTALS = "total_likes,total_comments,total_views"


async def _post(platform, kind: str, account: str = ACME) -> str:
    form = {
        "feed": {"image_url": platform.photo},
        "reel": {"media_type": "REELS", "video_url": platform.film},
        "story": {"media_type": "STORIES", "image_url": platform.photo},
    }[kind]
    return await platform.publish(await platform.ready(account, **form), account)


async def _numbers(platform, media: str, metrics: str) -> dict[str, float]:
    answer = await platform.get(f"/{media}/insights", metric=metrics)
    return {row["name"]: row["values"][0]["value"] for row in answer["data"]}


TABLE = [
    # metrics, feed, reel, story
    (COMMON, True, True, True),
    (REACTIONS, True, True, False),
    (VISITS, True, False, True),
    (WATCHED, False, True, False),
    (STORY, False, False, True),
    (TOTALS, True, True, False),
    ("total_views", True, True, True),
    ("impressions", False, False, False),
    ("facebook_views", False, False, False),
    ("plays", False, False, False),
]


@pytest.mark.parametrize(("metrics", "feed", "reel", "story"), TABLE)
async def test_each_type_has_its_own_metrics(platform, metrics, feed, reel, story) -> None:
    platform.world.settings = replace(platform.world.settings, audience=100_000)
    for kind, allowed in (("feed", feed), ("reel", reel), ("story", story)):
        media = await _post(platform, kind)
        platform.clock.turn(hours=20)
        if allowed:
            assert list(await _numbers(platform, media, metrics)) == metrics.split(",")
        else:
            assert await platform.refused(f"/{media}/insights", "GET", metric=metrics) == BAD


async def test_totals_are_for_facebook_login_only(platform) -> None:
    media = await _post(platform, "feed", OTHER)
    platform.clock.turn(hours=20)
    assert await platform.refused(f"/{media}/insights", "GET", metric="reach,total_likes") == BAD
    assert set(await _numbers(platform, media, "reach,likes")) == {"reach", "likes"}


async def test_one_wrong_metric_fails_the_whole_request(platform) -> None:
    media = await _post(platform, "feed")
    platform.clock.turn(hours=20)
    assert await platform.refused(f"/{media}/insights", "GET", metric="reach,replies") == BAD
    assert await platform.refused(f"/{media}/insights", "GET") == BAD
    assert await platform.refused(f"/{media}/insights", "GET", metric="reach", period="day") == BAD


async def test_numbers_grow_and_fit_together(platform) -> None:
    media = await _post(platform, "feed")
    seen: list[dict[str, float]] = []
    for _ in range(5):
        platform.clock.turn(hours=30)
        seen.append(await _numbers(platform, media, f"{COMMON},{REACTIONS}"))
        again = await _numbers(platform, media, f"{COMMON},{REACTIONS}")
        assert again == seen[-1]
    for metric in ("reach", "views", "likes", "total_interactions"):
        values = [numbers[metric] for numbers in seen]
        assert values == sorted(values)
        assert values[0] < values[-1]
    last = seen[-1]
    assert last["reach"] <= last["views"]
    kinds = ("likes", "comments", "saved", "shares", "reposts")
    assert last["total_interactions"] == sum(last[kind] for kind in kinds)


async def test_late_data_are_an_empty_list_and_never_zero(platform) -> None:
    platform.world.settings = replace(platform.world.settings, insights_delay=48 * 3600)
    media = await _post(platform, "feed")
    assert await platform.get(f"/{media}/insights", metric="reach") == {"data": []}
    platform.clock.turn(hours=48)
    assert set(await _numbers(platform, media, "reach")) == {"reach"}


async def test_what_nobody_has_done_is_left_out(platform) -> None:
    platform.world.settings = replace(platform.world.settings, audience=10)
    media = await _post(platform, "feed")
    platform.clock.turn(hours=20)
    assert set(await _numbers(platform, media, "reach,follows")) == {"reach"}


async def test_stories_tell_for_a_day_and_not_of_few_viewers(platform) -> None:
    media = await _post(platform, "story")
    assert await platform.refused(f"/{media}/insights", "GET", metric="reach") == (10, None)
    platform.clock.turn(hours=10)
    assert set(await _numbers(platform, media, "reach,navigation")) == {"reach", "navigation"}
    platform.clock.turn(hours=14)
    assert await platform.refused(f"/{media}/insights", "GET", metric="reach") == (100, 33)


async def test_items_of_a_carousel_have_none(platform) -> None:
    items = [await platform.ready(image_url=platform.photo, is_carousel_item="1") for _ in "ab"]
    parent = await platform.ready(media_type="CAROUSEL", children=json.dumps(items))
    media = await platform.publish(parent)
    platform.clock.turn(hours=20)
    item = (await platform.get(f"/{media}/children"))["data"][0]["id"]
    assert await platform.refused(f"/{item}/insights", "GET", metric="reach") == BAD
    assert set(await _numbers(platform, media, "reach")) == {"reach"}


async def test_a_breakdown_adds_up(platform) -> None:
    media = await _post(platform, "story")
    platform.clock.turn(hours=20)
    whole = (await _numbers(platform, media, "navigation"))["navigation"]
    answer = await platform.get(
        f"/{media}/insights", metric="navigation", breakdown="story_navigation_action_type"
    )
    total = answer["data"][0]["total_value"]
    assert total["value"] == whole
    assert sum(result["value"] for result in total["breakdowns"][0]["results"]) == whole
    wrong = {"metric": "navigation", "breakdown": "action_type"}
    assert await platform.refused(f"/{media}/insights", "GET", **wrong) == BAD


async def test_who_has_made_too_many_calls_is_told_for_how_long(platform) -> None:
    platform.world.settings = replace(platform.world.settings, hourly_calls=1)
    await platform.get(f"/{ACME}")
    platform.clock.turn(minutes=20)
    answer = await platform.client.get(f"/{ACME}")
    business = json.loads(answer.headers["x-business-use-case-usage"])[ACME][0]
    assert answer.json()["error"]["code"] == 80002
    assert (business["call_count"], business["estimated_time_to_regain_access"]) == (100, 40)
