"""Only what has changed is read, and only so many commits."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Entry, Provenance, State
from socialauto.core.plan import Kind, Plan, Step
from socialauto.engine.drift import MOST_COMMITS, with_drift
from support.builders import HOUR, NOON, delivery, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socialauto.core.tree import Tree


def step(number: int, kind: Kind = Kind.DRIFT) -> Step:
    wanted = delivery(f"p{number}")
    known: Entry = entry(
        wanted,
        State.PUBLISHED,
        published_at=NOON + number * HOUR,
        provenance=Provenance(commit=f"{number:040x}"),
    )
    return Step(kind, wanted.key, "changed", wanted, known)


def asked(*steps: Step) -> tuple[Plan, list[str]]:
    opened: list[str] = []

    @contextmanager
    def open_tree(commit: str) -> Iterator[Tree]:
        opened.append(commit)
        raise SocialautoError("not there")
        yield

    return with_drift(Plan(NOON, steps), open_tree), opened


def test_a_plan_without_drift_reads_nothing() -> None:
    plan, opened = asked(step(1, Kind.DONE), step(2, Kind.WAIT))
    assert opened == []
    assert plan.steps[0].drift is None


def test_the_newest_publications_are_looked_at_and_the_others_named() -> None:
    plan, opened = asked(*(step(number) for number in range(MOST_COMMITS + 2)))
    assert opened == [f"{number:040x}" for number in range(MOST_COMMITS + 1, 1, -1)]
    words = [one.reason for one in plan.steps]
    assert "commit 0000000000 is not in this clone" in words[-1]
    assert "what is in commit 0000000000 was not looked at" in words[0]
