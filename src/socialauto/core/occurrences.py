"""Which dates of a series a plan is about, each as a delivery. Never a burst, never the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.ledger import Entry, State
from socialauto.core.timetable import Occurrence, Timetable, stamp

LOOK_BACK = timedelta(days=400)
"""A date that is missed is noticed for so long; a rule fires once a year, or hardly ever."""
NEAR = timedelta(days=14)
SHOWN = 5
"""A plan lists the next dates of two weeks, at most so many and at least one."""

Landed = Callable[[str], datetime | None]
"""When the file at a path came into the history that counts; None when nobody can say."""

_OPEN = frozenset({State.INTENT, State.RETRY, State.HELD})
_PUBLIC = frozenset({State.PUBLISHED, State.INTENT, State.HELD, State.DELETED})


@dataclass(frozen=True, slots=True)
class Series:
    """A series on one account."""

    timetable: Timetable
    pool: tuple[Delivery, ...]
    """What takes turns, at least one; their key and due time are not those of a date yet."""
    replaced: Mapping[datetime, Delivery] = field(default_factory=dict)
    """What goes out instead, by the date's wall clock."""
    cool_down: timedelta | None = None

    @property
    def account(self) -> str:
        return self.pool[0].key.account

    @property
    def id(self) -> str:
        return self.pool[0].key.post

    @property
    def path(self) -> str:
        return self.pool[0].path

    def marked(self, invalid: str) -> Series:
        """The series, with the error that keeps it from going out."""
        pool = tuple(replace(version, invalid=invalid) for version in self.pool)
        others = {wall: replace(one, invalid=invalid) for wall, one in self.replaced.items()}
        return replace(self, pool=pool, replaced=others) if invalid else self

    def versions(self) -> Iterator[Delivery]:
        """Everything that may go out."""
        yield from self.pool
        yield from self.replaced.values()


@dataclass(frozen=True, slots=True)
class Ago:
    """What a plan knows of the past of a series."""

    now: datetime
    began: datetime
    """What was due before this is history: the ledger began then."""
    landed: Landed
    """For a series when its file came; for a post in a queue when it was changed last."""
    ahead: timedelta = timedelta(0)
    """What falls due in this time is planned as if it were due."""


def _wall(name: str) -> datetime | None:
    try:
        wall = datetime.fromisoformat(name)
    except ValueError:
        return None
    return wall if stamp(wall) == name else None  # it reads other forms, too


def _delivery(version: Delivery, one: Occurrence) -> Delivery:
    key = replace(version.key, occurrence=stamp(one.wall))
    return replace(version.at(one.due), key=key, note=one.note)


class _Turns:
    """Whose turn it is in the pool: in a row from the start, but for what rests."""

    def __init__(self, series: Series, entries: Iterable[Entry], last: date) -> None:
        self._series = series
        pattern = series.timetable.pattern
        self._numbers = pattern.numbers(last) if len(series.pool) > 1 else {}
        self._digests = {version.message.digest: version for version in series.versions()}
        self._used: dict[str, list[datetime]] = defaultdict(list)
        self._dues: dict[str, list[datetime]] = defaultdict(list)
        """When it went out, and for which date: that one is in the words of some."""
        for entry in entries:
            if entry.state in _PUBLIC:
                self._use(entry.fingerprint, entry.published_at or entry.due, entry.due)

    def _use(self, fingerprint: str, at: datetime, due: datetime) -> None:
        self._used[fingerprint].append(at)
        self._dues[fingerprint].append(due)

    def _rests(self, version: Delivery, due: datetime) -> bool:
        rest = self._series.cool_down
        if rest is None:
            return False
        if version.dated:
            return any(
                abs(due - at) < rest and version.at(its_due).message.fingerprint == fingerprint
                for fingerprint, used in self._used.items()
                for at, its_due in zip(used, self._dues[fingerprint], strict=True)
            )
        return any(abs(due - at) < rest for at in self._used[version.message.fingerprint])

    def begun(self, one: Occurrence, digest: str) -> Delivery:
        """What a try has begun with stays, as long as the file has it."""
        return self._digests.get(digest) or self._dated(one, digest) or self._in_turn(one)

    def _dated(self, one: Occurrence, digest: str) -> Delivery | None:
        """The version that has these words on this date."""
        dated = (version for version in self._series.versions() if version.dated)
        return next((it for it in dated if it.at(one.due).message.digest == digest), None)

    def next(self, one: Occurrence) -> Delivery:
        """What goes out on a date that nothing has been done about."""
        chosen = self._in_turn(one)
        self._use(chosen.at(one.due).message.fingerprint, one.due, one.due)
        return chosen

    def _in_turn(self, one: Occurrence) -> Delivery:
        series = self._series
        if one.wall in series.replaced:
            return series.replaced[one.wall]
        first = self._numbers.get(one.wall, 0) % len(series.pool)
        row = series.pool[first:] + series.pool[:first]
        return next((version for version in row if not self._rests(version, one.due)), row[0])


def _upcoming(series: Series, ago: Ago) -> list[Occurrence]:
    """The next dates: all that a run waits for, and as many more as people want to read."""
    between, now = series.timetable.between, ago.now
    coming = [one for one in between(now, now + max(NEAR, ago.ahead)) if one.due > now]
    if not coming:
        return [one for one in between(now, now + LOOK_BACK) if one.due > now][:1]
    awaited = sum(one.due <= now + ago.ahead for one in coming)
    return coming[: max(SHOWN, awaited)]


def _past(series: Series, entries: Iterable[Entry], ago: Ago) -> list[Occurrence]:
    """The dates up to now: those since the newest that the ledger knows, when there are any."""
    first = max(ago.began, ago.now - LOOK_BACK)
    known = max((entry.due for entry in entries if entry.due <= ago.now), default=first)
    between = series.timetable.between
    return between(max(first, known), ago.now) or between(first, ago.now)


def _newest(series: Series, entries: Mapping[str, Entry], past: list[Occurrence], ago: Ago) -> bool:
    """Whether the newest date that is past may still be acted on.

    Not when something newer was: an edited rule never goes back. Nor when the series came into the
    repository after it: a new series never sends its past.
    """
    if not past or stamp(past[-1].wall) in entries:
        return False
    if entries:
        return past[-1].due >= max(entry.due for entry in entries.values())
    landed = ago.landed(series.path)
    return landed is None or past[-1].due >= landed


def _counted(past: list[Occurrence], entries: Mapping[str, Entry]) -> Occurrence:
    """The newest date that is past; its note counts those that nobody acted on before it."""
    newest = past[-1]
    if not entries:
        return newest
    last = max(entry.due for entry in entries.values())
    missed = sum(last < one.due for one in past) - 1
    if missed < 1:
        return newest
    words = "1 date before it was" if missed == 1 else f"{missed} dates before it were"
    return replace(newest, note="; ".join(filter(None, (newest.note, f"{words} missed, too"))))


def _served(series: Series, entries: Iterable[Entry]) -> set[date]:
    """Days on which something went out at a time that the rule no longer has: the time was edited
    afterwards, and the day is not served twice."""
    walls = [wall for one in entries if one.state in _PUBLIC and (wall := _wall(one.occurrence))]
    recent = sorted(walls)[-SHOWN:]
    return {wall.date() for wall in recent if series.timetable.at(wall) is None}


def _known(series: Series, entry: Entry, last: datetime) -> tuple[Occurrence, bool]:
    """The date of an entry, and whether a newer one has overtaken it."""
    wall = _wall(entry.occurrence) or entry.due.replace(tzinfo=None)
    settled = entry.state not in _OPEN and entry.due < last
    one = None if settled else series.timetable.at(wall)
    return one or Occurrence(wall, entry.due), one is None or one.due < last


def _occurring(series: Series, known: Sequence[Entry], ago: Ago) -> Iterator[Delivery]:
    entries = {entry.occurrence: entry for entry in known if not entry.part}
    past = _past(series, entries.values(), ago)
    coming = _upcoming(series, ago)
    walls = [one.wall.date() for one in past[-1:] + coming]
    turns = _Turns(series, entries.values(), max(walls, default=ago.now.date()))
    last = past[-1].due if past else ago.began
    for entry in entries.values():
        one, over = _known(series, entry, last)
        version = turns.begun(one, entry.digest).at(one.due)
        yield replace(version, key=entry.key, note=one.note, over=over)
    fresh = [_counted(past, entries)] if _newest(series, entries, past, ago) else []
    fresh += [one for one in coming if stamp(one.wall) not in entries]
    served = _served(series, entries.values())
    for one in fresh:
        if one.wall.date() not in served:
            yield _delivery(turns.next(one), one)


def occurring(series: Iterable[Series], entries: Iterable[Entry], ago: Ago) -> list[Delivery]:
    """The deliveries of series that a plan at `ago.now` is about.

    Everything that the ledger knows is among them, whatever the rules say now. Of the dates that
    it does not know: the newest one that is past, so that there is never a burst, and the next
    ones.
    """
    known: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.occurrence:
            known[entry.account, entry.post].append(entry)
    return [
        delivery for one in series for delivery in _occurring(one, known[one.account, one.id], ago)
    ]


def delivery_for(series: Iterable[Series], key: DeliveryKey, digest: str) -> Delivery | None:
    """The delivery of one date as the files ask for it now; None when they do not any more.

    Of a pool it is the version with `digest`, as long as there is one.
    """
    wall = _wall(key.occurrence)
    found = (one for one in series if (one.account, one.id) == (key.account, key.post))
    mine = next(found, None)
    date_ = mine.timetable.at(wall) if mine and wall else None
    if mine is None or date_ is None:
        return None
    return _delivery(_Turns(mine, (), date_.wall.date()).begun(date_, digest), date_)


def calendar_of(series: Series, first: datetime, last: datetime) -> Iterator[Delivery]:
    """The dates from `first` to `last`, in UTC, for people who look ahead."""
    turns = _Turns(series, (), last.date())
    for one in series.timetable.between(first, last):
        yield _delivery(turns.next(one), one)
