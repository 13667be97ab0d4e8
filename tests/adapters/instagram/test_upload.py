"""Videos without an address: their bytes go to the emulated platform, resumed when interrupted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.core.errors import NoMediaHostError
from socialauto.core.message import MediaItem, Message, PostType
from socialauto.core.outcome import ErrorClass, NotPrepared, Prepared, PrepareOutcome
from socialauto.engine.clock import LoopClock
from support.instagram import NOON, Platform, film, picture, reel_post

UPLOAD = "/ig-api-upload/"


@dataclass
class NoAddress:
    """Only bytes, as without a media host."""

    bodies: dict[str, bytes]
    read_paths: list[str]

    async def url(self, item: MediaItem) -> str:
        raise NoMediaHostError(f"no media host for {item.path}")

    async def read(self, item: MediaItem) -> bytes:
        self.read_paths.append(item.path)
        return self.bodies[item.path]


def prepare(
    platform: Platform,
    message: Message | None = None,
    *,
    login: str | None = None,
    previous: Any = None,
    times: int = 1,
) -> PrepareOutcome:
    media = NoAddress(platform.files.bodies, [])

    async def scenario(session: InstagramSession, _: LoopClock) -> PrepareOutcome:
        for _ in range(times):
            outcome = await session.prepare(message or reel_post(), media, previous)
        return outcome

    return platform.run(scenario, login=login)


def uploaded(platform: Platform) -> bytes | None:
    """What the platform has of the last container."""
    asset = platform.world.containers[platform.containers[-1]].asset
    return platform.world.storage.blob(asset.blob) if asset else None


def test_a_reel_needs_no_media_host(platform: Platform) -> None:
    outcome = prepare(platform)

    assert isinstance(outcome, Prepared)
    assert uploaded(platform) == platform.files.bodies["film.mp4"]
    assert platform.world.containers[platform.containers[0]].draft.options == {
        "media_type": "REELS",
        "upload_type": "resumable",
    }


def test_a_video_in_a_carousel_and_in_a_story_needs_none_either(platform: Platform) -> None:
    two = (film(), film(alt="again"))
    carousel = Message("instagram", PostType.CAROUSEL, "Two", two)
    story = Message("instagram", PostType.STORY, "", (film(),))

    assert isinstance(prepare(platform, carousel), Prepared)
    assert isinstance(prepare(platform, story), Prepared)


def test_an_image_needs_one(platform: Platform) -> None:
    message = Message("instagram", PostType.IMAGE, "Hello", (picture("a.jpg"),))

    outcome = prepare(platform, message)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind is ErrorClass.MEDIA
    assert outcome.problem.message == "no media host for a.jpg"
    assert platform.containers == []


def test_with_instagram_login_every_video_needs_one(platform: Platform) -> None:
    platform.configure(login="instagram")

    outcome = prepare(platform, login="instagram")

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.message == "no media host for film.mp4"


def test_a_video_with_an_address_is_sent_as_one_unless_asked_otherwise(platform: Platform) -> None:
    async def scenario(session: InstagramSession, _: LoopClock) -> PrepareOutcome:
        return await session.prepare(reel_post(), platform.files, None)

    platform.run(scenario)
    platform.account = platform.account.model_copy(update={"upload": "direct"})
    platform.run(scenario)

    sources = [
        sorted({"video_url", "upload_type"} & set(container.draft.options))
        for container in platform.world.containers.values()
    ]
    assert sources == [["video_url"], ["upload_type"]]
    assert platform.files.asked == ["film.mp4"]


def test_who_wants_addresses_only_gets_no_upload(platform: Platform) -> None:
    platform.account = platform.account.model_copy(update={"upload": "url"})

    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.message == "no media host for film.mp4"


# interruptions


@pytest.mark.parametrize(
    ("apply", "kept"), [("no", None), ("yes", 0), ("yes", 1), ("yes", 500), ("yes", None)]
)
@pytest.mark.parametrize("answer", ["drop", "hang", "error"])
def test_an_interrupted_upload_goes_on_where_it_was(
    platform: Platform, apply: str, kept: int | None, answer: str
) -> None:
    platform.fault("POST", UPLOAD, apply=apply, kept=kept, answer=answer)

    outcome = prepare(platform)

    assert isinstance(outcome, Prepared)
    assert uploaded(platform) == platform.files.bodies["film.mp4"]
    assert len(platform.containers) == 1
    assert list(platform.world.faults) == []


def test_as_long_as_bytes_arrive_it_goes_on(platform: Platform) -> None:
    platform.fault("POST", UPLOAD, times=10, apply="yes", kept=100, answer="drop")

    assert isinstance(prepare(platform), Prepared)
    assert uploaded(platform) == platform.files.bodies["film.mp4"]


def test_when_nothing_arrives_it_is_given_up_and_nothing_is_kept(platform: Platform) -> None:
    platform.fault("POST", UPLOAD, times=None, answer="drop")

    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert outcome.problem.message.startswith("the upload of film.mp4 was interrupted (")
    assert outcome.handle is None


def test_a_platform_that_does_not_tell_the_offset_gets_all_again(platform: Platform) -> None:
    """It refuses the wrong offset then; the next run makes a new container."""
    platform.fault("POST", UPLOAD, apply="yes", kept=500, answer="drop")
    platform.fault("GET", UPLOAD, times=None, answer="garbage", status=404)

    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind is ErrorClass.TRANSIENT
    assert outcome.problem.message == (
        "Instagram did not take the bytes of film.mp4 and says: Offset 0 does not match the 500 "
        "bytes received."
    )
    platform.world.faults.clear()
    assert isinstance(prepare(platform), Prepared)


def test_a_refusal_after_a_guess_is_not_the_videos_fault(platform: Platform) -> None:
    platform.fault("POST", UPLOAD, apply="yes", answer="drop")
    platform.fault("GET", UPLOAD, times=None, answer="garbage", status=404)

    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind is ErrorClass.TRANSIENT


def test_bytes_that_are_no_video_are_the_authors_business(platform: Platform) -> None:
    platform.files.bodies["film.mp4"] = b"no video at all"

    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind is ErrorClass.MEDIA


def test_a_video_that_breaks_the_rules_fails_in_processing(platform: Platform) -> None:
    body = platform.files.bodies["film.mp4"]
    platform.files.bodies["film.mp4"] = body[: len(body) // 2]

    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.code is not None
    assert "2207026" in outcome.problem.code


# whom the token goes to


@pytest.mark.parametrize(
    "address",
    [
        "https://rupload.facebook.com.evil.example/ig-api-upload/v25.0/1",
        "http://rupload.facebook.com/ig-api-upload/v25.0/1",
        "https://evil.example/ig-api-upload/v25.0/1",
        "https://rupload.facebook.com@evil.example/1",
        "",
    ],
)
def test_the_token_never_goes_to_a_strangers_address(platform: Platform, address: str) -> None:
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(200, json={"id": "17900000000000001", "uri": address})

    platform.respond = respond
    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert "names no address of its own" in outcome.problem.message
    assert set(seen) == {"graph.facebook.com"}


def test_the_bytes_go_to_the_upload_host_with_an_oauth_header(platform: Platform) -> None:
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.host == "rupload.facebook.com":
            return httpx.Response(200, json={"success": True})
        status = {"id": "17900000000000001", "status_code": "FINISHED"}
        uri = "https://rupload.facebook.com/ig-api-upload/v25.0/17900000000000001"
        return httpx.Response(200, json={**status, "uri": uri})

    platform.respond = respond
    assert isinstance(prepare(platform), Prepared)

    [sent] = [request for request in seen if request.url.host == "rupload.facebook.com"]
    body = platform.files.bodies["film.mp4"]
    assert sent.headers["authorization"] == f"OAuth {platform.token}"
    assert (sent.headers["offset"], sent.headers["file_size"]) == ("0", str(len(body)))
    assert sent.read() == body


@pytest.mark.parametrize(
    ("status", "document", "kind"),
    [
        (400, {"debug_info": {"retriable": False, "type": "ProcessingFailedError"}}, "media"),
        (401, {"debug_info": {"retriable": False, "type": "OAuthException"}}, "auth"),
        (400, {"debug_info": {"retriable": False, "type": "NotAuthorizedError"}}, "auth"),
        (400, {"error": {"code": 190, "message": "expired"}}, "auth"),
        (500, {}, "transient"),
        (200, {}, "transient"),
        (403, None, "transient"),
        (400, {"debug_info": "?"}, "transient"),
    ],
)
def test_refusals_are_told_apart(platform: Platform, status: int, document: Any, kind: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.host == "rupload.facebook.com" and request.method == "POST":
            return httpx.Response(status, json=document)
        uri = "https://rupload.facebook.com/ig-api-upload/v25.0/17900000000000001"
        return httpx.Response(200, json={"id": "17900000000000001", "uri": uri})

    platform.respond = respond
    outcome = prepare(platform)

    assert isinstance(outcome, NotPrepared)
    assert outcome.problem.kind.value == kind
    assert platform.token not in str(outcome)


def test_an_upload_that_was_complete_is_taken_up_by_the_next_run(platform: Platform) -> None:
    platform.world.settings = replace(platform.world.settings, video_seconds=400)
    first = prepare(platform)
    assert isinstance(first, NotPrepared)
    assert "still processing" in first.problem.message

    platform.world.settings = replace(platform.world.settings, video_seconds=0)
    started = platform.world.containers[platform.containers[0]]
    platform.world.change(replace(started, processing=0))
    second = prepare(platform, previous=first.handle)

    assert isinstance(second, Prepared)
    assert len(platform.containers) == 1
    assert started.created >= NOON
