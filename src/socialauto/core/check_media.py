"""Judges a media file in the light of what can be made of it before it goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from socialauto.core.capability import ImageRules, VideoRules
from socialauto.core.check_images import Subject, image_complaints
from socialauto.core.check_videos import video_complaints
from socialauto.core.finding import Complaint
from socialauto.core.media_facts import ImageFacts, MediaFacts, VideoFacts
from socialauto.core.preparing import decide
from socialauto.core.profile import Decision, Impossible, Means, Needed, Profile, Treatment

_ALWAYS = frozenset({"SA414", "SA415", "SA419", "SA421", "SA442"})
"""What preparing an image mends whatever its shape is."""


def _rules_broken(subject: Subject, facts: MediaFacts, profile: Profile) -> Iterator[Complaint]:
    """As if nothing could be prepared."""
    rules = profile.rules
    if isinstance(facts, ImageFacts) and isinstance(rules, ImageRules):
        yield from image_complaints(subject, facts, rules)
    elif isinstance(facts, VideoFacts) and isinstance(rules, VideoRules):
        yield from video_complaints(subject, facts, rules)


def _announced(subject: Subject, decision: Decision) -> Iterator[Complaint]:
    """What a reader may see the difference of is said before it happens."""
    if isinstance(decision, Needed) and any(step.noticeable for step in decision.steps):
        message = f"goes out prepared for {subject.platform}: {decision.words}"
        yield subject.warn("SA441", message)


def _where_bytes_go(
    subject: Subject, facts: MediaFacts, profile: Profile, decision: Decision
) -> Iterator[Complaint]:
    """Errors that nothing mends, warnings that remain, and what will be done."""
    if isinstance(decision, Impossible):
        yield from decision.complaints
    mended = _ALWAYS | {"SA418"}
    if isinstance(decision, Needed) and decision.has(Treatment.TRANSCODE, Treatment.SOUND):
        mended = mended | {"SA443"}
    for complaint in _rules_broken(subject, facts, profile):
        if complaint.severity == "warning" and complaint.code not in mended:
            yield complaint
    yield from _announced(subject, decision)


def _cure(subject: Subject) -> str:
    return (
        f'run "socialauto prepare {subject.quoted}", '
        "or use a media host that uploads (media_host: s3 or branch)"
    )


def _where_files_are_served(
    subject: Subject, facts: MediaFacts, profile: Profile, decision: Decision
) -> Iterator[Complaint]:
    """All that is wrong with the file itself; what can be prepared, people can prepare."""
    blocked = decision.complaints if isinstance(decision, Impossible) else ()
    better = {complaint.code: complaint for complaint in blocked}
    mended = _ALWAYS if isinstance(facts, ImageFacts) else frozenset({"SA442"})
    if isinstance(decision, Needed):
        mended = mended | {"SA416", "SA417", "SA420", "SA430"}
        if decision.has(Treatment.TRANSCODE, Treatment.SOUND):
            mended = mended | {f"SA4{number}" for number in range(15, 31)} | {"SA443"}
    for complaint in _rules_broken(subject, facts, profile):
        if complaint.code in better:
            yield better[complaint.code]
        elif complaint.code in mended:
            yield replace(complaint, hint=_cure(subject))
        else:
            yield complaint


def media_complaints(
    subject: Subject, facts: MediaFacts, profile: Profile, means: Means
) -> Iterator[Complaint]:
    """Every rule that the file breaks and that nothing mends before it goes out."""
    decision = decide(facts, profile, means, subject)
    if means.uploads or (means.sends_videos and isinstance(facts, VideoFacts)):
        yield from _where_bytes_go(subject, facts, profile, decision)
    else:
        yield from _where_files_are_served(subject, facts, profile, decision)
