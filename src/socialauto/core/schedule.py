"""A recurring post as people write it: one document of a file in `schedules/`."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from socialauto.core.post import Post, Variant
from socialauto.core.recurrence_rule import parse_rule
from socialauto.core.recurrence_words import RuleFlawError, parse_words
from socialauto.core.values import Duration, Flag, PostId, Strict, Zone, refusal
from socialauto.core.when import TimeFlaw, parse_day

_DAY_PATTERN = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ Tt]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?$"


def _bare_text(value: Any) -> Any:
    """`- Some words` is short for `- {text: Some words}`."""
    return {"text": value} if isinstance(value, str) else value


def _day(value: str) -> str:
    flaw = parse_day(value)
    if isinstance(flaw, TimeFlaw):
        raise refusal(flaw.code, flaw.message, flaw.hint)
    return value


def _words(value: str) -> str:
    try:
        parse_words(value)
    except RuleFlawError as flaw:
        raise refusal(flaw.code, flaw.message, flaw.hint) from None
    return value


def _rule(value: str) -> str:
    try:
        parse_rule(value, time(0))  # whether somebody names a time, the whole document says
    except RuleFlawError as flaw:
        raise refusal(flaw.code, flaw.message, flaw.hint) from None
    return value


def days_of(text: str) -> tuple[date, date] | TimeFlaw:
    """`2026-12-25`, or `2026-12-28 to 2027-01-03`: the first and the last day."""
    first, _, last = text.partition(" to ")
    found = [parse_day(first), parse_day(last or first)]
    for day in found:
        if isinstance(day, TimeFlaw):
            return day
    begin, end = (day[0].date() for day in found if not isinstance(day, TimeFlaw))
    if end < begin:
        return TimeFlaw("SA302", f"{end} is before {begin}", "write the earlier day first")
    return begin, end


def _days(value: str) -> str:
    flaw = days_of(value)
    if isinstance(flaw, TimeFlaw):
        raise refusal(flaw.code, flaw.message, flaw.hint)
    return value


Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"pattern": _DAY_PATTERN})]
"""A date, or a date and a time, as text."""
PoolEntry = Annotated[Variant, BeforeValidator(_bare_text, json_schema_input_type=str | Variant)]


class Change(Strict):
    """What is different on one date of a series."""

    on: Day = Field(
        description="The date as the rule names it, with its time when the day has several.",
        examples=["2026-12-28", "2026-12-28 09:00"],
    )
    skip: Flag = Field(default=False, description="true: nothing goes out.")
    move: str | None = Field(
        default=None,
        description="Goes out at this date and time instead.",
        examples=["2026-12-29 10:00"],
    )
    replace: Variant | None = Field(
        default=None, description="Fields that are different on this date."
    )


class Slots(Strict):
    """Times that the posts of a queue fill."""

    id: PostId | None = Field(
        default=None,
        description="What posts write as `schedule`; default: its path below schedules/ without "
        "suffix.",
        examples=["mornings"],
    )
    slots: tuple[Annotated[str, AfterValidator(_words)], ...] = Field(
        description="When posts can go out, in the words of `every`.",
        examples=[["monday 09:00", "thursday 18:30"]],
    )
    timezone: Zone | None = Field(
        default=None,
        description="IANA name of the zone whose clock the slots mean; default: socialauto.yaml.",
    )
    start: Day | None = Field(
        default=None,
        description="The first day; intervals count from here.",
        examples=["2026-12-07"],
    )
    until: Day | None = Field(
        default=None, description="The last day, itself included.", examples=["2027-03-31"]
    )
    blackout: tuple[Annotated[str, AfterValidator(_days)], ...] = Field(
        default=(),
        description="Days without slots: a date, or the first and the last of several.",
        examples=[["2026-12-25", "2026-12-28 to 2027-01-03"]],
    )


class Recurring(Post):
    """One series: a post that goes out again and again."""

    id: PostId | None = Field(
        default=None,
        description="Names the series for ever; default: its path below schedules/ without suffix.",
        examples=["monday-quote"],
    )
    timezone: Zone | None = Field(
        default=None,
        description="IANA name of the zone whose clock the rule means; default: socialauto.yaml.",
    )
    every: Annotated[str, AfterValidator(_words)] | None = Field(
        default=None,
        description="When it goes out, in words.",
        examples=["monday 09:00", "2 weeks on friday 17:00", "month on last day 18:30"],
    )
    rule: Annotated[str, AfterValidator(_rule)] | None = Field(
        default=None,
        description="When it goes out, as a rule of RFC 5545, instead of `every`.",
        examples=["FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17"],
    )
    start: Day | None = Field(
        default=None,
        description="The first day; intervals and `count` count from here.",
        examples=["2026-12-07"],
    )
    until: Day | None = Field(
        default=None, description="The last day, itself included.", examples=["2027-03-31"]
    )
    count: int | None = Field(
        default=None, ge=1, le=10_000, description="How many dates there are, instead of `until`."
    )
    changes: tuple[Change, ...] = Field(
        default=(),
        alias="except",
        description="Dates that are skipped, moved or different.",
        examples=[[{"on": "2026-12-28", "move": "2026-12-29 10:00"}]],
    )
    pool: tuple[PoolEntry, ...] = Field(
        default=(),
        description="Texts or whole posts that take turns, each with the fields that differ.",
        examples=[["First quote", {"text": "Second quote", "media": ["media/two.jpg"]}]],
    )
    cool_down: Duration | None = Field(
        default=None,
        description="How long an entry of the pool rests before it comes again.",
        examples=["30d"],
    )
