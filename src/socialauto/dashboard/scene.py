"""What the dashboard shows: the plan's steps as items that readers know, and where each has its
page."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from socialauto.core.config import Config
from socialauto.core.delivery import DeliveryKey
from socialauto.core.insights import Histories, History
from socialauto.core.ledger import State
from socialauto.core.message import MediaItem
from socialauto.core.plan import Kind, Plan, Step
from socialauto.dashboard.cure import Cure, cure
from socialauto.dashboard.words import STATUS_WORDS, tags, title

MOMENT = timedelta(minutes=1)
"""Nobody calls a post late before."""

ATTENTION = (Kind.HELD, Kind.FAILED, Kind.INVALID, Kind.BLOCKED, Kind.MISSED)
"""Kinds that wait for a person, the most urgent first. What was edited after it went out is shown
and waits for nobody: a corrected spelling would ask for attention for ever."""

COMING = frozenset({Kind.PUBLISH, Kind.RETRY, Kind.WAIT, Kind.BUSY, Kind.SETTLE})
"""Kinds that go out by themselves."""

_TONES = {
    "attention": ATTENTION,
    "coming": (Kind.WAIT, Kind.PUBLISH),
    "working": (Kind.RETRY, Kind.DELETE, Kind.BUSY, Kind.SETTLE, Kind.DRIFT),
    "done": (Kind.DONE,),
}
TONES = {kind: tone for tone, kinds in _TONES.items() for kind in kinds}
_COMES, _OVER = len(ATTENTION), len(ATTENTION) + 1

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_STRANGE = re.compile(r"[^a-z0-9_-]+")


def page_of(key: DeliveryKey) -> str:
    """The page of a post: all accounts have the same one, and parts are shown with their post.

    Names that are not plain get a hash, so that no two pages meet and none leaves its folder.
    """
    name = f"{key.post}@{key.occurrence}" if key.occurrence else key.post
    if _PLAIN.fullmatch(name):
        return f"posts/{name}.html"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"posts/{_STRANGE.sub('-', name.lower()).strip('-')[:60]}.{digest}.html"


@dataclass(frozen=True)
class Item:
    """One delivery as it is shown, with the parts that follow it."""

    step: Step
    platform: str
    now: datetime
    parts: tuple[Step, ...] = ()
    history: History | None = None
    author: str = ""
    """Who changed the file last, or had when it went out; empty when nobody has said so."""

    @property
    def key(self) -> DeliveryKey:
        return self.step.key

    @cached_property
    def due(self) -> datetime:
        step = self.step
        due = step.delivery.due if step.delivery else step.entry.due if step.entry else None
        assert due is not None
        return due

    @cached_property
    def status(self) -> str:
        state = self.step.entry.state if self.step.entry else None
        if self.step.kind is Kind.DONE:
            # A date of a series may be done with although nothing went out.
            return state.value if state else "published"
        if self.step.kind is Kind.WAIT and state is State.RETRY:
            return "retry"  # between two tries
        return self.step.kind.value

    @property
    def status_words(self) -> str:
        return STATUS_WORDS[self.status]

    @property
    def tone(self) -> str:
        """How it is coloured; `quiet` when nobody waits for it."""
        if self.is_history or self.status == "deleted":
            return "quiet"
        return TONES[Kind.RETRY] if self.status == "retry" else TONES.get(self.step.kind, "quiet")

    @property
    def is_history(self) -> bool:
        """From before the ledger began: an old repository may have thousands of these."""
        return self.step.guard == "history"

    @property
    def needs_somebody(self) -> bool:
        return self.step.kind in ATTENTION and not self.is_history

    @property
    def is_coming(self) -> bool:
        return self.step.kind in COMING

    @property
    def is_late(self) -> bool:
        return self.is_coming and self.due + MOMENT < self.now

    @property
    def type(self) -> str:
        return self.step.delivery.message.type.value if self.step.delivery else ""

    @property
    def text(self) -> str:
        return self.step.delivery.message.text if self.step.delivery else ""

    @cached_property
    def title(self) -> str:
        return title(self.text, self.key.name)

    @cached_property
    def tags(self) -> tuple[str, ...]:
        return tags(self.text)

    @property
    def media(self) -> tuple[MediaItem, ...]:
        return self.step.delivery.message.media if self.step.delivery else ()

    @property
    def page(self) -> str:
        return page_of(self.key)

    @property
    def cure(self) -> Cure | None:
        return None if self.is_history else cure(self.step)

    @property
    def standing(self) -> str:
        """The plan's reason, but for what its status and its time say already."""
        on_time = self.step.kind is Kind.WAIT and self.step.at == self.due
        return "" if on_time or self.status == "published" else self.step.reason

    @property
    def rank(self) -> tuple[int, float]:
        """What needs somebody first, then what comes, then what is over, newest first."""
        instant = self.due.timestamp()
        if self.needs_somebody:
            # Of what was missed, the newest matters most; all else waits the longer the older.
            missed = self.step.kind is Kind.MISSED
            return ATTENTION.index(self.step.kind), -instant if missed else instant
        return (_COMES, instant) if self.is_coming else (_OVER, -instant)


@dataclass(frozen=True)
class Scene:
    """Everything the pages are made of."""

    plan: Plan
    config: Config
    insights: Histories
    base_url: str = ""
    """Where the site will be, with a slash at its end; empty when nobody has said so."""
    commit_url: str = ""
    """Where the forge shows commits, up to the commit's id; empty when it is not known."""
    authors: Mapping[str, str] = field(default_factory=dict)
    """Who changed each file last, by its path."""
    tokens: Mapping[str, datetime | None] = field(default_factory=dict)
    """When each account's token ends, where that is known; None for one without an end."""

    @property
    def now(self) -> datetime:
        return self.plan.now

    @cached_property
    def zone(self) -> ZoneInfo:
        """The team's: calendars are laid out in it."""
        return ZoneInfo(self.config.timezone)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Deliveries without the parts of others, by what is most urgent."""
        parts = defaultdict(list)
        for step in self.plan.steps:
            if step.key.part:
                parts[replace(step.key, part="")].append(step)
        made = [
            self._item(step, tuple(parts.pop(step.key, ())))
            for step in self.plan.steps
            if not step.key.part
        ]
        return tuple(sorted(made, key=lambda item: (item.rank, item.key)))

    def _item(self, step: Step, parts: tuple[Step, ...]) -> Item:
        account = self.config.accounts.get(step.key.account)
        platform = account.platform if account else ""
        return Item(step, platform, self.now, parts, self._history(step), self._author(step))

    def _author(self, step: Step) -> str:
        origin = step.entry.provenance if step.entry else None
        path = step.delivery.path if step.delivery else ""
        return (origin.author if origin else "") or self.authors.get(path, "")

    def _history(self, step: Step) -> History | None:
        found = self.insights.get(step.key)
        known = step.entry.remote_id if step.entry else None
        return found if found is not None and found.remote_id == known else None

    @cached_property
    def attention(self) -> tuple[Item, ...]:
        """What waits for a person, parts included, as each part is an item of its own there."""
        parts = (self._item(step, ()) for item in self.items for step in item.parts)
        found = [item for item in (*self.items, *parts) if item.needs_somebody]
        return tuple(sorted(found, key=lambda item: (item.rank, item.key)))

    @cached_property
    def by_time(self) -> tuple[Item, ...]:
        return tuple(sorted(self.items, key=lambda item: (item.due, item.key)))

    @cached_property
    def pages(self) -> Mapping[str, list[Item]]:
        """The items of each post's page."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in sorted(self.items, key=lambda item: item.key):
            found[item.page].append(item)
        return found

    def days(self, items: Iterable[Item]) -> dict[str, list[Item]]:
        """By the date on the team's clocks, `2026-12-01`, each in the order of the times."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            found[f"{item.due.astimezone(self.zone):%Y-%m-%d}"].append(item)
        return found
