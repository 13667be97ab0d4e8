"""A difference as people read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from socialauto.core.drift import MOST_LINES, Drift, Edit, drift_of, drift_words
from socialauto.core.message import MediaItem, PostType, UserTag
from support.builders import message

COMMIT = "c" * 40
BEFORE = message("One\nTwo\nThree", options={"location": "1"})


def drift(**changes: Any) -> Drift:
    return drift_of(BEFORE, replace(BEFORE, **changes), COMMIT)


def item(**changes: Any) -> tuple[MediaItem, ...]:
    return (replace(BEFORE.media[0], **changes),)


def test_a_text_is_compared_line_by_line() -> None:
    found = drift(text="One\n2\nThree")
    assert found.text == (
        "--- published",
        "+++ file",
        "@@ -1,3 +1,3 @@",
        " One",
        "-Two",
        "+2",
        " Three",
    )
    assert drift_words(found) == "changed after it was published: text differs; nothing is sent"


def test_everything_else_is_named_with_what_it_was() -> None:
    media = item(alt="A door", tags=(UserTag("bob", 0.5, 0.5),))
    found = drift(media=media, options={"location": "2", "comments": False})
    assert found.edits == (
        Edit("alt", "", "A door"),
        Edit("tags", "", '[["bob", 0.5, 0.5]]'),
        Edit("comments", "", "false"),
        Edit("location", "1", "2"),
    )
    assert drift_words(found) == (
        "changed after it was published: alt, tags, comments, location differ; nothing is sent"
    )


def test_another_picture_is_named_by_its_content() -> None:
    found = drift(media=item(blob="b" * 40))
    assert found.edits == (
        Edit("media", "content/one.jpg (aaaaaaaaaa)", "content/one.jpg (bbbbbbbbbb)"),
    )


def test_of_several_media_each_has_its_number() -> None:
    before = replace(BEFORE, media=BEFORE.media * 2)
    after = replace(before, media=(before.media[0], *item(alt="A door")))
    assert drift_of(before, after, COMMIT).fields == ("alt of media 2",)


def test_a_cover_that_came_and_a_type_that_went_are_said() -> None:
    found = drift(cover=BEFORE.media[0], type=PostType.STORY)
    assert found.fields == ("type", "cover")


def test_a_huge_text_is_cut() -> None:
    found = drift(text="\n".join(map(str, range(10_000))))
    assert len(found.text) <= MOST_LINES + 1
    beyond = replace(BEFORE, text="x\n" * 10_000 + "y")
    assert drift_of(replace(beyond, text=beyond.text + "z"), beyond, COMMIT).text == ("…",)


def test_what_nobody_can_read_is_said() -> None:
    assert drift_words(Drift(COMMIT, missing="commit cccccccccc is not in this clone")) == (
        "changed after it was published: commit cccccccccc is not in this clone; nothing is sent"
    )
