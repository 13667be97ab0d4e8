"""One post on one account: the delivery, and what its platform would refuse about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from socialauto.core.compose import late_policy, version_for
from socialauto.core.config import Config
from socialauto.core.delivery import Dated, Delivery, DeliveryKey
from socialauto.core.finding import Finding, Severity
from socialauto.core.message import Message
from socialauto.core.reading import Source
from socialauto.core.when import TimeFlaw, far_ahead, find_zone, parse_time
from socialauto.engine.drafting import Draft, OnDates, Setting

_SOME_DAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""Stands in for a time that cannot be read."""


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
    draft = Draft(version_for(source, ""), setting)
    draft.items()
    return draft.findings


def message_of(
    source: Source,
    account: str,
    setting: Setting,
    due: datetime | None = None,
    *,
    zone: str = "",
) -> tuple[Message, Dated | None]:
    """What the post would be on this account, whatever is wrong with it; and on other dates, when
    its words name theirs."""
    zone = zone or zone_of(source, setting.config)
    draft = Draft(version_for(source, account), setting, due or _some_day(source), zone)
    message = draft.message()
    dated = OnDates(draft.version, setting, zone, message) if draft.wording.dated else None
    return message, dated


def _some_day(source: Source) -> datetime | None:
    """For the words of a post whose time is wrong, and told of elsewhere; a draft may have none."""
    post = source.post
    says_when = post.time or post.schedule or "time" in source.stands or "time" in source.lost
    return _SOME_DAY if says_when or not post.draft else None


def delivery_of(
    source: Source,
    account: str,
    due: datetime | None,
    setting: Setting,
    *,
    zone: str = "",
    words_on: datetime | None = None,
    dates: Iterable[datetime] = (),
) -> tuple[Delivery | None, list[Finding]]:
    """The delivery, and what is wrong with it; without a time there is none, but it is checked.

    `zone` is that of the slots that it waits for. Words that name their date are made for
    `words_on`, when that is given, and judged for each of `dates` as well, as it may go out then.
    """
    zone = zone or zone_of(source, setting.config)
    on = words_on or due or _some_day(source)
    draft = Draft(version_for(source, account), setting, on, zone)
    message = draft.message()
    draft.judge(message, due)
    dated = None
    if draft.wording.dated:
        dated = OnDates(draft.version, setting, zone, message)
        draft.findings.extend(dated.findings(dates, draft.findings))
    if due is None:
        return None, draft.findings
    delivery = Delivery(
        key=DeliveryKey(account, source.id),
        due=due,
        zone=zone,
        message=message,
        late=late_policy(source.post, setting.config, account),
        draft=source.post.draft,
        delete=draft.deletes,
        path=source.path,
        line=source.line,
        allowed=tuple(source.post.allow.reasons().items()) if source.post.allow else (),
        dated=dated,
    )
    return delivery, draft.findings
