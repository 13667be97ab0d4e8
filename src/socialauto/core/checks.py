"""Judges a message by what its platform takes, as the capabilities say it. Offline and pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from socialauto.core.capability import Capabilities, TypeRules
from socialauto.core.check_images import Subject
from socialauto.core.check_media import media_complaints
from socialauto.core.check_text import text_complaints
from socialauto.core.finding import Complaint
from socialauto.core.media_facts import ImageFacts, UnreadableMedia, VideoFacts
from socialauto.core.message import MediaItem, Message, PostType
from socialauto.core.preparing import profile_for
from socialauto.core.profile import NO_MEANS, Means
from socialauto.core.suggest import one_of


def _a(kind: PostType) -> str:
    return f"an {kind} post" if kind is PostType.IMAGE else f"a {kind}"


def _kinds(rules: TypeRules, amount: int) -> str:
    words = [word for word, taken in (("image", rules.images), ("video", rules.videos)) if taken]
    plural = "" if amount == 1 else "s"
    return one_of(f"{word}{plural}" for word in words)


def _type(message: Message, capabilities: Capabilities) -> Complaint:
    sentence = capabilities.not_yet.get(message.type)
    if sentence:
        return Complaint("type", "SA211", sentence)
    served = one_of(str(kind) for kind in capabilities.types)
    if message.type is PostType.TEXT and not message.media:
        # Nobody who forgot the picture has asked for a "text".
        text = f"the post has no media, and {capabilities.name} takes no text alone"
        return Complaint("media", "SA221", text, "add media: [picture.jpg]")
    text = f'{capabilities.name} has no post type "{message.type}"'
    return Complaint("type", "SA221", text, f"write {served}")


def _count(message: Message, rules: TypeRules, name: str) -> Iterator[Complaint]:
    lowest, highest, count = rules.min_media, rules.max_media, len(message.media)
    if lowest <= count <= highest:
        return
    span = f"{lowest}" if lowest == highest else f"{lowest} to {highest}"
    text = (
        f"{_a(message.type)} on {name} takes {span} {_kinds(rules, highest)}, this one has {count}"
    )
    several = message.type is PostType.IMAGE and count > highest
    yield Complaint("media", "SA413", text, 'write "type: carousel"' if several else "")


def _media(
    subject: Subject, message: Message, item: MediaItem, capabilities: Capabilities, means: Means
) -> Iterator[Complaint]:
    profile = item.profile or profile_for(capabilities, message, item)
    if isinstance(item.facts, UnreadableMedia):
        yield subject.complain("SA411", item.facts.reason)
    elif profile is not None:
        yield from media_complaints(subject, item.facts, profile, means)
    else:
        rules = capabilities.types[message.type]
        kind = "an image" if item.is_image else "a video"
        taken = _kinds(rules, 2) or "no media"
        text = f"is {kind}, {_a(message.type)} on {subject.platform} takes {taken}"
        yield subject.complain("SA412", text)


def _alt(
    field: str, item: MediaItem, rules: TypeRules, capabilities: Capabilities
) -> Iterator[Complaint]:
    honoured = "media.alt" in rules.fields and (item.is_image or capabilities.video_alt)
    limit = capabilities.max_alt_length
    if not item.alt:
        if honoured:
            text = f"{item.path} has no alt text, so people who cannot see it are told nothing"
            yield Complaint(field, "SA434", text, 'add alt: "…"', "warning")
    elif not honoured:
        text = f"{capabilities.name} has alt text for images only, {item.path} is none"
        if item.is_image:
            text = f"{capabilities.name} has no alt text for this type of post"
        yield Complaint(f"{field}.alt", "SA432", text, "leave it out")
    elif limit is not None and len(item.alt) > limit:
        over = len(item.alt) - limit
        text = f"the alt text of {item.path} has {len(item.alt):,} characters"
        text += f", {capabilities.name} takes at most {limit:,} ({over:,} over)"
        yield Complaint(f"{field}.alt", "SA433", text)


def _tag_problem(item: MediaItem, index: int, rules: TypeRules, capabilities: Capabilities) -> str:
    tag = item.tags[index]
    if tag.user.startswith("@"):
        return f'the tag "{tag.user}" begins with @, {capabilities.name} takes the bare name'
    if not capabilities.placed_tags:
        return ""
    if rules.free_tags:
        half = (tag.x is None) is not (tag.y is None)
        return f'the tag "{tag.user}" has only one of x and y' if half else ""
    if item.is_image and (tag.x is None or tag.y is None):
        return f'the tag "{tag.user}" needs x and y: where in {item.path} the person is, 0 to 1'
    if not item.is_image and not (tag.x is None and tag.y is None):
        return f'the tag "{tag.user}" has x and y, but {item.path} is no image'
    return ""


def _tags(
    field: str, item: MediaItem, rules: TypeRules, capabilities: Capabilities
) -> Iterator[Complaint]:
    if not item.tags:
        return
    if "media.tags" not in rules.fields:
        text = f"{capabilities.name} has no tags of people in this type of post"
        yield Complaint(f"{field}.tags", "SA210", text, "leave them out")
        return
    limit = capabilities.max_tags
    if limit is not None and len(item.tags) > limit:
        text = f"{item.path} has {len(item.tags)} tags, {capabilities.name} takes at most {limit}"
        yield Complaint(f"{field}.tags", "SA435", text)
    for index in range(len(item.tags)):
        if problem := _tag_problem(item, index, rules, capabilities):
            yield Complaint(f"{field}.tags.{index}", "SA435", problem)


def _item_cover_at(
    field: str, item: MediaItem, message: Message, rules: TypeRules, name: str
) -> Iterator[Complaint]:
    at = item.cover_at
    if at is None:
        return
    field = f"{field}.cover_at"
    if "media.cover_at" not in rules.fields:
        hint = 'write it beside "media"' if "cover_at" in rules.fields else "leave it out"
        text = f'{name} has no "cover_at" in the media of {_a(message.type)}'
        yield Complaint(field, "SA210", text, hint)
    elif not isinstance(item.facts, VideoFacts):
        text = f"{item.path} is an image, cover_at is a moment of a video"
        yield Complaint(field, "SA431", text, "leave it out")
    elif not 0 <= at < item.facts.duration:
        text = f"cover_at is {at:g} s, outside the video of {item.facts.duration:g} s"
        yield Complaint(field, "SA431", text)


def _items(
    message: Message, rules: TypeRules, capabilities: Capabilities, means: Means
) -> Iterator[Complaint]:
    for index, item in enumerate(message.media):
        field = f"media.{index}"
        subject = Subject(field, item.path, capabilities.name)
        yield from _media(subject, message, item, capabilities, means)
        if not isinstance(item.facts, UnreadableMedia):
            yield from _alt(field, item, rules, capabilities)
            yield from _tags(field, item, rules, capabilities)
            yield from _item_cover_at(field, item, message, rules, capabilities.name)


def _cover(message: Message, capabilities: Capabilities, means: Means) -> Iterator[Complaint]:
    cover = message.cover
    if cover is None:
        return
    if capabilities.types[message.type].cover is None:
        yield _unhonoured("cover", message.type, capabilities.name)
    elif isinstance(cover.facts, UnreadableMedia):
        yield Complaint("cover", "SA411", f"{cover.path} {cover.facts.reason}")
    elif not isinstance(cover.facts, ImageFacts):
        yield Complaint("cover", "SA431", f"{cover.path} is a video, a cover is an image")
    else:
        subject = Subject("cover", cover.path, capabilities.name)
        yield from _media(subject, message, cover, capabilities, means)


def _cover_at(message: Message, name: str) -> Iterator[Complaint]:
    at = message.options.get("cover_at")
    if at is None:
        return
    if message.cover is not None:
        text = f"cover and cover_at are both given, {name} takes one of them"
        yield Complaint("cover_at", "SA431", text, "leave one of them out")
    lengths = [item.facts.duration for item in message.media if isinstance(item.facts, VideoFacts)]
    if lengths and not 0 <= at < lengths[0]:
        text = f"cover_at is {at:g} s, outside the video of {lengths[0]:g} s"
        yield Complaint("cover_at", "SA431", text)


def _unhonoured(field: str, kind: PostType, name: str) -> Complaint:
    return Complaint(field, "SA210", f'{name} has no "{field}" for {_a(kind)}', "leave it out")


def _options(message: Message, rules: TypeRules, capabilities: Capabilities) -> Iterator[Complaint]:
    """A field that would be dropped silently is a complaint."""
    for field, value in message.options.items():
        if value is None or field in rules.fields:
            continue
        sentence = capabilities.not_yet.get(field)
        if sentence:
            yield Complaint(field, "SA211", sentence)
        else:
            yield _unhonoured(field, message.type, capabilities.name)


def _contradiction(message: Message) -> Iterator[Complaint]:
    options = message.options
    if options.get("comments") is False and options.get("first_comment") is not None:
        text = "comments: false lets nobody comment, and first_comment is one"
        yield Complaint("comments", "SA224", text, "leave one of them out")


def _collaborators(names: Sequence[Any], capabilities: Capabilities) -> Iterator[Complaint]:
    limit = capabilities.max_collaborators
    if limit is not None and len(names) > limit:
        text = f"there are {len(names)} collaborators, {capabilities.name} takes at most {limit}"
        yield Complaint("collaborators", "SA222", text)
    for index, name in enumerate(names):
        if str(name).startswith("@"):
            text = f'the collaborator "{name}" begins with @'
            hint = f'write "{str(name).lstrip("@")}"'
            yield Complaint(f"collaborators.{index}", "SA223", text, hint)


def check_login(
    message: Message, capabilities: Capabilities, login: str | None
) -> Iterable[Complaint]:
    """What the account's log-in does not have, although the platform does."""
    own = login or capabilities.default_login
    for field, needed in capabilities.one_login.items():
        if message.options.get(field) and own != needed:
            text = f'{capabilities.name} has "{field}" for accounts with login: {needed} only'
            yield Complaint(field, "SA210", text, "leave it out, or connect the account that way")


def check_message(
    message: Message, capabilities: Capabilities, means: Means = NO_MEANS
) -> Iterable[Complaint]:
    """Every rule that `message` breaks. Options are named as the post's fields; `cover_at` is in
    seconds. `means` say what is done to media before they go out."""
    rules = capabilities.types.get(message.type)
    if rules is None:
        yield _type(message, capabilities)
        return
    yield from _count(message, rules, capabilities.name)
    yield from _items(message, rules, capabilities, means)
    yield from _cover(message, capabilities, means)
    yield from _cover_at(message, capabilities.name)
    yield from _options(message, rules, capabilities)
    yield from _contradiction(message)
    yield from _collaborators(message.options.get("collaborators") or (), capabilities)
    yield from text_complaints(message.text, rules.text, capabilities.name)
