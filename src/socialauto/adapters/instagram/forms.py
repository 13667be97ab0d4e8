"""The parameters of Instagram's containers, made from a message.

Each function is one shape of container. Which parameter goes with which shape is the table of
`POST /{ig-user-id}/media` (IG User Media); what a shape does not take, validation has refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from socialauto.core.message import MediaItem, Message, UserTag

Form = dict[str, str]


def image(message: Message, url: str) -> Form:
    return {"image_url": url, **_picture(message.media[0]), **_words(message)}


def reel(message: Message, url: str, cover_url: str | None) -> Form:
    options = message.options
    form = {"media_type": "REELS", "video_url": url, **_tags(message.media[0].tags)}
    if cover_url:
        form["cover_url"] = cover_url
    elif options.get("cover_at") is not None:
        form["thumb_offset"] = str(_milliseconds(options["cover_at"]))
    if options.get("share_to_feed") is not None:
        form["share_to_feed"] = _flag(options["share_to_feed"])
    if name := options.get("audio_name"):
        form["audio_name"] = name
    if music := options.get("music"):
        form["audio_configuration"] = _json(_audio(music))
    if trial := options.get("trial"):
        form["trial_params"] = _json({"graduation_strategy": trial["graduation"].upper()})
    return {**form, **_words(message)}


def _audio(music: Mapping[str, Any]) -> dict[str, Any]:
    """Volumes go from 0 to 100 (Instagram Audio API, and those who use it)."""
    names = {"id": "audio_id", "volume": "audio_volume", "video_volume": "video_volume"}
    return {names[name]: value for name, value in music.items()}


def story(message: Message, url: str) -> Form:
    """A picture or a video for a day. It has no words."""
    item = message.media[0]
    source = "image_url" if item.is_image else "video_url"
    return {"media_type": "STORIES", source: url, **_tags(item.tags), **_disclosure(message)}


def child(item: MediaItem, url: str) -> Form:
    """An item of a carousel; caption, place and collaborators belong to the whole."""
    if item.is_image:
        return {"image_url": url, "is_carousel_item": "true", **_picture(item)}
    video = {"media_type": "VIDEO", "video_url": url, "is_carousel_item": "true"}
    if item.cover_at is not None:
        video["thumb_offset"] = str(_milliseconds(item.cover_at))
    return {**video, **_tags(item.tags)}


def carousel(message: Message, children: Sequence[str]) -> Form:
    return {"media_type": "CAROUSEL", "children": _json(list(children)), **_words(message)}


def _picture(item: MediaItem) -> Form:
    return {**({"alt_text": item.alt} if item.alt else {}), **_tags(item.tags)}


def _tags(tags: Sequence[UserTag]) -> Form:
    rows = [
        {"username": tag.user}
        | ({"x": tag.x} if tag.x is not None else {})
        | ({"y": tag.y} if tag.y is not None else {})
        for tag in tags
    ]
    return {"user_tags": _json(rows)} if rows else {}


def _words(message: Message) -> Form:
    form: Form = {"caption": message.text} if message.text else {}
    if collaborators := message.options.get("collaborators"):
        form["collaborators"] = _json(list(collaborators))
    if location := message.options.get("location"):
        form["location_id"] = str(location)
    return {**form, **_disclosure(message)}


def _disclosure(message: Message) -> Form:
    """Said only of what is: without the parameter nothing is disclosed."""
    form = {"is_ai_generated": "true"} if message.options.get("ai_generated") else {}
    if message.options.get("paid_partnership"):
        form["is_paid_partnership"] = "true"
    if sponsors := message.options.get("sponsors"):
        form["branded_content_sponsor_ids"] = _json(list(sponsors))
    return form


def _milliseconds(value: Any) -> int:
    """`cover_at` is a number of seconds in a message, or a duration."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    return round(seconds * 1000)


def _flag(value: Any) -> str:
    return "true" if value else "false"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
