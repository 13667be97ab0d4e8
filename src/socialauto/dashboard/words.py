"""Texts of people, made fit to be read on a page. Escaping is the templates' work."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from markupsafe import Markup, escape

from socialauto.core.fold import fold
from socialauto.core.spans import span

TITLE = 80

STATUS_WORDS: Mapping[str, str] = {
    "wait": "scheduled",
    "publish": "due",
    "retry": "trying again",
    "settle": "being asked",
    "busy": "in a run",
    "published": "published",
    "delete": "being deleted",
    "deleted": "deleted",
    "missed": "missed",
    "skipped": "skipped",
    "held": "held",
    "failed": "failed",
    "blocked": "blocked",
    "invalid": "has errors",
    "draft": "draft",
    "drift": "changed since",
    "orphan": "file is gone",
}
"""A step's status in the words of somebody who has never seen a plan."""

_TURNS = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
"""Characters that turn the direction of what follows: fine in a caption, a trick in a title."""
_UNSHOWABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"})
_TAG = re.compile(r"(?<![&/\w])[#＃](\w{1,100})")
_TAG_OR_NAME = re.compile(r"((?<![&/\w])[#＃]\w{1,100}|(?<![\w.+%/-])@[A-Za-z0-9_.]{1,30})")
"""Hashtags and mentions."""
_SET_APART = r'<span class="tag">\1</span>'
_SCHEMES = ("https://", "http://")


def readable(text: str) -> str:
    """With a stand-in for what no page can hold: control characters and halves of characters."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSHOWABLE.sub("\ufffd", text)


def _cut(words: str) -> str:
    """At the end of a word, where there is one near the end."""
    start = words[: TITLE - 1]
    space = start.rfind(" ")
    return (start[:space] if space > TITLE * 3 // 4 else start).rstrip(" ,;:–—-\u200d")


def title(text: str, otherwise: str) -> str:
    """The first line that shows anything, cut to fit a list; `otherwise` when there is none."""
    for line in text.splitlines():
        words = " ".join(readable(line).translate(_TURNS).split())
        if any(unicodedata.category(char) not in _INVISIBLE for char in words):
            return words if len(words) <= TITLE else f"{_cut(words)}…"
    return otherwise


def tags(text: str) -> tuple[str, ...]:
    """The hashtags of a text, each once, without their sign and in small letters."""
    return tuple(dict.fromkeys(found.lower() for found in _TAG.findall(text)))


def tagged(text: str) -> Markup:
    """With hashtags and mentions set apart, as the platform does it; escaped.

    Found in what is escaped already: the `#` of `&#39;` follows a `&`, so it is none.
    """
    return Markup(_TAG_OR_NAME.sub(_SET_APART, str(escape(text))))  # noqa: S704


def listed(value: object) -> str:
    """`one, two`; a single value as it is."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def folded(text: str) -> tuple[str, bool]:
    """What a phone shows of a caption at first, and whether there is more."""
    short, rest = fold(text)
    return short, bool(rest.strip())


def web_link(url: str | None) -> str:
    """The address when a page may link to it: nothing but http and https, nothing to mislead."""
    if not url or not url.isprintable() or any(char in url for char in " \"'<>\\"):
        return ""
    return url if url.lower().startswith(_SCHEMES) else ""


def lateness(seconds: float | None) -> str:
    """`on time`, `4 min late`; empty when it is not known."""
    if seconds is None:
        return ""
    return f"{span(timedelta(seconds=seconds))} late" if seconds >= 60 else "on time"
