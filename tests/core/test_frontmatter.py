from __future__ import annotations

import frontmatter
import pytest

from socialauto.core.frontmatter import FrontMatterError, StrictHandler, read_front_matter

TEXT = "---\naccount: acme\n---\n\nHello.\n\n---\n\nStill the body.\n"


def test_front_matter_and_body_are_told_apart() -> None:
    front, findings = read_front_matter(TEXT, "a.md")
    assert findings == []
    assert front is not None
    assert front.document.value == {"account": "acme"}
    assert front.document.place(("account",)) == (2, 10)
    assert (front.body, front.body_line) == ("Hello.\n\n---\n\nStill the body.", 5)


def test_a_body_may_be_missing() -> None:
    front, findings = read_front_matter("---\na: 1\n---", "a.md")
    assert findings == []
    assert front is not None
    assert front.body == ""


def test_the_indentation_of_a_first_line_stays() -> None:
    front, _ = read_front_matter("---\na: 1\n---\n\n  Indented.\n", "a.md")
    assert front is not None
    assert front.body == "  Indented."


@pytest.mark.parametrize("fence", ["---  ", "---\t"])
def test_white_space_after_a_fence_does_not_matter(fence: str) -> None:
    front, _ = read_front_matter(f"{fence}\na: 1\n{fence}\nBody", "a.md")
    assert front is not None
    assert front.body == "Body"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("---\na: 1\n\nBody\n", "SA106"),
        ("---\na: 1\n ---\nBody\n", "SA106"),
        ("---\na: 1\n----\nBody\n", "SA106"),
        ("a: 1\n---\nBody\n", "SA105"),
        ("", "SA105"),
        (" ---\na: 1\n---\nBody\n", "SA105"),
        ("---\n---\nBody\n", "SA107"),
        ("---\n# nothing\n---\nBody\n", "SA107"),
        ("---\n- a\n---\nBody\n", "SA107"),
    ],
)
def test_a_file_that_cannot_be_taken_apart_has_no_body(text: str, code: str) -> None:
    front, findings = read_front_matter(text, "a.md")
    assert front is None
    assert [finding.code for finding in findings] == [code]


def test_the_handler_serves_python_frontmatter() -> None:
    fields, body = frontmatter.parse(TEXT, handler=StrictHandler("a.md"))
    assert fields == {"account": "acme"}
    assert body.startswith("Hello.")


def test_python_frontmatter_cannot_take_a_broken_file_for_a_body() -> None:
    broken = "---\naccount: acme\n\nHello.\n"
    assert frontmatter.parse(broken)[1].startswith("---")  # what we must never send
    with pytest.raises(FrontMatterError, match=r"a\.md:1:1: SA106"):
        frontmatter.parse(broken, handler=StrictHandler("a.md"))


def test_the_handler_raises_for_broken_fields() -> None:
    with pytest.raises(FrontMatterError, match="SA110"):
        StrictHandler("a.md").load("a: 1\na: 2\n")
