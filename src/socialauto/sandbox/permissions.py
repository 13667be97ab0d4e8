"""The permissions that people grant to apps, and which calls need which."""

from __future__ import annotations

from collections.abc import Mapping

from socialauto.sandbox.errors import PERMISSION, RefusedError
from socialauto.sandbox.state import Login, Token
from socialauto.sandbox.wire import Call

SCOPES: Mapping[Login, Mapping[str, str]] = {
    "facebook": {
        "public_profile": "Your name",
        "instagram_basic": "Profile and posts of the Instagram account",
        "instagram_content_publish": "Publish posts to the Instagram account",
        "instagram_manage_comments": "Write and manage comments",
        "instagram_manage_contents": "Delete posts",
        "instagram_manage_insights": "See how posts perform",
        "pages_show_list": "The list of your Pages",
        "pages_read_engagement": "Content of your Pages",
        "business_management": "Your businesses",
        "ads_management": "Your ads",
        "ads_read": "Figures of your ads",
    },
    "instagram": {
        "instagram_business_basic": "Profile and posts",
        "instagram_business_content_publish": "Publish posts",
        "instagram_business_manage_comments": "Write and manage comments",
        "instagram_business_manage_insights": "See how posts perform",
        "instagram_business_manage_messages": "Read and write messages",
    },
}
"""What the dialog says about each. The names of before 2025 (`business_basic` …) are gone."""

ALWAYS: Mapping[Login, str] = {
    "facebook": "public_profile",
    "instagram": "instagram_business_basic",
}
"""Granted with every yes: the dialog has no box for it."""

_BASIC = frozenset({"instagram_basic", "instagram_business_basic"})
_PUBLISH = frozenset({"instagram_content_publish", "instagram_business_content_publish"})
_COMMENTS = frozenset({"instagram_manage_comments", "instagram_business_manage_comments"})
_INSIGHTS = frozenset({"instagram_manage_insights", "instagram_business_manage_insights"})
_CONTENTS = frozenset({"instagram_manage_contents"})

_NEEDED: Mapping[tuple[str, str], frozenset[str]] = {
    ("GET", ""): _BASIC,
    ("GET", "media"): _BASIC,
    ("GET", "stories"): _BASIC,
    ("GET", "children"): _BASIC,
    ("POST", "media"): _PUBLISH,
    ("POST", "media_publish"): _PUBLISH,
    ("GET", "content_publishing_limit"): _PUBLISH,
    ("GET", "comments"): _COMMENTS,
    ("POST", "comments"): _COMMENTS,
    ("POST", ""): _COMMENTS,
    ("GET", "insights"): _INSIGHTS,
    ("DELETE", ""): _CONTENTS | _COMMENTS,
}
"""Any one of these; both variants in one set, because their names differ."""


def check(token: Token, call: Call) -> None:
    """Raises code 10 when the person has not granted what a call to an object needs."""
    if token.scopes is None or not call.node.isdecimal():
        return
    needed = _NEEDED.get((call.method, call.edge))
    if needed is not None and not token.scopes & needed:
        raise RefusedError(PERMISSION)
