"""What the public must have seen at the end of a year, and what the ledger must say.

Written from docs/schedules.md and docs/lifecycle.md, over plain lists: nothing of the program's own
recurrence, slots or plan is called here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from support.simulation.year_calendar import Date, dated, dates, instant, slots
from support.simulation.year_files import (
    DATE,
    Facts,
    History,
    Late,
    PostFacts,
    SeriesFacts,
    SlotsFacts,
)

Name = tuple[str, str, str]
"""Account, id, occurrence."""


@dataclass(frozen=True, slots=True)
class RunTime:
    """When somebody started a run, and how long it looked ahead."""

    at: datetime
    ahead: timedelta = timedelta(0)
    stormy: bool = False
    """It met misfortune."""

    @property
    def end(self) -> datetime:
        return self.at + self.ahead


@dataclass(frozen=True, slots=True)
class Noted:
    """What the ledger says of one delivery."""

    state: str
    due: datetime
    shown: datetime | None = None
    """When the public sees it, unless something went wrong then."""
    text: str = ""


@dataclass(slots=True)
class _Wanted:
    """What the newest commit wants, taken apart."""

    posts: list[tuple[str, PostFacts]] = field(default_factory=list)
    series: list[tuple[str, SeriesFacts]] = field(default_factory=list)
    queues: dict[str, SlotsFacts] = field(default_factory=dict)


def _taken_apart(facts: Mapping[str, Facts]) -> _Wanted:
    wanted = _Wanted()
    for path, fact in facts.items():
        match fact:
            case PostFacts():
                wanted.posts.append((path, fact))
            case SeriesFacts():
                wanted.series.append((path, fact))
            case SlotsFacts():
                wanted.queues[fact.id] = fact
    return wanted


class Oracle:
    """Goes through the runs of a year, in their order."""

    def __init__(self, history: History, began: datetime) -> None:
        self.noted: dict[Name, Noted] = {}
        self._history = history
        self._began = began
        self._number = -1
        self._wanted = _Wanted()

    def see(self, run: RunTime) -> None:
        """What is known after this run, when all goes well."""
        number = self._history.number(run.at)
        if number != self._number:
            self._number = number
            self._wanted = _taken_apart(self._history.facts(number))
        for path, series in self._wanted.series:
            for account in series.accounts:
                self._series(path, series, account, run)
        for _, post in self._wanted.posts:
            for account in post.accounts:
                if post.wall is not None and not post.draft:
                    self._single(post, account, run)
        self._queues(run)

    def _note(
        self, name: Name, due: datetime, late: Late, text: str, zone: str, run: RunTime
    ) -> None:
        """It is in the ledger now: sent, or too late."""
        lateness = run.at - due
        if lateness <= late.grace or late.then == "publish":
            words = text.replace(DATE, f"{due.astimezone(ZoneInfo(zone)):%Y-%m-%d}")
            self.noted[name] = Noted("published", due, max(due, run.at), words)
        else:
            self.noted[name] = Noted("held" if late.then == "hold" else "missed", due)

    # posts with a time

    def _single(self, post: PostFacts, account: str, run: RunTime) -> None:
        assert post.wall is not None
        due, name = instant(post.wall, post.zone), (account, post.id, "")
        before = self.noted.get(name)
        if before and (before.state == "published" or before.due == due):
            return  # once is enough, and a new time gives what was late another chance
        if self._began <= due <= run.end:
            self._note(name, due, post.late, post.text, post.zone, run)

    # posts in a queue

    def _queues(self, run: RunTime) -> None:
        rows: dict[tuple[str, str], list[tuple[str, PostFacts]]] = {}
        for path, post in self._wanted.posts:
            for account in post.accounts:
                waits = post.queue and not post.draft and (account, post.id, "") not in self.noted
                if waits:
                    rows.setdefault((post.queue, account), []).append((path, post))
        for (queue, account), row in rows.items():
            row.sort(key=lambda one: (one[1].order, one[0]))
            self._queue(self._wanted.queues[queue], account, row, run)

    def _free(self, found: Sequence[datetime], account: str) -> list[datetime]:
        taken = {one.due for name, one in self.noted.items() if name[0] == account}
        return [slot for slot in found if slot not in taken]

    def _queue(
        self,
        queue: SlotsFacts,
        account: str,
        row: list[tuple[str, PostFacts]],
        run: RunTime,
    ) -> None:
        found, zone = slots(queue), queue.zone
        past = [slot for slot in found if self._began <= slot <= run.at][-1:]
        for slot in self._free(past, account):
            for path, post in row:
                changed = self._history.landed(self._number, path, last=True)
                if changed is not None and changed <= slot:
                    if run.at - slot <= post.late.grace:
                        name = (account, post.id, "")
                        self._note(name, slot, post.late, post.text, zone, run)
                        row.remove((path, post))
                    break
        coming = [slot for slot in found if run.at < slot <= run.end]
        for slot, (_, post) in zip(self._free(coming, account), row, strict=False):
            self._note((account, post.id, ""), slot, post.late, post.text, zone, run)

    # series

    def _series(self, path: str, series: SeriesFacts, account: str, run: RunTime) -> None:
        known = {
            name[2]: one for name, one in self.noted.items() if name[:2] == (account, series.id)
        }
        for date in self._acted_on(path, series, known, run):
            text = self._text(series, known, date)
            name = (account, series.id, date.name)
            self._note(name, date.due, series.late, text, series.zone, run)
            known[date.name] = self.noted[name]

    def _acted_on(
        self, path: str, series: SeriesFacts, known: Mapping[str, Noted], run: RunTime
    ) -> Iterator[Date]:
        every = dates(series)
        past = dated(every, self._began, run.at)[-1:]
        landed = self._history.landed(self._number, path, last=False)
        assert landed is not None
        newest = max((one.due for one in known.values()), default=landed)
        served = _served(every, known)
        for date in past:
            if date.name not in known and date.due >= newest and date.wall.date() not in served:
                yield date
        for date in dated(every, run.at, run.end):
            fresh = date.due > run.at and date.name not in known
            if fresh and date.wall.date() not in served:
                yield date

    def _text(self, series: SeriesFacts, known: Mapping[str, Noted], date: Date) -> str:
        """Whose turn it is, but for what rests."""
        if date.text is not None:
            return date.text
        first = date.turn % len(series.texts)
        row = series.texts[first:] + series.texts[:first]
        rest = series.rest or timedelta(0)
        used = [(one.text, one.shown) for one in known.values() if one.shown]
        for text in row:
            if all(text != other or abs(date.due - at) >= rest for other, at in used):
                return text
        return row[0]


def _served(every: Sequence[Date], known: Mapping[str, Noted]) -> set[object]:
    """Days on which something went out at a time that the rule no longer has."""
    names = {date.name for date in every}
    gone = [name for name, one in known.items() if one.state == "published" and name not in names]
    return {datetime.fromisoformat(name).date() for name in gone}
