"""One plan, three renderers, whole outputs."""

from __future__ import annotations

import io
import json

from rich.console import Console

from socialauto.core.guard import make_plan
from socialauto.core.ledger import State
from socialauto.core.plan import Plan
from socialauto.report import plan as report
from support.builders import HOUR, NOON, config, delivery, entry, message, snapshot


def example(zone: str = "Europe/Berlin") -> Plan:
    posts = [
        delivery("2026/12/launch", zone=zone),
        delivery("later", due=NOON + 27 * HOUR, zone=zone),
        delivery("done", zone=zone),
        delivery("old", due=NOON - 999 * 24 * HOUR, zone=zone),
        delivery("again", message=message("Text of 2026 12 launch"), zone=zone),
    ]
    known = entry(posts[2], State.PUBLISHED, published_at=NOON, url="https://x.test/1")
    return make_plan(posts, snapshot(known), config(), now=NOON)


def text(plan: Plan, *, everything: bool = False, width: int = 80) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, highlight=False, color_system=None)
    report.print_text(plan, console, everything=everything)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def test_text_fits_eighty_columns_and_counts_what_it_does_not_list() -> None:
    assert (
        text(example())
        == """\
step      due (Europe/Berlin)   account   post             why
────────────────────────────────────────────────────────────────────────────────
publish   2026-12-01 13:00      acme      2026/12/launch   due now
blocked   2026-12-01 13:00      acme      again            reads like
                                                           2026/12/launch of
                                                           2026-12-01 12:00 UTC;
                                                           if it is meant, type
                                                           "--allow duplicate"
wait      2026-12-02 16:00      acme      later            due in 1 d 3 h
not listed: 1 done, 1 from before this ledger began (--all lists them)
plan at 2026-12-01 12:00 UTC: 1 publish, 2 blocked, 1 wait, 1 done
"""
    )


def test_everything_is_listed_on_request() -> None:
    shown = text(example(), everything=True, width=160)
    assert "published" in shown
    assert "not listed" not in shown


def test_a_zone_of_its_own_is_shown_with_each_time() -> None:
    posts = [delivery("a", zone="Europe/Berlin"), delivery("b", zone="Asia/Tokyo")]
    shown = text(make_plan(posts, snapshot(), config(), now=NOON), width=120)
    assert "Asia/Tokyo" in shown


def test_markdown_is_a_table_that_no_text_can_break() -> None:
    posts = [delivery("a|b"), delivery("c", invalid="x.md:1:1: SA1 `<script>` @everyone | x")]
    plan = make_plan(posts, snapshot(), config(), now=NOON)
    assert report.as_markdown(plan) == (
        "| step | due | account | post | why |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| **publish** | 2026-12-01 12:00 UTC | acme | a\\|b | due now |\n"
        "| **invalid** | 2026-12-01 12:00 UTC | acme | c | x.md:1:1: SA1 \\`\\<script\\>\\` "
        "@\u200beveryone \\| x |\n"
        "\n"
        "Plan at 2026-12-01 12:00 UTC: 1 publish, 1 invalid.\n"
    )


def test_json_says_every_step_with_its_instants_in_utc() -> None:
    document = json.loads(report.as_json(example()))
    assert document["version"] == 1
    assert document["counts"] == {"publish": 1, "blocked": 2, "wait": 1, "done": 1}
    assert document["steps"][0] == {
        "step": "publish",
        "account": "acme",
        "post": "2026/12/launch",
        "occurrence": None,
        "part": None,
        "due": "2026-12-01T12:00:00Z",
        "next": "2026-12-01T12:00:00Z",
        "reason": "due now",
        "guard": None,
        "file": "content/2026/12/launch.md",
        "line": 1,
        "type": "image",
        "state": None,
        "url": None,
        "allow": {},
        "drift": None,
    }


def test_a_refusal_is_said_in_every_format() -> None:
    posts = [delivery(f"p{number}") for number in range(21)]
    plan = make_plan(posts, snapshot(), config(), now=NOON)
    sentence = "21 posts would go out in one run"
    assert sentence in text(plan)
    assert sentence in report.as_markdown(plan)
    assert json.loads(report.as_json(plan))["refusals"][0]["guard"] == "burst"


def test_json_says_which_policies_a_post_does_not_follow_and_why() -> None:
    reasons = (("weekend", "the fair is on Saturday"),)
    plan = make_plan([delivery(allowed=reasons)], snapshot(), config(), now=NOON)
    assert json.loads(report.as_json(plan))["steps"][0]["allow"] == dict(reasons)
