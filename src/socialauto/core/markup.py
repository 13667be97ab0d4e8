"""Markdown as plain text, as people type it into a caption.

Marks of emphasis go, links become `words (address)`, items get a bullet. Line breaks and blank
lines stay as they are typed: in a caption they are meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from socialauto.core.suggest import quoted

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_MARKDOWN = 10_000
"""Characters; no platform takes as many, and brackets take the square of their number in time."""

_DEEPEST = 40
"""Lists and quotes within each other; the parser forgets what lies deeper."""
_LANGUAGE = re.compile(r"[\w+#.-]*")

BULLET = "•"
_INDENT = "  "

_LITERAL = re.compile(
    r"(?<![\w.<])[@#]\w[\w.]*\b"
    r"|(?<![<\w])https?://[^\s<>()\[\]`]+(?<![*_~.,;:!?'\"])"
    r"|(?<=[0-9])\*(?=[0-9])"
    r"|[\ue000\ue001]"
)
"""Names, hashtags, addresses and 5*3: their underscores and stars are no marks."""
_SLOT = re.compile("\ue000([0-9]+)\ue001")


@dataclass(frozen=True, slots=True)
class MarkupFlaw:
    """What has no place in plain text."""

    line: int
    """Counted from 1 within the text."""
    message: str
    hint: str


@dataclass(slots=True)
class _Hidden:
    """Stand-ins for what must come out as it went in."""

    texts: list[str] = field(default_factory=list)

    def hide(self, text: str) -> str:
        def stand_in(match: re.Match[str]) -> str:
            self.texts.append(match[0])
            return f"\ue000{len(self.texts) - 1}\ue001"

        return _LITERAL.sub(stand_in, text)

    def show(self, text: str) -> str:
        return _SLOT.sub(lambda match: self.texts[int(match[1])], text)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    class AsTyped(MarkdownIt):
        """Addresses stay as they are typed."""

        def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
            return url

        def normalizeLinkText(self, link: str) -> str:  # noqa: N802
            return link

    # CommonMark without code by indentation: a caption that is indented is no program.
    return AsTyped("commonmark", {"html": True, "maxNesting": _DEEPEST + 1}).disable("code")


def _link(words: str, address: str) -> str:
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not words or words.rstrip("/") in (address.rstrip("/"), bare):
        return bare
    return f"{words} ({bare})" if bare else words


class _Writer:
    """Goes over the tokens of a text, line by line."""

    def __init__(self, lines: Sequence[str], show: Callable[[str], str]) -> None:
        self.lines = lines
        self.show = show
        self.written: list[str] = []
        self.flaws: list[MarkupFlaw] = []
        self._lists: list[tuple[str, int]] = []
        """For each open list: what follows a number (empty for bullets), and the next number."""
        self._quotes = 0
        self._used: set[str] = set()
        """Addresses of links."""
        self._mark = ""
        """What the next line of an item begins with."""

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            if token.level >= _DEEPEST:
                line = token.map[0] + 1 if token.map else 1
                message = "lists and quotes are nested too deeply here"
                self.flaws.append(MarkupFlaw(line, message, "take some of their marks out"))
                break
            self._take(token)
        return "\n".join(self.written)

    def _take(self, token: Token) -> None:
        line = token.map[0] if token.map else 0
        match token.type:
            case "list_item_open":
                self._item()
            case "inline":
                self._put(self._words(token.children or [], line), line)
            case "fence":
                self._fence(token, line)
            case "hr":
                self._put(self.lines[line].strip(" >"), line)
            case "html_block":
                self._refuse_html(token.content, line)
            case _:
                self._enter(token)

    def _enter(self, token: Token) -> None:
        """What goes on around blocks."""
        match token.type:
            case "bullet_list_open":
                self._lists.append(("", 0))
            case "ordered_list_open":
                self._lists.append((token.markup, int(token.attrGet("start") or 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting

    def _fence(self, token: Token, line: int) -> None:
        """Code as it is, without the name of its language; other words are no language."""
        end = token.map[1] - 1 if token.map else line
        closed = end > line and self.lines[end].strip(" \t>").startswith(token.markup)
        if not closed:
            message = f"the code that {token.markup} begins here has no end"
            self.flaws.append(MarkupFlaw(line + 1, message, f"write {token.markup} below it"))
        elif not _LANGUAGE.fullmatch(token.info.strip()):
            message = f"what stands behind {token.markup} would not be shown"
            self.flaws.append(MarkupFlaw(line + 1, message, "put it on a line of its own"))
        self._put(token.content.rstrip("\n"), line)

    def _item(self) -> None:
        delimiter, number = self._lists[-1]
        outer = _INDENT * (len(self._lists) - 1)
        self._mark = f"{outer}{number}{delimiter} " if delimiter else f"{outer}{BULLET} "
        self._lists[-1] = (delimiter, number + 1)

    def _put(self, text: str, line: int) -> None:
        """A block, behind as many blank lines as it has in the source."""
        above = line
        while above and not self.lines[above - 1].strip(" \t>"):
            above -= 1
        quote = "> " * self._quotes
        if self.written:
            self.written += [quote.rstrip()] * (line - above)
        inner = _INDENT * len(self._lists)
        first = self._mark or inner
        self._mark = ""
        for index, row in enumerate(text.split("\n")):
            self.written.append(f"{quote}{inner if index else first}{row}")

    def _words(self, tokens: Sequence[Token], line: int) -> str:
        """The text of a paragraph or a heading."""
        pieces: list[str] = []
        links: list[tuple[int, str]] = []
        for token in tokens:
            match token.type:
                case "text" | "text_special" | "code_inline":
                    pieces.append(token.content)
                case "softbreak" | "hardbreak":
                    pieces.append("\n")
                    line += 1
                case "link_open":
                    links.append((len(pieces), str(token.attrGet("href") or "")))
                    self._used.add(links[-1][1])
                case "link_close":
                    begin, address = links.pop()
                    words = self.show("".join(pieces[begin:]))
                    pieces[begin:] = [_link(words, self.show(address))]
                case "image":
                    self._refuse_image(token, line)
                case "html_inline":
                    self._refuse_html(token.content, line)
        return "".join(pieces)

    def _refuse_image(self, token: Token, line: int) -> None:
        message = f"the picture {quoted(self.show(str(token.attrGet('src'))))} cannot be in a text"
        self.flaws.append(MarkupFlaw(line + 1, message, "name it in media:"))

    def _refuse_html(self, text: str, line: int) -> None:
        note = text.startswith("<!--") and text.rstrip().endswith("-->")
        if note or text.startswith("</"):
            return  # a note to other authors; the end of what was refused at its beginning
        message = f"{quoted(self.show(text))} is HTML, which no caption has"
        hint = "take it out, or write \\< for the sign itself"
        self.flaws.append(MarkupFlaw(line + 1, message, hint))

    def refuse_unused(self, defined: Mapping[str, Any]) -> None:
        """`[Update]: soon` defines a link for use elsewhere; mostly somebody just wrote it."""
        named = [*defined.get("references", {}).values(), *defined.get("duplicate_refs", ())]
        for one in named:
            if one["href"] not in self._used:
                line = one["map"][0]
                message = f"{quoted(self.show(self.lines[line].strip()))} would not be shown"
                hint = "it defines a link that nothing uses: write \\[ for the bracket itself"
                self.flaws.append(MarkupFlaw(line + 1, message, hint))


def as_plain(text: str) -> tuple[str, tuple[MarkupFlaw, ...]]:
    """What a reader of the Markdown in `text` would type, and what of it nobody can type."""
    if len(text) > MAX_MARKDOWN:
        message = f"Markdown has at most {MAX_MARKDOWN:,} characters, this has {len(text):,}"
        return "", (MarkupFlaw(1, message, "write less, or markup: plain"),)
    hidden = _Hidden()
    source = hidden.hide(text)
    writer = _Writer(source.split("\n"), hidden.show)
    defined: dict[str, Any] = {}
    written = hidden.show(writer.write(_parser().parse(source, defined)))
    writer.refuse_unused(defined)
    return written, tuple(writer.flaws)
