"""The words of a message: filled in, put into their template, as plain text, tagged, cut to fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from socialauto.core.capability import TextRules
from socialauto.core.check_text import length_of
from socialauto.core.compose import Version, variables, with_hashtags
from socialauto.core.config import Config
from socialauto.core.finding import Complaint
from socialauto.core.fitting import shortened
from socialauto.core.links import leads_to, tagged, with_parameters
from socialauto.core.render import RenderError, render
from socialauto.core.suggest import quoted
from socialauto.core.text_settings import Markup, Utm, merged_utm

_MARKS = re.compile(r"\{[{%#]")
_NO_UTM = Utm(off=True)
_LOCAL = re.compile(r"\|\s*(date|time|number)\b")


class Library(Protocol):
    """What texts share: templates and data."""

    def template(self, name: str) -> tuple[str, str]:
        """Path and text. Raises `RenderError` when there is none that can be used."""
        ...

    def data(self) -> Mapping[str, Any]:
        """Every data file by its name. Raises `RenderError` when one of them cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a message, and what is to be said about it."""

    text: str
    complaints: tuple[Complaint, ...] = ()


def names(texts: Iterable[str], variable: str) -> bool:
    """Whether one of the templates may name `variable`: sometimes yes where it does not, which
    costs a moment, never no where it does."""
    marked = [text for text in texts if "{" in text and _MARKS.search(text)]
    word = rf"\b{variable}\b"
    return bool(marked) and any(re.search(word, text) for text in marked)


def writes_a_language(texts: Iterable[str]) -> bool:
    """Whether a date or a number in one of the texts is written in the text's language."""
    return any("{" in text and _MARKS.search(text) and _LOCAL.search(text) for text in texts)


def markup_of(version: Version, config: Config) -> Markup:
    """The post's, else the account's, else the configuration's."""
    account = config.accounts.get(version.account)
    return version.variant.markup or (account.markup if account else None) or config.markup


def utm_of(version: Version, config: Config) -> Utm:
    """The configuration's, with what is different for the account."""
    account = config.accounts.get(version.account)
    own = account.utm if account else None
    return merged_utm([config.utm, own]) if config.utm or own else _NO_UTM


@dataclass(frozen=True, slots=True)
class Wording:
    """One post on one account at one time, as far as its words go."""

    version: Version
    config: Config
    library: Library
    due: datetime | None
    """Aware, on the clock of its zone; None for a draft that has no time."""
    _values: dict[str, Any] = field(default_factory=dict)

    def sources(self) -> Iterator[str]:
        """Every template that takes part; one that cannot be found is told of elsewhere."""
        variant = self.version.variant
        yield self.version.text
        yield variant.first_comment or ""
        if variant.template is not None:
            with suppress(RenderError):
                yield self.library.template(variant.template)[1]
        utm = utm_of(self.version, self.config)
        yield from () if utm.off else utm.values().values()

    @property
    def dated(self) -> bool:
        """Its words may be others on another date."""
        return names(self.sources(), "due")

    def values(self) -> Mapping[str, Any]:
        """What templates can name; data is read when one of them does. Raises `RenderError`."""
        if not self._values:
            sources = list(self.sources())
            found = dict(variables(self.version, self.config))
            self._values.update(found | self._more(sources))
        return self._values

    def _more(self, sources: list[str]) -> dict[str, Any]:
        from socialauto.core.template import LANGUAGE
        from socialauto.core.template_filters import due_at

        found: dict[str, Any] = {LANGUAGE: self.version.variant.language or self.config.language}
        if self.due is not None:
            found["due"] = due_at(self.due)
        if names(sources, "data"):
            found["data"] = self.library.data()
        return found

    def text(self, rules: TextRules | None, platform: str) -> Words:
        """The caption. Raises `RenderError`."""
        body = self._filled(self.version.text)
        if self.version.variant.template is not None:
            body = self._in_template(self.version.variant.template, body)
        made = self._finished(body, "text", rules)
        tags = self.version.variant.hashtags or ()
        overflow = self.version.variant.overflow or self.config.overflow
        if overflow == "thread":
            complaint = _no_threads(platform)
            return Words(with_hashtags(made.text, tags), (*made.complaints, complaint))
        if overflow == "truncate" and rules is not None:
            text, complaints = _fitted(made.text, tags, rules, platform)
            return Words(text, (*made.complaints, *complaints))
        return Words(with_hashtags(made.text, tags), made.complaints)

    def first_comment(self, rules: TextRules | None) -> Words:
        """Raises `RenderError`."""
        comment = self._filled(self.version.variant.first_comment or "")
        return self._finished(comment, "first_comment", rules)

    def link(self) -> str | None:
        """Raises `RenderError`."""
        link, utm = self.version.variant.link, utm_of(self.version, self.config)
        if not link or utm.off or not utm.domains or not leads_to(link, utm.domains):
            return link
        return with_parameters(link, self._parameters(utm))

    def _filled(self, text: str) -> str:
        """Text without a mark needs no values, and does not fail for want of one."""
        return render(text, self.values() if "{" in text else {}).strip() if text else ""

    def _in_template(self, name: str, body: str) -> str:
        path, template = self.library.template(name)
        try:
            return render(template, {**self.values(), "text": body}).strip()
        except RenderError as error:
            code = "SA512" if error.code == "SA507" else error.code
            raise RenderError(error.message, error.line, code, path) from None

    def _finished(self, text: str, field: str, rules: TextRules | None) -> Words:
        """As plain text where the platform formats none, with parameters in the team's links."""
        complaints: tuple[Complaint, ...] = ()
        formats = rules is not None and rules.markdown
        if text and markup_of(self.version, self.config) == "markdown" and not formats:
            from socialauto.core.markup import as_plain

            text, flaws = as_plain(text)
            text = text.strip()
            complaints = tuple(
                Complaint(
                    field, "SA516", f"{flaw.message} (line {flaw.line} of the text)", flaw.hint
                )
                for flaw in flaws
            )
        utm = utm_of(self.version, self.config)
        if "://" in text and not utm.off and utm.domains:
            text = tagged(text, self._parameters(utm), utm.domains)
        return Words(text, complaints)

    def _parameters(self, utm: Utm) -> dict[str, str]:
        found = {}
        for name, value in utm.values().items():
            try:
                found[name] = self._filled(value)
            except RenderError as error:
                message = f"utm.{name} of socialauto.yaml: {error.message}"
                raise RenderError(message, 1, "SA519") from None
        return found


def _no_threads(platform: str) -> Complaint:
    message = f"{platform} has no threads that a long text could go on in"
    return Complaint("overflow", "SA518", message, "write overflow: refuse or overflow: truncate")


def _fitted(
    text: str, tags: Iterable[str], rules: TextRules, platform: str
) -> tuple[str, tuple[Complaint, ...]]:
    """The text, cut until it fits together with its hashtags, as the platform counts."""

    def length(piece: str) -> int:
        return length_of(piece, rules.unit)

    tags = tuple(tags)
    whole = made = with_hashtags(text, tags)
    over = length(whole) - rules.max_length
    room = length(text)
    kept = text
    while length(made) > rules.max_length and kept:
        room -= length(made) - rules.max_length
        kept = shortened(text, room, length) if room > 0 else ""
        made = with_hashtags(kept, tags)  # a hashtag that was cut away comes back behind it
    if made == whole or not kept.removesuffix("…"):
        return whole, ()  # the hashtags alone are too long, and that is refused
    end = " ".join(kept.split()[-5:])
    message = f"the text is {over:,} characters too long for {platform} and ends with {quoted(end)}"
    return made, (Complaint("text", "SA517", message, "shorten it to choose its end", "warning"),)
