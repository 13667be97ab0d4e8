"""How a post did, as Instagram tells it: which numbers exist for what, and what an absence means.

Instagram Media Insights, the reference of September 2026. Numbers lag by up to 48 hours, and what
is not there yet is left out and not told as 0. One metric that does not exist for a post fails the
whole request without saying which; then each is asked for by itself, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from socialauto.adapters.instagram.graph import Failure, Graph
from socialauto.adapters.instagram.handle import read_handle
from socialauto.adapters.protocol import Insights, NoInsights, Question
from socialauto.core.outcome import ErrorClass, Handle, Problem

FEED, REELS, STORY = "FEED", "REELS", "STORY"
"""`media_product_type`."""

_EVERYWHERE = ("reach", "views", "shares", "reposts", "total_interactions")
_REACTIONS = ("likes", "comments", "saved")
_VISITS = ("follows", "profile_visits", "profile_activity")
_WATCHED = ("ig_reels_avg_watch_time", "ig_reels_video_view_total_time", "reels_skip_rate")

METRICS: Mapping[str, tuple[str, ...]] = {
    FEED: (*_EVERYWHERE, *_REACTIONS, *_VISITS),
    REELS: (*_EVERYWHERE, *_REACTIONS, *_WATCHED),
    STORY: (*_EVERYWHERE, *_VISITS, "replies", "link_clicks", "navigation"),
}
"""What both logins have. Not asked for: `impressions`, which media since July 2024 have not, and
`crossposted_views` and `facebook_views`, which fail for what is not shared to Facebook."""

FACEBOOK_METRICS: Mapping[str, tuple[str, ...]] = {
    FEED: ("total_likes", "total_comments", "total_views"),
    REELS: ("total_likes", "total_comments", "total_views"),
    STORY: ("total_views",),
}
"""With Facebook Login only: with what advertising has added."""

_KIND_FIELDS = "media_product_type,media_type"
_FEW_VIEWERS = "Not enough viewers"
_PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})
_NOT_KNOWN = 100
_NO_SUCH_OBJECT = 33


class Reading:
    """One post's numbers, in as few calls as possible and never more than allowed."""

    def __init__(self, graph: Graph, question: Question) -> None:
        self._graph = graph
        self._question = question
        self._left = question.most_calls

    async def read(self) -> Insights | NoInsights:
        kind = _kind_of_handle(self._question.handle) or await self._ask_kind()
        if isinstance(kind, Failure):
            return self._nothing(kind)
        metrics = self._metrics(kind)
        answer = await self._ask(metrics) if metrics else {}
        if not isinstance(answer, Failure):
            return self._insights(kind, answer)
        if kind == STORY and _few_viewers(answer):
            return self._insights(kind, {})
        if not _unknown_metric(answer):
            return self._nothing(answer)
        return await self._one_by_one(kind, metrics, answer)

    def _metrics(self, kind: str) -> tuple[str, ...]:
        known = METRICS[kind]
        if self._graph.login == "facebook":
            known += FACEBOOK_METRICS[kind]
        refused = self._question.refused.get(kind, frozenset())
        return tuple(name for name in known if name not in refused)

    async def _ask_kind(self) -> str | Failure:
        """The reference gives these fields for Facebook Login only, so an error means little."""
        answer = await self._get(fields=_KIND_FIELDS)
        if isinstance(answer, Failure) and _unknown_metric(answer):
            answer = await self._get(fields="media_type")
        if isinstance(answer, Failure):
            return answer
        product = str(answer.get("media_product_type") or "")
        if product in METRICS:
            return product
        return REELS if answer.get("media_type") == "VIDEO" else FEED

    async def _one_by_one(
        self, kind: str, metrics: tuple[str, ...], whole: Failure
    ) -> Insights | NoInsights:
        """Find out which metric it was. Without calls for all of them the rest waits for a day."""
        told: dict[str, float] = {}
        refused: list[str] = []
        for metric in metrics:
            if self._left <= 0 or self._graph.busy_until:
                break
            answer = await self._ask([metric])
            if not isinstance(answer, Failure):
                told |= answer
            elif _unknown_metric(answer):
                refused.append(metric)
            else:
                return self._nothing(answer)
        if len(refused) == len(metrics):
            return self._nothing(whole)  # it is not about the metrics, so nothing is learned
        return self._insights(kind, told, refused)

    async def _ask(self, metrics: Iterable[str]) -> dict[str, float] | Failure:
        answer = await self._get("insights", metric=",".join(metrics))
        return answer if isinstance(answer, Failure) else numbers(answer)

    async def _get(self, *edge: str, **params: str) -> Mapping[str, Any] | Failure:
        self._left -= 1
        return await self._graph.get(self._question.remote_id, *edge, **params)

    @property
    def _calls(self) -> int:
        return self._question.most_calls - self._left

    def _insights(
        self, kind: str, told: Mapping[str, float], refused: Iterable[str] = ()
    ) -> Insights:
        return Insights(kind, told, tuple(refused), self._calls, self._graph.busy_until)

    def _nothing(self, failure: Failure) -> NoInsights:
        error = failure.error
        gone = error is not None and error.subcode == _NO_SUCH_OBJECT
        problem = _without_permission(failure) or failure.problem
        return NoInsights(problem, self._calls, gone=gone, busy_until=self._graph.busy_until)


def numbers(answer: Mapping[str, Any]) -> dict[str, float]:
    """The metrics of an answer; what cannot be read as a number is left out."""
    rows = answer.get("data")
    found: dict[str, float] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and isinstance(row.get("name"), str):
            value = _value(row)
            if value is not None:
                found[row["name"]] = value
    return found


def _value(row: Mapping[str, Any]) -> float | None:
    """Instagram puts it into a list of one, or beside a breakdown."""
    total, values = row.get("total_value"), row.get("values")
    if isinstance(values, list) and values and isinstance(values[0], Mapping):
        value = values[0].get("value")
    else:
        value = total.get("value") if isinstance(total, Mapping) else None
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15
    return value if usable else None


def _kind_of_handle(handle: Handle | None) -> str | None:
    """What was published, when the ledger still knows it."""
    read = read_handle(handle) if handle else None
    if read is None:
        return None
    if read.product == STORY:
        return STORY
    return REELS if read.media_type == "VIDEO" else FEED


def _unknown_metric(failure: Failure) -> bool:
    """The error that nobody can tell apart: some parameter is not known for this object."""
    error = failure.error
    return error is not None and error.code == _NOT_KNOWN and error.subcode != _NO_SUCH_OBJECT


def _few_viewers(failure: Failure) -> bool:
    """Code 10, as for a missing permission; only the words differ."""
    return failure.error is not None and _FEW_VIEWERS in failure.error.message


def _without_permission(failure: Failure) -> Problem | None:
    if failure.error is None or failure.error.code not in _PERMISSION_CODES:
        return None
    return Problem(
        ErrorClass.AUTH,
        "the token may not read insights; grant instagram_manage_insights "
        "(or instagram_business_manage_insights) and connect the account again",
        failure.problem.code,
        detail=failure.problem.detail,
    )
