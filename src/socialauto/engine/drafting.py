"""A message in the making: what a post becomes on one account, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from socialauto.core.check_text import MARKDOWN
from socialauto.core.checks import check_login, check_message
from socialauto.core.compose import (
    Version,
    options,
    type_of,
    wishes_for,
)
from socialauto.core.config import Config
from socialauto.core.finding import Complaint, Finding, Severity
from socialauto.core.media_facts import UnreadableMedia
from socialauto.core.message import MediaItem, Message, UserTag
from socialauto.core.policy import Judged, by_policies
from socialauto.core.post import Media
from socialauto.core.preparing import with_profiles
from socialauto.core.removal import removal_complaints
from socialauto.core.render import RenderError
from socialauto.core.when import find_zone
from socialauto.core.wording import Wording, Words, markup_of, writes_a_language
from socialauto.core.wrong_values import Words as Wrong
from socialauto.engine.library import Library
from socialauto.engine.shelf import Found, Shelf
from socialauto.media.means import means_for

if TYPE_CHECKING:
    from socialauto.adapters.protocol import Adapter

_MESSAGE_FIELDS = frozenset(
    {
        "account",
        "accounts",
        "background",
        "cover",
        "fit",
        "hashtags",
        "markup",
        "media",
        "overflow",
        "overrides",
        "template",
        "text",
        "type",
        "vars",
    }
)
"""When one of these could not be read, the message is not what was meant, and is not judged."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every post is seen against."""

    config: Config
    adapters: Mapping[str, Adapter]
    """By account."""
    shelf: Shelf
    now: datetime | None
    library: Library = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "library", Library(self.shelf.tree))


@dataclass(slots=True)
class Draft:
    """A message in the making, with what was found on the way."""

    version: Version
    setting: Setting
    due: datetime | None = None
    """For the words alone; None for a draft without a time."""
    zone: str = "UTC"
    blames: bool = True
    """Whether a template that fails is told of it; not for dates that are others every day."""
    findings: list[Finding] = field(default_factory=list)
    worded: list[Complaint] = field(default_factory=list)
    """What was found while the words were made."""
    broken: set[str] = field(default_factory=set)
    """Fields that have a finding and a stand-in for their value."""

    @property
    def deletes(self) -> bool:
        return bool(self.version.variant.delete)

    def report(self, name: str, words: Wrong) -> None:
        self.broken.add(name)
        place = self.version.field(name)
        self.findings.append(
            self.version.source.finding(place, words.code, words.message, words.hint)
        )

    @property
    def wording(self) -> Wording:
        due = self.due.astimezone(find_zone(self.zone) or UTC) if self.due else None
        return Wording(self.version, self.setting.config, self.setting.library, due)

    def words(self, name: str, make: Callable[[], Words]) -> str:
        try:
            made = make()
        except RenderError as error:
            self.broken.add(name)
            self.findings.append(_no_text(self.version, name, error))
            if error.path and self.blames:
                self.setting.library.blame(error, self.version.source.path)
            return ""
        self.worded += made.complaints
        return made.text

    def with_words(self, message: Message) -> Message:
        """The message with the words of this draft's date."""
        capabilities = self.setting.adapters[self.version.account].capabilities
        rules = capabilities.types.get(message.type)
        text_rules, wording = rules.text if rules else None, self.wording
        comment = self.words("first_comment", lambda: wording.first_comment(text_rules))
        link = self.words("link", lambda: Words(wording.link() or "")) or None
        own = dict(options(self.version, comment, link))
        unknown = "language" in own and rules is not None and "language" not in rules.fields
        if unknown and writes_a_language(wording.sources()):
            del own["language"]  # the dates and numbers are written in it
        text = self.words("text", lambda: wording.text(text_rules, capabilities.name))
        return replace(message, text=text, options=MappingProxyType(own))

    def item(self, media: Media, name: str) -> MediaItem:
        found = self.setting.shelf.find(media.path, self.version.source.path)
        if isinstance(found, Wrong):
            self.report(name, found)
            found = Found(media.path, "", UnreadableMedia(0, found.message))
        tags = tuple(UserTag(tag.user, tag.x, tag.y) for tag in media.tags)
        at = media.cover_at.total_seconds() if media.cover_at is not None else None
        return MediaItem(
            path=found.path,
            blob=found.blob,
            facts=found.facts,
            alt=media.alt or "",
            tags=tags,
            cover_at=at,
            wishes=wishes_for(media, self.version.variant),
        )

    def items(self) -> tuple[MediaItem, ...]:
        entries = self.version.variant.media or ()
        return tuple(self.item(entry, f"media.{index}") for index, entry in enumerate(entries))

    def message(self) -> Message:
        variant = self.version.variant
        adapter = self.setting.adapters[self.version.account]
        media = self.items()
        made = Message(
            platform=adapter.platform,
            type=type_of(variant, media, adapter.capabilities.types),
            text="",
            media=media,
            cover=self.item(Media(path=variant.cover), "cover") if variant.cover else None,
        )
        transcode = self.setting.config.media.transcode
        made = self.with_words(made)
        return with_profiles(made, adapter.capabilities, transcode=transcode)

    def complaints(self, message: Message) -> Iterator[Complaint]:
        """What the platform would refuse, but for fields that are known to be broken."""
        adapter = self.setting.adapters[self.version.account]
        means = means_for(self.setting.config, self.version.account, adapter.capabilities)
        login = self.setting.config.accounts[self.version.account].login
        for rules in (
            check_message(message, adapter.capabilities, means),
            check_login(message, adapter.capabilities, login),
            removal_complaints(adapter.capabilities, login) if self.deletes else (),
            adapter.check(message),
            self.worded,
        ):
            for complaint in rules:
                top = ".".join(complaint.field.split(".")[:2])
                if not self.broken & {complaint.field, top} and not self._is_meant(complaint):
                    yield complaint

    def _is_meant(self, complaint: Complaint) -> bool:
        """What looks like Markdown, once Markdown has been taken off, is what somebody wants."""
        plain = markup_of(self.version, self.setting.config) == "plain"
        return complaint.code == MARKDOWN and not plain

    def judge(self, message: Message, due: datetime | None) -> list[Finding]:
        """What was found on the way, and what platform and policies say."""
        if not self.version.source.lost & _MESSAGE_FIELDS:
            judged = Judged(self.version.source.post, message, due, self.zone)
            policies = self.setting.config.policies
            complaints = by_policies(self.complaints(message), judged, policies)
            self.findings.extend(_located(self.version, complaints))
        return self.findings


@dataclass(frozen=True, slots=True)
class OnDates:
    """Makes the message of any date; its files were looked at once."""

    version: Version
    setting: Setting
    zone: str
    message: Message
    _seen: dict[datetime, tuple[Message, list[Finding]]] = field(default_factory=dict, repr=False)
    """A plan asks for the words of one date several times, and of each date that went out."""

    def look(self, due: datetime) -> tuple[Message, list[Finding]]:
        if due not in self._seen:
            draft = Draft(self.version, self.setting, due, self.zone, blames=False)
            message = draft.with_words(self.message)
            self._seen[due] = message, draft.judge(message, None)
        return self._seen[due]

    def __call__(self, due: datetime) -> tuple[Message, str]:
        message, findings = self.look(due)
        return message, next((str(one) for one in findings if one.severity == "error"), "")

    def findings(self, dates: Iterable[datetime], told: Iterable[Finding]) -> Iterator[Finding]:
        """What is wrong on dates to come and not on the first, each once, with its first date.

        Never errors: the dates that are looked at are others every day, and on a date that has
        one nothing goes out anyway.
        """
        known = {(one.line, one.column, one.code) for one in told}
        for due in dates:
            for one in self.look(due)[1]:
                if (one.line, one.column, one.code) not in known:
                    known.add((one.line, one.column, one.code))
                    wall = due.astimezone(find_zone(self.zone))
                    message = f"{one.message}, on {wall:%Y-%m-%d %H:%M}"
                    hint = one.hint
                    if one.severity == "error":
                        hint = "; ".join(filter(None, (hint, "it does not go out like that")))
                    yield replace(one, message=message, hint=hint, severity="warning")


def _no_text(version: Version, name: str, error: RenderError) -> Finding:
    source = version.source
    severity: Severity = "warning" if error.code == "SA515" else "error"
    if error.path or error.code == "SA511":
        where = f"{error.path}:{error.line}: " if error.path else ""
        return source.finding(version.field("template"), error.code, f"{where}{error.message}")
    if name == "text" and source.body_line and "text" not in version.own:
        line, column = source.body_line + error.line - 1, 1
        return Finding(source.path, line, column, error.code, error.message, severity=severity)
    where = f" (line {error.line} of the text)" if error.line > 1 else ""
    found = source.finding(version.field(name), error.code, f"{error.message}{where}")
    return replace(found, severity=severity)


def _located(version: Version, complaints: Iterable[Complaint]) -> Iterator[Finding]:
    for complaint in complaints:
        place = version.source.place(version.field(complaint.field))
        yield complaint.at(version.source.path, place)
