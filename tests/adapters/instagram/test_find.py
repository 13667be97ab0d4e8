"""What became of a publication whose answer was lost: container first, listing as a witness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.adapters.protocol import Search
from socialauto.core.message import Message
from socialauto.core.outcome import (
    ErrorClass,
    FindOutcome,
    InDoubt,
    NotPublished,
    Prepared,
    Published,
    Unknown,
)
from socialauto.engine.clock import LoopClock
from socialauto.sandbox.state import Settings, StatusCode, Token
from support.instagram import (
    MEDIA,
    NOON,
    PUBLISH,
    STATUS,
    Platform,
    carousel_post,
    film,
    image_post,
    reel_post,
    story_post,
)

LOOK = Search(since=NOON)
Before = Callable[[Platform, str], None]


def nothing(platform: Platform, container: str) -> None:
    pass


def find(
    platform: Platform,
    message: Message | None = None,
    *,
    before: Before = nothing,
    publish: bool = True,
    wait: float = 0,
    search: Search = LOOK,
) -> tuple[FindOutcome, timedelta]:
    """Prepare, publish, and ask: what came of it, and how long the asking took."""

    async def scenario(
        session: InstagramSession, clock: LoopClock
    ) -> tuple[FindOutcome, timedelta]:
        ready = await session.prepare(message or image_post(), platform.files, None)
        assert isinstance(ready, Prepared), ready
        if publish:
            assert isinstance(await session.publish(ready.handle), InDoubt | Published)
        before(platform, ready.handle["container"])
        await clock.sleep(wait)
        start = clock.now()
        return await session.find(ready.handle, search), clock.now() - start

    return platform.run(scenario)


def post_by_hand(platform: Platform, message: Message, *, caption: str | None = None) -> str:
    """Somebody publishes in Instagram's own app; the id of it."""

    async def scenario(session: InstagramSession, _: LoopClock) -> str:
        ready = await session.prepare(message, platform.files, None)
        assert isinstance(ready, Prepared)
        outcome = await session.publish(ready.handle)
        assert isinstance(outcome, Published)
        assert outcome.id
        return outcome.id

    return platform.run(scenario)


# the container says PUBLISHED


@pytest.mark.parametrize("message", [image_post(), carousel_post(), reel_post()])
def test_a_lost_answer_is_found_with_id_and_link(platform: Platform, message: Message) -> None:
    platform.fault("POST", PUBLISH, apply="yes", answer="drop")
    outcome, took = find(platform, message)

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id
    assert outcome.url is not None
    assert took == timedelta(0)


def test_captions_are_compared_as_instagram_gives_them_back(platform: Platform) -> None:
    platform.configure(drops_at_signs=True)
    outcome, _ = find(platform, image_post("Thanks  @bob,\n\nand cafe\u0301 "))

    assert outcome == Published(platform.world.log[0].id, getattr(outcome, "url", None))


def test_a_listing_that_lags_is_asked_again(platform: Platform) -> None:
    platform.world.settings = Settings(listing_lag=45)
    outcome, took = find(platform)

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id
    assert took == timedelta(seconds=90)


@pytest.mark.parametrize("rule", [{"answer": "drop"}, {"answer": "garbage"}, {"code": 100}])
def test_a_listing_that_cannot_be_read_does_not_undo_what_the_container_proves(
    platform: Platform, rule: dict[str, Any]
) -> None:
    platform.fault("GET", MEDIA, times=None, **rule)
    outcome, _ = find(platform)

    assert outcome == Published(None)


def test_a_caption_that_is_not_given_back_leaves_the_id_open(platform: Platform) -> None:
    platform.configure(hidden_fields=("caption",))

    assert find(platform)[0] == Published(None)


def test_two_lookalikes_leave_the_id_open(platform: Platform) -> None:
    post_by_hand(platform, image_post())

    assert find(platform)[0] == Published(None)


def test_a_lookalike_that_belongs_to_another_delivery_is_out_of_the_question(
    platform: Platform,
) -> None:
    other = post_by_hand(platform, image_post())
    outcome, _ = find(platform, search=Search(since=NOON, taken=frozenset({other})))

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[1].id


@pytest.mark.parametrize(
    "newest", [image_post("something else"), reel_post("Three things"), image_post("Three things")]
)
def test_the_newest_post_is_not_taken_for_ours(platform: Platform, newest: Message) -> None:
    """A carousel of three is looked for; what else is there differs in words, kind or number."""
    platform.world.settings = Settings(listing_lag=0)
    ours = carousel_post("Three things")

    def hide_ours(platform: Platform, container: str) -> None:
        platform.configure(hidden_fields=("children",))

    post_by_hand(platform, newest)
    outcome, _ = find(platform, ours, before=hide_ours)

    assert outcome == Published(None)


def test_a_post_from_before_the_intent_is_not_ours(platform: Platform) -> None:
    outcome, _ = find(platform, search=Search(since=NOON + timedelta(minutes=10)))

    assert outcome == Published(None)


def test_a_post_without_words_is_recognised_when_it_is_alone(platform: Platform) -> None:
    outcome, _ = find(platform, image_post(""))

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id


# the container says FINISHED


def test_an_unused_container_is_looked_at_three_times(platform: Platform) -> None:
    outcome, took = find(platform, publish=False)

    assert isinstance(outcome, NotPublished)
    assert not outcome.handle_dead
    assert outcome.problem.message == (
        "Instagram did not publish it: its container is ready and unused"
    )
    assert took == timedelta(seconds=90)


def test_an_effect_that_shows_late_is_seen(platform: Platform) -> None:
    platform.fault("POST", PUBLISH, apply="yes", answer="drop", late=60)
    outcome, took = find(platform)

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id
    assert took == timedelta(seconds=90)


def lagging(status: StatusCode) -> Before:
    """The container's status is not up to date, whatever has happened."""

    def change(platform: Platform, _: str) -> None:
        vars(platform.world)["status"] = lambda *_: status

    return change


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_a_status_that_lags_is_corrected_by_the_listing(
    platform: Platform, status: StatusCode
) -> None:
    outcome, took = find(platform, before=lagging(status))

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id
    assert took == timedelta(0)


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_without_words_a_lookalike_does_not_overrule_the_container(
    platform: Platform, status: StatusCode
) -> None:
    post_by_hand(platform, image_post(""))
    outcome, _ = find(platform, image_post(""), publish=False, before=lagging(status))

    assert isinstance(outcome, NotPublished)


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_several_lookalikes_need_a_person(platform: Platform, status: StatusCode) -> None:
    post_by_hand(platform, image_post())
    outcome, _ = find(platform, before=lagging(status))

    assert isinstance(outcome, Unknown)
    assert not outcome.later
    assert outcome.problem.message == (
        "2 posts on the account look like this one, and Instagram does not say whether one of "
        "them is"
    )


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_without_the_listing_nothing_is_called_unpublished(
    platform: Platform, status: StatusCode
) -> None:
    platform.fault("GET", MEDIA, times=None, answer="drop")
    outcome, _ = find(platform, publish=False, before=lagging(status))

    assert isinstance(outcome, Unknown)
    assert outcome.later


# the container says something else, or nothing


def test_a_container_that_is_still_processed_is_asked_later(platform: Platform) -> None:
    outcome, took = find(platform, before=lagging("IN_PROGRESS"))

    assert isinstance(outcome, Unknown)
    assert outcome.later
    assert took == timedelta(0)


def test_an_expired_container_can_never_publish_any_more(platform: Platform) -> None:
    outcome, _ = find(platform, publish=False, wait=25 * 3600)

    assert isinstance(outcome, NotPublished)
    assert outcome.handle_dead
    assert outcome.problem.message == "the upload is older than 24 hours and expired"


def test_a_failed_container_can_never_publish_any_more(platform: Platform) -> None:
    def fail(platform: Platform, container: str) -> None:
        known = platform.world.containers
        known[container] = replace(known[container], problem=2207082)

    outcome, _ = find(platform, publish=False, before=fail)

    assert isinstance(outcome, NotPublished)
    assert outcome.handle_dead
    assert outcome.problem.code == "2207082"


UNREADABLE = [
    {"answer": "drop"},
    {"answer": "hang"},
    {"answer": "garbage", "status": 200},
    {"answer": "garbage", "status": 200, "body": '{"id": "1"}'},
    {"answer": "garbage", "status": 200, "body": '{"id": "1", "status_code": "DREAMING"}'},
    {"answer": "error", "status": 400, "code": 100, "subcode": 33},
    {"answer": "error", "status": 500},
    {"answer": "error", "status": 400, "code": 190, "subcode": 463},
]


@pytest.mark.parametrize("rule", UNREADABLE)
@pytest.mark.parametrize("publish", [True, False])
def test_a_status_that_cannot_be_read_proves_nothing(
    platform: Platform, rule: dict[str, Any], publish: bool
) -> None:
    def break_reads(platform: Platform, _: str) -> None:
        platform.fault("GET", STATUS, times=None, **rule)

    outcome, _ = find(platform, before=break_reads, publish=publish)

    assert isinstance(outcome, Unknown)
    assert outcome.later


@pytest.mark.parametrize("rule", UNREADABLE)
def test_a_status_that_cannot_be_read_once_is_read_again(
    platform: Platform, rule: dict[str, Any]
) -> None:
    def break_a_read(platform: Platform, _: str) -> None:
        platform.fault("GET", STATUS, **rule)

    outcome, _ = find(platform, before=break_a_read)

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id


def test_a_dead_token_is_named(platform: Platform) -> None:
    def end_token(platform: Platform, _: str) -> None:
        platform.world.tokens[platform.token] = Token(expires=NOON)

    outcome, _ = find(platform, before=end_token)

    assert isinstance(outcome, Unknown)
    assert outcome.problem.kind is ErrorClass.AUTH


def test_a_handle_of_another_version_needs_a_person(platform: Platform) -> None:
    async def scenario(session: InstagramSession, _: LoopClock) -> FindOutcome:
        return await session.find({"container": "1", "future": True}, LOOK)

    outcome = platform.run(scenario)

    assert isinstance(outcome, Unknown)
    assert not outcome.later


# stories: no words, a listing of their own, and gone after a day

STORIES = "/stories$"
DAY = 24 * 3600


@pytest.mark.parametrize("message", [story_post(), story_post(film())])
def test_a_story_is_found_among_the_stories(platform: Platform, message: Message) -> None:
    platform.fault("POST", PUBLISH, apply="yes", answer="drop")
    outcome, took = find(platform, message)

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id
    assert outcome.url is not None
    assert took == timedelta(0)


def test_a_story_is_not_looked_for_among_the_posts(platform: Platform) -> None:
    post_by_hand(platform, image_post(""))
    platform.fault("GET", MEDIA, times=None, answer="drop")
    outcome, _ = find(platform, story_post())

    assert outcome == Published(platform.world.log[1].id, getattr(outcome, "url", None))


def test_two_stories_leave_the_id_open(platform: Platform) -> None:
    post_by_hand(platform, story_post())

    assert find(platform, story_post())[0] == Published(None)


@pytest.mark.parametrize("other", [story_post(film()), image_post("")])
def test_a_story_of_another_kind_is_not_ours(platform: Platform, other: Message) -> None:
    post_by_hand(platform, other)
    outcome, _ = find(platform, story_post())

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[1].id


def test_a_story_of_another_delivery_is_out_of_the_question(platform: Platform) -> None:
    other = post_by_hand(platform, story_post())
    outcome, _ = find(
        platform, story_post(), publish=False, search=Search(NOON, taken=frozenset({other}))
    )

    assert isinstance(outcome, NotPublished)


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_a_story_that_could_be_ours_needs_a_person(platform: Platform, status: StatusCode) -> None:
    """Sent again it might be there twice, taken for ours it might be somebody else's."""
    post_by_hand(platform, story_post())
    outcome, _ = find(platform, story_post(), publish=False, before=lagging(status))

    assert isinstance(outcome, Unknown)
    assert not outcome.later
    assert outcome.problem.message == (
        "Instagram says that this story was not published, and lists one that could be it"
    )


def test_several_stories_that_could_be_ours_need_a_person(platform: Platform) -> None:
    post_by_hand(platform, story_post())
    outcome, _ = find(platform, story_post(), before=lagging("FINISHED"))

    assert isinstance(outcome, Unknown)
    assert outcome.problem.message.startswith("2 stories on the account look like this one")


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_a_story_that_is_not_listed_was_not_published(
    platform: Platform, status: StatusCode
) -> None:
    outcome, _ = find(platform, story_post(), publish=False, before=lagging(status))

    assert isinstance(outcome, NotPublished)
    assert outcome.handle_dead is (status != "FINISHED")


def test_a_container_that_lags_is_given_its_time_before_a_person_is_asked(
    platform: Platform,
) -> None:
    platform.fault("POST", PUBLISH, apply="yes", answer="drop", late=60)
    outcome, took = find(platform, story_post())

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id
    assert took == timedelta(seconds=90)


def test_a_strange_story_does_not_shorten_that_time(platform: Platform) -> None:
    post_by_hand(platform, story_post())
    platform.fault("POST", PUBLISH, apply="yes", answer="drop", late=60)

    assert find(platform, story_post())[0] == Published(None)


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_without_their_listing_no_story_is_called_unpublished(
    platform: Platform, status: StatusCode
) -> None:
    platform.fault("GET", STORIES, times=None, answer="drop")
    outcome, _ = find(platform, story_post(), publish=False, before=lagging(status))

    assert isinstance(outcome, Unknown)
    assert outcome.later


def test_after_a_day_the_container_alone_tells_that_a_story_was_out(platform: Platform) -> None:
    def fail_listings(platform: Platform, _: str) -> None:
        platform.fault("GET", STORIES, times=None, answer="drop")

    outcome, took = find(platform, story_post(), before=fail_listings, wait=DAY)

    assert outcome == Published(None)
    assert took == timedelta(0)


@pytest.mark.parametrize("status", ["PUBLISHED", "ERROR", "EXPIRED"])
def test_after_a_day_anything_but_a_story_is_still_listed(
    platform: Platform, status: StatusCode
) -> None:
    outcome, _ = find(platform, before=lagging(status), wait=DAY)

    assert isinstance(outcome, Published)
    assert outcome.id == platform.world.log[0].id


def test_after_a_day_the_container_alone_tells_that_a_story_never_was(platform: Platform) -> None:
    """What is listed then is somebody's of today."""
    message = story_post()

    async def scenario(session: InstagramSession, clock: LoopClock) -> FindOutcome:
        ready = await session.prepare(message, platform.files, None)
        assert isinstance(ready, Prepared)
        await clock.sleep(DAY)
        today = await session.prepare(story_post(), platform.files, None)
        assert isinstance(today, Prepared)
        await session.publish(today.handle)
        return await session.find(ready.handle, LOOK)

    outcome = platform.run(scenario)

    assert isinstance(outcome, NotPublished)
    assert outcome.handle_dead


# and then


def test_a_post_found_unpublished_goes_out_with_the_same_container(platform: Platform) -> None:
    platform.fault("POST", PUBLISH, apply="no", answer="drop")

    async def scenario(session: InstagramSession, _: LoopClock) -> list[Any]:
        ready = await session.prepare(image_post(), platform.files, None)
        assert isinstance(ready, Prepared)
        first = await session.publish(ready.handle)
        found = await session.find(ready.handle, LOOK)
        again = await session.prepare(image_post(), platform.files, ready.handle)
        assert again == ready
        return [first, found, await session.publish(ready.handle)]

    first, found, second = platform.run(scenario)

    assert isinstance(first, InDoubt)
    assert isinstance(found, NotPublished)
    assert isinstance(second, Published)
    assert len(platform.published) == 1


def test_reading_never_publishes(platform: Platform) -> None:
    find(platform, publish=False)

    assert platform.published == []
