"""What Instagram refuses, crops or is said to refuse, beyond what its capabilities say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from socialauto.adapters.instagram.rules import NAME
from socialauto.core.check_text import hashtags_in, length_of
from socialauto.core.finding import Complaint
from socialauto.core.message import Message, PostType
from socialauto.core.preparing import outgoing_shape
from socialauto.core.suggest import quoted

COMMENT_LIMIT = 2_200
"""Characters of a comment, as of a caption."""

SPONSORS = 2

_USERNAME = re.compile(r"[A-Za-z0-9._]{1,30}")
_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)

_SAME_SHAPE = 0.01
"""Ratios that differ by less are cropped by a few pixels, which nobody sees."""


def _shapes(message: Message) -> Iterator[Complaint]:
    """Instagram crops every item of a carousel to the shape of the first one."""
    shapes = [outgoing_shape(item) for item in message.media]
    if message.type is not PostType.CAROUSEL or not shapes or shapes[0] is None:
        return
    width, height = shapes[0]
    for index, (item, shape) in enumerate(zip(message.media, shapes, strict=True)):
        if shape is None or abs(shape[0] / shape[1] - width / height) < _SAME_SHAPE:
            continue
        text = (
            f"{item.path} is {shape[0]} × {shape[1]}, {NAME} crops it to the shape of the "
            f"carousel's first item, {width} × {height}"
        )
        hint = "give all items one shape"
        yield Complaint(f"media.{index}", "SA436", text, hint, "warning")


def _location(message: Message) -> Iterator[Complaint]:
    """`location_id` is the id of a Facebook page that has an address."""
    location = message.options.get("location")
    if location is not None and not (str(location).isascii() and str(location).isdigit()):
        text = f'location "{location}" is not the id of a Facebook page'
        hint = 'write the digits, in quotes: location: "7640348500"'
        yield Complaint("location", "SA202", text, hint)


def _story_shape(message: Message) -> Iterator[Complaint]:
    """A story fills a phone's screen; the page advises 9:16 "to avoid cropping or blank space"."""
    if message.type is not PostType.STORY:
        return
    for index, item in enumerate(message.media):
        shape = outgoing_shape(item)
        if shape is None or abs(shape[0] / shape[1] - 9 / 16) < _SAME_SHAPE:
            continue
        text = (
            f"{item.path} is {shape[0]} × {shape[1]}, {NAME} shows stories at 9:16 and crops it "
            "or leaves a margin"
        )
        hint = 'make it 1080 × 1920, or write "fit: crop" or "fit: pad"'
        yield Complaint(f"media.{index}", "SA437", text, hint, "warning")


def _cover_shape(message: Message) -> Iterator[Complaint]:
    shape = (
        outgoing_shape(message.cover) if message.cover and message.type is PostType.REEL else None
    )
    if shape is None or abs(shape[0] / shape[1] - 9 / 16) < _SAME_SHAPE:
        return
    assert message.cover
    text = (
        f"{message.cover.path} is {shape[0]} × {shape[1]}, {NAME} shows covers at 9:16 and cuts "
        "its middle out"
    )
    yield Complaint("cover", "SA437", text, "make it 1080 × 1920", "warning")


def _names(message: Message) -> Iterator[Complaint]:
    """What cannot be a name there. A warning: whether it is one, only the platform knows."""
    named = [
        (f"collaborators.{index}", "SA223", str(name))
        for index, name in enumerate(message.options.get("collaborators") or ())
    ]
    for place, item in enumerate(message.media):
        named += [
            (f"media.{place}.tags.{index}", "SA435", tag.user)
            for index, tag in enumerate(item.tags)
        ]
    for field, code, name in named:
        if not name.startswith("@") and not _USERNAME.fullmatch(name):
            text = f"{quoted(name)} does not look like the name of an account on {NAME}"
            hint = 'names have at most 30 letters, digits, "." and "_"'
            yield Complaint(field, code, text, hint, "warning")


def _first_comment(message: Message) -> Iterator[Complaint]:
    """No page of Meta's says how long a comment may be. What is certain is an error, what people
    report is a warning."""
    text = message.options.get("first_comment") or ""
    length = length_of(text, "utf16")
    if length > COMMENT_LIMIT:
        over = length - COMMENT_LIMIT
        words = (
            f"the first comment has {length:,} characters, "
            f"{NAME} takes at most {COMMENT_LIMIT:,} ({over:,} over)"
        )
        yield Complaint("first_comment", "SA508", words)
        return
    counts = (
        (length, 300, "characters"),
        (hashtags_in(text), 4, "hashtags"),
        (len(_ADDRESS.findall(text)), 1, "web addresses"),
    )
    for count, usual, what in counts:
        if count > usual:
            words = (
                f"the first comment has {count:,} {what}, {NAME} is said to take at most {usual}"
            )
            yield Complaint("first_comment", "SA509", words, severity="warning")


def _sponsors(message: Message) -> Iterator[Complaint]:
    """IG User Media, branded_content_sponsor_ids: at most two."""
    sponsors = message.options.get("sponsors") or ()
    if sponsors and not message.options.get("paid_partnership"):
        text = "sponsors are named for a paid partnership, and this is not said to be one"
        yield Complaint("sponsors", "SA224", text, "add paid_partnership: true")
    if len(sponsors) > SPONSORS:
        text = f"there are {len(sponsors)} sponsors, {NAME} takes at most {SPONSORS}"
        yield Complaint("sponsors", "SA202", text)
    for index, sponsor in enumerate(sponsors):
        if not (str(sponsor).isascii() and str(sponsor).isdigit()):
            text = f"{quoted(str(sponsor))} is not the id of an account on {NAME}"
            hint = 'write the digits, in quotes: sponsors: ["17841400000000009"]'
            yield Complaint(f"sponsors.{index}", "SA202", text, hint)


def check(message: Message) -> Iterable[Complaint]:
    """What the capabilities cannot say."""
    yield from _shapes(message)
    yield from _story_shape(message)
    yield from _cover_shape(message)
    yield from _names(message)
    yield from _location(message)
    yield from _first_comment(message)
    yield from _sponsors(message)
