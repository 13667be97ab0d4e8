"""Independent clients of the real API, unchanged, over real HTTP: each in its own wire form.

They were written against the platform by people who never saw this sandbox. What they have in
common is only where they are pointed to.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import Fetched
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.media_samples import jpeg, mp4

ACME = "17841400000000001"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PHOTO = "https://media.example/photo.jpg"
SQUARE = "https://media.example/square.jpg"
FILM = "https://media.example/film.mp4"


@pytest.fixture(scope="module")
def world():
    return World(
        [Account(id=ACME, username="acme")],
        tokens={"good": Token(), "old": Token(expires=NOW)},
        settings=Settings(image_seconds=0, video_seconds=0),
    )


@pytest.fixture(scope="module")
def url(world):
    files = {PHOTO: jpeg(), SQUARE: jpeg(1080, 1080), FILM: mp4()}

    async def fetch(address: str) -> Fetched:
        return Fetched(200, files[address])

    with serve_in_thread(create_app(world, fetch=fetch, now=lambda: NOW)) as running:
        yield running.url


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    """These clients would ask the machine's proxy even for loopback."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def published(world):
    """What has been published since the test began: the shape and the caption of each."""
    before = len(world.log)

    def read() -> list[tuple[str, str]]:
        drafts = [world.containers[entry.container].draft for entry in world.log[before:]]
        return [(draft.shape, draft.caption) for draft in drafts]

    return read


ALL_THREE = [("image", "A photo"), ("carousel", "Two of a kind"), ("reel", "A film")]


def test_metas_own_sdk_publishes(url, published, monkeypatch):
    """Token and proof in the query, form body, children as a JSON array."""
    from facebook_business.adobjects.iguser import IGUser
    from facebook_business.api import FacebookAdsApi, FacebookSession

    monkeypatch.setattr(FacebookSession, "GRAPH", url)
    api = FacebookAdsApi.init("1", "secret", "good", crash_log=False)
    user = IGUser(ACME, api=api)

    def create(**params):
        container = user.create_media(params=params)["id"]
        status = api.call("GET", (container,), params={"fields": "status_code"}).json()
        assert status["status_code"] == "FINISHED"
        return container

    def publish(container):
        return user.create_media_publish(params={"creation_id": container})["id"]

    publish(create(image_url=PHOTO, caption="A photo", alt_text="A door"))
    items = [
        create(image_url=PHOTO, is_carousel_item=True),
        create(video_url=FILM, media_type="VIDEO", is_carousel_item=True),
    ]
    publish(create(media_type="CAROUSEL", children=items, caption="Two of a kind"))
    publish(create(media_type="REELS", video_url=FILM, caption="A film", share_to_feed=True))
    assert published() == ALL_THREE
    limit = user.get_content_publishing_limit(fields=["quota_usage", "config"])[0]
    assert limit["config"]["quota_total"] == 100
    captions = [media["caption"] for media in user.get_media(fields=["caption"])]
    assert sorted(captions[:3]) == ["A film", "A photo", "Two of a kind"]


def test_metas_own_sdk_reads_our_errors(url, monkeypatch):
    from facebook_business.adobjects.iguser import IGUser
    from facebook_business.api import FacebookAdsApi, FacebookSession
    from facebook_business.exceptions import FacebookRequestError

    monkeypatch.setattr(FacebookSession, "GRAPH", url)
    api = FacebookAdsApi.init("1", "secret", "good", crash_log=False)
    with pytest.raises(FacebookRequestError) as refused:
        IGUser(ACME, api=api).create_media_publish(params={"creation_id": "1"})
    error = refused.value
    assert (error.api_error_code(), error.api_error_subcode()) == (24, 2207008)
    assert error.http_status() == 400


def test_python_facebook_api_publishes(url, published):
    """Token in the form body, any version, children as JSON text."""
    from pyfacebook import IGBusinessApi

    api = IGBusinessApi(
        access_token="good",
        instagram_business_id=ACME,
        base_url=f"{url}/",
        version="v19.0",
        ignore_version_check=True,
    )

    def create(**params):
        container = api.post_object(ACME, connection="media", data=params)["id"]
        status = api.container.get_info(container_id=container, fields="id,status_code")
        assert status.status_code == "FINISHED"
        return container

    def publish(container):
        data = {"creation_id": container}
        return api.post_object(ACME, connection="media_publish", data=data)["id"]

    publish(create(image_url=PHOTO, caption="A photo"))
    items = [create(image_url=address, is_carousel_item="true") for address in (PHOTO, SQUARE)]
    publish(create(media_type="CAROUSEL", children=json.dumps(items), caption="Two of a kind"))
    publish(create(media_type="REELS", video_url=FILM, caption="A film"))
    assert published() == ALL_THREE
    assert api.user.get_info(fields="id,username").username == "acme"


def test_instagram_publish_publishes(url, published, monkeypatch):
    """Token in the header, children as a comma list; it insists on https media."""
    from instagram_publish import client

    monkeypatch.setitem(client.HOSTS, "instagram", url)
    session = client.InstagramClient("good", ACME, poll_interval=0)
    session.publish(PHOTO, "A photo")
    session.publish([PHOTO, SQUARE, FILM], "Two of a kind")
    session.publish(FILM, "A film")
    session.publish(PHOTO, story=True)
    assert published() == [*ALL_THREE, ("story", "")]
    session.session.close()


def test_instagram_publish_reads_our_errors(url, monkeypatch):
    from instagram_publish import client

    monkeypatch.setitem(client.HOSTS, "instagram", url)
    session = client.InstagramClient("old", ACME, poll_interval=0)
    with pytest.raises(client.InstagramError, match=r"Session has expired.*\(code 190\)"):
        session.publish(PHOTO)
    session.session.close()


def test_instagram_platform_sdk_publishes(url, published):
    """Token in the query, JSON body with real booleans. It has no carousel."""
    from instagram_platform import InstagramClient

    with InstagramClient("good", ACME, base_url=url) as session:
        session.media.publish_photo(PHOTO, caption="A photo")
        session.media.publish_reel(FILM, caption="A film", share_to_feed=True)
        captions = [media.caption for media in session.media.get_user_media(limit=2).data]
    assert published() == [ALL_THREE[0], ALL_THREE[2]]
    assert sorted(captions) == ["A film", "A photo"]
