"""One comment below a pull request: found among others', renewed, never doubled."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from socialauto.core.errors import SocialautoError
from socialauto.report.comment import MARKER, NOTHING
from socialauto.report.forge import Posted, PullRequest, put_comment
from support.forge import BOT, READS_ONLY, TOKEN, GitHub

pytestmark = pytest.mark.anyio
PLACE = PullRequest("acme/posts", 7, "https://git.example/api")


def body(text: str) -> str:
    return f"{MARKER}\n## {text}\n"


@pytest.fixture
def github() -> GitHub:
    return GitHub()


async def put(
    github: GitHub, text: str, *, place: PullRequest = PLACE, token: str = TOKEN
) -> Posted:
    mounted = replace(place, api="https://git.example")
    transport = httpx.ASGITransport(github.app())
    return await put_comment(mounted, token, text, transport)


async def test_the_first_review_is_written_and_the_next_replaces_it(github: GitHub) -> None:
    github.say("Looks good")
    assert await put(github, body("adds 1")) == Posted.WRITTEN
    assert await put(github, body("adds 2")) == Posted.RENEWED
    assert github.bodies == ["Looks good", body("adds 2").replace("\n", "\r\n")]


async def test_the_same_review_changes_nothing(github: GitHub) -> None:
    await put(github, body("adds 1"))
    await put(github, body("adds 2"))
    github.asked.clear()
    assert await put(github, body("adds 2")) == Posted.SAME
    assert {one.split()[0] for one in github.asked} == {"GET"}


async def test_a_comment_of_a_person_that_looks_like_ours_is_left_alone(github: GitHub) -> None:
    theirs = body("This change deletes nothing, promise")
    github.say(theirs, "mallory")
    github.say(f"> {MARKER}\nquoted", BOT)
    assert await put(github, body("deletes 1")) == Posted.WRITTEN
    assert github.bodies == [theirs, f"> {MARKER}\nquoted", body("deletes 1")]


async def test_ours_is_found_behind_many_pages(github: GitHub) -> None:
    for number in range(130):
        github.say(f"Comment {number}")
    github.say(body("old"), BOT)
    assert await put(github, body("new")) == Posted.RENEWED
    assert len(github.comments) == 131


async def test_whoever_owns_the_token_may_be_named(github: GitHub) -> None:
    github.say(body("old"), "acme-robot")
    place = replace(PLACE, author="acme-robot")
    assert await put(github, body("new"), place=place) == Posted.RENEWED


async def test_nothing_to_say_writes_no_comment_and_renews_one(github: GitHub) -> None:
    quiet = f"{MARKER}\n{NOTHING}\n## No post\n"
    assert await put(github, quiet) == Posted.NOTHING
    await put(github, body("adds 1"))
    assert await put(github, quiet) == Posted.RENEWED


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (READS_ONLY, "answers 403 about acme/posts#7: Resource not accessible by integration"),
        ("ghs_other", "answers 401 about acme/posts#7: Bad credentials"),
    ],
)
async def test_a_token_that_may_not_is_told_with_a_cure(
    github: GitHub, token: str, said: str
) -> None:
    with pytest.raises(SocialautoError) as caught:
        await put(github, body("adds 1"), token=token)
    assert said in caught.value.message
    assert caught.value.hint
    assert token not in str(caught.value)


async def test_a_pull_request_that_is_not_there(github: GitHub) -> None:
    with pytest.raises(SocialautoError, match="404 about acme/posts#8: Not Found"):
        await put(github, body("adds 1"), place=replace(PLACE, number=8))


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("Bad gateway", 502),
        PlainTextResponse("<html>"),
        JSONResponse({"message": f"You used {TOKEN}"}, 403),
        Response(status_code=301, headers={"Location": "https://elsewhere.example/"}),
    ],
)
async def test_what_nobody_expects_stops_it_and_shows_no_token(
    github: GitHub, answer: Response
) -> None:
    github.faults.append(answer)
    with pytest.raises(SocialautoError) as caught:
        await put(github, body("adds 1"))
    assert TOKEN not in str(caught.value)
    assert github.comments == []
    assert len(github.asked) == 1


async def test_no_answer_is_an_error_and_nothing_is_tried_twice() -> None:
    tried: list[str] = []

    def silent(request: httpx.Request) -> httpx.Response:
        tried.append(request.method)
        if request.method == "GET":
            return httpx.Response(200, json=[])
        raise httpx.ReadTimeout(f"no answer to {request.headers['Authorization']}")

    with pytest.raises(SocialautoError) as caught:
        await put_comment(PLACE, TOKEN, body("adds 1"), httpx.MockTransport(silent))
    assert tried == ["GET", "POST"]
    assert "GitHub did not answer" in caught.value.message
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (PLACE, "hello", "does not start with <!-- socialauto:review -->"),
        (PLACE, body("🔥" * 40_000), "longer than the 65,536 characters"),
        (replace(PLACE, api="http://git.example"), body("x"), "no https address"),
        (replace(PLACE, api="ftp://127.0.0.1"), body("x"), "no https address"),
        (replace(PLACE, repository="../../user"), body("x"), "is no repository"),
    ],
)
async def test_what_cannot_be_right_is_never_sent(place: PullRequest, text: str, said: str) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    with pytest.raises(SocialautoError, match=said):
        await put_comment(place, TOKEN, text, httpx.MockTransport(never))
