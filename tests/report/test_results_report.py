"""What a run says of itself."""

from __future__ import annotations

import json

import pytest

from socialauto.core.delivery import DeliveryKey
from socialauto.core.guard import make_plan
from socialauto.engine.events import AccountStopped, Outcome, Report, Result
from socialauto.report import results
from support.builders import HOUR, NOON, config, delivery, snapshot

KEY = DeliveryKey("acme", "hello")
PLAN = make_plan([delivery("later", due=NOON + HOUR)], snapshot(), config(), now=NOON)


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            Result(KEY, Outcome.PUBLISHED, url="https://x/1", lateness=75.2),
            "✓ published hello on acme, 1 min late: https://x/1",
        ),
        (Result(KEY, Outcome.PUBLISHED, lateness=0.4), "✓ published hello on acme"),
        (
            Result(KEY, Outcome.RETRY, "host is down", at=NOON),
            "↻ retry hello on acme: host is down; next try after 2026-12-01 12:00 UTC",
        ),
        (Result(KEY, Outcome.IN_DOUBT, "no answer"), "? in doubt hello on acme: no answer"),
        (
            Result(KEY, Outcome.UNRECORDED, "remote is gone", "https://x/1"),
            "! unrecorded hello on acme: https://x/1: remote is gone",
        ),
    ],
)
def test_each_outcome_is_one_line(result: Result, line: str) -> None:
    assert results.line(result) == line


def test_every_outcome_has_a_mark() -> None:
    assert set(results.MARKS) == set(Outcome)


@pytest.mark.parametrize(
    ("waiting", "end"),
    [(0, "token expired"), (1, "; 1 post waits for it"), (7, "; 7 posts wait for it")],
)
def test_a_stopped_account_is_one_line(waiting: int, end: str) -> None:
    line = results.stopped_line(AccountStopped("acme", "token expired", waiting))
    assert line.startswith("! acme: token expired")
    assert line.endswith(end)


def test_the_headline_counts() -> None:
    report = Report((Result(KEY, Outcome.PUBLISHED), Result(KEY, Outcome.HELD)))
    assert results.headline(report, PLAN) == "1 published, 1 held; 1 wait"
    assert results.headline(Report(()), PLAN) == "nothing to do; 1 wait"


def test_the_summary_links_what_went_out_and_leads_with_what_stopped() -> None:
    report = Report(
        (Result(KEY, Outcome.PUBLISHED, url="https://x/1"),),
        (AccountStopped("other", "token expired", 2),),
    )
    assert results.as_markdown(report, PLAN) == (
        "### socialauto: 1 published, 1 account stopped; 1 wait\n"
        "\n"
        "- **! other: token expired; 2 posts wait for it**\n"
        "\n"
        "| outcome | account | post | |\n"
        "| --- | --- | --- | --- |\n"
        "| published | acme | hello | [https://x/1](https://x/1) |\n"
    )


def test_no_address_breaks_out_of_its_link() -> None:
    report = Report(
        (Result(KEY, Outcome.PUBLISHED, url="https://x/1) | <b>@ana</b> [a](b?c=1&d=%20"),)
    )
    row = results.as_markdown(report, PLAN).splitlines()[-1]
    assert row.endswith("](https://x/1%29%20%7C%20%3Cb%3E@ana%3C/b%3E%20%5Ba%5D%28b?c=1&d=%20) |")


def test_json_gives_every_result() -> None:
    report = Report((Result(KEY, Outcome.PUBLISHED, url="https://x/1", remote_id="1", at=NOON),))
    document = json.loads(results.as_json(report, PLAN))
    assert document["results"] == [
        {
            "outcome": "published",
            "account": "acme",
            "post": "hello",
            "occurrence": None,
            "part": None,
            "message": "",
            "url": "https://x/1",
            "remote_id": "1",
            "at": "2026-12-01T12:00:00Z",
            "lateness": None,
        }
    ]
