"""How an account and its token are, for `doctor`: a few reads, none of which must succeed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialauto.adapters.instagram import usage
from socialauto.adapters.instagram.graph import Failure, Graph
from socialauto.adapters.instagram.scopes import SCOPES, Login
from socialauto.adapters.instagram.versions import RELEASED, VERSIONS
from socialauto.adapters.protocol import Vitals
from socialauto.core.account_checkup import Lack
from socialauto.core.clock import Clock

LINKED = "professional"
"""With Facebook Login the type is not told, and only professional accounts are linked with a Page
and so have an id here at all."""

FIT_TYPES = ("BUSINESS", "MEDIA_CREATOR", "CREATOR", LINKED)
"""Professional accounts, Business or Creator; personal ones cannot be published to."""


async def vitals(graph: Graph, clock: Clock, granted: frozenset[str] | None) -> Vitals:
    """All that the platform says. Reads that are refused leave their answer open."""
    version = graph.base_url.rstrip("/").rpartition("/")[2]
    known = granted if granted is not None else await _granted(graph)
    kind = await _type(graph)
    used, total = await _quota(graph)
    return Vitals(
        account_type=kind,
        fit_types=FIT_TYPES,
        lacking=None if known is None else _lacking(graph, known),
        quota_used=used,
        quota_total=total,
        load=usage.load(graph.headers),
        api_version=version,
        api_released=RELEASED.get(version),
        api_ends=VERSIONS.ends.get(version),
        skew=graph.skew,
    )


async def _granted(graph: Graph) -> frozenset[str] | None:
    """Facebook Login tells a person's permissions to the person's token, and to no Page's."""
    if graph.login != "facebook":
        return None
    answer = await graph.get("me", "permissions", limit="100")
    rows = None if isinstance(answer, Failure) else answer.get("data")
    if not isinstance(rows, list):
        return None
    found = {
        str(row.get("permission"))
        for row in rows
        if isinstance(row, Mapping) and row.get("status") == "granted"
    }
    return frozenset(found) or None


def _lacking(graph: Graph, granted: frozenset[str]) -> tuple[Lack, ...]:
    login: Login = "instagram" if graph.login == "instagram" else "facebook"
    return tuple(
        Lack(scope.name, scope.stops, scope.required)
        for scope in SCOPES[login]
        if scope.name not in granted and not scope.by_wish
    )


async def _type(graph: Graph) -> str | None:
    if graph.login == "facebook":
        return LINKED
    answer = await graph.get("me", fields="account_type")
    kind = None if isinstance(answer, Failure) else answer.get("account_type")
    return kind.upper().replace(" ", "_") if isinstance(kind, str) and kind else None


async def _quota(graph: Graph) -> tuple[int | None, int | None]:
    answer = await graph.get(
        graph.account_id, "content_publishing_limit", fields="quota_usage,config"
    )
    rows = None if isinstance(answer, Failure) else answer.get("data")
    row = rows[0] if isinstance(rows, list) and rows else None
    config = row.get("config") if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or not isinstance(config, Mapping):
        return None, None
    return _count(row.get("quota_usage")), _count(config.get("quota_total"))


def _count(value: Any) -> int | None:
    usable = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return int(value) if usable else None
