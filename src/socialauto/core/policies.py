"""What a team asks of its own posts: the settings of `policies:` in `socialauto.yaml`.

A platform's rules are not here: those nobody can switch off.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from socialauto.core.suggest import quoted
from socialauto.core.values import Duration, Flag, Strict, Zone, refusal

Strength = Literal["off", "warning", "error"]

CLOCK_PATTERN = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"


def _bare(value: Any) -> Any:
    """`weekend: error` is short for `weekend: {severity: error}`, `max_hashtags: 5` for its limit,
    and a list for banned words."""
    if isinstance(value, str):
        return {"limit": value} if value.isdecimal() else {"severity": value}
    return {"words": value} if isinstance(value, list) else value


def _clock(value: str) -> str:
    if not re.fullmatch(CLOCK_PATTERN, value):
        raise refusal("SA302", f"{quoted(value)} is not a time of day", "write one such as 22:00")
    return value


def clock_time(text: str) -> time:
    """`7:30` as a time of day."""
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


Clock = Annotated[str, AfterValidator(_clock), Field(json_schema_extra={"pattern": CLOCK_PATTERN})]
Word = Annotated[str, StringConstraints(min_length=1)]


class Policy(Strict):
    """One named check."""

    severity: Strength = Field(
        default="warning",
        description="off, warning (shown), or error (the post does not go out).",
    )


class BannedWords(Policy):
    """Words that no text, first comment or alt text has."""

    words: tuple[Word, ...] = Field(
        min_length=1,
        description="Words or phrases; capitals make no difference, and only whole words count.",
        examples=[["cheap", "free money"]],
    )


class QuietHours(Policy):
    """Hours of the day in which nothing goes out."""

    begin: Clock = Field(description="When they begin, by the wall clock.", examples=["22:00"])
    end: Clock = Field(description="When they end; it may be the next day.", examples=["07:00"])
    timezone: Zone | None = Field(
        default=None, description="The clock that counts; when left out, that of each post."
    )


class MaxHashtags(Policy):
    """How many hashtags a text has at most, those of `hashtags` included."""

    limit: int = Field(ge=0, description="At most so many.", examples=[5])


class LinkFormat(Policy):
    """How the addresses of web pages are written, in texts, first comments and `link`."""

    https: Flag = Field(default=True, description="true: every address begins with https://.")
    hosts: tuple[Word, ...] = Field(
        default=(),
        description="The hosts that may be linked, with what is below them; default: all.",
        examples=[["acme.example"]],
    )


class LinkAnswers(Policy):
    """Every address of a web page leads to a page."""

    skip: tuple[Word, ...] = Field(
        default=(),
        description="Hosts that are not asked, with what is below them, because they answer to "
        "people alone.",
        examples=[["linkedin.com"]],
    )


class MinLeadTime(Policy):
    """How long before it goes out a post is added or moved at the latest."""

    at_least: Duration = Field(
        default=timedelta(hours=2),
        description="At least so long; looked at by validate --base alone.",
    )


class Weekend(Policy):
    """Nothing goes out on Saturdays and Sundays."""

    timezone: Zone | None = Field(
        default=None, description="The clock that counts; when left out, that of each post."
    )


def _policy(description: str, example: object) -> Any:
    return Field(default=None, description=description, examples=[example])


_Plain = Annotated[Policy, BeforeValidator(_bare, json_schema_input_type=Strength | Policy)]
_Words = Annotated[
    BannedWords, BeforeValidator(_bare, json_schema_input_type=tuple[Word, ...] | BannedWords)
]
_Hours = Annotated[QuietHours, BeforeValidator(_bare, json_schema_input_type=QuietHours)]
_Hashtags = Annotated[MaxHashtags, BeforeValidator(_bare, json_schema_input_type=int | MaxHashtags)]
_Links = Annotated[LinkFormat, BeforeValidator(_bare, json_schema_input_type=Strength | LinkFormat)]
_Answers = Annotated[
    LinkAnswers, BeforeValidator(_bare, json_schema_input_type=Strength | LinkAnswers)
]
_Notice = Annotated[
    MinLeadTime, BeforeValidator(_bare, json_schema_input_type=Strength | MinLeadTime)
]
_Days = Annotated[Weekend, BeforeValidator(_bare, json_schema_input_type=Strength | Weekend)]


class Policies(Strict):
    """Checks that a team asks of its own posts; each is off until it is named."""

    require_alt: _Plain | None = _policy(
        "Every picture that can have an alt text has one.", "error"
    )
    banned_words: _Words | None = _policy(
        "Words that no text has.", {"severity": "error", "words": ["cheap"]}
    )
    quiet_hours: _Hours | None = _policy(
        "Hours in which nothing goes out.", {"begin": "22:00", "end": "07:00"}
    )
    max_hashtags: _Hashtags | None = _policy("How many hashtags a text has at most.", 5)
    require_owner: _Plain | None = _policy(
        "Every account says who answers for it, as owners.", "warning"
    )
    link_format: _Links | None = _policy(
        "How addresses of web pages are written.", {"hosts": ["acme.example"]}
    )
    link_answers: _Answers | None = _policy(
        "Every address of a web page answers; asked by validate --links and doctor alone.",
        "warning",
    )
    min_lead_time: _Notice | None = _policy(
        "How long before it goes out a post is added or moved at the latest.", {"at_least": "2h"}
    )
    weekend: _Days | None = _policy("Nothing goes out on Saturdays and Sundays.", "warning")


Reason = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _lifted(what: str, example: str) -> Any:
    return Field(default=None, description=f"Why {what}.", examples=[example])


class Allow(Strict):
    """Policies that one post does not follow, each with the reason."""

    require_alt: Reason | None = _lifted("a picture has no alt text", "decorative")
    banned_words: Reason | None = _lifted("a banned word stands here", "a customer's own words")
    quiet_hours: Reason | None = _lifted("it goes out in quiet hours", "the match ends late")
    max_hashtags: Reason | None = _lifted("it has so many hashtags", "a campaign's own")
    link_format: Reason | None = _lifted("a link is written otherwise", "the partner has no https")
    link_answers: Reason | None = _lifted("a link is not asked", "the page comes that morning")
    min_lead_time: Reason | None = _lifted("it comes on such short notice", "news")
    weekend: Reason | None = _lifted("it goes out on a weekend", "the fair is on Sunday")

    def reasons(self) -> dict[str, str]:
        """Policy → reason, for those that are lifted."""
        return {name: reason for name, reason in self if reason is not None}


def in_force(policies: Policies) -> dict[str, Policy]:
    """The policies that are on, by name."""
    return {
        name: policy for name, policy in policies if policy is not None and policy.severity != "off"
    }
