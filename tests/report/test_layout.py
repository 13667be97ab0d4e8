"""Plan, status and review in 80 columns: nothing is cut, no name broken, columns are straight."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from socialauto.core.compare import Difference, Kind
from socialauto.core.guard import make_plan
from socialauto.core.ledger import State
from socialauto.core.plan import Plan
from socialauto.report import plan as plan_report
from socialauto.report import review, status
from socialauto.report.layout import Row, columns, print_indented, print_rows
from support.builders import HOUR, NOON, config, delivery, entry, snapshot

LONG = "2026/12/a-very-long-name-for-a-post-about-the-winter-sale-of-2026"
CHINESE = "新年快乐祝福大家身体健康万事如意恭喜发财"
TEAM = "acme-instagram-germany"


def console(width: int = 80, *, terminal: bool = False) -> Console:
    return Console(
        file=io.StringIO(), width=width, highlight=False, color_system=None,
        force_terminal=terminal,
    )  # fmt: skip


def printed(made: Console) -> list[str]:
    assert isinstance(made.file, io.StringIO)
    return [line.rstrip() for line in made.file.getvalue().splitlines()]


def example() -> Plan:
    posts = [
        delivery(LONG, zone="Europe/Berlin", account=TEAM),
        delivery(CHINESE, due=NOON + 27 * HOUR, zone="Asia/Shanghai"),
        delivery("x", invalid='content/x.md:3:10: SA203 unknown account "acne"; use "acme"?'),
        delivery("🔥-sale", due=NOON + HOUR),
    ]
    done = delivery("done")
    known = entry(done, State.PUBLISHED, published_at=NOON, url="https://x.test/p/1")
    return make_plan([*posts, done], snapshot(known), config("acme", TEAM), now=NOON)


def test_a_plan_that_does_not_fit_is_written_in_lines() -> None:
    made = console()
    plan_report.print_text(example(), made)
    assert printed(made) == [
        "publish  2026-12-01 13:00 Europe/Berlin  acme-instagram-germany",
        "    2026/12/a-very-long-name-for-a-post-about-the-winter-sale-of-2026",
        "    due now",
        "invalid  2026-12-01 12:00 UTC  acme  x",
        '    content/x.md:3:10: SA203 unknown account "acne"; use "acme"?',
        "wait     2026-12-01 13:00 UTC  acme  🔥-sale",
        "    due in 1 h",
        "wait     2026-12-02 23:00 Asia/Shanghai  acme",
        "    新年快乐祝福大家身体健康万事如意恭喜发财",
        "    due in 1 d 3 h",
        "not listed: 1 done (--all lists them)",
        "plan at 2026-12-01 12:00 UTC: 1 publish, 1 invalid, 2 wait, 1 done",
    ]


def test_a_status_that_does_not_fit_keeps_names_and_links_whole() -> None:
    made = console()
    status.print_text(example(), made, everything=False)
    assert printed(made) == [
        "publish    2026-12-01 13:00 Europe/Berlin  acme-instagram-germany",
        "    2026/12/a-very-long-name-for-a-post-about-the-winter-sale-of-2026",
        "    due now",
        "invalid    2026-12-01 12:00 UTC  acme  x",
        '    content/x.md:3:10: SA203 unknown account "acne"; use "acme"?',
        "wait       2026-12-01 13:00 UTC  acme  🔥-sale",
        "    due in 1 h",
        "wait       2026-12-02 23:00 Asia/Shanghai  acme",
        "    新年快乐祝福大家身体健康万事如意恭喜发财",
        "    due in 1 d 3 h",
        "published  2026-12-01 12:00 UTC  acme  done",
        "    https://x.test/p/1",
        "status at 2026-12-01 12:00 UTC: 1 publish, 1 invalid, 2 wait, 1 done",
    ]


def test_a_review_keeps_a_time_and_its_utc_together() -> None:
    moved = delivery(LONG, zone="Europe/Berlin", account=TEAM, due=NOON + HOUR)
    before = delivery(LONG, zone="Europe/Berlin", account=TEAM)
    changes = (Difference((Kind.MOVE,), before, moved), Difference((Kind.ADD,), None, delivery()))
    reviewed = review.Reviewed("main", "0" * 40, changes, (), None, "no copy")
    made = console()
    review.print_text(reviewed, made)
    assert printed(made)[:-1] == [
        "move  acme-instagram-germany",
        "    2026/12/a-very-long-name-for-a-post-about-the-winter-sale-of-2026",
        "    2026-12-01 14:00 Europe/Berlin (2026-12-01 13:00 UTC)",
        "    was 2026-12-01 13:00 Europe/Berlin",
        "add   acme  hello  2026-12-01 12:00 UTC",
    ]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_name_and_no_word_is_lost_in_any_width(width: int) -> None:
    made = console(width)
    plan_report.print_text(example(), made)
    text = "\n".join(printed(made))
    for name in (LONG, CHINESE, TEAM, "🔥-sale"):
        assert name in text
    assert 'unknown account "acne"; use "acme"?' in " ".join(text.split())


def test_columns_are_straight_though_letters_are_wide() -> None:
    rows = [("wait", "新年", "a"), ("publish", "🔥x", "b"), ("held", "one", "c")]
    made = columns(("step", "post", "end"), rows, 80)
    assert made == [
        "step     post  end",
        "wait     新年  a",
        "publish  🔥x   b",
        "held     one   c",
    ]
    assert {cell_len(line[:-1]) for line in made[1:]} == {15}


letters = st.characters(categories=["L", "N", "So"])
names = st.text(st.one_of(letters, st.just(" ")), min_size=1, max_size=70)


@given(st.lists(st.tuples(names, names, names), min_size=1, max_size=4), st.integers(30, 130))
def test_whatever_the_names_they_are_all_there(
    rows: list[tuple[str, str, str]], width: int
) -> None:
    made = console(width)
    print_rows(made, ("a", "b", "why"), [Row(row[:2], row[2]) for row in rows])
    assert isinstance(made.file, io.StringIO)
    text = made.file.getvalue()
    for row in rows:
        assert row[0].strip() in text
        assert row[1].strip() in text
    squeezed = "".join(text.split())
    assert all("".join(row[2].split())[:8] in squeezed for row in rows)


def test_a_caption_is_broken_between_words_where_somebody_looks() -> None:
    text = "Coffee for everybody who comes before noon\n\nSee you"
    made = console(30, terminal=True)
    print_indented(made, text)
    assert printed(made) == [
        "    Coffee for everybody who",
        "    comes before noon",
        "",
        "    See you",
    ]
    log = console(30)
    print_indented(log, text)
    assert printed(log)[0] == "    Coffee for everybody who comes before noon"
