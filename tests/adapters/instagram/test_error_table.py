"""Every code of the platform's pages: what becomes of the delivery, and what somebody reads.

The first three columns are those of Meta's pages "Error Codes" and "Handle errors", with what they
advise: FIX change the input, SAME repeat the call, NEW make a new container, WAIT for the limit,
AUTH a person has to act, PROBE look whether it is out. The others are ours. A row is played against
a platform that answers every call with it: the upload, the visible call, and the look afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialauto.adapters.instagram.errors import RULES
from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Search
from socialauto.core.outcome import (
    ErrorClass,
    InDoubt,
    NotPrepared,
    NotPublished,
    Problem,
    PublishOutcome,
    Unknown,
)
from socialauto.engine.clock import LoopClock
from support.instagram import HANDLE, NOON, Platform, image_post

TRY_LATER = "it is tried again later"
NEW_TOKEN = "put a new token into ACME_IG_TOKEN"
HOST = "look at the media host: is it public, fast, and open to facebookexternalhit/1.1"
IN_THE_APP = "log in to the Instagram app with this account and confirm what it asks for"

T, W, A = ErrorClass.TRANSIENT, ErrorClass.RATE_LIMITED, ErrorClass.AUTH
C, M = ErrorClass.CONTENT, ErrorClass.MEDIA
LOOK = "look"
"""In doubt: nothing is sent before somebody has looked."""
AGAIN = "again"
"""Not published; the same container goes out later."""
ANEW = "anew"
"""Not published; the container is of no more use."""


@dataclass(frozen=True)
class Row:
    code: int
    subcode: int | None
    advised: str
    prepare: ErrorClass
    """The class while uploading."""
    publish: tuple[str, ErrorClass]
    """What the visible call came to."""
    find: ErrorClass
    """The class of a look that got this answer, which itself says nothing about the post."""
    says: str

    def __str__(self) -> str:
        return f"{self.code}/{self.subcode}"


MUSIC = "Instagram refuses the music chosen for this reel"
NO_PERMISSION = 'the token lacks a permission ("(#0) words")'

PUBLISHING = (
    Row(-2, 2207003, "NEW", T, (ANEW, T), T,
        f"Instagram gave up downloading the media, it took too long; {HOST}"),
    Row(-2, 2207020, "NEW", T, (ANEW, T), T, f"the uploaded media has expired; {TRY_LATER}"),
    Row(-1, 2207001, "SAME, PROBE", T, (LOOK, T), T,
        f"Instagram had an error of its own; {TRY_LATER}"),
    Row(-1, 2207032, "SAME/NEW", T, (LOOK, T), T,
        f"Instagram could not take the media in; {TRY_LATER}"),
    Row(-1, 2207053, "NEW", T, (LOOK, T), T,
        f"Instagram could not take the video in; {TRY_LATER}"),
    Row(-1, 2207073, "FIX", C, (ANEW, C), T,
        "Instagram cannot delete media of this type; delete it in the app"),
    Row(1, 2207057, "FIX", C, (ANEW, C), T,
        "cover_at lies outside the video; use a time before the video's end"),
    Row(4, 2207051, "PROBE, WAIT", W, (LOOK, W), T,
        f"Instagram restricts the account, it suspects spam; publish less often; {IN_THE_APP}"),
    Row(9, 2207042, "WAIT", W, (AGAIN, W), W,
        f"the account has used up its posts of the last 24 hours; {TRY_LATER}"),
    Row(24, 2207006, "AUTH, else NEW", A, (AGAIN, T), T,
        "Instagram does not find the uploaded media; check the token in ACME_IG_TOKEN and its "
        "permissions"),
    Row(24, 2207008, "PROBE, SAME twice, NEW", T, (LOOK, T), T,
        f"Instagram does not know the container, or no longer; {TRY_LATER}"),
    Row(25, 2207050, "AUTH", A, (AGAIN, A), A,
        f"the account is inactive, restricted or must be confirmed; {IN_THE_APP}"),
    Row(100, 2207023, "FIX", C, (ANEW, C), T,
        "Instagram does not know this type of post; is api_version: one that has it"),
    Row(100, 2207028, "FIX", C, (ANEW, C), T, "a carousel takes 2 to 10 items"),
    Row(100, 2207035, "FIX", C, (ANEW, C), T, "product tags on a video have no position"),
    Row(100, 2207036, "FIX", C, (ANEW, C), T, "product tags on a picture need a position"),
    Row(100, 2207037, "FIX", C, (ANEW, C), T, "a tagged product is not valid"),
    Row(100, 2207040, "FIX", C, (ANEW, C), T, "too many people are tagged; at most 20"),
    Row(100, 33, "SAME; never means not published", A, (LOOK, T), T,
        "Instagram knows no such account, or this token may not see it; check the account's id: "
        "and login:, and the permissions of the token in ACME_IG_TOKEN"),
    Row(352, 2207026, "FIX", M, (ANEW, M), T,
        "Instagram does not support this video's format; convert it to H.264 and AAC in an MP4"),
    Row(9004, 2207052, "SAME three times, FIX", M, (ANEW, M), T,
        f"Instagram could not fetch the media from its URL; {HOST}, and does it serve pictures "
        "and videos with their own content type"),
    Row(9007, 2207027, "SAME", T, (AGAIN, T), T, f"the media is not ready yet; {TRY_LATER}"),
    Row(36000, 2207004, "FIX", M, (ANEW, M), T, "an image is larger than 8 MB; make it smaller"),
    Row(36001, 2207005, "FIX", M, (ANEW, M), T,
        "an image has a format that Instagram does not take; convert it to JPEG"),
    Row(36003, 2207009, "FIX", M, (ANEW, M), T,
        "an image's shape is outside 4:5 to 1.91:1; crop it"),
    Row(36004, 2207010, "FIX", C, (ANEW, C), T,
        "the caption is too long or has too many hashtags; at most 2,200 characters and 30 "
        "hashtags"),
    Row(100, 2207018, "FIX", C, (ANEW, C), T,
        "a collaborator cannot be tagged; write the name without @; the account must exist and be "
        "public"),
    Row(-1, 2207077, "NEW", T, (ANEW, T), T, f"Instagram could not download the video; {HOST}"),
    Row(100, 2207081, "FIX", C, (ANEW, C), T, "the account has no trial reels; leave trial: out"),
    Row(-1, 2207082, "NEW once, FIX", T, (ANEW, T), T,
        "Instagram could not process the video; check that it plays, has a sound track and is not "
        "very large"),
    Row(-1, 2207085, "FIX", M, (ANEW, M), T,
        "Instagram could not process the video; check its format, duration and size in pixels"),
    Row(-1, 2207076, "NEW once, FIX", T, (ANEW, T), T,
        f"Instagram could not take the media in; {TRY_LATER}"),
    Row(-1, 2207069, "NEW once, FIX", T, (ANEW, T), T,
        f"Instagram could not take the video in; {TRY_LATER}"),
    *(Row(code, subcode, "FIX", C, (ANEW, C), T, MUSIC)
      for subcode in range(9050, 9065) for code in (100, 10, 200)),
)  # fmt: skip

GENERAL = (
    Row(1, None, "SAME, PROBE", T, (LOOK, T), T, f"Instagram had an error of its own; {TRY_LATER}"),
    Row(2, None, "SAME, PROBE", T, (LOOK, T), T,
        f"Instagram's service is down for the moment; {TRY_LATER}"),
    Row(3, None, "AUTH", A, (AGAIN, A), A,
        f"the app may not use this function; check the app's permissions, then {NEW_TOKEN}"),
    Row(10, None, "AUTH", A, (AGAIN, A), A,
        f"{NO_PERMISSION}; posts need instagram_content_publish (or "
        "instagram_business_content_publish), comments instagram_manage_comments (or "
        "instagram_business_manage_comments), deleting instagram_manage_contents: grant it, "
        f"then {NEW_TOKEN}"),
    *(Row(code, None, "AUTH", A, (AGAIN, A), A, f"{NO_PERMISSION}; grant it, then {NEW_TOKEN}")
      for code in (200, 250, 299)),
    Row(4, None, "WAIT", W, (AGAIN, W), W,
        f"the app has made too many calls in the last hour; {TRY_LATER}"),
    Row(17, None, "WAIT", W, (AGAIN, W), W,
        f"the account has made too many calls in the last hour; {TRY_LATER}"),
    Row(32, None, "WAIT", W, (AGAIN, W), W,
        f"the Page has made too many calls in the last hour; {TRY_LATER}"),
    Row(613, None, "WAIT", W, (AGAIN, W), W,
        f"too many calls were made in a short time; {TRY_LATER}"),
    Row(80001, None, "WAIT", W, (AGAIN, W), W, f"the Page has made too many calls; {TRY_LATER}"),
    Row(80002, None, "WAIT", W, (AGAIN, W), W,
        f"the account has made too many calls; {TRY_LATER}"),
    Row(341, None, "WAIT", W, (AGAIN, W), W,
        f"the app has reached a limit for the moment; {TRY_LATER}"),
    Row(368, None, "WAIT long, a person", A, (AGAIN, A), A,
        "the account is blocked for a while for breaking a policy; look into the Instagram app, "
        "and do not publish until it is lifted"),
    Row(506, None, "PROBE", C, (LOOK, T), T,
        "Instagram takes this for a post it already has; look whether it is out"),
    Row(100, None, "FIX", C, (ANEW, C), T,
        'Instagram refuses a parameter of this post ("(#0) words")'),
    Row(102, None, "AUTH", A, (AGAIN, A), A, f"the login behind the token has ended; {NEW_TOKEN}"),
    Row(190, 458, "AUTH", A, (AGAIN, A), A,
        f"the account has removed the app; connect it again, then {NEW_TOKEN}"),
    Row(190, 459, "AUTH", A, (AGAIN, A), A,
        f"the account must be confirmed before its token works; {IN_THE_APP}"),
    Row(190, 460, "AUTH", A, (AGAIN, A), A,
        f"the token in ACME_IG_TOKEN died with a change of password; {NEW_TOKEN}"),
    Row(190, 463, "AUTH", A, (AGAIN, A), A,
        f"the token in ACME_IG_TOKEN has expired; {NEW_TOKEN}"),
    Row(190, 464, "AUTH", A, (AGAIN, A), A,
        f"the account must be confirmed before its token works; {IN_THE_APP}"),
    Row(190, 467, "AUTH", A, (AGAIN, A), A,
        f"the token in ACME_IG_TOKEN is not valid; {NEW_TOKEN}"),
    Row(190, 492, "AUTH", A, (AGAIN, A), A,
        f"the person behind the token has lost the role on the Page; give it back, or {NEW_TOKEN}"),
    Row(190, None, "AUTH", A, (AGAIN, A), A,
        f"Instagram refuses the token in ACME_IG_TOKEN; {NEW_TOKEN}"),
)  # fmt: skip

WORDS = (
    ("INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID",
     "this location cannot be used; use the id of a Facebook Page that has a place with "
     "coordinates"),
    ("INSTAGRAM_PLATFORM_API__INVALID_PARAM",
     'Instagram refuses a parameter of this post ("(#100) INSTAGRAM_PLATFORM_API__INVALID_PARAM")'),
    ("INSTAGRAM_PLATFORM_API__PERMISSION",
     "the account may not publish a post of this kind "
     '("(#100) INSTAGRAM_PLATFORM_API__PERMISSION")'),
)  # fmt: skip


def stages(platform: Platform, envelope: dict[str, Any]) -> tuple[Any, PublishOutcome, Any]:
    """What each step comes to when the platform says this to everything."""
    platform.respond = lambda request: httpx.Response(400, json={"error": envelope})

    async def scenario(session: InstagramSession, _: LoopClock) -> tuple[Any, PublishOutcome, Any]:
        return (
            await session.prepare(image_post(), platform.files, None),
            await session.publish(HANDLE),
            await session.find(HANDLE, Search(since=NOON)),
        )

    return platform.run(scenario)


def verdict(outcome: PublishOutcome) -> tuple[str, Problem]:
    match outcome:
        case InDoubt(problem):
            return LOOK, problem
        case NotPublished(problem, handle_dead):
            return (ANEW if handle_dead else AGAIN), problem
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("row", [*PUBLISHING, *GENERAL], ids=str)
def test_a_code_decides_each_step_and_is_told_in_one_sentence(platform: Platform, row: Row) -> None:
    envelope: dict[str, Any] = {"message": "(#0) words", "code": row.code, "fbtrace_id": "Abc"}
    if row.subcode:
        envelope["error_subcode"] = row.subcode
    prepared, published, found = stages(platform, envelope)

    assert isinstance(prepared, NotPrepared)
    word, problem = verdict(published)
    assert isinstance(found, Unknown)
    assert found.later
    assert prepared.problem.kind is row.prepare
    assert (word, problem.kind) == row.publish
    assert found.problem.kind is row.find
    for each in (prepared.problem, problem, found.problem):
        assert each.message == row.says
        assert each.code == (f"{row.code}/{row.subcode}" if row.subcode else str(row.code))
        assert each.detail == "(#0) words (trace Abc)"
        assert (each.until is not None) is (each.kind is W)


FAILED_IN_PROCESSING = [
    row
    for row in PUBLISHING
    if row.subcode in {2207003, 2207020, 2207026, 2207053, 2207076, 2207077, 2207082, 2207085}
]


@pytest.mark.parametrize("row", FAILED_IN_PROCESSING, ids=str)
def test_a_container_that_failed_says_the_same(platform: Platform, row: Row) -> None:
    """There the subcode stands at the end of a sentence, and there is no code."""
    words = f"Error: Media upload has failed with error code {row.subcode}"

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"id": "179001"})
        return httpx.Response(200, json={"status_code": "ERROR", "status": words})

    platform.respond = respond

    async def scenario(session: InstagramSession, _: LoopClock) -> Any:
        return await session.prepare(image_post(), platform.files, None)

    outcome = platform.run(scenario)

    assert isinstance(outcome, NotPrepared)
    assert outcome.handle is None
    assert outcome.problem.kind is row.prepare
    assert outcome.problem.message == row.says
    assert outcome.problem.code == str(row.subcode)


@pytest.mark.parametrize(("word", "says"), WORDS)
def test_a_word_in_the_message_tells_what_to_fix(platform: Platform, word: str, says: str) -> None:
    prepared, _, _ = stages(platform, {"code": 100, "message": f"(#100) {word}"})

    assert isinstance(prepared, NotPrepared)
    assert prepared.problem.kind is C
    assert prepared.problem.message == says


PAUSES = {(4, 2207051): timedelta(hours=6)}
"""A suspicion of spam lasts; every other limit is a rolling hour, or frees post by post."""


@pytest.mark.parametrize(
    "row", [row for row in (*PUBLISHING, *GENERAL) if row.prepare is W], ids=str
)
def test_a_limit_that_names_no_time_is_waited_for(platform: Platform, row: Row) -> None:
    envelope = {"message": "", "code": row.code, "error_subcode": row.subcode or 0}
    prepared, published, _ = stages(platform, envelope)

    assert verdict(published)[1].until == prepared.problem.until
    expected = PAUSES.get((row.code, row.subcode or 0), timedelta(hours=1))
    assert prepared.problem.until - NOON == expected


def test_the_tables_have_every_code_that_the_adapter_knows() -> None:
    told = {(row.code, row.subcode) for row in (*PUBLISHING, *GENERAL)}
    subcodes = {row.subcode for row in PUBLISHING}
    known = [rule for rule in RULES if not rule.word]

    missing = [
        (rule.code, rule.subcode)
        for rule in known
        if (rule.subcode not in subcodes if rule.code is None else
            (rule.code, rule.subcode) not in told)
    ]  # fmt: skip
    # -1 without a subcode stands on no page; it is the family of -1/2207001
    assert missing == [(-1, None)]
    assert [rule.word for rule in RULES if rule.word] == [word for word, _ in WORDS]
