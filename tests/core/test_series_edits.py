"""Series and queues that are edited while they are in use: nothing goes out twice, nothing in a
burst, nothing of the past; whatever is edited, and whenever runs come.

What is due is published at once, as an engine would.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.guard import make_plan
from socialauto.core.ledger import Entry, State
from socialauto.core.occurrences import Ago, Series, occurring
from socialauto.core.plan import Kind
from socialauto.core.recurrence_words import parse_words
from socialauto.core.slots import Queue, Waiting, queued
from socialauto.core.timetable import Exemption, Pattern, Timetable
from socialauto.core.when import find_zone
from support.builders import config, delivery, entry, snapshot

BEGAN = datetime.fromisoformat("2026-11-01T00:00+00:00")
START = datetime.fromisoformat("2026-11-02")
NOW = datetime.fromisoformat("2027-03-20T12:00+00:00")
"""A week before Berlin's clocks are changed, and two before Sydney's."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

ONCE_A_DAY = ("day 09:00", "day 17:30", "day 02:30", "monday 09:00", "tuesday 23:30", "sun 02:30")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC")


def timetable(every: str, zone: str, exemptions: dict[datetime, Exemption]) -> Timetable:
    found = find_zone(zone)
    assert found is not None
    return Timetable(Pattern(parse_words(every), START), found, exemptions)


@dataclass
class Life:
    """A series in use."""

    every: str = "day 09:00"
    zone: str = "Europe/Berlin"
    id: str = "quote"
    texts: tuple[str, ...] = ("One",)
    exemptions: dict[datetime, Exemption] = field(default_factory=dict)
    landed: datetime = BEGAN
    now: datetime = NOW
    entries: list[Entry] = field(default_factory=list)

    @property
    def series(self) -> Series:
        pool = tuple(delivery(self.id, text=text) for text in self.texts)
        return Series(timetable(self.every, self.zone, self.exemptions), pool)

    def next_wall(self) -> datetime:
        """The next date, by its name."""
        table = self.series.timetable
        return next(one.wall for one in table.between(self.now, self.now + 30 * DAY))

    def run(self) -> list[Entry]:
        """What this run sends."""
        ago = Ago(self.now, BEGAN, lambda path: self.landed)
        mine = [one for one in self.entries if one.post == self.id]
        made = occurring([self.series], mine, ago)
        plan = make_plan(made, snapshot(*mine, began=BEGAN), config(), now=self.now)
        steps = [step for step in plan.steps if step.kind in (Kind.PUBLISH, Kind.MISSED)]
        written = []
        for step in steps:
            if step.delivery is not None and (step.kind is Kind.PUBLISH or step.record):
                sent = step.kind is Kind.PUBLISH
                state = State.PUBLISHED if sent else State.MISSED
                shown = {"published_at": self.now, "remote_id": "1"} if sent else {}
                written.append(entry(step.delivery, state, **shown))
        self.entries += written
        return [one for one in written if one.state is State.PUBLISHED]

    def edit(self, kind: str, value: int) -> None:
        match kind:
            case "rule":
                self.every = ONCE_A_DAY[value % len(ONCE_A_DAY)]
                self.exemptions = {}
            case "zone":
                self.zone = ZONES[value % len(ZONES)]
            case "pool":
                self.texts = tuple(f"Text {number}" for number in range(1 + value % 4))
            case "id":
                self.id, self.landed = f"{self.id}x", self.now
            case "skip":
                self.exemptions = {**self.exemptions, self.next_wall(): Exemption(skip=True)}
            case "move":
                due = self.now + (1 + value) * 7 * HOUR
                self.exemptions = {**self.exemptions, self.next_wall(): Exemption(due=due)}


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["", "", "rule", "zone", "pool", "id", "skip", "move"]),
        st.integers(0, 11),
        st.sampled_from([1, 2, 5, 9, 26, 200]),
    ),
    min_size=4,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_whatever_is_edited_no_date_goes_out_twice_and_none_in_a_burst(
    edits: list[tuple[str, int, int]],
) -> None:
    life = Life()
    days: dict[str, list[str]] = defaultdict(list)
    for kind, value, hours in edits:
        life.now += hours * HOUR
        if kind:
            life.edit(kind, value)
        known = {one.key for one in life.entries}
        newest = max((one.due for one in life.entries if one.post == life.id), default=life.landed)
        sent = life.run()
        assert len(sent) <= 1
        for one in sent:
            assert one.key not in known
            assert newest <= one.due <= life.now
            assert life.now - one.due <= 6 * HOUR
            days[one.post].append(one.occurrence[:10])
        assert life.run() == []
    for served in days.values():
        assert len(set(served)) == len(served)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["rule", "zone", "pool", "skip", "move"]),
    st.integers(0, 11),
    st.integers(1, 60),
)
def test_what_is_published_stays_so_after_any_edit(kind: str, value: int, hours: int) -> None:
    life = Life()
    while not life.entries:
        life.now += HOUR
        life.run()
    (before,) = life.entries
    life.edit(kind, value)
    life.now += hours * HOUR
    ago = Ago(life.now, BEGAN, lambda path: life.landed)
    mine = [one for one in occurring([life.series], life.entries, ago) if one.key == before.key]
    assert [one.key for one in mine] == [before.key]
    steps = make_plan(mine, snapshot(before, began=BEGAN), config(), now=life.now).steps
    assert [step.kind for step in steps] == [Kind.DONE]


def test_a_rule_that_names_an_earlier_date_does_not_go_back() -> None:
    life = Life(every="day 17:30")
    life.now = NOW + 5 * HOUR
    assert [one.occurrence for one in life.run()] == ["2027-03-20T17:30"]
    life.every = "day 14:00"
    life.now += HOUR / 2
    assert life.run() == []
    life.every = "saturday 17:00"
    assert life.run() == []


def test_a_rule_does_not_go_back_to_the_day_before() -> None:
    life = Life(every="day 02:30", now=NOW + 14 * HOUR)
    assert [one.occurrence for one in life.run()] == ["2027-03-21T02:30"]
    life.every = "saturday 23:30"  # three and a half hours ago
    assert life.run() == []
    assert len(life.entries) == 1


@pytest.mark.parametrize("state", [State.PUBLISHED, State.DELETED])
def test_a_day_that_was_served_is_not_served_at_a_later_time(state: State) -> None:
    life = Life()
    assert [one.occurrence for one in life.run()] == ["2027-03-20T09:00"]
    life.entries[0] = life.entries[0].model_copy(update={"state": state})
    life.every = "day 17:30"
    life.now += 6 * HOUR
    assert life.run() == []
    life.now += DAY
    assert [one.occurrence for one in life.run()] == ["2027-03-21T17:30"]


def test_another_zone_keeps_the_names_of_dates() -> None:
    """09:00 in New York comes six hours after 09:00 in Berlin, and is the same date."""
    life = Life()
    assert [one.occurrence for one in life.run()] == ["2027-03-20T09:00"]
    life.zone = "America/New_York"
    life.now += 5 * HOUR
    assert life.run() == []
    life.now += 20 * HOUR
    assert [one.occurrence for one in life.run()] == ["2027-03-21T09:00"]


def test_another_id_is_another_series_that_never_sends_its_past() -> None:
    life = Life()
    assert len(life.run()) == 1
    life.edit("id", 0)
    assert life.run() == []
    life.now += 20 * HOUR
    assert [(one.post, one.occurrence) for one in life.run()] == [("quotex", "2027-03-21T09:00")]


# queues

WORDS = ("day 09:00", "monday 18:30", "weekday 11:00", "sunday 02:30")
NAMES = [f"post-{number:02d}" for number in range(9)]


@dataclass
class Row:
    """A queue in use."""

    slots: tuple[str, ...] = ("day 09:00",)
    zone: str = "Europe/Berlin"
    blackout: tuple[tuple[date, date], ...] = ()
    posts: dict[str, tuple[int, bool]] = field(default_factory=dict)
    """Each post's order, and whether it is a draft."""
    changed: dict[str, datetime] = field(default_factory=dict)
    now: datetime = NOW
    entries: list[Entry] = field(default_factory=list)

    @property
    def queue(self) -> Queue:
        tables = tuple(timetable(words, self.zone, {}) for words in self.slots)
        return Queue("row", tables, self.blackout)

    @property
    def waiting(self) -> list[Waiting]:
        return [
            Waiting(self.queue, delivery(name, draft=draft), order)
            for name, (order, draft) in self.posts.items()
        ]

    def laid_out(self, *more: Waiting) -> dict[str, datetime]:
        ago = Ago(self.now, BEGAN, lambda path: self.changed.get(path[8:-3], BEGAN))
        return {
            one.key.post: one.due
            for one in queued([*self.waiting, *more], self.entries, ago)
            if not one.draft
        }

    def edit(self, kind: str, value: int) -> None:
        name = NAMES[value % len(NAMES)]
        match kind:
            case "slots":
                self.slots = tuple(WORDS[: 1 + value % len(WORDS)][::-1])
            case "zone":
                self.zone = ZONES[value % len(ZONES)]
            case "blackout":
                day = self.now.date() + timedelta(days=value % 4)
                self.blackout = (*self.blackout, (day, day + DAY))
            case "post":
                self.posts[name] = (value % 3, value == 7)
                self.changed[name] = self.now
            case "gone":
                self.posts.pop(name, None)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "post", "post", "post", "slots", "zone", "blackout", "gone"]),
            st.integers(0, 17),
            st.sampled_from([1, 3, 7, 26, 200]),
            st.sampled_from([State.PUBLISHED, State.PUBLISHED, State.RETRY, State.INTENT]),
        ),
        min_size=4,
        max_size=25,
    )
)
def test_whatever_is_edited_no_post_of_a_queue_goes_out_twice_and_no_slot_is_filled_twice(
    edits: list[tuple[str, int, int, State]],
) -> None:
    row = Row()
    for kind, value, hours, state in edits:
        row.now += hours * HOUR
        if kind:
            row.edit(kind, value)
        known = {one.post: one.due for one in row.entries}
        found = row.laid_out()
        assert {name: due for name, due in found.items() if name in known} == {
            name: due for name, due in known.items() if name in found
        }
        fresh = {name: due for name, due in found.items() if name not in known}
        taken = set(known.values())
        assert len({*fresh.values(), *taken}) == len(fresh) + len(taken)
        due = {name: at for name, at in fresh.items() if at <= row.now}
        assert len(due) <= 1
        slots = set(row.queue.between(row.now - DAY, row.now + 250 * DAY))
        assert set(fresh.values()) <= slots
        drafts = {name for name, (_, draft) in row.posts.items() if draft}
        assert set(found) >= set(row.posts) - drafts - set(known)
        last = Waiting(row.queue, delivery("zz-last"), 99)
        assert {name: at for name, at in row.laid_out(last).items() if name != "zz-last"} == found
        row.entries += [entry(delivery(name, due=at), state) for name, at in due.items()]


@pytest.mark.parametrize("state", list(State))
def test_no_edit_of_the_slots_moves_what_the_ledger_knows(state: State) -> None:
    row = Row(posts={"post-01": (0, False)})
    due = row.laid_out()["post-01"]
    row.entries = [entry(delivery("post-01", due=due), state)]
    day = due.date()
    row = replace(row, slots=("monday 18:30",), zone="UTC", blackout=((day, day),))
    assert row.laid_out() == {"post-01": due}
