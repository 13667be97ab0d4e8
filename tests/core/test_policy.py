from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from socialauto.core.finding import Complaint
from socialauto.core.policies import Policies
from socialauto.core.policy import NO_ALT, Judged, by_policies
from socialauto.core.post import Post
from support.builders import message

DUE = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def judged(
    text: str = "Hello", due: datetime | None = DUE, zone: str = "UTC", **fields: Any
) -> Judged:
    return Judged(Post.model_validate({"account": "acme", **fields}), message(text), due, zone)


def codes(policies: dict[str, Any], post: Judged, *given: Complaint) -> list[tuple[str, str]]:
    found = by_policies(given, post, Policies.model_validate(policies))
    return [(complaint.code, complaint.severity) for complaint in found]


ALT = Complaint("media.0", NO_ALT, "no alt text", severity="warning")


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ({}, [("SA434", "warning")]),
        ({"require_alt": "off"}, []),
        ({"require_alt": "warning"}, [("SA801", "warning")]),
        ({"require_alt": "error"}, [("SA801", "error")]),
        ({"require_alt": {"severity": "error"}}, [("SA801", "error")]),
    ],
)
def test_the_team_says_how_strong_the_advice_about_alt_texts_is(
    setting: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert codes(setting, judged(), ALT) == found


def test_what_the_platform_refuses_cannot_be_lifted() -> None:
    complaint = Complaint("text", "SA501", "too long")
    assert codes({"require_alt": "off"}, judged(), complaint) == [("SA501", "error")]


def test_an_exception_takes_the_place_of_what_it_lifts() -> None:
    post = judged(allow={"require_alt": "decorative"})
    assert codes({"require_alt": "error"}, post, ALT) == [("SA810", "info")]


def test_an_exception_lifts_its_own_policy_only() -> None:
    post = judged("So cheap", allow={"require_alt": "decorative"})
    policies = {"require_alt": "error", "banned_words": {"severity": "error", "words": ["cheap"]}}
    assert codes(policies, post, ALT) == [("SA802", "error"), ("SA810", "info")]


def test_an_exception_from_a_policy_that_is_off_says_nothing() -> None:
    assert codes({}, judged(allow={"weekend": "the fair"})) == []


@pytest.mark.parametrize(
    ("begin", "end", "hour", "quiet"),
    [
        ("22:00", "07:00", 22, True), ("22:00", "07:00", 6, True), ("22:00", "07:00", 7, False),
        ("22:00", "07:00", 21, False), ("12:00", "14:00", 12, True), ("12:00", "14:00", 14, False),
        ("0:00", "0:00", 0, False),
    ],
)  # fmt: skip
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(
    begin: str, end: str, hour: int, quiet: bool
) -> None:
    policies = {"quiet_hours": {"begin": begin, "end": end}}
    due = datetime(2026, 12, 1, hour, 0, tzinfo=UTC)
    assert bool(codes(policies, judged(due=due))) is quiet


def test_quiet_hours_are_those_of_the_post_s_clock_in_summer_and_winter() -> None:
    policies = {"quiet_hours": {"begin": "22:00", "end": "23:00"}}
    for due in (
        datetime(2026, 7, 1, 20, 30, tzinfo=UTC),
        datetime(2026, 12, 1, 21, 30, tzinfo=UTC),
    ):
        assert codes(policies, judged(due=due, zone="Europe/Berlin")) == [("SA803", "warning")]
        assert codes(policies, judged(due=due)) == []


def test_a_post_without_a_time_is_judged_by_its_text_alone() -> None:
    policies = {"weekend": "error", "quiet_hours": {"begin": "00:00", "end": "23:59"}}
    assert codes(policies, judged(due=None)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://acme.example/a?b=1", 0), ("http://acme.example", 1), ("HTTP://acme.example", 1),
        ("https://shop.acme.example.", 0), ("https://acme.example.evil.org", 1),
        ("https://acme.example@evil.org/", 1), ("https://[", 1), ("write acme.example", 0),
    ],
)  # fmt: skip
def test_links_are_told_by_their_host(text: str, found: int) -> None:
    assert len(codes({"link_format": {"hosts": ["acme.example"]}}, judged(text))) == found


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("cheap", "So Cheap!", 1), ("cheap", "cheaper", 0), ("free money", "FREE money", 1),
        ("c++", "c++ rules", 1), ("günstig", "GÜNSTIG", 1),
    ],
)  # fmt: skip
def test_only_whole_words_are_banned(word: str, text: str, found: int) -> None:
    assert len(codes({"banned_words": {"words": [word]}}, judged(text))) == found


@pytest.mark.parametrize(
    ("short", "policies"),
    [
        ({"weekend": "error"}, {"weekend": {"severity": "error"}}),
        ({"max_hashtags": "5"}, {"max_hashtags": {"limit": "5"}}),
        ({"banned_words": ["cheap"]}, {"banned_words": {"words": ["cheap"]}}),
    ],
)
def test_what_says_enough_may_be_short(short: dict[str, Any], policies: dict[str, Any]) -> None:
    assert Policies.model_validate(short) == Policies.model_validate(policies)


@pytest.mark.parametrize(
    ("fields", "found"),
    [({"time": "2026-12-01 09:00"}, [("SA809", "warning")]), ({}, [])],
)
def test_what_recurs_or_waits_may_lift_a_policy_for_another_day(
    fields: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    post = judged(allow={"weekend": "we are open"}, **fields)
    assert codes({"weekend": "error"}, post) == found
