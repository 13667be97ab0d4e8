"""The parameters of `POST /{ig-id}/media`: who may send what, and what it must look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from socialauto.sandbox import wire
from socialauto.sandbox.errors import (
    BAD_COLLABORATOR,
    CAPTION,
    INVALID,
    INVALID_LOCATION,
    NO_TRIAL_REELS,
    PRODUCT_INVALID,
    TAG_POSITION_MISSING,
    TAG_POSITION_ON_VIDEO,
    TOO_MANY_TAGS,
    UNKNOWN_MEDIA_TYPE,
    RefusedError,
)
from socialauto.sandbox.state import Account, Draft, Shape

_MAX_CAPTION = 2200
_MAX_HASHTAGS = 30
_MAX_MENTIONS = 20
_MAX_ALT = 1000
_MAX_COLLABORATORS = 3
_MAX_TAGS = 20
_HASHTAG = re.compile(r"#\w")
_MENTION = re.compile(r"(?<!\w)@\w")

_SOURCES = ("image_url", "video_url", "upload_type", "children")
_MEDIA_TYPES = ("IMAGE", "VIDEO", "REELS", "STORIES", "CAROUSEL")
_ITEMS: Mapping[str, Shape] = {"": "image item", "IMAGE": "image item", "VIDEO": "video item"}
_WHOLE: Mapping[str, Shape] = {
    "": "image",
    "IMAGE": "image",
    "REELS": "reel",
    "STORIES": "story",
    "CAROUSEL": "carousel",
}


def _refuse(sentence: str) -> RefusedError:
    return RefusedError(INVALID.saying(f"(#100) {sentence}"))


# --- readers: one a parameter, `(shape, value) -> value`


def _caption(_: Shape, value: Any) -> str:
    text = wire.as_text("caption", value)
    counts = (
        (len(text), _MAX_CAPTION),
        (len(_HASHTAG.findall(text)), _MAX_HASHTAGS),
        (len(_MENTION.findall(text)), _MAX_MENTIONS),
    )
    if any(count > limit for count, limit in counts):
        raise RefusedError(CAPTION)
    return text


def _alt_text(_: Shape, value: Any) -> str:
    text = wire.as_text("alt_text", value)
    if len(text) > _MAX_ALT:
        raise _refuse(f"Param alt_text must be no longer than {_MAX_ALT} characters.")
    return text


def _location(_: Shape, value: Any) -> str:
    text = wire.as_text("location_id", value)
    if not text.isdecimal() or int(text) == 0:
        raise RefusedError(INVALID_LOCATION)
    return text


def _entries(name: str, value: Any) -> list[dict[str, Any]]:
    entries = wire.as_list(name, value)
    if not all(isinstance(entry, dict) for entry in entries):
        raise _refuse(f"Param {name} must be an array of objects.")
    return entries


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _user_tag(shape: Shape, tag: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(tag.get("username"), str) or not tag["username"]:
        raise _refuse("Param user_tags: username is required.")
    places = [tag.get("x"), tag.get("y")]
    if shape in ("reel", "video item") and places != [None, None]:
        raise _refuse("Param user_tags: x and y are not supported for videos.")
    if shape in ("image", "image item") and None in places:
        raise _refuse("Param user_tags: x and y are required for images.")
    if not all(place is None or _is_share(place) for place in places):
        raise _refuse("Param user_tags: x and y must be between 0.0 and 1.0.")
    return tag


def _user_tags(shape: Shape, value: Any) -> list[dict[str, Any]]:
    tags = _entries("user_tags", value)
    if len(tags) > _MAX_TAGS:
        raise RefusedError(TOO_MANY_TAGS)
    return [_user_tag(shape, tag) for tag in tags]


def _product_tags(shape: Shape, value: Any) -> list[dict[str, Any]]:
    for tag in _entries("product_tags", value):
        has_place = "x" in tag and "y" in tag
        if shape in ("reel", "video item") and has_place:
            raise RefusedError(TAG_POSITION_ON_VIDEO)
        if shape in ("image", "image item") and not has_place:
            raise RefusedError(TAG_POSITION_MISSING)
    # No emulated account has a shop, so no product can be approved.
    raise RefusedError(PRODUCT_INVALID)


def _collaborators(_: Shape, value: Any) -> list[str]:
    names = [wire.as_text("collaborators", name) for name in wire.as_list("collaborators", value)]
    if len(names) > _MAX_COLLABORATORS:
        raise _refuse(f"Param collaborators takes at most {_MAX_COLLABORATORS} usernames.")
    if any(not name or name.startswith("@") for name in names):
        raise RefusedError(BAD_COLLABORATOR)
    return names


def _trial(_: Shape, value: Any) -> dict[str, Any]:
    found = wire.as_json("trial_params", value)
    strategies = ("MANUAL", "SS_PERFORMANCE")
    if not isinstance(found, dict) or found.get("graduation_strategy") not in strategies:
        raise _refuse(f"Param trial_params: graduation_strategy must be one of {strategies}.")
    return found


def _sponsors(_: Shape, value: Any) -> tuple[str, ...]:
    ids = wire.as_ids("branded_content_sponsor_ids", value)
    if len(ids) > 2:
        raise _refuse("Param branded_content_sponsor_ids takes at most 2 ids.")
    return ids


def _upload_type(_: Shape, value: Any) -> str:
    if value != "resumable":
        raise _refuse("Param upload_type must be one of {resumable}.")
    return "resumable"


def _text(name: str) -> Callable[[Shape, Any], str]:
    return lambda _, value: wire.as_text(name, value)


def _flag(name: str) -> Callable[[Shape, Any], bool]:
    return lambda _, value: wire.as_flag(name, value)


@dataclass(frozen=True, slots=True)
class _Rule:
    shapes: frozenset[Shape]
    read: Callable[[Shape, Any], Any]
    facebook_only: bool = False


def _for(*shapes: Shape) -> frozenset[Shape]:
    return frozenset(shapes)


_ALL = _for("image", "reel", "story", "carousel", "image item", "video item")
_ITEM_SHAPES = _for("image item", "video item")
_FEED = _for("image", "reel", "carousel")

RULES: Mapping[str, _Rule] = {
    "media_type": _Rule(_ALL, _text("media_type")),
    "is_carousel_item": _Rule(_ALL, _flag("is_carousel_item")),
    "image_url": _Rule(_for("image", "story", "image item"), _text("image_url")),
    "video_url": _Rule(_for("reel", "story", "video item"), _text("video_url")),
    "upload_type": _Rule(_for("reel", "story", "video item"), _upload_type, facebook_only=True),
    "caption": _Rule(_FEED, _caption),
    "alt_text": _Rule(_for("image", "image item"), _alt_text),
    "children": _Rule(_for("carousel"), lambda _, value: wire.as_ids("children", value)),
    "location_id": _Rule(_FEED, _location),
    "user_tags": _Rule(_for("image", "reel", "story", "image item", "video item"), _user_tags),
    "collaborators": _Rule(_FEED, _collaborators),
    "product_tags": _Rule(_for("image", "reel", "image item", "video item"), _product_tags),
    "share_to_feed": _Rule(_for("reel"), _flag("share_to_feed")),
    "cover_url": _Rule(_for("reel"), _text("cover_url")),
    "thumb_offset": _Rule(
        _for("reel", "video item"),
        lambda _, value: wire.as_number("thumb_offset", value),
    ),
    "audio_name": _Rule(_for("reel"), _text("audio_name")),
    "audio_configuration": _Rule(
        _for("reel"),
        lambda _, value: wire.as_json("audio_configuration", value),
        facebook_only=True,
    ),
    "trial_params": _Rule(_for("reel"), _trial),
    "is_ai_generated": _Rule(_ALL - _ITEM_SHAPES, _flag("is_ai_generated")),
    "branded_content_sponsor_ids": _Rule(_ALL - _ITEM_SHAPES, _sponsors, facebook_only=True),
    "is_paid_partnership": _Rule(
        _ALL - _ITEM_SHAPES, _flag("is_paid_partnership"), facebook_only=True
    ),
}


def _shape(params: Mapping[str, Any]) -> Shape:
    media_type = wire.as_text("media_type", params.get("media_type", ""))
    if media_type and media_type not in _MEDIA_TYPES:
        raise RefusedError(UNKNOWN_MEDIA_TYPE.saying(f"Unknown media type {media_type}"))
    if wire.as_flag("is_carousel_item", params.get("is_carousel_item", False)):
        shape = _ITEMS.get(media_type)
        if shape is None:
            raise _refuse(f"A container of media_type {media_type} cannot be a carousel item.")
        return shape
    shape = _WHOLE.get(media_type)
    if shape is None:
        raise RefusedError(
            UNKNOWN_MEDIA_TYPE.saying(
                "The VIDEO value for media_type is only supported for carousel items. Use the "
                "REELS media type to publish a video to your feed."
            )
        )
    return shape


def _check_source(shape: Shape, values: Mapping[str, Any]) -> None:
    sources = [name for name in _SOURCES if name in values]
    if len(sources) == 1:
        return
    if shape == "story":
        raise _refuse("A story takes exactly one of image_url and video_url.")
    wanted = {"carousel": "children", "reel": "video_url", "video item": "video_url"}
    raise _refuse(f"The parameter {wanted.get(shape, 'image_url')} is required.")


def _read(name: str, value: Any, shape: Shape, account: Account) -> Any:
    rule = RULES.get(name)
    if rule is None:
        raise _refuse(f"Unexpected parameter {name}.")
    if shape not in rule.shapes:
        raise _refuse(f"Param {name} is not allowed for this media: {shape}.")
    if rule.facebook_only and account.login == "instagram":
        raise _refuse(f"Param {name} is not available with Instagram Login.")
    return rule.read(shape, value)


def read_draft(params: Mapping[str, Any], account: Account) -> Draft:
    """What the caller wants to create. Raises `RefusedError` with the platform's code."""
    shape = _shape(params)
    values = {name: _read(name, value, shape, account) for name, value in params.items()}
    _check_source(shape, values)
    if "trial_params" in values and not account.trial_reels:
        raise RefusedError(NO_TRIAL_REELS)
    return Draft(
        shape=shape,
        caption=values.pop("caption", ""),
        alt_text=values.pop("alt_text", ""),
        children=values.pop("children", ()),
        options=values,
    )
