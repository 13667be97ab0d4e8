from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from socialauto.core.check_links import Answer, Answers, Gone, Inside, Unclear
from socialauto.core.policies import LinkAnswers
from socialauto.engine.links import MOST, answers_for, link_findings, standing_links
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree
from support.media_samples import jpeg

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CONFIG = """\
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY"}
vars: {page: "https://acme.example/from-a-variable"}
"""
MEDIA = "media: [{path: /content/media/one.jpg, alt: 'A door, https://acme.example/alt'}]"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content" / "media").mkdir(parents=True)
    (tmp_path / "schedules").mkdir()
    (tmp_path / "content" / "media" / "one.jpg").write_bytes(jpeg())
    (tmp_path / "socialauto.yaml").write_text(CONFIG)
    return tmp_path


def post(text: str, more: str = "", time: str = "2026-12-01 09:00") -> str:
    return f"---\naccount: acme\ntime: {time}\n{MEDIA}\n{more}---\n{text}\n"


class Pages:
    """Answers from a table, everything else is there; remembers what it was asked."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def ask(self, urls: Iterable[str]) -> Mapping[str, Answer]:
        self.asked += urls
        return {url: self.answers.get(url.rpartition("/")[2], Answers()) for url in self.asked}


def found(root: Path, pages: Pages, policy: LinkAnswers | None = None) -> list[str]:
    policy = policy or LinkAnswers()
    tree = WorkTree(root)
    links = standing_links(load(tree, now=NOW), NOW)
    answers = anyio.run(answers_for, links, policy, pages.ask)
    mark = {"error": "", "warning": " (warning)", "info": " (info)"}
    return [f"{one}{mark[one.severity]}" for one in link_findings(links, policy, answers, tree)]


def test_a_link_is_named_where_it_stands(root: Path) -> None:
    (root / "content" / "a.md").write_text(
        post("Hello.\n\nSee https://acme.example/gone, or (https://acme.example/fine#part).")
    )
    pages = Pages(gone=Gone("it answers 404"))
    assert found(root, pages) == [
        'content/a.md:8:5: SA811 "https://acme.example/gone": it answers 404; correct the link, or '
        "take it out (warning)"
    ]
    assert pages.asked == ["https://acme.example/gone", "https://acme.example/fine"]


@pytest.mark.parametrize(
    ("answer", "strength", "expected"),
    [
        (Answers(), "error", None),
        (Gone("it answers 410"), "error", "SA811 "),
        (Gone("it answers 410"), "warning", "SA811 (warning)"),
        (Inside("acme.example"), "error", "SA813 "),
        (Unclear("it answers 503"), "error", "SA812 (warning)"),
    ],
)
def test_only_what_is_sure_is_as_strong_as_the_policy(
    root: Path, answer: Answer, strength: str, expected: str | None
) -> None:
    (root / "content" / "a.md").write_text(post("https://acme.example/x"))
    policy = LinkAnswers.model_validate({"severity": strength})
    told = found(root, Pages(x=answer), policy)
    shown = [
        f"{one.split(' ')[1]} {'(warning)' if one.endswith('(warning)') else ''}" for one in told
    ]
    assert shown == ([expected] if expected else [])


def test_links_are_looked_for_wherever_readers_see_them(root: Path) -> None:
    first = "first_comment: see https://acme.example/comment\n"
    (root / "content" / "a.md").write_text(post("{{ vars.page }}", first))
    series = "account: acme\nevery: monday 09:00\nmedia: [/content/media/one.jpg]\npool:\n"
    series += "  - Rye, https://acme.example/rye\n  - text: Oven, https://acme.example/oven\n"
    (root / "schedules" / "weekly.yaml").write_text(series)
    (root / "schedules" / "mornings.yaml").write_text("slots: [monday 11:00]\n")
    queued = f"account: acme\nschedule: mornings\n{MEDIA}\ntext: https://acme.example/queue\n"
    (root / "content" / "q.yaml").write_text(queued)
    gone = Gone("it answers 404")
    names = ("comment", "from-a-variable", "rye", "oven", "queue")
    told = found(root, Pages(**dict.fromkeys(names, gone)))
    assert [one.partition(" SA")[0] for one in told] == [
        "content/a.md:5:20:",
        "content/a.md:7:1:",
        "content/q.yaml:4:7:",
        "schedules/weekly.yaml:5:10:",
        "schedules/weekly.yaml:6:17:",
    ]


def test_what_went_out_and_what_is_only_described_is_not_asked(root: Path) -> None:
    (root / "content" / "old.md").write_text(
        post("https://acme.example/x", time="2026-11-01 09:00")
    )
    pages = Pages(x=Gone("it answers 404"))
    assert found(root, pages) == []
    assert pages.asked == []


def test_what_is_to_be_deleted_is_not_asked(root: Path) -> None:
    (root / "content" / "a.md").write_text(post("https://acme.example/x", "delete: true\n"))
    pages = Pages(x=Gone("it answers 404"))
    assert found(root, pages) == []


def test_one_page_in_many_posts_is_asked_once_and_told_at_each(root: Path) -> None:
    for name in "ab":
        text = post("https://acme.example/x").replace("account: acme", "accounts: [acme, bakery]")
        (root / "content" / f"{name}.md").write_text(text)
    pages = Pages(x=Gone("it answers 404"))
    assert len(found(root, pages)) == 2
    assert pages.asked == ["https://acme.example/x"]


def test_a_post_that_lifts_the_policy_is_not_asked_and_says_why(root: Path) -> None:
    lifted = "allow: {link_answers: the page comes that morning}\n"
    (root / "content" / "a.md").write_text(post("https://acme.example/x", lifted))
    pages = Pages(x=Gone("it answers 404"))
    assert found(root, pages) == [
        "content/a.md:5:23: SA810 link_answers does not hold for this post: the page comes that "
        "morning (info)"
    ]
    assert pages.asked == []


def test_hosts_of_skip_are_not_asked(root: Path) -> None:
    (root / "content" / "a.md").write_text(post("https://www.acme.example/x https://acme.test/x"))
    pages = Pages(x=Gone("it answers 404"))
    (told,) = found(root, pages, LinkAnswers(skip=("acme.example",)))
    assert "acme.test" in told
    assert pages.asked == ["https://acme.test/x"]


def test_nobody_makes_this_machine_ask_without_end(root: Path) -> None:
    links = " ".join(f"https://a.test/{number}" for number in range(MOST + 2))
    (root / "content" / "a.md").write_text(post(f"{links} https://a.test/{'x' * 3000}"))
    pages = Pages()
    told = found(root, pages)
    assert len(pages.asked) == MOST
    assert sorted(one.partition("could not be checked: ")[2] for one in told) == [
        *["not asked: 300 others were; open it yourself (warning)"] * 2,
        "not asked: it is too long; open it yourself (warning)",
    ]
