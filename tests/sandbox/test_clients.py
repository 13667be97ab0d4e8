"""Independent clients of the real API, unchanged, over real HTTP: each in its own wire form.

They were written against the platform by people who never saw this sandbox. What they have in
common is only where they are pointed to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from socialauto.sandbox.state import Token
from socialauto.sandbox.world import World
from support.clients import (
    ACME,
    FILM,
    NOW,
    PHOTO,
    SQUARE,
    metas_own_sdk,
    publications,
    python_facebook_api,
    quick_world,
    served,
)

pytestmark = pytest.mark.usefixtures("direct")


@pytest.fixture(scope="module")
def world() -> World:
    return quick_world(old=Token(expires=NOW))


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    with served(world) as address:
        yield address


@pytest.fixture
def published(world: World) -> Callable[[], list[tuple[str, str | None]]]:
    return publications(world)


ALL_THREE = [("image", "A photo"), ("carousel", "Two of a kind"), ("reel", "A film")]


def test_metas_own_sdk_publishes(url, published, monkeypatch):
    """Token and proof in the query, form body, children as a JSON array."""
    from facebook_business.adobjects.iguser import IGUser

    api = metas_own_sdk(url, monkeypatch)
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
    from facebook_business.exceptions import FacebookRequestError

    api = metas_own_sdk(url, monkeypatch)
    with pytest.raises(FacebookRequestError) as refused:
        IGUser(ACME, api=api).create_media_publish(params={"creation_id": "1"})
    error = refused.value
    assert (error.api_error_code(), error.api_error_subcode()) == (24, 2207008)
    assert error.http_status() == 400


def test_python_facebook_api_publishes(url, published):
    """Token in the form body, any version, children as JSON text."""
    api = python_facebook_api(url)

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
