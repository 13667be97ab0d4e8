"""What the team of a year writes, as plain facts, and the files that it writes them in.

The facts are for the oracle, the files for the program: neither sees the other's.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from socialauto.core.tree import TreeEntry
from support.media_samples import jpeg

PICTURE = "media/one.jpg"
DATE = "{day}"
"""Stands in a text for the date on which it goes out, on the clock of its zone."""
_DAY_IN_FILES = '{{ due | date("yyyy-MM-dd") }}'
CONFIG = "socialauto.yaml"


@dataclass(frozen=True, slots=True)
class Late:
    """What happens to what is late."""

    hours: int = 6
    then: str = "skip"

    @property
    def grace(self) -> timedelta:
        return timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A file in `content/`."""

    id: str
    accounts: tuple[str, ...]
    text: str
    wall: datetime | None = None
    """None: it waits in a queue."""
    zone: str = "UTC"
    queue: str = ""
    order: int = 0
    draft: bool = False
    late: Late = Late()


@dataclass(frozen=True, slots=True)
class Different:
    """One date of a series that is different."""

    on: datetime
    move: datetime | None = None
    text: str | None = None
    """Neither of them: it is skipped."""


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A series in `schedules/`. `line` is what the file says, `rule` the same for dateutil."""

    id: str
    accounts: tuple[str, ...]
    line: str
    rule: str
    at: tuple[int, int]
    zone: str
    start: date
    texts: tuple[str, ...]
    rest: timedelta | None = None
    exceptions: tuple[Different, ...] = ()
    late: Late = Late()


@dataclass(frozen=True, slots=True)
class SlotsFacts:
    """Slots in `schedules/`: words, and the same for dateutil with its time of day."""

    id: str
    slots: tuple[tuple[str, str, tuple[int, int]], ...]
    zone: str
    blackout: tuple[tuple[date, date], ...] = ()


Facts = PostFacts | SeriesFacts | SlotsFacts


def _line(name: str, value: object) -> str:
    return f"{name}: {value}\n" if value not in (None, "", 0, False) else ""


def _late(late: Late) -> str:
    return f"late: {{grace: {late.hours}h, then: {late.then}}}\n"


def _post(post: PostFacts) -> str:
    time = f"{post.wall:%Y-%m-%d %H:%M}" if post.wall else None
    return (
        f"---\nid: {post.id}\naccounts: [{', '.join(post.accounts)}]\n"
        + _line("time", time)
        + _line("timezone", post.zone if post.wall else None)
        + _line("schedule", post.queue)
        + _line("order", post.order)
        + _line("draft", "true" if post.draft else "")
        + _late(post.late)
        + f"media: [/{PICTURE}]\n---\n{post.text}\n"
    )


def _exception(one: Different) -> str:
    said = "skip: true"
    if one.move:
        said = f"move: {one.move:%Y-%m-%d %H:%M}"
    if one.text is not None:
        said = f"replace: {{text: {one.text}}}"
    return f"  - {{on: {one.on:%Y-%m-%d}, {said}}}\n"


def _series(series: SeriesFacts) -> str:
    text = f"text: {series.texts[0]}\n"
    if len(series.texts) > 1:
        text = "pool:\n" + "".join(f"  - {words}\n" for words in series.texts)
    exceptions = "".join(map(_exception, series.exceptions))
    return (
        f"id: {series.id}\naccounts: [{', '.join(series.accounts)}]\n{series.line}\n"
        f"timezone: {series.zone}\nstart: {series.start}\nmedia: [/{PICTURE}]\n"
        + _late(series.late)
        + _line("cool_down", f"{series.rest.days}d" if series.rest else None)
        + text
        + (f"except:\n{exceptions}" if exceptions else "")
    )


def _slots(slots: SlotsFacts) -> str:
    spans = ", ".join(f"{first} to {last}" for first, last in slots.blackout)
    words = ", ".join(words for words, _, _ in slots.slots)
    return f"id: {slots.id}\nslots: [{words}]\ntimezone: {slots.zone}\nblackout: [{spans}]\n"


def written(facts: Facts) -> str:
    """The file that says this."""
    match facts:
        case PostFacts():
            text = _post(facts)
        case SeriesFacts():
            text = _series(facts)
        case SlotsFacts():
            text = _slots(facts)
    return text.replace(DATE, _DAY_IN_FILES)


def config_text(accounts: Sequence[str]) -> str:
    known = "".join(
        f'  {name}: {{platform: instagram, id: "{number}", token: "env:T"}}\n'
        for number, name in enumerate(accounts, 1)
    )
    return (
        "timezone: UTC\nguard: {max_per_run: 200}\nretries: {tries: 10}\n"
        f"run: {{lease: 30m, settle: 5m}}\naccounts:\n{known}"
    )


_BYTES = jpeg()


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """A `core.tree.Tree` of texts."""

    files_: Mapping[str, bytes]

    def files(self, folder: str) -> list[TreeEntry]:
        below = sorted(path for path in self.files_ if path.startswith(f"{folder}/"))
        return [TreeEntry(path, "file", len(self.files_[path])) for path in below]

    def entry(self, path: str) -> TreeEntry | None:
        data = self.files_.get(path)
        return None if data is None else TreeEntry(path, "file", len(data))

    def read(self, path: str) -> bytes:
        return self.files_[path]

    def blob(self, path: str) -> str:
        return hashlib.sha1(self.files_[path], usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class History:
    """What the shared branch was at each instant."""

    accounts: tuple[str, ...]
    times: list[datetime] = field(default_factory=list)
    changes: list[dict[str, Facts | None]] = field(default_factory=list)

    def commit(self, at: datetime, changes: Mapping[str, Facts | None]) -> None:
        assert not self.times or at > self.times[-1]
        self.times.append(at)
        self.changes.append(dict(changes))

    def number(self, now: datetime) -> int:
        """Of the newest commit at an instant, from 0."""
        return bisect_right(self.times, now) - 1

    def facts(self, number: int) -> dict[str, Facts]:
        """By path."""
        found: dict[str, Facts] = {}
        for changes in self.changes[: number + 1]:
            for path, facts in changes.items():
                if facts is None:
                    found.pop(path, None)
                else:
                    found[path] = facts
        return found

    def tree(self, number: int) -> MemoryTree:
        texts = {path: written(facts) for path, facts in self.facts(number).items()}
        files = {path: text.encode() for path, text in sorted(texts.items())}
        config = config_text(self.accounts).encode()
        return MemoryTree({**files, CONFIG: config, PICTURE: _BYTES})

    def landed(self, number: int, path: str, *, last: bool) -> datetime | None:
        """When the file came into the branch that ends at this commit, or was changed last: what
        `repository.history.landed` asks git for."""
        before: Facts | None = None
        found: datetime | None = None
        for at, changes in zip(self.times[: number + 1], self.changes, strict=False):
            if path in changes:
                after = changes[path]
                came = after is not None and before is None
                changed = after is not None and after != before
                found = at if came or (last and changed) else found
                before = after
        return found
