"""The story of a team's year, from a seed: what it commits and when runs begin."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from support.simulation.year_calendar import dates, instant, slots
from support.simulation.year_files import (
    DATE,
    Different,
    Facts,
    History,
    Late,
    PostFacts,
    SeriesFacts,
    SlotsFacts,
)
from support.simulation.year_oracle import RunTime
from support.simulation.year_runs import DAY, FIRST, LAST, Pace, day_time, moments, run_times

ACCOUNTS = tuple(f"account-{letter}" for letter in "abcdefghijkl")
BEGAN = FIRST - 5 * DAY
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC")
LATES = (Late(6), Late(4), Late(6, "hold"), Late(12, "publish"))

QUOTE = SeriesFacts(
    "monday-quote", ACCOUNTS[:2], "every: monday 09:00", "FREQ=WEEKLY;BYDAY=MO", (9, 0),
    "Europe/Berlin", date(2026, 11, 2), (f"A new week begins on {DATE}.",),
)  # fmt: skip
CLOSING = SeriesFacts(
    "closing-time", ACCOUNTS[2:3], "rule: FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17",
    "FREQ=MONTHLY;BYDAY=-1FR", (17, 0), "America/New_York", date(2026, 12, 1),
    ("That was the month.",), late=Late(6, "publish"),
)  # fmt: skip
EVERGREEN = SeriesFacts(
    "evergreen", ACCOUNTS[3:5], "every: 2 weeks on tuesday 12:30",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", (12, 30), "Europe/Berlin", date(2026, 12, 29),
    tuple(f"Advice number {word}." for word in ("one", "two", "three", "four", "five")),
    rest=30 * DAY,
)  # fmt: skip
MORNING = SeriesFacts(
    "good-night", ACCOUNTS[5:6], "every: day 02:30", "FREQ=DAILY", (2, 30), "Australia/Sydney",
    date(2026, 12, 1), ("Still awake?",), late=Late(9),
)  # fmt: skip
SERIES = (QUOTE, CLOSING, EVERGREEN, MORNING)

QUEUES = (
    SlotsFacts(
        "mornings",
        (
            ("monday 09:20", "FREQ=WEEKLY;BYDAY=MO", (9, 20)),
            ("thursday 18:20", "FREQ=WEEKLY;BYDAY=TH", (18, 20)),
        ),
        "Europe/Berlin",
        ((date(2027, 12, 24), date(2027, 12, 27)), (date(2027, 5, 6), date(2027, 5, 6))),
    ),
    SlotsFacts("nights", (("sun 02:20", "FREQ=WEEKLY;BYDAY=SU", (2, 20)),), "America/New_York"),
    SlotsFacts(
        "workdays",
        (("weekday 11:40", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", (11, 40)),),
        "Australia/Sydney",
    ),
)
FILLS = {"mornings": ACCOUNTS[0:2], "nights": ACCOUNTS[6:7], "workdays": ACCOUNTS[7:10]}
"""Who fills which queue; an account is in one queue at most."""


@dataclass(slots=True)
class Story:
    """All that happens."""

    history: History
    runs: list[RunTime]


@dataclass(slots=True)
class _Telling:
    """A story in the making."""

    rng: random.Random
    commits: list[datetime]
    edits: dict[datetime, dict[str, Facts | None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    dues: list[datetime] = field(default_factory=list)

    def moment(self, first: datetime, last: datetime) -> datetime | None:
        """One of the team's, after `first` and before `last`."""
        found = [at for at in self.commits if first < at < last]
        return self.rng.choice(found) if found else None

    def write(self, at: datetime, path: str, facts: Facts | None) -> None:
        self.edits[at][path] = facts

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance


def _path(post: PostFacts) -> str:
    return f"content/{post.id}.md"


def _words(telling: _Telling, text: str) -> str:
    """Some texts name the date on which they go out."""
    return f"{text} of {DATE}." if telling.maybe(0.25) else f"{text}."


def _single(telling: _Telling, number: int) -> None:
    """A post with a time, from its first commit on."""
    rng = telling.rng
    day = FIRST.date() + timedelta(days=rng.randint(2, 360))
    accounts = tuple(sorted(rng.sample(ACCOUNTS, rng.choice((1, 1, 1, 2)))))
    post = PostFacts(
        f"post-{number}", accounts, _words(telling, f"Post {number}"), day_time(rng, day),
        rng.choice(ZONES), late=rng.choice(LATES),
    )  # fmt: skip
    assert post.wall is not None
    due = instant(post.wall, post.zone)
    telling.dues.append(due)
    born = telling.moment(due - 40 * DAY, due) or telling.commits[0]
    if telling.maybe(0.12):
        telling.write(born, _path(post), replace(post, draft=True))
        born = telling.moment(born, due + 2 * DAY) or born
    telling.write(born, _path(post), post)
    _changes(telling, post, born, due)


def _changes(telling: _Telling, post: PostFacts, born: datetime, due: datetime) -> None:
    """What people do to it later, one after the other."""
    path, rng = _path(post), telling.rng
    at = born
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        found = telling.moment(at, due + 6 * DAY)
        if found is None:
            return
        at, kind = found, rng.choice(("text", "time", "back", "rename", "gone", "away"))
        match kind:
            case "rename":
                telling.write(at, path, None)
                path = f"content/moved/{at:%m%d}-{post.id}.md"
            case "gone":
                telling.write(at, path, None)
                return
            case "away":
                telling.write(at, path, None)
                back = telling.moment(at, at + 30 * DAY)
                if back is None:
                    return
                at, post = back, _later(rng, post, back)
            case _ if kind != "back" or due > at + 3 * DAY:
                post = _EDITS[kind](rng, post, at)
        telling.write(at, path, post)
        if post.wall is not None:
            due = instant(post.wall, post.zone)
            telling.dues.append(due)


def _reworded(rng: random.Random, post: PostFacts, at: datetime) -> PostFacts:
    return replace(post, text=f"{post.text} Edited.")


def _later(rng: random.Random, post: PostFacts, at: datetime) -> PostFacts:
    day = at.date() + timedelta(days=rng.randint(2, 20))
    return replace(post, wall=day_time(rng, day)) if post.wall else post


def _earlier(rng: random.Random, post: PostFacts, at: datetime) -> PostFacts:
    """Nearer than before, or even into the past."""
    day = at.date() + timedelta(days=rng.choice((1, 1, 2, -3)))
    return replace(post, wall=day_time(rng, day)) if post.wall else post


_EDITS = {"text": _reworded, "time": _later, "back": _earlier}


def _queued(telling: _Telling, number: int) -> None:
    """A post that waits in a queue."""
    rng = telling.rng
    queue = rng.choice(list(FILLS))
    accounts = FILLS[queue] if telling.maybe(0.2) else (rng.choice(FILLS[queue]),)
    post = PostFacts(
        f"waiting-{number:03d}", accounts, _words(telling, f"Words {number}"), queue=queue,
        order=rng.choice((0, 0, 0, -1, 5)), draft=telling.maybe(0.1), late=Late(6),
    )  # fmt: skip
    born = rng.choice(telling.commits[:-3])
    telling.write(born, _path(post), post)
    if post.draft:
        released = telling.moment(born, born + 60 * DAY)
        if released is None:
            return
        born, post = released, replace(post, draft=False)
        telling.write(born, _path(post), post)
    _changes(telling, post, born, born + 20 * DAY)


def _series(telling: _Telling) -> None:
    """The series and the slots, and how they are edited while they are in use."""
    first = telling.commits[0]
    for series in SERIES:
        telling.write(first, f"schedules/{series.id}.yaml", series)
    for queue in QUEUES:
        telling.write(first, f"schedules/{queue.id}.yaml", queue)
    for year_part, edit in enumerate(_edits(telling.rng)):
        begin = FIRST + (30 + year_part * 22) * DAY
        at = telling.moment(begin, begin + 21 * DAY)
        if at is not None:
            _edit_one(telling, at, edit)


def _edit_one(telling: _Telling, at: datetime, edit: tuple[str, str]) -> None:
    name, kind = edit
    path = f"schedules/{name}.yaml"
    known = [changes[path] for moment, changes in sorted(telling.edits.items()) if path in changes]
    now = known[-1]
    match now, kind:
        case SeriesFacts(), _:
            telling.write(at, path, _edited(telling.rng, now, kind, at))
        case SlotsFacts(), "blackout":
            day = at.date() + timedelta(days=telling.rng.randint(5, 20))
            span = (day, day + timedelta(days=telling.rng.randint(0, 9)))
            telling.write(at, path, replace(now, blackout=(*now.blackout, span)))
        case SlotsFacts(), _:
            slot = ("saturday 10:40", "FREQ=WEEKLY;BYDAY=SA", (10, 40))
            telling.write(at, path, replace(now, slots=(*now.slots, slot)))


def _edits(rng: random.Random) -> list[tuple[str, str]]:
    """Which file, and how, in the order in which it happens."""
    chosen = [
        ("evergreen", "skip"), ("monday-quote", "time"), ("mornings", "blackout"),
        ("evergreen", "move"), ("good-night", "text"), ("nights", "slot"),
        ("evergreen", "pool"), ("closing-time", "rule"), ("evergreen", "replace"),
        ("good-night", "zone"), ("workdays", "blackout"), ("monday-quote", "move"),
        ("closing-time", "skip"), ("monday-quote", "rename"),
    ]  # fmt: skip
    rng.shuffle(chosen)
    return chosen


def _edited(rng: random.Random, series: SeriesFacts, kind: str, at: datetime) -> SeriesFacts:
    ahead = [one.wall for one in dates(series) if at + 2 * DAY < one.due]
    taken = {one.on.date() for one in series.exceptions}
    wall = next(wall for wall in ahead if wall.date() not in taken)
    on = datetime.combine(wall.date(), time())
    match kind:
        case "skip":
            return replace(series, exceptions=(*series.exceptions, Different(on)))
        case "move":
            to = wall + timedelta(days=rng.choice((-1, 1)), hours=2, minutes=15)
            return replace(series, exceptions=(*series.exceptions, Different(on, move=to)))
        case "replace":
            one = Different(on, text="Something else today.")
            return replace(series, exceptions=(*series.exceptions, one))
        case "text":
            return replace(series, texts=(f"Wide awake on {DATE}?",))
        case "pool":
            return replace(series, texts=("Advice from today.", *series.texts))
        case "time":
            return replace(series, line="every: monday 17:45", at=(17, 45))
        case "rule" if not series.exceptions:
            line, rule = "rule: FREQ=MONTHLY;BYDAY=1FR;BYHOUR=17", "FREQ=MONTHLY;BYDAY=1FR"
            return replace(series, line=line, rule=rule)
        case "zone":
            return replace(series, zone="Australia/Lord_Howe")
        case _:
            return series


def _rename(telling: _Telling) -> None:
    """A series in use gets another file; its id says that it is the same."""
    path = f"schedules/{QUOTE.id}.yaml"
    known = sorted(at for at, changes in telling.edits.items() if path in changes)
    at = telling.moment(known[-1] + DAY, LAST)
    if at is not None:
        telling.write(at, f"schedules/moved/{QUOTE.id}.yaml", telling.edits[known[-1]][path])
        telling.write(at, path, None)


def tell(seed: int, pace: Pace) -> Story:
    rng = random.Random(seed)
    telling = _Telling(rng, moments(rng, pace))
    _series(telling)
    _rename(telling)
    for number in range(pace.posts):
        (_queued if number % 3 == 0 else _single)(telling, number)
    history = History(ACCOUNTS)
    for at in telling.commits:
        history.commit(at, telling.edits.get(at, {}))
    dues = [due for due in telling.dues if FIRST < due < LAST]
    dues += [one.due for series in SERIES for one in dates(series) if FIRST < one.due < LAST]
    dues += [slot for queue in QUEUES for slot in slots(queue) if FIRST < slot < LAST]
    return Story(history, run_times(rng, pace, dues, telling.commits))
