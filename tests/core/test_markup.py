from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialauto.core.markup import as_plain

GOLDEN = {
    "**Bold**, _italic_, ***both***": "Bold, italic, both",
    "`a_b` and ``c`d``": "a_b and c`d",
    "[Our shop](https://example.org/a_b)": "Our shop (https://example.org/a_b)",
    '[Shop](https://example.org "Title")': "Shop (https://example.org)",
    "[https://example.org](https://example.org)": "https://example.org",
    "<https://example.org/a_b_c>": "https://example.org/a_b_c",
    "<shop@example.org> [us](mailto:a@b.org)": "shop@example.org us (a@b.org)",
    "[Shop][1]\n\n[1]: https://example.org/ä": "Shop (https://example.org/ä)",
    "[](https://example.org) [words]()": "https://example.org words",
    "- one\n- two": "• one\n• two",
    "* one\n\n* two\n  - three\n    more": "• one\n\n• two\n  • three\n    more",
    "1. one\n1. two\n10. three": "1. one\n2. two\n3. three",
    "3) three\n4) four": "3) three\n4) four",
    "1. Dezember": "1. Dezember",
    "# Heading\nText": "Heading\nText",
    "Heading\n=======\n\nText": "Heading\n\nText",
    "> quoted *words*\n> more\n\nend": "> quoted words\n> more\n\nend",
    "> a\n>\n> b": "> a\n>\n> b",
    "```\nx **y**\n  z\n```\nend": "x **y**\n  z\nend",
    "one\ntwo  \nthree\\\nfour": "one\ntwo\nthree\nfour",
    "one\n\n\n\ntwo": "one\n\n\n\ntwo",
    r"\*no mark\* \# 1\. \_": "*no mark* # 1. _",
    "&amp; &copy; &nothing;": "& © &nothing;",
    "one\n\n---\n\ntwo": "one\n\n---\n\ntwo",
    "#hashtag #two_words_": "#hashtag #two_words_",
    "@name_with_underscores, @_anna_!": "@name_with_underscores, @_anna_!",
    "**@_anna_** *https://example.org/a_b_*": "@_anna_ https://example.org/a_b_",
    "snake_case_word 5*3*2 2 * 3 * 4": "snake_case_word 5*3*2 2 * 3 * 4",
    "~~not struck~~": "~~not struck~~",
    "5 < 6 > 4": "5 < 6 > 4",
    "a <!-- note --> b": "a  b",
    "    indented **a**": "indented a",
    "🥖 **Brot**": "🥖 Brot",
    "\ue0000\ue001 **x**": "\ue0000\ue001 x",
    "": "",
}


@pytest.mark.parametrize("markdown", GOLDEN)
def test_markdown_becomes_what_people_type(markdown: str) -> None:
    assert as_plain(markdown) == (GOLDEN[markdown], ())


@pytest.mark.parametrize(
    ("markdown", "flaws"),
    [
        ("a\n![A door](door.jpg)", [(2, 'the picture "door.jpg" cannot be in a text')]),
        ("<b>x", [(1, '"<b>" is HTML, which no caption has')]),
        ("a\n\n<div>\nx\n</div>", [(3, '"<div> x </div>" is HTML, which no caption has')]),
    ],
)
def test_what_no_caption_has_is_a_flaw(markdown: str, flaws: list[tuple[int, str]]) -> None:
    assert [(flaw.line, flaw.message) for flaw in as_plain(markdown)[1]] == flaws


@pytest.mark.parametrize(
    ("markdown", "line", "message"),
    [
        ("Hi.\n\n[Update]: soon", 3, '"[Update]: soon" would not be shown'),
        ("[a]: b\n[a]: c\n\n[a]", 2, '"[a]: c" would not be shown'),
        ("a\n\n```\ncode", 3, "the code that ``` begins here has no end"),
        ("~~~ two words\ncode\n~~~", 1, "what stands behind ~~~ would not be shown"),
        (">" * 45 + " deep", 1, "lists and quotes are nested too deeply here"),
        (
            "".join("  " * depth + "- a\n" for depth in range(60)),
            20,
            "lists and quotes are nested too deeply here",
        ),
    ],
)
def test_what_would_be_lost_is_a_flaw(markdown: str, line: int, message: str) -> None:
    (flaw,) = as_plain(markdown)[1]
    assert (flaw.line, flaw.message) == (line, message)


MARKS = (
    "*", "**", "_", "`", "```", "~~~", "#", ">", "- ", "* ", "1. ", "2) ", "[", "](", "]", ": ",
    "(", ")", "!", "\\", "---", "===", "<", "&amp;", "\n", "\n\n", "  ", "    ", "|", "~~", '"',
    "![",
)  # fmt: skip
NAMES = ("alpha", "beta", "http://ex.org/ga_mma", "@del_ta", "#eps_ilon", "5*3")


@given(st.lists(st.sampled_from(MARKS + NAMES), min_size=1, max_size=14))
def test_no_word_is_lost_silently(parts: list[str]) -> None:
    markdown = "".join(parts)
    written, flaws = as_plain(markdown)
    words = re.compile("alpha|beta|mma|ta(?!\\w)|ilon")
    if not flaws:
        assert not Counter(words.findall(markdown)) - Counter(words.findall(written))


WORDS = st.text(alphabet="abcä 🥖!?,;:%()/'\"@€…—“”", min_size=1, max_size=20)
LINES = WORDS.map(lambda line: " ".join(line.split())).filter(lambda line: ":" not in line[:1])


@given(st.lists(LINES, max_size=8))
def test_a_text_without_marks_stays_as_it_is(lines: list[str]) -> None:
    text = "\n".join(lines).strip("\n")
    assert as_plain(text) == (text, ())


HOSTILE = {
    "brackets": "[" * 20_000,
    "stars": "*a **a " * 3_000,
    "quotes": ">" * 20_000,
    "ticks": "`a" * 10_000,
    "tags": "<a " * 6_000,
    "pictures": "![[" * 6_000,
    "nested lists": "".join(" " * 2 * depth + "- a\n" for depth in range(140)),
    "references": "[a]: b\n" * 2_500 + "[a]" * 800,
    "names": "@_" * 10_000,
    "addresses": "http://" * 2_800,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_in_no_time(name: str) -> None:
    start = time.process_time()
    as_plain(HOSTILE[name][:10_000])
    assert time.process_time() - start < 2


def test_more_than_anybody_writes_is_not_read() -> None:
    text, flaws = as_plain("*" * 10_001)
    assert (text, [flaw.message for flaw in flaws]) == (
        "",
        ["Markdown has at most 10,000 characters, this has 10,001"],
    )


def test_the_parser_is_loaded_when_it_is_used() -> None:
    code = (
        "import sys\nfrom socialauto.core.markup import as_plain\n"
        "assert 'markdown_it' not in sys.modules\n"
        "as_plain('a')\nassert 'markdown_it' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
