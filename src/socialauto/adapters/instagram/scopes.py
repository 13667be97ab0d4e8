"""The permissions a person is asked for, and what does not work without each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Login = Literal["facebook", "instagram"]


@dataclass(frozen=True, slots=True)
class Scope:
    name: str
    stops: str
    """What does not work without it, as the end of a sentence."""
    required: bool = False
    """Nothing can be published without it."""
    by_wish: bool = False
    """Asked for only when a person says so: it lets a token destroy something."""


SCOPES: Mapping[Login, tuple[Scope, ...]] = {
    "facebook": (
        Scope("instagram_basic", "the account cannot be read", required=True),
        Scope("instagram_content_publish", "nothing can be published", required=True),
        Scope("pages_show_list", "your Pages cannot be listed", required=True),
        Scope("pages_read_engagement", "nothing can be published for a Page", required=True),
        Scope("business_management", "Pages that belong to a business are not found"),
        Scope(
            "instagram_manage_comments",
            "first comments are not written, and comments are not switched off",
        ),
        Scope("instagram_manage_insights", "insights are not read"),
        Scope("instagram_manage_contents", "posts with delete: true are not deleted", by_wish=True),
    ),
    "instagram": (
        Scope("instagram_business_basic", "the account cannot be read", required=True),
        Scope("instagram_business_content_publish", "nothing can be published", required=True),
        Scope(
            "instagram_business_manage_comments",
            "first comments are not written, and comments are not switched off",
        ),
        Scope("instagram_business_manage_insights", "insights are not read"),
    ),
}
"""By `login:`; the names are those of Meta's content publishing guide of September 2026."""


def wanted(login: Login, *, publishing_only: bool, deleting: bool = False) -> tuple[Scope, ...]:
    """What to ask for."""
    return tuple(
        each
        for each in SCOPES[login]
        if each.required or (deleting if each.by_wish else not publishing_only)
    )


def missing(asked: Iterable[Scope], granted: Collection[str]) -> tuple[Scope, ...]:
    """What was asked for and not granted."""
    return tuple(each for each in asked if each.name not in granted)
