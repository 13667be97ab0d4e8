"""Judges a message by the team's own policies; offline and pure, like the platform's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from socialauto.core.check_links import below_one_of, host_of, links_of, texts_of
from socialauto.core.check_text import hashtags_in
from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.finding import Complaint, Finding
from socialauto.core.message import Message
from socialauto.core.model_reader import Typed
from socialauto.core.policies import (
    BannedWords,
    LinkFormat,
    MaxHashtags,
    Policies,
    QuietHours,
    Weekend,
    clock_time,
    in_force,
)
from socialauto.core.post import Post
from socialauto.core.suggest import one_of, quoted

NO_ALT = "SA434"
"""The advice that every post gets; the policy `require_alt` takes its place."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One post on one account, as far as policies look at it."""

    post: Post
    message: Message
    due: datetime | None
    """None when the post has no usable time: then no policy about times looks at it."""
    zone: str


def _banned(policy: BannedWords, judged: Judged) -> Iterator[Complaint]:
    for field, text in texts_of(judged.message):
        for word in policy.words:
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
                message = f"{quoted(word)} is one of the banned words"
                yield Complaint(field, "SA802", message, "use another word")


def _quiet(policy: QuietHours, judged: Judged) -> Iterator[Complaint]:
    if judged.due is None:
        return
    zone = policy.timezone or judged.zone
    wall = judged.due.astimezone(ZoneInfo(zone)).time()
    begin, end = clock_time(policy.begin), clock_time(policy.end)
    inside = begin <= wall < end if begin <= end else wall >= begin or wall < end
    if inside:
        hours = f"{begin:%H:%M} to {end:%H:%M} {zone}"
        message = f"{wall:%H:%M} lies in the quiet hours, {hours}"
        yield Complaint("time", "SA803", message, f"move it to {end:%H:%M} or later")


def _hashtags(policy: MaxHashtags, judged: Judged) -> Iterator[Complaint]:
    found = hashtags_in(judged.message.text)
    if found > policy.limit:
        message = f"the text has {found} hashtags, your team takes at most {policy.limit}"
        field = "hashtags" if judged.post.hashtags else "text"
        yield Complaint(field, "SA804", message, "remove some")


def _links(policy: LinkFormat, judged: Judged) -> Iterator[Complaint]:
    for link in links_of(judged.message):
        url = link.url
        if policy.https and not url.lower().startswith("https://"):
            message = f"{quoted(url)} does not begin with https://"
            yield Complaint(link.field, "SA806", message, f"write https{url[4:]}")
        elif policy.hosts and not below_one_of(host_of(url), policy.hosts):
            message = f"{quoted(url)} leads to none of your team's hosts"
            yield Complaint(link.field, "SA806", message, f"link {one_of(policy.hosts)}")


def _weekend(policy: Weekend, judged: Judged) -> Iterator[Complaint]:
    if judged.due is None:
        return
    zone = policy.timezone or judged.zone
    day = judged.due.astimezone(ZoneInfo(zone))
    if day.weekday() >= 5:
        name = ("Saturday", "Sunday")[day.weekday() - 5]
        message = f"{day:%Y-%m-%d} is a {name} in {zone}"
        yield Complaint("time", "SA808", message, "move it to a working day")


def _complaints(policies: Policies, judged: Judged) -> Iterator[tuple[str, Complaint]]:
    """Policy and complaint; strengths and exceptions come later."""
    for name, policy in in_force(policies).items():
        found: Iterable[Complaint] = ()
        match policy:
            case BannedWords():
                found = _banned(policy, judged)
            case QuietHours():
                found = _quiet(policy, judged)
            case MaxHashtags():
                found = _hashtags(policy, judged)
            case LinkFormat():
                found = _links(policy, judged)
            case Weekend():
                found = _weekend(policy, judged)
        yield from ((name, complaint) for complaint in found)


def time_complaints(policies: Policies, judged: Judged) -> Iterator[tuple[str, Complaint]]:
    """Policy and complaint, of what is about the time alone."""
    for name, complaint in _complaints(policies, judged):
        if complaint.field == "time":
            yield name, complaint


def _as_policy(complaint: Complaint) -> Complaint:
    return replace(complaint, code="SA801")


def _lifted(name: str, reason: str) -> Complaint:
    message = f"{name} does not hold for this post: {' '.join(reason.split())}"
    return Complaint(f"allow.{name}", "SA810", message, severity="info")


def _useless(name: str) -> Complaint:
    message = f"the post follows {name}, so nothing has to be lifted"
    return Complaint(f"allow.{name}", "SA809", message, "remove the line", "warning")


def _not_seen_here(judged: Judged) -> frozenset[str]:
    """Policies of which nobody can say by this look alone that the post follows them: what has no
    time of its own, such as a series, goes out at others, too."""
    times = frozenset({"quiet_hours", "weekend"}) if judged.post.time is None else frozenset()
    return times | {"min_lead_time", "link_answers"}


def by_policies(
    complaints: Iterable[Complaint], judged: Judged, policies: Policies
) -> Iterator[Complaint]:
    """The platform's complaints, with those of the policies; a policy that the post lifts becomes
    a note that says why."""
    broken = []
    for complaint in complaints:
        if complaint.code == NO_ALT and policies.require_alt is not None:
            broken.append(("require_alt", _as_policy(complaint)))
        else:
            yield complaint
    broken += _complaints(policies, judged)
    strengths = {name: policy.severity for name, policy in in_force(policies).items()}
    reasons = judged.post.allow.reasons() if judged.post.allow else {}
    for name, complaint in broken:
        if name in strengths and name not in reasons:
            yield replace(complaint, severity="error" if strengths[name] == "error" else "warning")
    needed = {name for name, _ in broken}
    for name, reason in reasons.items():
        if name in strengths and name in needed:
            yield _lifted(name, reason)
        elif name in strengths and name not in _not_seen_here(judged):
            yield _useless(name)


def owner_findings(typed: Typed[Config]) -> Iterator[Finding]:
    """`require_owner`: at each account that names nobody."""
    config = typed.value
    policy = config.policies.require_owner if config else None
    if config is None or policy is None or policy.severity == "off":
        return
    for name, account in config.accounts.items():
        if not account.owners:
            line, column = typed.document.place(("accounts", name), key=True)
            message = f"nobody is named who answers for {quoted(name)}"
            hint = 'add owners: ["@acme/social"] below it'
            yield Finding(CONFIG_FILE, line, column, "SA805", message, hint, policy.severity)
