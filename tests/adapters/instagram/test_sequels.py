"""What follows a post on Instagram: its first comment, and comments switched off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Search
from socialauto.core.message import Message, PostType
from socialauto.core.outcome import (
    ErrorClass,
    FindOutcome,
    Handle,
    InDoubt,
    NotPublished,
    Prepared,
    Published,
    PublishOutcome,
    Unknown,
)
from socialauto.engine.clock import LoopClock
from support.instagram import Platform, image_post

COMMENTS = r"^/180\d+/comments$"
SWITCH = r"^/180\d+$"
TEXT = "Link in bio 🎉, @ana"


def below(post: str, text: str = TEXT) -> Message:
    options = MappingProxyType({} if text else {"comments": False})
    return Message("instagram", PostType.TEXT, text, options=options, below=post)


Steps = Callable[[InstagramSession, Handle, datetime], Awaitable[Any]]


def after_a_post(platform: Platform, steps: Steps, text: str = TEXT) -> Any:
    """Publish a post, prepare what follows it, and go on."""

    async def scenario(session: InstagramSession, clock: LoopClock) -> Any:
        ready = await session.prepare(image_post(), platform.files, None)
        assert isinstance(ready, Prepared)
        published = await session.publish(ready.handle)
        assert isinstance(published, Published)
        assert published.id
        follow = await session.prepare(below(published.id, text), platform.files, None)
        assert isinstance(follow, Prepared)
        return await steps(session, follow.handle, clock.now())

    return platform.run(scenario)


async def _send(session: InstagramSession, handle: Handle, _: datetime) -> PublishOutcome:
    return await session.publish(handle)


async def _find(session: InstagramSession, handle: Handle, since: datetime) -> FindOutcome:
    return await session.find(handle, Search(since))


def texts(platform: Platform) -> list[str]:
    (post,) = (entry.id for entry in platform.world.log)
    return [comment.text for comment in platform.world.comments(post)]


def test_a_first_comment_is_written_below_its_post(platform: Platform) -> None:
    outcome = after_a_post(platform, _send)
    assert isinstance(outcome, Published)
    assert texts(platform) == [TEXT]


def test_a_comment_that_was_not_sent_is_not_found(platform: Platform) -> None:
    outcome = after_a_post(platform, _find)
    assert isinstance(outcome, NotPublished)
    assert not outcome.handle_dead


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_lost_answer_is_in_doubt_and_looked_up(platform: Platform, *, applied: bool) -> None:
    platform.fault("POST", COMMENTS, apply="yes" if applied else "no", answer="drop")

    async def steps(session: InstagramSession, handle: Handle, now: datetime) -> Any:
        return await session.publish(handle), await session.find(handle, Search(now))

    doubt, found = after_a_post(platform, steps)
    assert isinstance(doubt, InDoubt)
    assert isinstance(found, Published if applied else NotPublished)
    assert texts(platform) == [TEXT] * applied


@pytest.mark.parametrize("rule", [{"answer": "drop"}, {"answer": "garbage"}, {"answer": "error"}])
def test_an_unreadable_list_is_never_not_published(
    platform: Platform, rule: dict[str, Any]
) -> None:
    platform.fault("GET", COMMENTS, times=3, **rule)
    outcome = after_a_post(platform, _find)
    assert isinstance(outcome, Unknown)
    assert outcome.later


def test_the_same_words_of_before_or_of_another_delivery_are_not_ours(platform: Platform) -> None:
    async def steps(session: InstagramSession, handle: Handle, now: datetime) -> Any:
        sent = await session.publish(handle)
        assert isinstance(sent, Published)
        assert sent.id
        later = await session.find(handle, Search(now + timedelta(hours=1)))
        other = await session.find(handle, Search(now, frozenset({sent.id})))
        return later, other

    for outcome in after_a_post(platform, steps):
        assert isinstance(outcome, NotPublished)


def test_the_same_words_twice_are_for_a_person_to_judge(platform: Platform) -> None:
    async def steps(session: InstagramSession, handle: Handle, now: datetime) -> Any:
        await session.publish(handle)
        await session.publish(handle)
        return await session.find(handle, Search(now))

    outcome = after_a_post(platform, steps)
    assert isinstance(outcome, Unknown)
    assert not outcome.later


def test_another_text_is_not_ours(platform: Platform) -> None:
    async def steps(session: InstagramSession, handle: Handle, now: datetime) -> Any:
        await session.publish({**handle, "text": "Something else"})
        return await session.find(handle, Search(now))

    assert isinstance(after_a_post(platform, steps), NotPublished)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ({"code": 10, "status": 400}, ErrorClass.AUTH),
        ({"code": 80002, "status": 400}, ErrorClass.RATE_LIMITED),
        ({"code": 100, "status": 400}, ErrorClass.CONTENT),
    ],
)
def test_a_refused_comment_says_why(
    platform: Platform, rule: dict[str, Any], kind: ErrorClass
) -> None:
    platform.fault("POST", COMMENTS, **rule)
    outcome = after_a_post(platform, _send)
    assert isinstance(outcome, NotPublished)
    assert outcome.problem.kind is kind
    assert texts(platform) == []


def test_comments_are_switched_off_and_found_so(platform: Platform) -> None:
    async def steps(session: InstagramSession, handle: Handle, now: datetime) -> Any:
        before = await session.find(handle, Search(now))
        return before, await session.publish(handle), await session.find(handle, Search(now))

    before, sent, after = after_a_post(platform, steps, text="")
    assert isinstance(before, NotPublished)
    assert isinstance(sent, Published)
    assert sent == after
    (post,) = (entry.id for entry in platform.world.log)
    assert not platform.world.upkeep.comments_enabled(post)


@pytest.mark.parametrize(
    "rule",
    [{"answer": "drop"}, {"answer": "garbage", "status": 200, "body": '{"success": false}'}],
)
def test_a_switch_that_did_not_move_is_not_done(platform: Platform, rule: dict[str, Any]) -> None:
    platform.fault("POST", SWITCH, **rule)
    outcome = after_a_post(platform, _send, text="")
    assert not isinstance(outcome, Published)


def test_a_handle_of_a_post_is_not_one_of_what_follows_it(platform: Platform) -> None:
    ready = platform.run(lambda session, _: session.prepare(image_post(), platform.files, None))
    assert isinstance(ready, Prepared)
    assert "follows" not in ready.handle
    assert replace(below("1"), below="").below == ""
