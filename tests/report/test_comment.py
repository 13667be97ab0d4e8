"""The comment below a pull request: it fits, it is the same each time, and no text breaks out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from socialauto.adapters.instagram.rules import CAPABILITIES
from socialauto.core.check_text import length_of
from socialauto.core.compare import Difference, Kind
from socialauto.core.delivery import Delivery
from socialauto.core.finding import Finding
from socialauto.report import caption
from socialauto.report.comment import MARKER, NOTHING, as_comment
from socialauto.report.comment_post import Forge
from socialauto.report.findings import Checked
from socialauto.report.markdown import attribute, cell, code, shown
from socialauto.report.review import Reviewed
from support.builders import HOUR, NOON, delivery, message

FORGE = Forge("https://github.com/acme/posts/blob/0123abc")
HOSTILE = (
    "<script>alert(1)</script>",
    "<!-- socialauto:review -->",
    "--> <img src=x onerror=alert(1)>",
    "@everyone look at #1 and GH-2, https://github.com/acme/posts/issues/3",
    "```\n# heading\n```",
    "` `` ``` ````",
    "`",
    "` `",
    "[click](javascript:alert(1)) ![pixel](https://evil.example/p.png)",
    "</del></ins><b>bold</b>",
    "> quote\n- list\n1. one\n| a | b |\n| - | - |\n---\n***\n    code",
    "\u202etxt.exe\u202c \u2066isolated\u2069",
    "a\\",
    "\\`",
    "**bold** ~~gone~~ _it_ $x$ &lt; &#64;",
    "👩‍👩‍👧 " * 1_000,
    "🔥" * 10_000,
    "\x00\x1b[31m\r\x85\u2028",
    "\ud800 half",
    "# @a",
    "\n\n\n",
)  # fmt: skip
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def add(one: Delivery) -> Difference:
    return Difference((Kind.ADD,), None, one)


def edit(text: str, new: str) -> Difference:
    before, after = delivery(text=text), delivery(text=new)
    return Difference((Kind.EDIT,), before, after, ("text",))


def written(
    differences: Sequence[Difference], findings: Sequence[Finding] = (), forge: Forge = FORGE
) -> str:
    takes = {one.key.account: CAPABILITIES for one in differences}
    reviewed = Reviewed("main", "0" * 40, tuple(differences), (), None, "no copy", takes)
    return as_comment(Checked(len(differences), 1, tuple(findings)), reviewed, forge)


def flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or ())


def parsed(text: str) -> list[Token]:
    return list(flat(MARKDOWN.parse(text)))


def pieces(tokens: Sequence[Token], kind: str) -> list[str]:
    return [token.content for token in tokens if token.type == kind]


OURS = re.compile(
    r'</?(del|ins)>|<img src="https://github\.com/[^"<>`]*" alt="[^"<>`]*" height="160">'
)


def complaints(comment: str) -> list[str]:
    """What a forge would make of the comment beyond what we meant."""
    tokens = parsed(comment)
    html = [*pieces(tokens, "html_inline"), *pieces(tokens, "html_block")]
    html = [tag for one in html for tag in one.splitlines()]
    wrong = [
        one for one in html if not OURS.fullmatch(one) and one.strip() not in (MARKER, NOTHING)
    ]
    links = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    wrong += [str(link) for link in links if not str(link).startswith(FORGE.url)]
    plain = " ".join(pieces(tokens, "text"))
    wrong += re.findall(r"[@#]\w+|GH-\d+|https?:\S+|[<>]", plain)
    allowed = {"html_block", "heading_open", "paragraph_open", "blockquote_open",
               "bullet_list_open", "list_item_open", "ordered_list_open", "link_open",
               "strong_open", "em_open", "inline", "text", "code_inline", "html_inline",
               "softbreak", "hardbreak"}  # fmt: skip
    wrong += [one.type for one in tokens if one.nesting >= 0 and one.type not in allowed]
    turns = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(comment)
    return [*wrong, *turns]


def hostile(text: str) -> list[Difference]:
    """The text everywhere where an author can put it."""
    post = text.replace("\n", " ").replace("\ud800", "")[:200]
    said: dict[str, Any] = {"options": {"first_comment": text, "location": text}}
    one = message(text, **said)
    (medium,) = one.media
    evil = type(medium)(f"media/{post}.jpg", medium.blob, medium.facts, alt=text)
    new = delivery(post, account=post, message=message(text, media=(evil, evil), **said))
    changed = delivery("same", message=message(f"{text} before and {text}"))
    return [add(new), Difference((Kind.EDIT,), delivery("same", text=text), changed, ("text",)),
            Difference((Kind.WITHDRAW,), delivery("gone", text=text), None)]  # fmt: skip


def said_of(text: str) -> list[Finding]:
    return [Finding(f"content/{text}.md", 3, 1, "SA203", f"unknown {text}", f"type {text}")]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out(text: str) -> None:
    assert complaints(written(hostile(text), said_of(text))) == []


words = st.text(
    st.one_of(st.sampled_from("`*_<>[]()#@!|\\~-+.&\"' \n\r\t\u202e\u200d🔥語"), st.characters()),
    max_size=60,
)


@given(words)
@example("`\n`")
def test_no_text_that_anybody_thinks_of_breaks_out(text: str) -> None:
    assert complaints(written(hostile(text), said_of(text))) == []


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@example(" ` ")
@example("   ")
def test_code_is_read_as_it_was_written(text: str) -> None:
    line = shown(text).replace("\n", " ")
    if code(text):
        (token,) = (one for one in parsed(f"a {code(text)} b") if one.type == "code_inline")
        assert token.content == line


@given(words)
@example("@everyone, see #1")
def test_words_of_a_table_stay_in_their_cell(text: str) -> None:
    tokens = parsed(f"| a | b |\n| - | - |\n| {cell(text)} | end |\n")
    assert pieces(tokens, "html_inline") == []
    assert [token.type for token in tokens].count("td_open") == 2
    assert not re.findall(r"[@#]\w", " ".join(pieces(tokens, "text")))


def test_an_attribute_cannot_be_left() -> None:
    assert attribute('x" onload="alert(1)`\n<b>') == (
        "x&quot; onload=&quot;alert(1)&#96; &lt;b&gt;"
    )


@given(words, words)
def test_a_difference_holds_every_word_of_both_versions(before: str, after: str) -> None:
    text = caption.compared(before, after)
    for version, other in ((before, "ins"), (after, "del")):
        kept = re.sub(rf"<{other}>.*?</{other}>", "", text) if "was\n\n" not in text else text
        seen = "".join(pieces(parsed(kept), "code_inline")).replace("⏎", "")
        assert (
            "".join(shown("".join(version.split("\n"))).split()) in "".join(seen.split())
            or not version.strip()
        )


def test_words_that_changed_are_marked_and_the_rest_stays() -> None:
    assert caption.compared("We launch\ntomorrow at 9.", "We launch\ntoday at 9, 早安") == (
        "> `We launch`\\\n"
        "> <del>`tomorrow`</del><ins>`today`</ins>` at 9`<del>`.`</del><ins>`, 早安`</ins>"
    )


def test_a_new_line_is_seen() -> None:
    assert caption.compared("a b", "a\nb") == "> `a`<del>` `</del><ins>`⏎`</ins>\\\n> `b`"


def test_what_has_little_in_common_is_shown_twice() -> None:
    shuffled = [f"word{number}" for number in range(200)]
    random.Random(1).shuffle(shuffled)
    text = caption.compared(" ".join(sorted(shuffled)), " ".join(shuffled))
    assert text.startswith("was\n\n> `word0 ")
    assert "\n\nis\n\n> `word" in text


def huge(number: int, text: str) -> list[Difference]:
    return [
        add(delivery(f"post-{one:04}", due=NOON + one * HOUR, text=f"{one} {text}"))
        for one in range(number)
    ]


def fits(comment: str) -> bool:
    return length_of(comment, "utf16") <= 65_000 and len(comment.encode()) < 131_072 - 100


@pytest.mark.parametrize(
    "text", ["A short one", "long " * 400, "🔥" * 1_100, "語" * 2_000, "ä\n" * 900]
)
@pytest.mark.parametrize("number", [1, 60, 1_000])
def test_however_large_the_change_the_comment_fits(number: int, text: str) -> None:
    errors = [Finding("content/x.md", one, 1, "SA203", text, text) for one in range(0, number, 3)]
    comment = written(huge(number, text), errors)
    assert fits(comment)
    assert complaints(comment) == []


def test_what_does_not_fit_is_a_line_and_then_a_number() -> None:
    comment = written(huge(1_000, "long " * 400))
    wholes = re.findall(r"#### adds `(post-\d+)`", comment)
    lines = re.findall(r"^- adds `(post-\d+)`", comment, re.MULTILINE)
    assert wholes + lines == [f"post-{one:04}" for one in range(len(wholes) + len(lines))]
    assert len(wholes) > 10
    assert len(lines) > 80
    left = 1_000 - len(wholes) - len(lines)
    assert f"**and {left} more changes: see the job summary**" in comment


def test_errors_and_what_is_taken_away_come_before_what_comes_soon() -> None:
    soon = delivery("soon", due=NOON)
    later = delivery("later", due=NOON + timedelta(days=9))
    gone = Difference((Kind.WITHDRAW,), delivery("gone", due=NOON + timedelta(days=5)), None)
    broken = Finding(later.path, 1, 1, "SA203", "unknown account")
    comment = written([add(soon), gone, add(later)], [broken])
    assert re.findall(r"#### \w+ `(\w+)`", comment) == ["later", "gone", "soon"]


def test_findings_elsewhere_are_counted_and_errors_are_always_told() -> None:
    found = [
        Finding("content/other.md", 2, 1, "SA605", "many posts", severity="warning"),
        Finding("content/other.md", 2, 1, "SA203", "unknown account"),
        Finding("content/hello.md", 2, 1, "SA505", "Markdown", severity="warning"),
    ]
    comment = written([add(delivery())], found, Forge())
    assert "- **error** `content/other.md`, line 2: SA203 `unknown account`\n" in comment
    assert "- **warning** `content/hello.md`, line 2: SA505 `Markdown`\n" in comment
    assert "- 1 warning in files that this change does not touch\n" in comment
    assert "many posts" not in comment


def test_a_change_of_no_post_is_marked_as_one_that_needs_no_comment() -> None:
    assert written([]).startswith(f"{MARKER}\n{NOTHING}\n## This change ")
    assert NOTHING not in written([], [Finding("content/x.md", 1, 1, "SA203", "unknown")])
    assert NOTHING not in written([add(delivery())])


def test_pictures_come_from_the_forge_or_not_at_all() -> None:
    inside = Forge("https://git.example/acme/posts/-/raw/0123abc", prefix="social/")
    assert inside.picture("content/a b#.jpg") == (
        "https://git.example/acme/posts/-/raw/0123abc/social/content/a%20b%23.jpg"
    )
    assert "<img" in written([add(delivery())])
    assert "<img" not in written([add(delivery())], forge=Forge())


def test_only_so_many_pictures_are_loaded() -> None:
    assert written(huge(60, "Hello")).count("<img") == 30


def test_the_same_change_is_the_same_comment() -> None:
    changes = huge(50, "Hello")
    backwards = written(list(reversed(changes)))
    assert backwards == written(changes)


def test_a_text_over_the_limit_is_counted_in_bold() -> None:
    assert "**2,205/2,200 characters**" in written([add(delivery(text="a" * 2_205))])
    assert "and 2,000 more characters" in written([add(delivery(text="a" * 5_000))])
