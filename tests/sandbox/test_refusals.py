"""What the platform says no to, with its codes."""

from __future__ import annotations

import json

import pytest

from support.media_samples import gif, heic, jpeg, mp4, mpo, png

pytestmark = pytest.mark.anyio
ACME = "17841400000000001"
OTHER = "17841400000000002"
MEDIA = f"/{ACME}/media"


def only(platform):
    """The one container that there is."""
    (container,) = platform.world.containers.values()
    return container


IMAGES = [
    ("a PNG", png(), (36001, 2207005)),
    ("a GIF", gif(), (36001, 2207005)),
    ("two JPEGs in one file", mpo(), (36001, 2207005)),
    ("a phone's HEIC", heic(), (36001, 2207005)),
    ("a JPEG that was cut off", jpeg(quality=95)[:-3000], (36001, 2207005)),
    ("more than 8 MiB", jpeg() + bytes(8 * 1024 * 1024), (36000, 2207004)),
    ("too tall", jpeg(1080, 1920), (36003, 2207009)),
    ("too wide", jpeg(1080, 500), (36003, 2207009)),
    ("too tall once turned", jpeg(1080, 600, orientation=6), (36003, 2207009)),
    ("a web page", b"<!doctype html><html></html>", (9004, 2207052)),
    ("nothing", b"", (9004, 2207052)),
    ("a video", mp4(), (9004, 2207052)),
]


@pytest.mark.parametrize(("name", "body", "code"), IMAGES, ids=[case[0] for case in IMAGES])
async def test_an_image_is_judged_by_its_bytes(platform, name, body, code):
    url = platform.host.put("innocent.jpg", body)
    assert await platform.refused(MEDIA, image_url=url) == code
    assert platform.world.containers == {}


@pytest.mark.parametrize("size", [(1080, 1350), (1080, 566), (1080, 1080)])
async def test_ratios_from_four_by_five_to_191_are_taken(platform, size):
    await platform.create(image_url=platform.host.put("fine.jpg", jpeg(*size)))
    asset = only(platform).asset
    assert (asset.width, asset.height) == size


async def test_an_image_turned_by_its_exif_data_is_judged_as_shown(platform):
    url = platform.host.put("turned.jpg", jpeg(1350, 1080, orientation=6))
    await platform.create(image_url=url)
    assert (only(platform).asset.width, only(platform).asset.height) == (1080, 1350)


async def test_a_story_takes_a_tall_image(platform):
    url = platform.host.put("tall.jpg", jpeg(1080, 1920))
    await platform.create(media_type="STORIES", image_url=url)
    assert only(platform).draft.shape == "story"


async def test_media_that_cannot_be_fetched(platform):
    gone = platform.host.put("gone.jpg", jpeg(), status=404)
    assert await platform.refused(MEDIA, image_url=gone) == (9004, 2207052)
    dead = platform.host.fail("dead.jpg")
    assert await platform.refused(MEDIA, image_url=dead) == (9004, 2207052)
    slow = platform.host.fail("slow.jpg", slow=True)
    assert await platform.refused(MEDIA, image_url=slow) == (-2, 2207003)


async def test_a_video_address_must_lead_to_a_video(platform):
    code = await platform.refused(MEDIA, media_type="REELS", video_url=platform.photo)
    assert code == (9004, 2207052)


async def test_a_cover_is_judged_like_an_image(platform):
    cover = platform.host.put("cover.png", png())
    reel = {"media_type": "REELS", "video_url": platform.film}
    assert await platform.refused(MEDIA, **reel, cover_url=cover) == (36001, 2207005)
    await platform.create(**reel, cover_url=platform.photo)


@pytest.mark.parametrize(("offset", "fine"), [(0, True), (2900, True), (3100, False), (-1, False)])
async def test_a_thumbnail_must_lie_inside_the_video(platform, offset, fine):
    reel = {"media_type": "REELS", "video_url": platform.film, "thumb_offset": offset}
    if fine:
        await platform.create(**reel)
    else:
        assert await platform.refused(MEDIA, **reel) == (1, 2207057)


PARAMETERS = [
    ({"media_type": "POSTCARD"}, (100, 2207023)),
    ({"media_type": "VIDEO"}, (100, 2207023)),
    ({"media_type": "REELS", "is_carousel_item": "true"}, (100, None)),
    ({"media_type": "CAROUSEL", "is_carousel_item": "true"}, (100, None)),
    ({"caption": "a" * 2201}, (36004, 2207010)),
    ({"caption": "#a " * 31}, (36004, 2207010)),
    ({"caption": "@a " * 21}, (36004, 2207010)),
    ({"caption": "no", "is_carousel_item": "true"}, (100, None)),
    ({"caption": "no", "media_type": "STORIES"}, (100, None)),
    ({"alt_text": "a" * 1001}, (100, None)),
    ({"alt_text": "no", "media_type": "STORIES"}, (100, None)),
    ({"location_id": "Berlin"}, (100, None)),
    ({"location_id": "1", "is_carousel_item": "true"}, (100, None)),
    ({"collaborators": '["a","b","c","d"]'}, (100, None)),
    ({"collaborators": '["@a"]'}, (100, 2207018)),
    ({"collaborators": "a,b"}, (100, None)),
    ({"user_tags": '[{"username":"bob"}]'}, (100, None)),
    ({"user_tags": '[{"username":"bob","x":1.2,"y":0}]'}, (100, None)),
    ({"user_tags": '[{"x":0.5,"y":0.5}]'}, (100, None)),
    ({"user_tags": '[["bob"]]'}, (100, None)),
    (
        {"user_tags": str([{"username": "b", "x": 0, "y": 0}] * 21).replace("'", '"')},
        (100, 2207040),
    ),
    ({"user_tags": "[" * 100_000}, (100, None)),
    ({"product_tags": '[{"product_id":"1"}]'}, (100, 2207036)),
    ({"product_tags": '[{"product_id":"1","x":0,"y":0}]'}, (100, 2207037)),
    ({"share_to_feed": "true"}, (100, None)),
    ({"is_ai_generated": "true", "is_carousel_item": "true"}, (100, None)),
    ({"is_ai_generated": "perhaps"}, (100, None)),
    ({"upload_type": "resumable"}, (100, None)),
    ({"children": "1,2"}, (100, None)),
    ({"captoin": "typing error"}, (100, None)),
    ({"published": "false"}, (100, None)),
]


@pytest.mark.parametrize(("params", "code"), PARAMETERS, ids=[str(c[0])[:60] for c in PARAMETERS])
async def test_parameters_that_an_image_does_not_take(platform, params, code):
    assert await platform.refused(MEDIA, image_url=platform.photo, **params) == code
    assert platform.world.containers == {}


REELS = [
    ({"alt_text": "no"}, (100, None)),
    ({"user_tags": '[{"username":"bob","x":0.1,"y":0.1}]'}, (100, None)),
    ({"product_tags": '[{"product_id":"1","x":0,"y":0}]'}, (100, 2207035)),
    ({"trial_params": '{"graduation_strategy":"MANUAL"}'}, (100, 2207081)),
    ({"trial_params": '{"graduation_strategy":"LUCK"}'}, (100, None)),
    ({"image_url": "https://media.example/photo.jpg"}, (100, None)),
    ({"thumb_offset": "soon"}, (100, None)),
]


@pytest.mark.parametrize(("params", "code"), REELS, ids=[str(case[0])[:60] for case in REELS])
async def test_parameters_that_a_reel_does_not_take(platform, params, code):
    reel = {"media_type": "REELS", "video_url": platform.film}
    assert await platform.refused(MEDIA, **reel, **params) == code


STORIES = [
    {"caption": "no"},
    {"alt_text": "no"},
    {"location_id": "1"},
    {"collaborators": '["ann"]'},
    {"share_to_feed": "true"},
    {"cover_url": "https://media.example/photo.jpg"},
    {"thumb_offset": "0"},
    {"audio_name": "Rain"},
    {"trial_params": '{"graduation_strategy":"MANUAL"}'},
    {"user_tags": '[{"x":0.5,"y":0.5}]'},
    {"user_tags": '[{"username":"bob","x":2,"y":0}]'},
    {"image_url": "https://media.example/photo.jpg"},
]


@pytest.mark.parametrize("params", STORIES, ids=[str(case)[:60] for case in STORIES])
async def test_parameters_that_a_story_does_not_take(platform, params):
    story = {"media_type": "STORIES", "video_url": platform.film}
    assert await platform.refused(MEDIA, **story, **params) == (100, None)
    assert platform.world.containers == {}


@pytest.mark.parametrize("tag", ['{"username":"bob"}', '{"username":"bob","x":0.1,"y":0.9}'])
async def test_everything_a_story_may_carry(platform, tag):
    for source in ({"image_url": platform.photo}, {"video_url": platform.film}):
        await platform.create(
            media_type="STORIES", user_tags=f"[{tag}]", is_ai_generated="true", **source
        )
    for container in platform.world.containers.values():
        assert container.draft.options["user_tags"] == [json.loads(tag)]
        assert container.draft.options["is_ai_generated"] is True


async def test_everything_an_image_may_carry(platform):
    await platform.create(
        image_url=platform.photo,
        media_type="IMAGE",
        caption="a" * 2200,
        alt_text="b" * 1000,
        location_id="110843418940484",
        user_tags='[{"username":"bob","x":0.4,"y":0.6}]',
        collaborators='["ana","bob","eve"]',
        is_ai_generated="true",
    )
    draft = only(platform).draft
    assert (draft.shape, len(draft.caption), len(draft.alt_text)) == ("image", 2200, 1000)
    assert draft.options == {
        "image_url": platform.photo,
        "media_type": "IMAGE",
        "location_id": "110843418940484",
        "user_tags": [{"username": "bob", "x": 0.4, "y": 0.6}],
        "collaborators": ["ana", "bob", "eve"],
        "is_ai_generated": True,
    }


async def test_everything_a_reel_may_carry(platform):
    await platform.create(
        media_type="REELS",
        video_url=platform.film,
        cover_url=platform.photo,
        thumb_offset=1000,
        share_to_feed="True",
        audio_name="Rain",
        caption="A reel",
        user_tags='[{"username":"bob"}]',
        audio_configuration='{"audio_id":"1"}',
        is_paid_partnership="false",
    )
    container = only(platform)
    assert (container.draft.shape, container.draft.caption) == ("reel", "A reel")
    assert container.cover is not None
    assert container.draft.options == {
        "media_type": "REELS",
        "video_url": platform.film,
        "cover_url": platform.photo,
        "thumb_offset": 1000,
        "share_to_feed": True,
        "audio_name": "Rain",
        "user_tags": [{"username": "bob"}],
        "audio_configuration": {"audio_id": "1"},
        "is_paid_partnership": False,
    }


async def test_what_only_facebook_login_has_is_refused_with_instagram_login(platform):
    code = await platform.refused(
        f"/{OTHER}/media", image_url=platform.photo, is_paid_partnership="true"
    )
    assert code == (100, None)


async def test_publishing_what_is_not_there(platform):
    path = f"/{ACME}/media_publish"
    assert await platform.refused(path, creation_id="17900000000009999") == (24, 2207008)
    assert await platform.refused(path) == (100, None)
    container = await platform.ready(image_url=platform.photo)
    code = await platform.refused(path, creation_id=container, client_reference="1")
    assert code == (100, None)
    other = f"/{OTHER}/media_publish"
    assert await platform.refused(other, creation_id=container) == (24, 2207008)
    assert platform.world.log == []


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", (190, None)),
        ("wrong", (190, 467)),
        ("revoked", (190, 467)),
        ("old", (190, 463)),
        ("only-other", (100, 33)),
    ],
)
async def test_a_token_that_opens_nothing_here(platform, token, code):
    headers = {"Authorization": f"Bearer {token}"}
    answer = await platform.client.get(f"/{ACME}", headers=headers)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("error_subcode")) == (400, *code)


async def test_containers_and_media_of_others_do_not_exist(platform):
    container = await platform.ready(image_url=platform.photo)
    media = await platform.publish(container)
    headers = {"Authorization": "Bearer only-other"}
    for object_id in (container, media):
        error = (await platform.client.get(f"/{object_id}", headers=headers)).json()["error"]
        assert (error["code"], error["error_subcode"]) == (100, 33)


async def test_ids_paths_and_methods_that_lead_nowhere(platform):
    assert await platform.refused("/999", "GET") == (100, 33)
    assert await platform.refused(f"/{ACME}/dreams", "GET") == (100, 33)
    assert await platform.refused("/a/b/c/d", "GET") == (2500, None)
    assert await platform.refused(f"/{ACME}", "DELETE") == (100, 33)


async def test_the_error_envelope_is_complete(platform):
    container = await platform.create(image_url=platform.photo)
    answer = await platform.client.post(f"/{ACME}/media_publish", data={"creation_id": container})
    assert answer.status_code == 400
    error = answer.json()["error"]
    trace = error.pop("fbtrace_id")
    assert answer.headers["x-fb-trace-id"] == trace
    assert error == {
        "message": "Media ID is not available",
        "type": "OAuthException",
        "code": 9007,
        "error_subcode": 2207027,
        "is_transient": False,
        "error_user_title": "The media is not ready for publishing",
        "error_user_msg": "The media is not ready for publishing, please wait a moment.",
    }
