"""Rules that look at all posts together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from socialauto.core.delivery import Delivery
from socialauto.core.finding import Finding
from socialauto.core.reading import Source


def _where(source: Source) -> str:
    return f"{source.path}:{source.place('id')[0]}"


def _same_id(source: Source, other: Source) -> Finding:
    hint = "give one of them another id; a post that is published keeps its own"
    message = f'the id "{source.id}" is also that of {_where(other)}'
    return source.finding("id", "SA601", message, hint)


def _same_but_case(source: Source, other: Source) -> Finding:
    message = f'the id "{source.id}" differs only in case from "{other.id}" of {_where(other)}'
    return source.finding("id", "SA602", message, "give one of them another id")


def same_ids(sources: Iterable[Source]) -> Iterable[Finding]:
    """Ids that name two posts, or that people and disks cannot tell apart; told at both."""
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        groups[source.id.casefold()].append(source)
    for group in groups.values():
        for index, source in enumerate(group if len(group) > 1 else ()):
            other = group[0] if index else group[1]
            rule = _same_id if other.id == source.id else _same_but_case
            yield rule(source, other)


def same_times(deliveries: Sequence[tuple[Source, Delivery]]) -> Iterable[Finding]:
    """Two posts at one instant on one account: possible, and rarely meant."""
    first: dict[tuple[str, datetime], Source] = {}
    for source, delivery in deliveries:
        if delivery.stays:
            continue
        other = first.setdefault((delivery.key.account, delivery.due), source)
        if other is not source:
            line, column = source.place("time")
            place = f"{other.path}:{other.place('time')[0]}"
            message = f"{place} goes out on {delivery.key.account} at the same time"
            hint = "move one of them"
            yield Finding(source.path, line, column, "SA603", message, hint, "warning")
