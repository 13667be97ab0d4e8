"""Independent clients read insights and write comments, unchanged, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import Fetched
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Draft, Settings, Token
from socialauto.sandbox.world import World
from support.clients import ACME, metas_own_sdk, npm_client, python_facebook_api

pytestmark = pytest.mark.usefixtures("direct")

POSTED = datetime(2026, 12, 1, 9, tzinfo=UTC)
NOW = POSTED + timedelta(days=2)


async def _nothing(address: str) -> Fetched:
    return Fetched(404, b"")


@pytest.fixture(scope="module")
def world() -> World:
    account = Account(id=ACME, username="acme")
    settings = Settings(image_seconds=0, audience=10_000)
    made = World([account], tokens={"good": Token()}, settings=settings)
    container = made.create(account, Draft(shape="image", caption="A photo"), POSTED)
    made.publish(account, container.id, POSTED)
    return made


@pytest.fixture(scope="module")
def media(world: World) -> str:
    return world.log[0].id


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    with serve_in_thread(create_app(world, fetch=_nothing, now=lambda: NOW)) as running:
        yield running.url


METRICS = ["reach", "likes", "total_likes"]


def test_metas_own_sdk_reads_insights_and_deletes(url, world, monkeypatch) -> None:
    """Metrics as a JSON array in the query."""
    from facebook_business.adobjects.igmedia import IGMedia

    api = metas_own_sdk(url, monkeypatch)
    media = IGMedia(world.log[0].id, api=api)
    rows = media.get_insights(params={"metric": METRICS})
    assert [row["name"] for row in rows] == METRICS
    assert all(row["values"][0]["value"] > 0 for row in rows)
    account = world.accounts[ACME]
    container = world.create(account, Draft(shape="image"), POSTED)
    gone = world.publish(account, container.id, POSTED).id
    api.call("DELETE", (gone,))
    assert world.upkeep.is_gone(gone, NOW)


def test_metas_own_sdk_reads_why_there_are_none(url, media, monkeypatch) -> None:
    from facebook_business.adobjects.igmedia import IGMedia
    from facebook_business.exceptions import FacebookRequestError

    api = metas_own_sdk(url, monkeypatch)
    with pytest.raises(FacebookRequestError) as refused:
        IGMedia(media, api=api).get_insights(params={"metric": ["reach", "replies"]})
    assert refused.value.api_error_code() == 100


def test_python_facebook_api_reads_insights(url, media) -> None:
    """Metrics as a comma list."""
    api = python_facebook_api(url)
    found = api.media.get_insights(media_id=media, metric=METRICS)
    assert [row.name for row in found.data] == METRICS
    broken = api.media.get_insights(
        media_id=media, metric=["profile_activity"], breakdown=["action_type"]
    )
    results = broken.data[0].total_value.breakdowns[0].results
    assert sum(result.value for result in results) == broken.data[0].total_value.value


def test_instagram_platform_sdk_reads_insights(url, media) -> None:
    """It checks every field of the answer with a model of its own."""
    from instagram_platform import InstagramClient

    with InstagramClient("good", ACME, base_url=url) as session:
        found = session.insights.get_media_insights(media, METRICS)
    assert [row.name for row in found.data] == METRICS
    assert {row.period for row in found.data} == {"lifetime"}


def test_instagram_platform_sdk_writes_and_deletes_comments(url, media, world) -> None:
    from instagram_platform import InstagramClient

    with InstagramClient("good", ACME, base_url=url) as session:
        account, now = world.accounts[ACME], NOW
        comment = world.add_comment(account, media, "Link in bio", now)
        listed = session.comments.get_comments(media)
        assert [each.text for each in listed.data] == ["Link in bio"]
        session.comments.delete_comment(comment.id)
    assert world.comments(media) == []


def test_the_npm_client_reads_insights(url, media, project_root: Path) -> None:
    """No version in the path; of the metrics that it knows by name two still exist."""
    script = project_root / "tests" / "sandbox" / "clients" / "instagram_graph_api_insights.js"
    found = npm_client(script, url, ACME, media)
    assert found.pop("reach") > 0
    assert found == {"names": ["reach", "saved"], "periods": ["lifetime", "lifetime"]}
