"""The pages: the feed as people see it, with everything escaped."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

pytestmark = pytest.mark.anyio
ACME = "17841400000000001"
EVIL = '<script>alert("1")</script>'


async def _post(platform, **params) -> str:
    media = await platform.publish(await platform.ready(image_url=platform.photo, **params))
    return (await platform.get(f"/{media}", fields="permalink"))["permalink"]


async def _page(platform, path: str) -> str:
    answer = await platform.client.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return answer.text


async def test_the_front_page_lists_the_accounts(platform):
    await _post(platform, alt_text="A door")
    page = await _page(platform, "/")
    assert 'href="/acme/"' in page
    assert 'alt="A door"' in page
    assert "No posts yet" in page


async def test_a_profile_shows_its_posts_newest_first(platform):
    await _post(platform, caption="older")
    platform.clock.turn(hours=1)
    await _post(platform, caption="newer")
    page = await _page(platform, "/acme/")
    assert "Acme &amp; Sons" in page
    assert page.index('alt="newer"') < page.index('alt="older"')


async def test_a_profile_is_found_without_its_slash(platform):
    answer = await platform.client.get("/acme")
    assert (answer.status_code, answer.headers["location"]) == (307, "/acme/")


async def test_everything_people_write_is_escaped(platform):
    permalink = await _post(
        platform,
        caption=f"{EVIL} #tag{EVIL}",
        alt_text=f'"{EVIL}',
        user_tags=json.dumps([{"username": EVIL, "x": 0, "y": 0}]),
        collaborators=json.dumps([EVIL]),
    )
    media = platform.world.log[0].id
    await platform.post(f"/{media}/comments", message=EVIL)
    for path in ("/", "/acme/", permalink):
        page = await _page(platform, path)
        assert "<script>" not in page
        assert 'alt=""' not in page
    assert page.count("&lt;script&gt;") >= 6


async def test_a_permalink_leads_to_the_post(platform):
    permalink = await _post(platform, caption="With @friend and #joy")
    page = await _page(platform, permalink)
    assert '<span class="tag">@friend</span>' in page
    assert '<span class="tag">#joy</span>' in page
    assert "01 Dec 2026, 09:00 UTC" in page


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ({"seconds": 1}, "just now"),
        ({"minutes": 1}, "1 minute ago"),
        ({"hours": 5}, "5 hours ago"),
        ({"days": 3}, "3 days ago"),
        ({"days": 15}, "2 weeks ago"),
    ],
)
async def test_a_post_says_how_old_it_is(platform, amount, words):
    permalink = await _post(platform)
    platform.clock.turn(**amount)
    assert words in await _page(platform, permalink)


async def test_what_nobody_sees_is_told(platform):
    platform.world.add_account(replace(platform.world.accounts[ACME], trial_reels=True))
    reel = await platform.ready(
        media_type="REELS",
        video_url=platform.film,
        thumb_offset=1500,
        share_to_feed="false",
        audio_name=EVIL,
        trial_params='{"graduation_strategy":"MANUAL"}',
        is_ai_generated="true",
    )
    media = await platform.publish(reel)
    await platform.post(f"/{media}", comment_enabled="false")
    permalink = (await platform.get(f"/{media}", fields="permalink"))["permalink"]
    told = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", await _page(platform, permalink))
    assert [(about.strip(), words) for about, words in told[1:]] == [
        ("Origin", "made with artificial intelligence, says its author"),
        ("Sound", "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;"),
        ("Cover", "what is seen after 1.5 s"),
        ("Feed", "only among the reels"),
        ("On trial", "followers do not see it until somebody decides"),
        ("Comments", "turned off"),
    ]


async def test_of_a_plain_post_nothing_is_told(platform):
    assert (await _page(platform, await _post(platform))).count("<dt>") == 1


async def test_only_long_captions_are_folded(platform):
    short = await _page(platform, await _post(platform, caption="Short"))
    long = await _page(platform, await _post(platform, caption="Long " * 40))
    assert 'for="unfold"' not in short
    assert 'for="unfold"' in long


async def test_a_carousel_shows_every_item_and_its_dots(platform):
    items = [
        await platform.ready(image_url=platform.photo, is_carousel_item="1", alt_text="door"),
        await platform.ready(media_type="VIDEO", video_url=platform.film, is_carousel_item="1"),
    ]
    parent = await platform.ready(media_type="CAROUSEL", children=",".join(items))
    media = await platform.publish(parent)
    permalink = (await platform.get(f"/{media}", fields="permalink"))["permalink"]
    page = await _page(platform, permalink)
    assert page.count('class="slide"') == 2
    assert page.count('href="#item') == 2
    assert "alt text: <q>door</q>" in page
    assert "180 × 320" in page


async def test_a_reel_is_served_whole_and_in_parts(platform):
    container = await platform.ready(media_type="REELS", video_url=platform.film)
    media = await platform.publish(container)
    url = (await platform.get(f"/{media}", fields="media_url"))["media_url"]
    film = platform.host.files[platform.film].body
    whole = await platform.client.get(url)
    assert (whole.content, whole.headers["content-type"]) == (film, "video/mp4")
    part = await platform.client.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, film[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(film)}"
    rest = await platform.client.get(url, headers={"Range": "bytes=10-"})
    assert rest.content == film[10:]


async def test_pages_need_nothing_from_elsewhere(platform):
    permalink = await _post(platform)
    for path in ("/", "/acme/", permalink, "/_sandbox/static/style.css"):
        text = (await platform.client.get(path)).text
        assert not re.search(r"https?://", text)


@pytest.mark.parametrize(
    "path",
    [
        "/acme/p/nope/",
        "/_sandbox/static/base.html",
        "/_sandbox/media/../x.jpg",
        f"/_sandbox/media/{'0' * 64}.jpg",
        f"/_sandbox/media/{'0' * 64}.html",
    ],
)
async def test_what_is_not_there(platform, path):
    assert (await platform.client.get(path)).status_code in (400, 404)


async def test_a_stranger_is_left_to_the_api(platform):
    assert await platform.refused("/nobody/", "GET") == (2500, None)
