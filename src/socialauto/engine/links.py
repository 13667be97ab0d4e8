"""The links of what is to come: each asked once, and judged where it stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from socialauto.core.check_links import (
    Answer,
    Link,
    Unclear,
    below_one_of,
    complaint_about,
    host_of,
    line_of,
    links_of,
    too_long,
)
from socialauto.core.delivery import Delivery
from socialauto.core.finding import Complaint, Finding, Severity
from socialauto.core.policies import LinkAnswers
from socialauto.core.reading import Source
from socialauto.core.tree import Tree
from socialauto.engine.load import Loaded

MOST = 300
"""Pages that are asked in one run: whoever opens a pull request chooses them."""

Ask = Callable[[Iterable[str]], Awaitable[Mapping[str, Answer]]]

_TOO_MANY = Unclear(f"not asked: {MOST} others were")
_TOO_LONG = Unclear("not asked: it is too long")


@dataclass(frozen=True, slots=True)
class Standing:
    """A link, and the post it stands in."""

    source: Source
    link: Link
    lifted: str = ""
    """Why the policy does not hold for this post."""

    def finding(self, lines: Sequence[str], complaint: Complaint) -> Finding:
        """At the link itself, where it can be found in the file."""
        source, link = self.source, self.link
        found = line_of(lines, link, source.line) if complaint.field == link.field else None
        return complaint.at(source.path, found or source.place(complaint.field))


def _to_come(loaded: Loaded, now: datetime) -> Iterator[Delivery]:
    """What recurs and what waits, always; a post that had its time never."""
    yield from (one for one in loaded.deliveries if one.due >= now)
    for series in loaded.series:
        yield from series.versions()
    yield from (one.delivery for one in loaded.waiting)


def standing_links(
    loaded: Loaded, now: datetime, among: Callable[[str], bool] = lambda path: True
) -> list[Standing]:
    """Every link of what is to come, in the files that `among` takes."""
    if loaded.files is None:
        return []
    files = loaded.files
    written = {one.id: one for one in (*files.posts, *(one.source for one in files.series))}
    return [
        Standing(written[one.key.post], link, dict(one.allowed).get("link_answers", ""))
        for one in _to_come(loaded, now)
        if not one.delete and among(one.path)
        for link in links_of(one.message)
    ]


def _needs_asking(standing: Standing, policy: LinkAnswers) -> bool:
    skipped = below_one_of(host_of(standing.link.url), policy.skip)
    return not standing.lifted and not skipped and not too_long(standing.link)


async def answers_for(
    links: Iterable[Standing], policy: LinkAnswers, ask: Ask
) -> Mapping[str, Answer]:
    """By address; those that nobody asks have an answer that says why, or none."""
    links = list(links)
    wanted = dict.fromkeys(one.link.asked for one in links if _needs_asking(one, policy))
    asked, left = list(wanted)[:MOST], list(wanted)[MOST:]
    long = [one.link.asked for one in links if too_long(one.link)]
    return {
        **dict.fromkeys(left, _TOO_MANY),
        **dict.fromkeys(long, _TOO_LONG),
        **await ask(asked),
    }


def _complaints(
    standing: Standing, policy: LinkAnswers, answers: Mapping[str, Answer]
) -> Iterator[Complaint]:
    if standing.lifted:
        message = f"link_answers does not hold for this post: {' '.join(standing.lifted.split())}"
        yield Complaint("allow.link_answers", "SA810", message, severity="info")
    elif answer := answers.get(standing.link.asked):
        severity: Severity = "error" if policy.severity == "error" else "warning"
        complaint = complaint_about(standing.link, answer, severity)
        if complaint and not below_one_of(host_of(standing.link.url), policy.skip):
            yield complaint


def link_findings(
    links: Iterable[Standing], policy: LinkAnswers, answers: Mapping[str, Answer], tree: Tree
) -> list[Finding]:
    """What is wrong with them, in the order of findings."""
    lines: dict[str, list[str]] = {}
    found = set()
    for one in links:
        for complaint in _complaints(one, policy, answers):
            path = one.source.path
            if path not in lines:
                lines[path] = tree.read(path).decode("utf-8-sig", "replace").splitlines()
            found.add(one.finding(lines[path], complaint))
    return sorted(found)
