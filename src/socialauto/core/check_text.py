"""Judges a rendered text: its length as the platform counts it, hashtags, mentions, Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialauto.core.capability import TextRules, TextUnit
from socialauto.core.finding import Complaint
from socialauto.core.suggest import quoted

MARKDOWN = "SA505"
_HASHTAG = re.compile(r"(?<![&/])[#＃](?=\w)")
"""Glued ones count each (`#one#two`); `&#39;` and the part of an address behind `/#` do not."""

_MENTION = re.compile(r"(?<![\w.+%-])[@＠](?=\w)")
"""An e-mail address has something before its @."""

_MARKDOWN = re.compile(
    r"""
    \*\*[^*\s][^*\n]*\*\*           # **bold**
    | (?<!\w)__[^_\s][^_\n]*__(?!\w)
    | (?<![\w*])\*[^*\s][^*\n]*(?<!\s)\*(?![\w*])
    | \[[^\]\n]+\]\([^)\s]+\)       # [words](address)
    | ^\#{1,6}[ ]\S.*               # a heading
    """,
    re.VERBOSE | re.MULTILINE,
)


def length_of(text: str, unit: TextUnit) -> int:
    """The length of `text` in `unit`: an emoji outside the basic plane is two UTF-16 units."""
    if unit == "code_points":
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def hashtags_in(text: str) -> int:
    return len(_HASHTAG.findall(text))


def mentions_in(text: str) -> int:
    return len(_MENTION.findall(text))


def _length(text: str, rules: TextRules, platform: str) -> Iterator[Complaint]:
    length = length_of(text, rules.unit)
    if length <= rules.max_length:
        return
    counted = " (most emoji count as two)" if length != len(text) else ""
    over = length - rules.max_length
    message = (
        f"the text has {length:,} characters{counted}, "
        f"{platform} takes at most {rules.max_length:,} ({over:,} over)"
    )
    yield Complaint("text", "SA501", message)


def _counts(text: str, rules: TextRules, platform: str) -> Iterator[Complaint]:
    tags, names = hashtags_in(text), mentions_in(text)
    if rules.max_hashtags is not None and tags > rules.max_hashtags:
        message = f"the text has {tags} hashtags, {platform} takes at most {rules.max_hashtags}"
        yield Complaint("text", "SA502", message)
    if rules.max_mentions is not None and names > rules.max_mentions:
        message = f"the text has {names} @mentions, {platform} takes at most {rules.max_mentions}"
        yield Complaint("text", "SA503", message)


def _markdown(text: str, rules: TextRules, platform: str) -> Iterator[Complaint]:
    found = None if rules.markdown else _MARKDOWN.search(text)
    if found:
        message = f"{platform} does not format Markdown: {quoted(found[0])} is shown as typed"
        yield Complaint("text", MARKDOWN, message, "write markup: markdown", severity="warning")


def text_complaints(text: str, rules: TextRules | None, platform: str) -> Iterator[Complaint]:
    """Every rule that the text breaks; without rules there must be no text."""
    if rules is None:
        if text:
            message = f"{platform} shows no text with this type of post"
            yield Complaint("text", "SA506", message, "leave the text empty")
        return
    if rules.required and not text:
        yield Complaint("text", "SA504", f"the text is empty, {platform} wants one")
    yield from _length(text, rules, platform)
    yield from _counts(text, rules, platform)
    yield from _markdown(text, rules, platform)
