"""Insights of media: invented numbers that depend on the post alone and only ever grow.

Which metric exists for what is Instagram Media Insights, the reference, of September 2026.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from socialauto.sandbox import wire
from socialauto.sandbox.errors import (
    INVALID,
    TOO_FEW_VIEWERS,
    RefusedError,
)
from socialauto.sandbox.nodes import Medium, product_type
from socialauto.sandbox.request import Operation, Reply, Request

_EVERYWHERE = frozenset({"reach", "views", "shares", "reposts", "total_interactions"})
_REACTIONS = frozenset({"likes", "comments", "saved"})
_VISITS = frozenset({"follows", "profile_visits", "profile_activity"})
_TOTALS = frozenset({"total_likes", "total_comments"})

METRICS: Mapping[str, frozenset[str]] = {
    "FEED": _EVERYWHERE | _REACTIONS | _VISITS,
    "REELS": _EVERYWHERE
    | _REACTIONS
    | {"ig_reels_avg_watch_time", "ig_reels_video_view_total_time", "reels_skip_rate"},
    "STORY": _EVERYWHERE | _VISITS | {"replies", "link_clicks", "navigation"},
}
"""By media_product_type. `impressions` is for media from before July 2024, `crossposted_views` and
`facebook_views` for what is shared to Facebook too: here there is neither, so they are refused."""

FACEBOOK_METRICS: Mapping[str, frozenset[str]] = {
    "FEED": _TOTALS | {"total_views"},
    "REELS": _TOTALS | {"total_views"},
    "STORY": frozenset({"total_views"}),
}
"""With Facebook Login only: they count what advertising adds, which here is nothing."""

BREAKDOWNS = {
    "profile_activity": ("action_type", ("BIO_LINK_CLICKED", "OTHER")),
    "navigation": (
        "story_navigation_action_type",
        ("TAP_FORWARD", "TAP_BACK", "TAP_EXIT", "SWIPE_FORWARD"),
    ),
}

_SAME = {"total_likes": "likes", "total_comments": "comments", "total_views": "views"}
_SHARES = {
    "likes": 0.06, "comments": 0.008, "saved": 0.012, "shares": 0.009, "reposts": 0.004,
    "replies": 0.006, "follows": 0.003, "profile_visits": 0.02, "profile_activity": 0.006,
    "link_clicks": 0.01, "navigation": 0.9,
}  # fmt: skip
"""So many of those who see a post do this, give or take a half."""
_INTERACTIONS = ("likes", "comments", "saved", "shares", "reposts", "replies")
_FEWEST_VIEWERS = 5
_GROWTH = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Crowd:
    """What people have done with one post by now."""

    media: str
    kind: str
    seen: float
    """How many have seen it, not rounded."""

    def count(self, metric: str) -> float:
        metric = _SAME.get(metric, metric)
        if metric == "total_interactions":
            return sum(self.count(one) for one in _INTERACTIONS if one in METRICS[self.kind])
        if metric == "ig_reels_avg_watch_time":
            return int(4000 * self._leaning(metric))
        if metric == "ig_reels_video_view_total_time":
            return self.count("ig_reels_avg_watch_time") * self.count("views")
        if metric == "reels_skip_rate":
            return round(40 * self._leaning(metric), 1)
        if metric == "views":
            return int(self.seen * (1 + self._leaning(metric) / 2))
        return int(
            self.seen * (_SHARES[metric] * self._leaning(metric) if metric != "reach" else 1)
        )

    def _leaning(self, metric: str) -> float:
        """From 0.5 to 1.5, always the same for a post and a metric."""
        digest = hashlib.sha256(f"{self.media} {metric}".encode()).digest()
        return 0.5 + digest[0] / 255


def _crowd(request: Request, medium: Medium) -> _Crowd:
    age = request.now - medium.publication.time
    grown = 1 - math.exp(-max(age / _GROWTH, 0))
    audience = request.world.settings.audience
    lean = 0.5 + hashlib.sha256(medium.id.encode()).digest()[0] / 255
    return _Crowd(medium.id, product_type(medium), audience * lean * grown)


def _names(request: Request, parameter: str) -> tuple[str, ...]:
    return wire.as_ids(parameter, request.call.params.get(parameter, ""))


def _check(request: Request, medium: Medium, metrics: Iterable[str]) -> None:
    """One metric that does not exist here fails the whole request, and nothing says which."""
    kind = product_type(medium)
    allowed = METRICS[kind]
    if request.token.sees(request.view.account(medium)).login == "facebook":
        allowed |= FACEBOOK_METRICS[kind]
    if medium.is_item or not set(metrics) <= allowed:
        raise RefusedError(INVALID)
    if request.call.params.get("period", "lifetime") != "lifetime":
        raise RefusedError(INVALID)


def _check_breakdown(metrics: Iterable[str], breakdowns: Iterable[str]) -> None:
    known = {BREAKDOWNS[metric][0] for metric in metrics if metric in BREAKDOWNS}
    if not set(breakdowns) <= known:
        raise RefusedError(INVALID)


def _row(crowd: _Crowd, metric: str, breakdowns: Iterable[str]) -> dict[str, Any]:
    value = crowd.count(metric)
    row: dict[str, Any] = {
        "name": metric,
        "period": "lifetime",
        "title": metric.replace("_", " ").capitalize(),
        "description": "Invented by the sandbox.",
        "id": f"{crowd.media}/insights/{metric}/lifetime",
    }
    key, actions = BREAKDOWNS.get(metric, ("", ()))
    if key not in breakdowns:
        return {**row, "values": [{"value": value}]}
    whole = int(value)
    parts = [whole // len(actions)] * len(actions)
    parts[0] += whole - sum(parts)
    results = [
        {"dimension_values": [action], "value": part}
        for action, part in zip(actions, parts, strict=True)
    ]
    broken = [{"dimension_keys": [key], "results": results}]
    return {**row, "total_value": {"value": whole, "breakdowns": broken}}


async def _insights(request: Request) -> Reply:
    medium = request.medium()
    metrics, breakdowns = _names(request, "metric"), _names(request, "breakdown")
    if not metrics:
        raise RefusedError(INVALID.saying("(#100) The parameter metric is required."))
    _check(request, medium, metrics)
    _check_breakdown(metrics, breakdowns)
    age = request.now - medium.publication.time
    if age < timedelta(seconds=request.world.settings.insights_delay):
        return {"data": []}
    crowd = _crowd(request, medium)
    if product_type(medium) == "STORY" and crowd.count("reach") < _FEWEST_VIEWERS:
        raise RefusedError(TOO_FEW_VIEWERS)
    # What nobody has done yet is left out, and not told as 0.
    return {"data": [_row(crowd, name, breakdowns) for name in metrics if crowd.count(name)]}


INSIGHTS: Mapping[tuple[str, str], Operation] = {("GET", "insights"): _insights}
