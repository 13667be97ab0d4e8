"""The feed as an independent parser reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from socialauto.core.when import parse_time
from socialauto.dashboard.ics import as_ics
from support.scenery import NOW, busy, delivery, hostile, many, published, scene


def events(data: bytes) -> list[Any]:
    calendar: Any = icalendar.Calendar.from_ical(data)
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert [event.errors for event in found] == [[] for _ in found]
    return list(found)


@pytest.mark.parametrize(
    ("wall", "zone"),
    [
        ("2026-10-25 01:59", "Europe/Berlin"),  # before the clocks are turned back
        ("2026-10-25 03:00", "Europe/Berlin"),
        ("2027-03-28 01:59", "Europe/Berlin"),
        ("2027-03-28 03:00", "Europe/Berlin"),
        ("2026-11-01 00:59", "America/New_York"),
        ("2026-11-01 02:00", "America/New_York"),
        ("2026-12-01 09:00", "Asia/Kathmandu"),
        ("2026-10-04 03:00", "Australia/Lord_Howe"),
        ("2026-12-31 23:59", "Pacific/Kiritimati"),
    ],
)
def test_times_are_the_plan_s_whatever_the_zone(wall: str, zone: str) -> None:
    due = parse_time(wall, ZoneInfo(zone))
    assert isinstance(due, datetime)
    made = scene([delivery("one", due, zone=zone)], [])
    (event,) = events(as_ics(made.by_time))
    start = event["DTSTART"].dt
    assert start == made.plan.steps[0].delivery.due == due  # type: ignore[union-attr]
    assert start.utcoffset() == UTC.utcoffset(None)
    assert f"{wall} {zone}" in str(event["DESCRIPTION"])


def test_every_delivery_is_an_event_of_its_own() -> None:
    made = busy()
    found = events(as_ics(made.by_time))
    assert [event["DTSTART"].dt for event in found] == [item.due for item in made.by_time]
    assert len({str(event["UID"]) for event in found}) == len(made.items)


def test_hostile_texts_come_back_as_they_were() -> None:
    data = as_ics(hostile().by_time)
    titles = {str(event["SUMMARY"]) for event in events(data)}
    assert (
        "{{ 7 * 7 }} {% raw %} ${1} </title></style> ]]> --> (acme-instagram, scheduled)" in titles
    )
    assert all(event.get("URL") is None for event in events(data))
    assert b"javascript:" not in data


def test_text_with_every_special_character_survives() -> None:
    text = 'a, b; c\\n d\\ "e"\nBEGIN:VEVENT\r\nEND:VCALENDAR: ü' + "😀" * 60
    (event,) = events(as_ics(scene([delivery("one", NOW, text=text)], []).by_time))
    assert text.replace("\r\n", "\n") in str(event["DESCRIPTION"])


@pytest.mark.parametrize("made", [busy(), hostile(), many(50)])
def test_lines_end_and_are_folded_as_the_standard_says(made: Any) -> None:
    data = as_ics(made.by_time)
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode("utf-8")  # no character is cut in two


def test_a_published_post_links_to_itself_and_a_coming_one_to_its_page() -> None:
    sent, coming = delivery("sent", NOW.replace(hour=1)), delivery("coming", NOW.replace(hour=20))
    made = scene([sent, coming], [published(sent)])
    feed = as_ics(made.by_time, base_url="https://acme.example/social/")
    public, planned = (str(event["URL"]) for event in events(feed))
    assert public.startswith("https://www.instagram.com/p/C")
    assert planned == "https://acme.example/social/posts/coming.html"


def test_an_empty_plan_is_a_valid_feed() -> None:
    assert events(as_ics([])) == []


def test_what_separates_values_is_escaped() -> None:
    """Parsers forgive it, and differ in what they make of it."""
    made = scene([delivery("one", NOW, text="a;b,c\\d")], [])
    assert rb"SUMMARY:a\;b\,c\\d (acme-instagram\, due)" in as_ics(made.by_time)
