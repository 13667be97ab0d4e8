"""What every adapter must hold, faults included. Subclass it, give it a rig, and it runs.

    class TestMyPlatform(AdapterContract):
        @pytest.fixture
        def rig(self) -> Rig: ...

The rig's platform is a server with rules of its own, never a canned answer.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import pytest

from socialauto.adapters import registry
from socialauto.adapters.protocol import MediaSource, Search, Session
from socialauto.core.checks import check_message
from socialauto.core.clock import Clock
from socialauto.core.errors import SocialautoError
from socialauto.core.message import Message
from socialauto.core.outcome import (
    AlreadyPublished,
    ErrorClass,
    Handle,
    InDoubt,
    NotPrepared,
    NotPublished,
    Prepared,
    Published,
    Unknown,
)

T = TypeVar("T")


class Rig(Protocol):
    """An adapter's platform as the contract wants it: sessions, an oracle, and misfortune."""

    platform_name: str
    account_id: str
    token: str
    media: MediaSource
    start: datetime
    """Where the clock of every scenario begins."""

    def messages(self) -> Sequence[Message]:
        """One that is good for every type the adapter serves."""
        ...

    def run(self, scenario: Callable[[Session, Clock], Awaitable[T]]) -> T:
        """Play a scenario on virtual time. What the platform knows outlives it."""
        ...

    def public(self) -> int:
        """The oracle: how many posts the public has seen, by the platform's own count."""
        ...

    def lose_answer(self, *, applied: bool) -> None:
        """The next visible call gets no answer, after its effect or instead of it."""
        ...

    def break_reads(self) -> None:
        """From now on whatever is read comes back as garbage."""
        ...

    def refuse_token(self) -> None: ...


async def ready(session: Session, rig: Rig, message: Message) -> Handle:
    outcome = await session.prepare(message, rig.media, None)
    assert isinstance(outcome, Prepared), outcome
    # The ledger keeps it as JSON, and another run reads it.
    return dict(json.loads(json.dumps(dict(outcome.handle))))


class AdapterContract:
    def test_it_is_found_and_says_what_it_takes(self, rig: Rig) -> None:
        adapter = registry.adapter(rig.platform_name)

        assert adapter.platform == rig.platform_name
        assert {message.type for message in rig.messages()} == set(adapter.capabilities.types)
        for message in rig.messages():
            errors = [*check_message(message, adapter.capabilities), *adapter.check(message)]
            assert [each for each in errors if each.severity == "error"] == []

    def test_it_knows_the_account_of_its_token(self, rig: Rig) -> None:
        async def scenario(session: Session, _: Clock) -> str:
            return (await session.whoami()).id

        assert rig.run(scenario) == rig.account_id

    def test_preparing_shows_the_public_nothing(self, rig: Rig) -> None:
        async def scenario(session: Session, _: Clock) -> list[Handle]:
            return [await ready(session, rig, message) for message in rig.messages()]

        handles = rig.run(scenario)

        assert rig.public() == 0
        assert rig.token not in json.dumps(handles)

    def test_every_type_goes_out_once_and_has_an_id(self, rig: Rig) -> None:
        async def scenario(session: Session, _: Clock) -> list[Any]:
            handles = [await ready(session, rig, message) for message in rig.messages()]
            return [await session.publish(handle) for handle in handles]

        outcomes = rig.run(scenario)

        assert all(isinstance(each, Published) and each.id for each in outcomes)
        assert len({each.id for each in outcomes}) == rig.public() == len(rig.messages())

    def test_a_publication_is_found_again_from_its_handle_alone(self, rig: Rig) -> None:
        async def scenario(session: Session, clock: Clock) -> list[tuple[Any, Any]]:
            pairs = []
            for message in rig.messages():
                handle = await ready(session, rig, message)
                search = Search(since=clock.now())
                pairs.append((await session.publish(handle), await session.find(handle, search)))
            return pairs

        for published, found in rig.run(scenario):
            assert isinstance(found, Published)
            assert found.id == published.id

    def test_an_answer_lost_after_the_effect_is_settled_as_published(self, rig: Rig) -> None:
        rig.lose_answer(applied=True)

        async def scenario(session: Session, clock: Clock) -> tuple[Any, Any]:
            handle = await ready(session, rig, rig.messages()[0])
            search = Search(since=clock.now())
            return await session.publish(handle), await session.find(handle, search)

        lost, found = rig.run(scenario)

        assert isinstance(lost, InDoubt)
        assert isinstance(found, Published)
        assert rig.public() == 1

    def test_an_answer_lost_before_the_effect_is_sent_with_the_same_handle(self, rig: Rig) -> None:
        rig.lose_answer(applied=False)

        async def scenario(session: Session, clock: Clock) -> list[Any]:
            handle = await ready(session, rig, rig.messages()[0])
            search = Search(since=clock.now())
            lost, found = await session.publish(handle), await session.find(handle, search)
            again = await session.prepare(rig.messages()[0], rig.media, handle)
            assert isinstance(again, Prepared)
            assert dict(again.handle) == handle
            return [lost, found, await session.publish(again.handle)]

        lost, found, sent = rig.run(scenario)

        assert isinstance(lost, InDoubt)
        assert isinstance(found, NotPublished)
        assert not found.handle_dead
        assert isinstance(sent, Published)
        assert rig.public() == 1

    def test_what_is_public_is_never_prepared_anew(self, rig: Rig) -> None:
        rig.lose_answer(applied=True)

        async def scenario(session: Session, _: Clock) -> tuple[Any, Any]:
            handle = await ready(session, rig, rig.messages()[0])
            await session.publish(handle)
            return handle, await session.prepare(rig.messages()[0], rig.media, handle)

        handle, outcome = rig.run(scenario)

        assert isinstance(outcome, AlreadyPublished)
        assert dict(outcome.handle) == handle
        assert outcome.since >= rig.start

    def test_a_post_of_another_delivery_is_not_taken_for_ours(self, rig: Rig) -> None:
        async def scenario(session: Session, clock: Clock) -> tuple[Any, Any]:
            first = await ready(session, rig, rig.messages()[0])
            second = await ready(session, rig, rig.messages()[0])
            search = Search(since=clock.now())
            other = await session.publish(first)
            assert isinstance(other, Published)
            assert other.id
            taken = Search(since=search.since, taken=frozenset({other.id}))
            return other, await session.find(second, taken)

        _, found = rig.run(scenario)

        assert isinstance(found, NotPublished)

    @pytest.mark.parametrize("publish", [True, False])
    def test_reads_that_prove_nothing_leave_it_unknown(self, rig: Rig, publish: bool) -> None:
        async def scenario(session: Session, clock: Clock) -> tuple[Any, timedelta]:
            handle = await ready(session, rig, rig.messages()[0])
            search = Search(since=clock.now())
            if publish:
                await session.publish(handle)
            rig.break_reads()
            start = clock.now()
            return await session.find(handle, search), clock.now() - start

        found, took = rig.run(scenario)

        assert isinstance(found, Unknown)
        assert found.later
        assert took < timedelta(minutes=15)

    def test_a_refused_token_stops_before_anything_is_made(self, rig: Rig) -> None:
        rig.refuse_token()

        async def scenario(session: Session, _: Clock) -> Any:
            with pytest.raises(SocialautoError) as refused:
                await session.whoami()
            assert rig.token not in str(refused.value)
            assert await session.quota_left() is None
            return await session.prepare(rig.messages()[0], rig.media, None)

        outcome = rig.run(scenario)

        assert isinstance(outcome, NotPrepared)
        assert outcome.problem.kind is ErrorClass.AUTH
        assert rig.token not in repr(outcome)
        assert rig.public() == 0

    def test_a_token_refused_in_doubt_decides_nothing(self, rig: Rig) -> None:
        async def scenario(session: Session, clock: Clock) -> tuple[Any, Any]:
            handle = await ready(session, rig, rig.messages()[0])
            rig.refuse_token()
            sent = await session.publish(handle)
            return sent, await session.find(handle, Search(since=clock.now()))

        sent, found = rig.run(scenario)

        assert isinstance(sent, NotPublished)
        assert sent.problem.kind is ErrorClass.AUTH
        assert not sent.handle_dead
        assert isinstance(found, Unknown)
        assert rig.public() == 0
