"""A post as it will go out, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category

from rich.console import Console
from rich.text import Text

from socialauto.core.capability import Capabilities
from socialauto.core.check_text import hashtags_in, length_of, mentions_in
from socialauto.core.drift import Drift
from socialauto.core.finding import Finding
from socialauto.core.media_facts import ImageFacts, MediaFacts, VideoFacts
from socialauto.core.message import MediaItem, Message
from socialauto.core.preparing import decide
from socialauto.core.profile import Decision, Impossible, Needed, Nothing, Treatment
from socialauto.core.spans import local, utc
from socialauto.core.suggest import visible
from socialauto.engine.preview import Preview
from socialauto.report.drift import as_fields
from socialauto.report.drift import lines as drift_lines
from socialauto.report.findings import fields_of, line_of
from socialauto.report.layout import Row, print_indented, print_rows, print_title
from socialauto.report.plan import instant

JSON_VERSION = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """One post on one account."""

    preview: Preview
    written: Mapping[str, str] = field(default_factory=dict)
    """Where prepared media were written, by the field of the post."""
    drift: Drift | None = None
    """What is different from what was published."""


@dataclass(frozen=True, slots=True)
class Count:
    """How much of something there is, and how much is taken."""

    what: str
    count: int
    limit: int | None

    def __str__(self) -> str:
        of = f" of {self.limit:,}" if self.limit is not None else ""
        return f"{self.count:,}{of} {self.what}"


def counts(preview: Preview) -> list[Count]:
    """What the platform counts in the text."""
    return counts_in(preview.message, preview.capabilities)


def counts_in(message: Message, capabilities: Capabilities) -> list[Count]:
    """What a platform with these capabilities counts in the message's text."""
    types = capabilities.types.get(message.type)
    rules, text = types.text if types else None, message.text
    if rules is None:
        return [Count("characters", len(text), None)]
    return [
        Count("characters", length_of(text, rules.unit), rules.max_length),
        Count("hashtags", hashtags_in(text), rules.max_hashtags),
        Count("mentions", mentions_in(text), rules.max_mentions),
    ]


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1_000_000 else f"{size / 1e3:,.0f} kB"


def describe(facts: MediaFacts) -> str:
    """`PNG 1080 × 1350, 40 kB`; `MP4 1080 × 1920, 12.5 s, 8.1 MB`."""
    match facts:
        case ImageFacts():
            size = f"{facts.shown_width} × {facts.shown_height}"
            return f"{facts.format.upper()} {size}, {_bytes(facts.bytes)}"
        case VideoFacts():
            size = f"{facts.width} × {facts.height}, {facts.duration:g} s"
            return f"{facts.container.upper()} {size}, {_bytes(facts.bytes)}"
        case _:
            return f"no media: {facts.reason}"


def goes_prepared(preview: Preview, item: MediaItem) -> bool:
    """Whether bytes are handed over; else the file itself is served, whatever it is."""
    return preview.means.uploads or (preview.means.sends_videos and not item.is_image)


def decision_on(preview: Preview, item: MediaItem) -> Decision:
    """What will be done to the item before it goes out; `Nothing` also where nothing can be."""
    if item.profile is None:
        return Impossible(())  # no image or video, or not one that this type takes
    if not goes_prepared(preview, item):
        return Nothing()
    return decide(item.facts, item.profile, preview.means)


_UNSEEN = frozenset({Treatment.STRIP, Treatment.INDEX})
"""What leaves every picture as it is."""


def _outgoing(item: MediaItem, decision: Decision) -> str:
    if isinstance(decision, Impossible):
        return "not at all"
    if not isinstance(decision, Needed) or {step.what for step in decision.steps} <= _UNSEEN:
        return "as it is"
    width, height = decision.frame.canvas
    return f"as {'JPEG' if item.is_image else 'MP4'} {width} × {height}"


def _harmless(text: str) -> str:
    """Without what would move a terminal's cursor; joined emoji stay whole."""
    return "".join(char for char in text if char == "\n" or category(char) != "Cc")


def _time(preview: Preview) -> str:
    if preview.due is None:
        return "none; it is a draft" if preview.source.post.draft else "none"
    shown = f"{local(preview.due, preview.zone)} = {utc(preview.due)}"
    if preview.version.variant.delete:
        return f"{shown}, deleted if it was published, and never sent"
    return f"{shown}, a draft that never goes out" if preview.source.post.draft else shown


def _print_media(shown: Shown, console: Console) -> None:
    rows = []
    for _, written, item in shown.preview.media():
        decision = decision_on(shown.preview, item)
        done = decision.words if isinstance(decision, Needed) else ""
        cells = (visible(written), describe(item.facts), _outgoing(item, decision))
        rows.append(Row(cells, done))
    print_rows(console, ("media", "is", "goes out", "done before"), rows)


def _lines(shown: Shown) -> Iterator[tuple[str, str]]:
    preview = shown.preview
    yield "time", _time(preview)
    yield "text", ", ".join(map(str, counts(preview)))
    for name, value in preview.message.options.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield name, visible(" ".join(str(text).split()))
    for _, written, item in preview.media():
        if item.alt:
            yield f"alt of {visible(written)}", visible(item.alt)


def print_text(shown: Shown, console: Console) -> None:
    """The post with its counts, its text as it will be read, its media and its findings."""
    preview = shown.preview
    kind = f"{preview.capabilities.name} {preview.message.type}"
    title = f"{preview.source.id} on {preview.account} ({kind})"
    print_title(console, Text(title, style="bold"))
    for name, value in _lines(shown):
        console.print(Text.assemble((f"{name}: ", "dim"), value), soft_wrap=True)
    if preview.message.text:
        console.print()
        print_indented(console, _harmless(preview.message.text))
        console.print()
    if preview.message.media:
        _print_media(shown, console)
    for name in shown.written.values():
        console.print(Text(f"written: {name}"), soft_wrap=True)
    for line in drift_lines(shown.drift) if shown.drift else ():
        console.print(line, soft_wrap=True)


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    for finding in findings:
        console.print(line_of(finding), soft_wrap=True)


def _facts(facts: MediaFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def _media_json(shown: Shown) -> Iterator[dict[str, Any]]:
    for name, _, item in shown.preview.media():
        decision = decision_on(shown.preview, item)
        yield {
            "field": name,
            "path": item.path,
            "alt": item.alt or None,
            "facts": _facts(item.facts),
            "goes_out": {Nothing: "as it is", Needed: "prepared"}.get(type(decision), "refused"),
            "steps": [step.words for step in decision.steps]
            if isinstance(decision, Needed)
            else [],
            "written": shown.written.get(name),
        }


def _post_json(shown: Shown) -> dict[str, Any]:
    preview = shown.preview
    return {
        "file": preview.source.path,
        "line": preview.source.line,
        "post": preview.source.id,
        "account": preview.account,
        "platform": preview.message.platform,
        "type": preview.message.type.value,
        "draft": preview.source.post.draft,
        "delete": bool(preview.version.variant.delete),
        "due": instant(preview.due),
        "local": local(preview.due, preview.zone) if preview.due else None,
        "text": preview.message.text,
        "counts": [
            {"what": one.what, "count": one.count, "limit": one.limit} for one in counts(preview)
        ],
        "options": dict(preview.message.options),
        "media": list(_media_json(shown)),
        "drift": as_fields(shown.drift),
    }


def as_json(
    posts: Sequence[Shown],
    findings: Sequence[Finding],
    schedules: Sequence[Mapping[str, Any]] = (),
) -> str:
    """A stable document: `version`, `posts`, `schedules`, `findings`."""
    document = {
        "version": JSON_VERSION,
        "posts": [_post_json(shown) for shown in posts],
        "schedules": list(schedules),
        "findings": [fields_of(one) for one in findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
