"""One post on one account: the delivery, and what its platform would refuse about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from socialauto.core.checks import check_login, check_message
from socialauto.core.compose import (
    Version,
    late_policy,
    options,
    rendered_text,
    type_of,
    variables,
    version_for,
    wishes_for,
)
from socialauto.core.config import Config
from socialauto.core.delivery import Delivery, DeliveryKey
from socialauto.core.finding import Complaint, Finding, Severity
from socialauto.core.media_facts import UnreadableMedia
from socialauto.core.message import MediaItem, Message, UserTag
from socialauto.core.policy import Judged, by_policies
from socialauto.core.post import Media
from socialauto.core.preparing import with_profiles
from socialauto.core.reading import Source
from socialauto.core.render import RenderError, render
from socialauto.core.when import TimeFlaw, far_ahead, find_zone, parse_time
from socialauto.core.wrong_values import Words
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
        "media",
        "overrides",
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


@dataclass(slots=True)
class _Draft:
    """A message in the making, with what was found on the way."""

    version: Version
    setting: Setting
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Fields that have a finding and a stand-in for their value."""

    def report(self, name: str, words: Words) -> None:
        self.broken.add(name)
        place = self.version.field(name)
        self.findings.append(
            self.version.source.finding(place, words.code, words.message, words.hint)
        )

    def rendered(self, name: str, values: Mapping[str, Any]) -> str:
        try:
            if name == "text":
                return rendered_text(self.version, values)
            return render(getattr(self.version.variant, name) or "", values).strip()
        except RenderError as error:
            self.broken.add(name)
            self.findings.append(_no_text(self.version, name, error))
            return ""

    def item(self, media: Media, name: str) -> MediaItem:
        found = self.setting.shelf.find(media.path, self.version.source.path)
        if isinstance(found, Words):
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
        values = variables(self.version, self.setting.config)
        media = self.items()
        made = Message(
            platform=adapter.platform,
            type=type_of(variant, media, adapter.capabilities.types),
            text=self.rendered("text", values),
            media=media,
            cover=self.item(Media(path=variant.cover), "cover") if variant.cover else None,
            options=options(self.version, self.rendered("first_comment", values)),
        )
        transcode = self.setting.config.media.transcode
        return with_profiles(made, adapter.capabilities, transcode=transcode)

    def complaints(self, message: Message) -> Iterator[Complaint]:
        """What the platform would refuse, but for fields that are known to be broken."""
        adapter = self.setting.adapters[self.version.account]
        means = means_for(self.setting.config, self.version.account, adapter.capabilities)
        login = self.setting.config.accounts[self.version.account].login
        for rules in (
            check_message(message, adapter.capabilities, means),
            check_login(message, adapter.capabilities, login),
            adapter.check(message),
        ):
            for complaint in rules:
                top = ".".join(complaint.field.split(".")[:2])
                if not self.broken & {complaint.field, top}:
                    yield complaint


def _no_text(version: Version, name: str, error: RenderError) -> Finding:
    source = version.source
    if name == "text" and source.body_line and "text" not in version.own:
        line, column = source.body_line + error.line - 1, 1
        return Finding(source.path, line, column, "SA507", error.message)
    where = f" (line {error.line} of the text)" if error.line > 1 else ""
    return source.finding(version.field(name), "SA507", f"{error.message}{where}")


def _located(version: Version, complaints: Iterable[Complaint]) -> Iterator[Finding]:
    for complaint in complaints:
        line, column = version.source.place(version.field(complaint.field))
        yield Finding(
            version.source.path,
            line,
            column,
            complaint.code,
            complaint.message,
            complaint.hint,
            complaint.severity,
        )


def zone_of(source: Source, config: Config) -> str:
    return source.post.timezone or config.timezone


def due_of(
    source: Source, config: Config, now: datetime | None
) -> tuple[datetime | None, list[Finding]]:
    """When the post goes out, in UTC; None when it does not say so in a usable way."""
    written = source.post.time
    if source.post.schedule is not None or "schedule" in source.lost:
        return None, []  # the queue says when
    if written is None:
        if source.post.draft or "time" in source.lost:
            return None, []
        hint = "add time: 2026-12-01 09:00, or draft: true"
        return None, [source.finding("", "SA301", "the post has no time", hint)]
    zone = find_zone(zone_of(source, config))
    if zone is None or "timezone" in source.lost:
        return None, []
    due = parse_time(written, zone)
    flaw = due if isinstance(due, TimeFlaw) else (far_ahead(due, now) if now else None)
    findings = [_time_finding(source, flaw)] if flaw else []
    return (None if isinstance(due, TimeFlaw) else due), findings


def _time_finding(source: Source, flaw: TimeFlaw) -> Finding:
    line, column = source.place("time")
    severity: Severity = "warning" if flaw.warning else "error"
    return Finding(source.path, line, column, flaw.code, flaw.message, flaw.hint, severity)


def media_findings(source: Source, setting: Setting) -> list[Finding]:
    """For a post that no known account has: its files can be looked up all the same."""
    draft = _Draft(version_for(source, ""), setting)
    draft.items()
    return draft.findings


def message_of(source: Source, account: str, setting: Setting) -> Message:
    """What the post would be on this account, whatever is wrong with it."""
    return _Draft(version_for(source, account), setting).message()


def delivery_of(
    source: Source, account: str, due: datetime | None, setting: Setting
) -> tuple[Delivery | None, list[Finding]]:
    """The delivery, and what is wrong with it; without a time there is none, but it is checked."""
    draft = _Draft(version_for(source, account), setting)
    message = draft.message()
    if not source.lost & _MESSAGE_FIELDS:
        judged = Judged(source.post, message, due, zone_of(source, setting.config))
        complaints = by_policies(draft.complaints(message), judged, setting.config.policies)
        draft.findings.extend(_located(draft.version, complaints))
    if due is None:
        return None, draft.findings
    delivery = Delivery(
        key=DeliveryKey(account, source.id),
        due=due,
        zone=zone_of(source, setting.config),
        message=message,
        late=late_policy(source.post, setting.config, account),
        draft=source.post.draft,
        path=source.path,
        line=source.line,
        allowed=tuple(source.post.allow.reasons().items()) if source.post.allow else (),
    )
    return delivery, draft.findings
