"""The text of a new post."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from socialauto.scaffold.post_file import NewPost, post_text, suggested_time
from socialauto.scaffold.yaml_text import scalar

LAUNCH = NewPost(
    id="launch",
    accounts=("acme-instagram",),
    time="2026-12-01 09:00",
    folder="2026/12",
    type="carousel",
    media=("media/one.jpg", "/media/two: best.jpg"),
    text="Our launch.\n\n  #1 of many",
)


def test_a_markdown_post() -> None:
    assert LAUNCH.path == "content/2026/12/launch.md"
    assert (
        post_text(LAUNCH)
        == """\
---
id: launch
account: acme-instagram
type: carousel
time: 2026-12-01 09:00
media:
  - media/one.jpg
  - "/media/two: best.jpg"
---
Our launch.

  #1 of many
"""
    )


def test_a_yaml_post_names_its_schema() -> None:
    post = NewPost(
        id="launch",
        accounts=("a", "b"),
        time="2026-12-01 09:00",
        folder="2026/12",
        text="One\n\nTwo: #2",
        draft=True,
        format="yaml",
    )
    assert post.path == "content/2026/12/launch.yaml"
    assert (
        post_text(post)
        == """\
# yaml-language-server: $schema=../../../schemas/post.schema.json
id: launch
accounts: [a, b]
time: 2026-12-01 09:00
draft: true  # remove this line when it may go out
text: |-
  One

  Two: #2
"""
    )


@pytest.mark.parametrize(
    ("now", "zone", "suggestion"),
    [
        ("2026-11-22T14:05", "UTC", "2026-11-23 15:00"),
        ("2026-11-22T23:59", "UTC", "2026-11-24 00:00"),
        ("2026-12-31T08:00", "Europe/Berlin", "2027-01-01 10:00"),
        ("2027-03-27T00:30", "Europe/Berlin", "2027-03-28 03:00"),  # 02:00 is skipped
        ("2027-10-29T23:30", "Europe/Berlin", "2027-10-31 03:00"),  # 02:00 comes twice
    ],
)
def test_the_next_full_hour_of_tomorrow_is_suggested(now: str, zone: str, suggestion: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert f"{suggested_time(moment, ZoneInfo(zone)):%Y-%m-%d %H:%M}" == suggestion


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_line_of_text_survives_as_a_yaml_value(text: str) -> None:
    assert yaml.load(f"- {scalar(text)}\n", yaml.BaseLoader) == [text]


@pytest.mark.parametrize("text", ["no", "12:30", "~", "- x", "a: b", "a #b", "", "👩‍👩‍👧", "1e3"])
def test_what_yaml_would_take_for_something_else_is_quoted(text: str) -> None:
    assert scalar(text).startswith('"')
    assert yaml.safe_load(scalar(text)) == text
