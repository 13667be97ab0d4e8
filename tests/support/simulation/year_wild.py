"""A year of misfortune at any time: nobody knows when something goes out. All of it goes out once,
and as somebody wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from socialauto.core.ledger import Entry, State
from support.simulation.year import EARLY, Verdict
from support.simulation.year_files import DATE, Facts, PostFacts, SeriesFacts, SlotsFacts
from support.simulation.year_runs import HOUR, Pace
from support.simulation.year_story import Story, tell
from support.simulation.year_world import YearWorld, live

TEMPLATES = dict[str, set[tuple[str, str]]]
"""By id: every text that somebody ever wrote, with its zone."""
ENDED = {State.PUBLISHED, State.MISSED, State.HELD, State.FAILED}
SLACK = 4 * HOUR
"""After its grace somebody may still send what was begun within it."""
LONGEST = timedelta(hours=12)


def _written(facts: Facts, zones: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    match facts:
        case PostFacts():
            for zone in zones.get(facts.queue, {facts.zone}):
                yield facts.text, zone
        case SeriesFacts():
            changed = [one.text for one in facts.exceptions if one.text is not None]
            yield from ((text, facts.zone) for text in (*facts.texts, *changed))
        case SlotsFacts():
            return


def _templates(story: Story) -> TEMPLATES:
    every = [facts for changes in story.history.changes for facts in changes.values() if facts]
    zones: dict[str, set[str]] = {}
    for facts in every:
        if isinstance(facts, SlotsFacts):
            zones.setdefault(facts.id, set()).add(facts.zone)
    found: TEMPLATES = {}
    for facts in every:
        found.setdefault(facts.id, set()).update(_written(facts, zones))
    return found


def _texts(entry: Entry, templates: TEMPLATES) -> set[str]:
    """What the public may see of it."""
    return {
        text.replace(DATE, f"{entry.due.astimezone(ZoneInfo(zone)):%Y-%m-%d}")
        for text, zone in templates[entry.post]
    }


def _patient(story: Story) -> set[str]:
    """Posts that go out however late they are."""
    every = [facts for changes in story.history.changes for facts in changes.values() if facts]
    return {
        facts.id
        for facts in every
        if not isinstance(facts, SlotsFacts) and facts.late.then == "publish"
    }


def _complaints(world: YearWorld, story: Story) -> Iterator[str]:
    templates, patient = _templates(story), _patient(story)
    entries = list(world.snapshot().entries.values())
    bound = {(one.account, one.remote_id): one for one in entries if one.remote_id}
    for name, site in world.sites.items():
        mine = [one for one in entries if one.account == name]
        public = sum(one.state is State.PUBLISHED for one in mine)
        if public != len(site.feed.log):
            yield f"{name}: the public saw {len(site.feed.log)}, the ledger has {public}"
        for item in site.feed.log:
            entry = bound.get((name, item.id))
            if entry is not None:
                yield from _about(entry, item.text, item.at, _texts(entry, templates), patient)
    for one in entries:
        if one.state not in ENDED:
            yield f"{one.key}: came to no end, {one.state}"
        if one.state in (State.HELD, State.FAILED) and not one.late_hold:
            yield f"{one.key}: {one.state}, {one.reason}"
    slots = Counter((one.account, one.due) for one in entries if one.post.startswith("waiting"))
    yield from (
        f"{place}: {count} posts in one slot" for place, count in slots.items() if count > 1
    )


def _about(
    entry: Entry, text: str, at: datetime, texts: set[str], patient: set[str]
) -> Iterator[str]:
    if entry.state is not State.PUBLISHED:
        yield f"{entry.key}: public, and {entry.state}"
    if text not in texts:
        yield f"{entry.key}: says {text}, wanted one of {sorted(texts)}"
    if at < entry.due - EARLY:
        yield f"{entry.key}: seen {at}, before {entry.due}"
    if entry.post not in patient and at > entry.due + LONGEST + SLACK:
        yield f"{entry.key}: seen {at}, long after {entry.due}"


def play_wild(seed: int, pace: Pace, trace: list[str] | None = None) -> Verdict:
    story = tell(seed, pace)
    world = live(story, seed, trace)
    states = Counter(one.state.value for one in world.snapshot().entries.values())
    return Verdict(
        published=states["published"],
        missed=states["missed"],
        held=states["held"],
        runs=len(story.runs),
        troubled=sum(run.stormy for run in story.runs),
        complaints=[f"seed {seed}: {words}" for words in _complaints(world, story)],
    )
