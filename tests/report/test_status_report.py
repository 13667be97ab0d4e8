"""Where everything stands: what needs somebody first, links whole."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from socialauto.core.guard import make_plan
from socialauto.core.insights import Histories, History, Sample
from socialauto.core.ledger import State
from socialauto.core.plan import Plan
from socialauto.report import status
from support.builders import HOUR, NOON, attempt, config, delivery, entry, snapshot

LINK = "https://www.instagram.com/p/" + "C" * 60 + "/"


def example(published: int = 1) -> Plan:
    posts = [delivery(f"done-{number}") for number in range(published)]
    known = [
        entry(
            post, State.PUBLISHED, published_at=NOON + number * HOUR, url=LINK, lateness=90.0,
            remote_id=str(number),
        )
        for number, post in enumerate(posts)
    ]  # fmt: skip
    late = delivery("late", due=NOON - 9 * HOUR)
    failed = delivery("refused")
    known.append(
        entry(failed, State.FAILED, reason="caption refused", attempts=(attempt(),), tries=1)
    )
    return make_plan([*posts, late, failed], snapshot(*known), config(), now=NOON + HOUR)


def text(plan: Plan, insights: Histories = status.NONE, *, everything: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=80, highlight=False, color_system=None)
    status.print_text(plan, console, insights, everything=everything)
    return file.getvalue()


def known(post: str, remote_id: str) -> Histories:
    """How a post did an hour after it went out."""
    sample = Sample(at=NOON + HOUR, metrics={"reach": 1204, "likes": 98, "navigation": 3})
    history = History(
        account="acme", post=post, remote_id=remote_id, asked=sample.at, samples=(sample,)
    )
    return {history.key: history}


def test_links_are_whole_and_troubles_come_first() -> None:
    assert text(example()) == (
        "state      due (UTC)         account  post\n"
        "missed     2026-12-01 03:00  acme     late\n"
        "    10 h late, grace is 6 h; give it a new time\n"
        "failed     2026-12-01 12:00  acme     refused\n"
        "    caption refused\n"
        "published  2026-12-01 12:00  acme     done-0\n"
        f"    {LINK}, 1 min late\n"
        "status at 2026-12-01 13:00 UTC: 1 missed, 1 failed, 1 done\n"
    )


def test_old_publications_are_counted_and_listed_on_request() -> None:
    plan = example(25)
    assert "5 older publications (--all lists them)" in text(plan)
    assert text(plan).count(LINK) == 20
    assert text(plan, everything=True).count(LINK) == 25


def test_the_newest_publication_comes_first() -> None:
    shown = [line for line in text(example(3)).splitlines() if line.startswith("published")]
    assert [line.split()[-1] for line in shown] == ["done-2", "done-1", "done-0"]


def test_the_newest_numbers_stand_below_the_link() -> None:
    shown = text(example(), known("done-0", "0"))
    numbers = "    1,204 reach, 98 likes (2026-12-01 13:00 UTC)\n"
    assert f"{LINK}, 1 min late\n{numbers}" in shown
    (one,) = (
        each
        for each in json.loads(status.as_json(example(), known("done-0", "0")))["deliveries"]
        if "insights" in each
    )
    assert one["insights"] == {
        "at": "2026-12-01T13:00:00Z",
        "metrics": {"reach": 1204, "likes": 98, "navigation": 3},
    }


@pytest.mark.parametrize("insights", [known("done-0", "another"), known("late", "1")])
def test_numbers_of_another_publication_are_not_shown(insights: Histories) -> None:
    assert text(example(), insights) == text(example())
    assert status.as_json(example(), insights) == status.as_json(example())


def test_nothing_is_said_in_one_line() -> None:
    plan = make_plan([], snapshot(), config(), now=NOON)
    assert text(plan) == "status at 2026-12-01 12:00 UTC: no posts\n"


def test_json_gives_the_whole_entry() -> None:
    deliveries = json.loads(status.as_json(example()))["deliveries"]
    ledger = {one["post"]: one["ledger"] for one in deliveries}
    assert ledger["late"] is None
    assert ledger["done-0"]["url"] == LINK
    assert ledger["refused"]["attempts"] == [
        {
            "at": "2026-12-01T12:00:00Z",
            "stage": "prepare",
            "class": "transient",
            "code": None,
            "message": "no answer",
            "run": None,
            "run_url": None,
        }
    ]
