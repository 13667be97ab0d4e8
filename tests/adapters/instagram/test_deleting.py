"""`delete: true` on Instagram: the call, and how it is found out what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import Any

import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Search
from socialauto.core.message import Message, PostType
from socialauto.core.outcome import (
    ErrorClass,
    Handle,
    InDoubt,
    NotPublished,
    Prepared,
    Published,
    Unknown,
)
from socialauto.engine.clock import LoopClock
from support.instagram import IG_ID, NOON, Platform, image_post

POST = r"^/180\d+$"
ACCOUNT = rf"^/{IG_ID}$"
SEARCH = Search(NOON)

Steps = Callable[[InstagramSession, Handle], Awaitable[Any]]


def after_a_post(platform: Platform, steps: Steps) -> Any:
    """Publish a post, prepare its deletion, and go on."""

    async def scenario(session: InstagramSession, clock: LoopClock) -> Any:
        ready = await session.prepare(image_post(), platform.files, None)
        assert isinstance(ready, Prepared)
        published = await session.publish(ready.handle)
        assert isinstance(published, Published)
        assert published.id
        options = MappingProxyType({"delete": True})
        wish = Message("instagram", PostType.TEXT, "", options=options, below=published.id)
        prepared = await session.prepare(wish, platform.files, None)
        assert isinstance(prepared, Prepared)
        assert prepared.handle == {"deletes": published.id}
        return await steps(session, prepared.handle)

    return platform.run(scenario)


async def _send(session: InstagramSession, handle: Handle) -> Any:
    return await session.publish(handle)


async def _find(session: InstagramSession, handle: Handle) -> Any:
    return await session.find(handle, SEARCH)


async def _send_and_find(session: InstagramSession, handle: Handle) -> Any:
    return await session.publish(handle), await session.find(handle, SEARCH)


def is_gone(platform: Platform) -> bool:
    (post,) = platform.world.log
    return platform.world.upkeep.is_gone(post.id, NOON.replace(year=2027))


def test_a_post_is_deleted_and_found_to_be_gone(platform: Platform) -> None:
    sent, found = after_a_post(platform, _send_and_find)
    assert isinstance(sent, Published)
    assert sent == found
    assert sent.id is not None
    assert sent.id.endswith("-deleted")
    assert is_gone(platform)


def test_a_post_that_is_there_is_not_deleted(platform: Platform) -> None:
    found = after_a_post(platform, _find)
    assert isinstance(found, NotPublished)
    assert (found.handle_dead, is_gone(platform)) == (False, False)


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_lost_answer_is_in_doubt_and_looked_up(platform: Platform, *, applied: bool) -> None:
    platform.fault("DELETE", POST, apply="yes" if applied else "no", answer="drop")
    doubt, found = after_a_post(platform, _send_and_find)
    assert isinstance(doubt, InDoubt)
    assert isinstance(found, Published if applied else NotPublished)


def test_to_delete_it_again_does_no_harm(platform: Platform) -> None:
    async def steps(session: InstagramSession, handle: Handle) -> Any:
        await session.publish(handle)
        return await session.publish(handle), await session.find(handle, SEARCH)

    again, found = after_a_post(platform, steps)
    assert isinstance(again, InDoubt)
    assert isinstance(found, Published)


@pytest.mark.parametrize("rule", [{"answer": "drop"}, {"answer": "garbage"}, {"answer": "error"}])
def test_an_unreadable_answer_says_neither(platform: Platform, rule: dict[str, Any]) -> None:
    platform.fault("GET", POST, skip=1, times=3, **rule)
    found = after_a_post(platform, _find)
    assert isinstance(found, Unknown)
    assert found.later


def test_who_sees_nothing_of_the_account_does_not_know_that_the_post_is_gone(
    platform: Platform,
) -> None:
    platform.fault("GET", POST, skip=1, times=3, status=400, code=100, subcode=33)
    platform.fault("GET", ACCOUNT, times=3, status=400, code=100, subcode=33)
    found = after_a_post(platform, _find)
    assert isinstance(found, Unknown)
    assert found.later


@pytest.mark.parametrize("code", [10, 200])
def test_a_missing_permission_is_named(platform: Platform, code: int) -> None:
    platform.fault("DELETE", POST, status=400, code=code)
    sent = after_a_post(platform, _send)
    assert isinstance(sent, NotPublished)
    assert sent.problem.kind is ErrorClass.AUTH
    assert code != 10 or "instagram_manage_contents" in sent.problem.message


def test_what_cannot_be_deleted_is_not_tried_again(platform: Platform) -> None:
    platform.fault("DELETE", POST, status=400, code=-1, subcode=2207073)
    sent = after_a_post(platform, _send)
    assert isinstance(sent, NotPublished)
    assert (sent.problem.kind, sent.problem.code) == (ErrorClass.CONTENT, "-1/2207073")


@pytest.mark.parametrize(
    ("body", "kind"), [('{"success": false}', NotPublished), ('{"id": "1"}', InDoubt)]
)
def test_only_a_clear_yes_is_one(platform: Platform, body: str, kind: type) -> None:
    platform.fault("DELETE", POST, answer="garbage", status=200, body=body)
    assert isinstance(after_a_post(platform, _send), kind)
