from __future__ import annotations

import pytest

from socialauto.core.media_path import resolve
from socialauto.core.wrong_values import Words

POST = "content/2026/post.md"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("one.jpg", "content/2026/one.jpg"),
        ("./media//one.jpg", "content/2026/media/one.jpg"),
        ("../media/one.jpg", "content/media/one.jpg"),
        ("../../one.jpg", "one.jpg"),
        ("/media/one.jpg", "media/one.jpg"),
        ("//media/one.jpg", "media/one.jpg"),
        ("a b:c.jpg", "content/2026/a b:c.jpg"),
    ],
)
def test_a_path_is_relative_to_the_post_or_from_the_root(written: str, expected: str) -> None:
    assert resolve(written, POST) == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("../../../one.jpg", "SA402"),
        ("../../..", "SA402"),
        ("/../one.jpg", "SA402"),
        ("a/../../../../one.jpg", "SA402"),
        ("C:\\one.jpg", "SA402"),
        ("c:/one.jpg", "SA402"),
        ("\\\\server\\one.jpg", "SA402"),
        ("~/one.jpg", "SA402"),
        ("media\\one.jpg", "SA405"),
        ("https://example.org/one.jpg", "SA405"),
        ("file:///etc/passwd", "SA405"),
        ("a\nb.jpg", "SA405"),
    ],
)
def test_no_path_leads_out_of_the_repository(written: str, code: str) -> None:
    words = resolve(written, POST)
    assert isinstance(words, Words)
    assert words.code == code
