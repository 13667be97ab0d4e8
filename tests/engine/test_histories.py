"""People rename, edit, move, withdraw and delete, runs come and go and fail: nothing goes out
twice, and nothing comes back.

The oracle is the platform's own log: which text it showed, and what it deleted. A text is never
shown twice, whatever its file was called, nor what was meant for one time; an id is never published
twice, nor after it was deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.config import Guard
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.ledger import State
from socialauto.core.outcome import InDoubt, NotPublished
from support.builders import HOUR, NOON, config, delivery
from support.fakes import Killed
from support.memory_runs import TRANSIENT, World

LOST = InDoubt(TRANSIENT)
NEVER = timedelta(0)
"""Nothing but the files' names tells that a post is an old one."""
FAULTS: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: LOST,
    lambda: ("after", LOST),
    lambda: NotPublished(TRANSIENT),
    Killed,
    lambda: ("after", Killed()),
)


@dataclass
class File:
    """A post's file. Its words tell the oracle which one the public sees."""

    number: int
    name: str
    due: datetime
    version: int = 1
    there: bool = True
    delete: bool = False
    draft: bool = False

    @property
    def text(self) -> str:
        return f"post {self.number} version {self.version}"

    def delivery(self) -> Delivery:
        invalid = "SA972" if self.draft and self.delete else ""
        return delivery(
            self.name,
            due=self.due,
            text=self.text,
            delete=self.delete,
            draft=self.draft,
            invalid=invalid,
        )


@dataclass
class History:
    """A team's files, its runs, and what the public has seen."""

    files: list[File]
    now: datetime = NOON
    world: World = field(
        default_factory=lambda: World(
            [], settings=config(guard=Guard(max_deletes=99, duplicates=NEVER))
        )
    )
    shown: dict[str, str] = field(default_factory=dict)
    """By media id: the name of the file that it came from."""
    times: set[tuple[str, datetime]] = field(default_factory=set)
    """Posts and the times that they were meant for."""

    def edit(self, file: File) -> None:
        file.version += 1

    def move(self, file: File) -> None:
        file.due += 5 * HOUR

    def rename(self, file: File) -> None:
        file.name += "x"

    def rename_and_mend(self, file: File) -> None:
        self.rename(file)
        self.edit(file)

    def rename_back(self, file: File) -> None:
        file.name = file.name.rstrip("x")

    def remove(self, file: File) -> None:
        file.there = not file.there

    def delete(self, file: File) -> None:
        file.delete = not file.delete

    def draft(self, file: File) -> None:
        file.draft = not file.draft

    def run(self, hours: float, *faults: Any) -> None:
        self.now += timedelta(hours=hours)
        platform = self.world.platform
        platform.publish_script = list(faults[:2])
        platform.delete_script = list(faults[2:])
        wanted = [file for file in self.files if file.there]
        self.world.posts = [one.delivery() for one in wanted]
        deleted = len(platform.deleted)
        try:
            self.world.run(self.now)
        except BaseExceptionGroup as group:
            if group.subgroup(Killed) is None:
                raise
        self._judge({f"post {one.number}": one for one in wanted})
        doomed = {one.name for one in wanted if one.delete}
        assert {self.shown[media] for media in platform.deleted[deleted:]} <= doomed

    def _judge(self, files: dict[str, File]) -> None:
        platform = self.world.platform
        texts = [platform.containers[container] for container, _ in platform.log]
        assert len(texts) == len(set(texts)), texts
        for container, media in platform.log:
            if media not in self.shown:
                post = platform.containers[container].partition(" version")[0]
                name, time = files[post].name, (post, files[post].due)
                assert name not in self.shown.values(), f"{name} was published before"
                assert time not in self.times, f"{post} has gone out at its time before"
                self.shown[media] = name
                self.times.add(time)
        assert len(platform.deleted) == len(set(platform.deleted))

    def quiet_end(self) -> None:
        """Without misfortune everything settles, and the ledger says what the public saw."""
        for _ in range(4):
            self.run(6)
        for media, name in self.shown.items():
            entry = self.world.ledger.entries[DeliveryKey("acme", name)]
            gone = media in self.world.platform.deleted
            assert entry.state is (State.DELETED if gone else State.PUBLISHED)
            file = next((one for one in self.files if one.name == name and one.there), None)
            assert gone or file is None or not file.delete or file.draft


CHANGES = (
    History.edit,
    History.move,
    History.rename,
    History.rename_and_mend,
    History.rename_back,
    History.remove,
    History.delete,
    History.delete,
    History.draft,
)
change = st.tuples(st.sampled_from(CHANGES), st.integers(0, 1))
turn = st.tuples(
    st.lists(change, max_size=2),
    st.sampled_from((0.1, 1.0, 3.0, 9.0)),
    st.lists(st.sampled_from(FAULTS), max_size=3),
)
"""What people change, and the run after it, so many hours after the last one."""


@settings(max_examples=150, deadline=None)
@given(st.lists(turn, min_size=2, max_size=12))
def test_no_history_publishes_twice_or_after_a_deletion(turns: list[Any]) -> None:
    history = History([File(number, f"f{number}", NOON + number * HOUR) for number in range(2)])
    for changes, hours, faults in turns:
        for action, number in changes:
            action(history, history.files[number])
        history.run(hours, *(fault() for fault in faults))
    history.quiet_end()
    names = list(history.shown.values())
    assert len(names) == len(set(names))
    assert set(history.world.platform.deleted) <= history.shown.keys()


def test_a_history_publishes_and_deletes_at_all() -> None:
    history = History([File(0, "f0", NOON)])
    history.run(1)
    history.delete(history.files[0])
    history.run(1)
    history.delete(history.files[0])
    history.run(1)
    assert history.world.platform.deleted == ["m1"]
    assert list(history.shown.values()) == ["f0"]
    history.quiet_end()
