"""The text of a new post."""

from __future__ import annotations

from datetime import UTC, datetime

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
    ("now", "suggestion"),
    [
        (datetime(2026, 11, 22, 14, 5, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC)),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), datetime(2026, 11, 24, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 8, 0, tzinfo=UTC), datetime(2027, 1, 1, 9, tzinfo=UTC)),
    ],
)
def test_the_next_full_hour_of_tomorrow_is_suggested(now: datetime, suggestion: datetime) -> None:
    assert suggested_time(now) == suggestion


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_line_of_text_survives_as_a_yaml_value(text: str) -> None:
    assert yaml.load(f"- {scalar(text)}\n", yaml.BaseLoader) == [text]


@pytest.mark.parametrize("text", ["no", "12:30", "~", "- x", "a: b", "a #b", "", "👩‍👩‍👧", "1e3"])
def test_what_yaml_would_take_for_something_else_is_quoted(text: str) -> None:
    assert scalar(text).startswith('"')
    assert yaml.safe_load(scalar(text)) == text
