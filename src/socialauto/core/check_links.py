"""Links in what goes out: where they stand, and what their answers mean. Who asks is not here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from socialauto.core.finding import Complaint, Severity
from socialauto.core.message import Message
from socialauto.core.suggest import quoted

_LINK = re.compile(r"(?i)\bhttps?://[^\s<>\"']+")
_TAIL = ".,;:!?)]}"
"""Punctuation of the sentence around an address."""
_LONGEST = 2_000
"""Characters; nobody clicks on a longer one, and servers refuse it."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a message."""

    field: str
    url: str
    """As it is sent."""

    @property
    def asked(self) -> str:
        """What a server is asked for: it never sees what stands behind the #."""
        return urldefrag(self.url).url


@dataclass(frozen=True, slots=True)
class Answers:
    """The page is there."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Surely nobody gets there: `it answers 404`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Inside:
    """It leads to an address that only some network can reach; nobody was asked."""

    host: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody can say: `it answers 503`."""

    reason: str


Answer = Answers | Gone | Inside | Unclear


def links_in(text: str) -> list[str]:
    """Addresses of web pages, without the punctuation of the sentence around them."""
    return [found.rstrip(_TAIL) for found in _LINK.findall(text)]


def texts_of(message: Message) -> Iterator[tuple[str, str]]:
    """Fields with what people write there."""
    yield "text", message.text
    yield "first_comment", message.options.get("first_comment") or ""
    for index, item in enumerate(message.media):
        yield f"media.{index}.alt", item.alt


def links_of(message: Message) -> list[Link]:
    """Every link of a message; alt texts have none."""
    fields = [(field, text) for field, text in texts_of(message) if not field.endswith(".alt")]
    fields.append(("link", message.options.get("link") or ""))
    return [Link(field, url) for field, text in fields for url in links_in(text)]


def host_of(url: str) -> str:
    """In lower case; empty when it is no address at all."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def below_one_of(host: str, hosts: Sequence[str]) -> bool:
    """Whether it is one of these, or below one."""
    return any(host == one.lower() or host.endswith(f".{one.lower()}") for one in hosts)


def complaint_about(link: Link, answer: Answer, severity: Severity) -> Complaint | None:
    """None when there is nothing to say. What is unclear never keeps a post from going out."""
    name = quoted(link.url)
    match answer:
        case Answers():
            return None
        case Gone(reason):
            hint = "correct the link, or take it out"
            return Complaint(link.field, "SA811", f"{name}: {reason}", hint, severity)
        case Inside(host):
            message = f"{name} leads to {host}, which is no address of the public internet"
            hint = "link what your readers can reach"
            return Complaint(link.field, "SA813", message, hint, severity)
        case Unclear(reason):
            message = f"{name} could not be checked: {reason}"
            return Complaint(link.field, "SA812", message, "open it yourself", "warning")


def too_long(link: Link) -> bool:
    return len(link.url) > _LONGEST


def line_of(lines: Sequence[str], link: Link, first: int) -> tuple[int, int] | None:
    """Line and column of a link in its file, looked for from the line `first` on; None when it
    does not stand there as it is sent, such as one that a template makes."""
    for wanted in (link.url, link.asked, link.asked.partition("?")[0]):
        for number in range(first - 1, len(lines)):
            column = lines[number].find(wanted)
            if column >= 0:
                return number + 1, column + 1
    return None
