"""Comments off and on again, after a post is public."""

from __future__ import annotations

from typing import Any

import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.core.outcome import ErrorClass, Prepared, Problem, Published
from socialauto.engine.clock import LoopClock
from support.instagram import Platform, image_post

SWITCH = r"^/180\d+$"


def switch(platform: Platform, *positions: bool) -> tuple[list[Problem | None], str]:
    """Publish, then set the switch; what came of it, and which post it is about."""

    async def scenario(session: InstagramSession, _: LoopClock) -> tuple[list[Problem | None], str]:
        ready = await session.prepare(image_post(), platform.files, None)
        assert isinstance(ready, Prepared)
        published = await session.publish(ready.handle)
        assert isinstance(published, Published)
        assert published.id
        return [await session.set_comments(published.id, on) for on in positions], published.id

    return platform.run(scenario)


@pytest.mark.parametrize("positions", [(False,), (False, False), (False, True), (True, False)])
def test_comments_are_as_they_were_last_set(
    platform: Platform, positions: tuple[bool, ...]
) -> None:
    problems, post = switch(platform, *positions)

    assert problems == [None] * len(positions)
    assert platform.world.upkeep.comments_enabled(post) is positions[-1]
    assert len(platform.published) == 1


@pytest.mark.parametrize(
    ("rule", "kind", "begins"),
    [
        ({"answer": "drop"}, ErrorClass.TRANSIENT, "Instagram did not answer"),
        ({"answer": "error"}, ErrorClass.TRANSIENT, "Instagram's service is down"),
        (
            {"answer": "garbage", "status": 200, "body": '{"success": false}'},
            ErrorClass.TRANSIENT,
            "Instagram did not switch the comments",
        ),
        ({"code": 10, "status": 400}, ErrorClass.AUTH, "the token lacks a permission"),
        ({"code": 80002, "status": 400}, ErrorClass.RATE_LIMITED, "the account has made too many"),
    ],
)
def test_a_switch_that_did_not_move_says_why(
    platform: Platform, rule: dict[str, Any], kind: ErrorClass, begins: str
) -> None:
    platform.fault("POST", SWITCH, **rule)
    (problem,), post = switch(platform, False)

    assert problem is not None
    assert problem.kind is kind
    assert problem.message.startswith(begins)
    assert platform.world.upkeep.comments_enabled(post)


def test_a_switch_whose_answer_was_lost_is_set_again(platform: Platform) -> None:
    platform.fault("POST", SWITCH, apply="yes", answer="drop")
    (lost, again), post = switch(platform, False, False)

    assert lost is not None
    assert again is None
    assert not platform.world.upkeep.comments_enabled(post)
