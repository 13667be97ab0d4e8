"""What a series says about its dates, and what in it contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from socialauto.core.finding import Finding
from socialauto.core.reading import Source
from socialauto.core.recurrence import Rule
from socialauto.core.recurrence_rule import parse_rule
from socialauto.core.recurrence_words import RuleFlawError, parse_words
from socialauto.core.schedule import Change, Recurring, Slots
from socialauto.core.spans import span
from socialauto.core.suggest import one_of
from socialauto.core.timetable import EPOCH, Pattern
from socialauto.core.when import TimeFlaw, parse_day

SEARCHED = timedelta(days=3653)
"""A rule that does not fire in ten years never does."""
COUNTED = timedelta(days=2 * 366)
"""A pool is judged by the dates of two years."""


def _wall(text: str | None) -> datetime | None:
    day = parse_day(text) if text else None
    return day[0] if day and not isinstance(day, TimeFlaw) else None


def _has_time(text: str | None) -> bool:
    day = parse_day(text) if text else None
    return bool(day and not isinstance(day, TimeFlaw) and day[1])


def _end(text: str | None) -> datetime | None:
    """A day without a time ends with its last minute."""
    wall = _wall(text)
    return wall + timedelta(hours=23, minutes=59) if wall and not _has_time(text) else wall


def _rule_findings(source: Source, series: Recurring) -> Iterator[Finding]:
    if series.schedule is not None:
        message = "a series has a rule and no slots of others"
        yield source.finding("schedule", "SA313", message, "remove the line", key=True)
    if series.time is not None:
        hint = "write every: monday 09:00; a post that goes out once stands in content/"
        yield source.finding("time", "SA313", "a series has a rule and no time", hint, key=True)
    for name, override in series.overrides.items():
        if override.time is not None:
            hint = "write a series of its own for it"
            place = f"overrides.{name}.time"
            yield source.finding(place, "SA313", "a series has one rule for all", hint, key=True)
    if series.every is not None and series.rule is not None:
        message = "there is every: and rule:"
        yield source.finding("rule", "SA313", message, "keep one of the two", key=True)
    elif series.every is None and series.rule is None and not source.lost & {"every", "rule"}:
        hint = "add every: monday 09:00"
        yield source.finding("", "SA313", "the series does not say when it goes out", hint)


def _read_rule(source: Source, series: Recurring) -> Rule | Finding | None:
    if series.every is not None:
        return parse_words(series.every)
    if series.rule is None:
        return None
    start = _wall(series.start)
    at = time(start.hour, start.minute) if start and _has_time(series.start) else None
    try:
        return parse_rule(series.rule, at)
    except RuleFlawError as flaw:
        return source.finding("rule", flaw.code, flaw.message, flaw.hint)


def _end_findings(source: Source, series: Recurring, rule: Rule) -> Iterator[Finding]:
    start, until = _wall(series.start), _end(series.until)
    if series.count is not None and series.until is not None:
        message = "there is count: and until:"
        yield source.finding("count", "SA314", message, "keep one of the two", key=True)
    if start and until and until < start:
        message = f"the series ends {until:%Y-%m-%d}, before it starts {start:%Y-%m-%d}"
        yield source.finding("until", "SA314", message, "write a later day")
    if start is None and "start" not in source.lost:
        field = "count" if series.count is not None else "every" if series.every else "rule"
        if series.count is not None or rule.interval > 1:
            message = "nobody knows from which day this counts"
            yield source.finding(field, "SA314", message, "add start: and the first day")


def slot_patterns(slots: Slots) -> list[tuple[int, Pattern | None]]:
    """Each slot's number and pattern; None for one that does not make sense."""
    start, end = _wall(slots.start), _end(slots.until)
    made: list[tuple[int, Pattern | None]] = []
    for index, words in enumerate(slots.slots):
        pattern = Pattern(parse_words(words), start or EPOCH, end)
        last = (pattern.start + SEARCHED).date()
        fires = next(pattern.walls(pattern.start.date(), last), None)
        made.append((index, pattern if fires and (start or pattern.rule.interval == 1) else None))
    return made


def _never(source: Source, series: Recurring, pattern: Pattern) -> Iterator[Finding]:
    last = pattern.start + SEARCHED
    if next(pattern.walls(pattern.start.date(), last.date()), None) is None:
        field = "every" if series.every else "rule"
        ends = " between its start and its end" if pattern.until else ""
        message = f"this never happens{ends}"
        yield source.finding(field, "SA315", message, "see the days and months that it names")


def pattern_of(source: Source, series: Recurring) -> tuple[Pattern | None, list[Finding]]:
    """The pattern, None when there is none that makes sense; and why."""
    findings = list(_rule_findings(source, series))
    rule = _read_rule(source, series)
    if isinstance(rule, Finding):
        return None, [*findings, rule]
    if rule is None or findings or source.lost & {"every", "rule", "start", "until", "count"}:
        return None, findings
    findings += _end_findings(source, series, rule)
    pattern = Pattern(rule, _wall(series.start) or EPOCH, _end(series.until), series.count)
    findings += [] if findings else _never(source, series, pattern)
    return (None if findings else pattern), findings


def _near(pattern: Pattern, wall: datetime) -> str:
    """The dates around one that is none."""
    around = timedelta(days=40)
    found = list(pattern.walls((wall - around).date(), (wall + around).date()))
    before = [one for one in found if one < wall][-1:]
    after = [one for one in found if one > wall][:1]
    near = one_of(f"{one:%Y-%m-%d %H:%M}" for one in before + after)
    return f"near are {near}" if near else "see the rule"


def named_by(change: Change, pattern: Pattern) -> list[datetime]:
    """The dates that an exception may mean."""
    wall = _wall(change.on)
    assert wall is not None
    found = list(pattern.walls(wall.date(), wall.date()))
    return [one for one in found if one == wall] if _has_time(change.on) else found


def _contradiction(change: Change) -> str:
    if change.skip and (change.move or change.replace):
        return "a date that is skipped is neither moved nor replaced"
    if not change.skip and change.move is None and change.replace is None:
        return "this does not say what is different on that date"
    return ""


def change_findings(source: Source, series: Recurring, pattern: Pattern) -> Iterator[Finding]:
    """Exceptions each mean one date, once, and say one thing."""
    seen: set[datetime] = set()
    for index, change in enumerate(series.changes):
        place = f"except.{index}"
        contradiction = "" if "except" in source.lost else _contradiction(change)
        if contradiction:
            hint = "write skip: true, or move: and a time, or replace: and the fields"
            yield source.finding(place, "SA317", contradiction, hint)
        found = named_by(change, pattern)
        if not found:
            hint = _near(pattern, _wall(change.on) or EPOCH)
            message = f"{change.on} is no date of this series"
            yield source.finding(f"{place}.on", "SA316", message, hint)
        elif len(found) > 1:
            hint = f"write {one_of(f'{wall:%Y-%m-%d %H:%M}' for wall in found)}"
            message = f"there are {len(found)} dates of this series on {change.on}"
            yield source.finding(f"{place}.on", "SA317", message, hint)
        elif found[0] in seen:
            message = f"{change.on} is here a second time"
            yield source.finding(f"{place}.on", "SA317", message, "keep one of the two")
        seen.update(found)


def pool_findings(source: Source, series: Recurring, pattern: Pattern) -> Iterator[Finding]:
    """A pool must be large enough for its cool-down; judged without exceptions."""
    if series.cool_down is None:
        return
    if not series.pool:
        message = "there is a cool_down and no pool"
        yield source.finding("cool_down", "SA318", message, "add pool:, or remove it", key=True)
        return
    last = pattern.start + COUNTED
    dates = list(pattern.walls(pattern.start.date(), last.date()))
    size = len(series.pool)
    shortest = min(
        (later - first for first, later in zip(dates, dates[size:], strict=False)), default=None
    )
    if shortest is not None and shortest < series.cool_down:
        message = (
            f"each of the {size} comes again after {span(shortest)}, "
            f"cool_down is {span(series.cool_down)}"
        )
        hint = "add more to the pool, or write a shorter one"
        yield source.finding("cool_down", "SA318", message, hint)
