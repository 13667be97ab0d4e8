"""Independent clients of the real API, unchanged: stories, comments, what comes after a post."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from socialauto.sandbox.world import World
from support.clients import (
    ACME,
    FILM,
    PHOTO,
    SQUARE,
    TALL,
    metas_own_sdk,
    npm_client,
    publications,
    python_facebook_api,
    quick_world,
    served,
)

pytestmark = pytest.mark.usefixtures("direct")


@pytest.fixture(scope="module")
def world() -> World:
    return quick_world()


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    with served(world) as address:
        yield address


@pytest.fixture
def published(world: World) -> Callable[[], list[tuple[str, str | None]]]:
    return publications(world)


def test_metas_own_sdk_tells_a_story_and_comments(url, world, published, monkeypatch):
    from facebook_business.adobjects.igcomment import IGComment
    from facebook_business.adobjects.igmedia import IGMedia
    from facebook_business.adobjects.iguser import IGUser

    api = metas_own_sdk(url, monkeypatch)
    user = IGUser(ACME, api=api)

    def publish(**params):
        container = user.create_media(params=params)["id"]
        return user.create_media_publish(params={"creation_id": container})["id"]

    story = publish(media_type="STORIES", image_url=TALL, user_tags=[{"username": "bob"}])
    film = publish(media_type="STORIES", video_url=FILM, is_ai_generated=True)
    stories = {each["id"] for each in user.get_stories(fields=["media_product_type"])}
    assert {story, film} <= stories

    trial = {"graduation_strategy": "MANUAL"}
    reel = publish(media_type="REELS", video_url=FILM, caption="On trial", trial_params=trial)
    post = IGMedia(reel, api=api)
    comment = post.create_comment(params={"message": "Link in bio"})["id"]
    assert [each["text"] for each in post.get_comments(fields=["text"])] == ["Link in bio"]
    IGComment(comment, api=api).api_update(params={"hide": True})
    IGComment(comment, api=api).api_delete()
    assert list(post.get_comments(fields=["text"])) == []

    post.api_update(params={"comment_enabled": False})
    assert post.api_get(fields=["is_comment_enabled"])["is_comment_enabled"] is False
    assert not world.upkeep.comments_enabled(reel)
    assert published() == [("story", ""), ("story", ""), ("reel", "On trial")]


def test_python_facebook_api_reads_stories_and_comments(url, published):
    api = python_facebook_api(url)

    def publish(**params):
        container = api.post_object(ACME, connection="media", data=params)["id"]
        data = {"creation_id": container}
        return api.post_object(ACME, connection="media_publish", data=data)["id"]

    story = publish(media_type="STORIES", image_url=TALL)
    photo = publish(image_url=PHOTO, caption="A photo")
    fields = "id,media_type,media_product_type"
    assert story in [each.id for each in api.user.get_stories(fields=fields).data]

    comment = api.post_object(photo, connection="comments", data={"message": "Link in bio"})["id"]
    found = api.media.get_comments(photo, fields="id,text").data
    assert [(each.id, each.text) for each in found] == [(comment, "Link in bio")]
    assert api.comment.get_info(comment, fields="id,text").text == "Link in bio"
    reply = api.post_object(comment, connection="replies", data={"message": "Thanks"})["id"]
    assert [each.id for each in api.comment.get_replies(comment, fields="id,text").data] == [reply]
    assert published() == [("story", ""), ("image", "A photo")]


def test_instagram_publish_tells_stories(url, published, monkeypatch):
    from instagram_publish import client

    monkeypatch.setitem(client.HOSTS, "instagram", url)
    session = client.InstagramClient("good", ACME, poll_interval=0)
    session.publish(TALL, story=True)
    session.publish(FILM, story=True)
    session.session.close()
    assert published() == [("story", ""), ("story", "")]


def test_instagram_platform_sdk_comments(url, world, published):
    from instagram_platform import InstagramClient

    with InstagramClient("good", ACME, base_url=url) as session:
        photo = session.media.publish_photo(PHOTO, caption="A photo").id
        comment = session.comments.reply(photo, "Link in bio")["id"]
        listed = session.comments.get_comments(photo).data
        assert [(each.id, each.text) for each in listed] == [(comment, "Link in bio")]
        assert session.comments.set_hidden(comment, True) == {"success": True}
        assert session.comments.delete_comment(comment) == {"success": True}
        assert session.comments.get_comments(photo).data == []
        assert session.media.update_comment_status(photo, False) == {"success": True}
        assert not world.upkeep.comments_enabled(photo)
        assert session.media.delete_media(photo) == {"success": True, "deleted_id": photo}
    assert published() == [("image", "A photo")]


def test_the_npm_client_does_all_it_offers(url, published, project_root):
    """Unversioned paths; everything, the token too, in the query of a POST without a body."""
    script = project_root / "tests" / "sandbox" / "clients" / "instagram_graph_api.js"
    found = npm_client(script, url, ACME, PHOTO, SQUARE, TALL, FILM)
    assert published() == [
        ("image", "A photo"),
        ("carousel", "Two of a kind"),
        ("reel", "A film"),
        ("story", ""),
        ("story", ""),
    ]
    refused = found.pop("refused")
    assert refused["error"]["error_subcode"] == 2207008
    assert found.pop("stories") >= 2
    assert found == {
        "comments": ["Link in bio"],
        "hidden": [True],
        "left": [],
        "quota": 100,
        "caption": "A photo",
        "product": "FEED",
        "versioned": False,
    }
