"""What a reader is told about a delivery: status, order, cure, page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from socialauto.core.delivery import DeliveryKey
from socialauto.core.insights import History, Sample
from socialauto.core.ledger import State
from socialauto.dashboard.scene import Item, Scene, page_of
from support.builders import entry
from support.scenery import DAY, NOW, busy, delivery, published, scene


def item(made: Scene, post: str) -> Item:
    return next(one for one in made.items if one.key.post == post)


def test_what_needs_somebody_comes_first_then_what_comes_then_what_is_over() -> None:
    shown = [one.status for one in busy().items]
    assert shown[:4] == ["held", "failed", "invalid", "missed"]
    first = shown.index("published")
    assert "wait" in shown[4:first]
    dues = [one.due for one in busy().items if one.status == "published"]
    assert dues == sorted(dues, reverse=True)


@pytest.mark.parametrize(
    ("post", "commands"),
    [
        (
            "gift-guide",
            (
                "socialauto settle gift-guide acme-instagram --published URL",
                "socialauto settle gift-guide acme-instagram --not-published",
            ),
        ),
        ("two-cup-dripper", ("socialauto retry two-cup-dripper --account acme-instagram",)),
        ("lena", ("socialauto validate content/lena.md",)),
        ("black-friday", ()),
    ],
)
def test_the_cure_names_what_to_type(post: str, commands: tuple[str, ...]) -> None:
    cure = item(busy(), post).cure
    assert cure is not None
    assert cure.commands == commands


def test_a_name_that_a_shell_would_read_is_quoted() -> None:
    one = delivery("a; rm -rf ~", NOW - DAY)
    failed = entry(one, State.FAILED, reason="no")
    cure = item(scene([one], [failed]), "a; rm -rf ~").cure
    assert cure is not None
    assert cure.commands == ("socialauto retry 'a; rm -rf ~' --account acme-instagram",)


def test_what_was_held_for_being_late_wants_a_new_time_and_nothing_settled() -> None:
    one = delivery("late", NOW - DAY, then="hold")
    cure = item(scene([one], []), "late").cure
    assert cure is not None
    assert cure.commands == ()
    assert "new time in content/late.md, line 1" in cure.words


def test_a_pause_between_two_tries_is_late_and_not_scheduled() -> None:
    one = item(busy(), "grinder")
    assert (one.status_words, one.is_late, one.needs_somebody) == ("trying again", True, False)


def test_what_is_from_before_the_ledger_bothers_nobody() -> None:
    old = delivery("old", NOW - 500 * DAY)
    made = scene([old], [])
    assert item(made, "old").cure is None
    assert item(made, "old").tone == "quiet"
    assert made.attention == ()


def test_a_first_comment_belongs_to_its_post() -> None:
    one = item(busy(), "2026/11/post-01")
    assert [step.key.part for step in one.parts] == ["comment"]
    assert "comment" not in {other.key.part for other in busy().items}


def test_numbers_of_another_publication_are_not_shown() -> None:
    one = delivery("again", NOW - DAY)
    told = History(
        account="acme-instagram", post="again", remote_id="other", asked=NOW,
        samples=(Sample(at=NOW, metrics={"views": 1}),),
    )  # fmt: skip
    assert item(scene([one], [published(one)], [told]), "again").history is None


@pytest.mark.parametrize(
    "post",
    ["../../etc/passwd", "A", "a b", "con", "x" * 200, "Straße", "<script>", "a/b", ".", "é"],
)
def test_every_page_lies_in_the_folder_of_posts(post: str) -> None:
    page = page_of(DeliveryKey("acme", post))
    folder, _, name = page.rpartition("/")
    assert folder == "posts"
    assert name.isascii()
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-.")
    assert len(name) < 100


def test_different_posts_have_different_pages() -> None:
    names = ["a", "A", "a/b", "a-b", "a b", "ä", "a@", "b"]
    keys = [DeliveryKey("acme", name) for name in names]
    keys += [DeliveryKey("acme", "a", "2026-12-07T09:00")]
    assert len({page_of(key) for key in keys}) == len(keys)


def test_accounts_share_the_page_of_a_post() -> None:
    assert page_of(DeliveryKey("one", "a")) == page_of(DeliveryKey("two", "a", part="comment"))


def test_what_was_edited_after_it_went_out_is_shown_and_waits_for_nobody() -> None:
    one = delivery("edited", NOW - DAY)
    made = scene([one], [published(one, digest="sha256:before")])
    found = item(made, "edited")
    assert (found.status_words, found.needs_somebody) == ("changed since", False)
    assert found.cure is not None
    assert made.attention == ()


def test_what_waits_for_more_than_its_time_says_why() -> None:
    one, frozen = delivery("one", NOW + DAY), delivery("two", NOW + DAY / 24)
    made = scene([one, frozen], [])
    until = NOW + 2 * DAY
    steps = [
        replace(step, at=until, reason="frozen until then: a storm")
        if step.key.post == "two"
        else step
        for step in made.plan.steps
    ]
    made = replace(made, plan=replace(made.plan, steps=tuple(steps)))
    assert item(made, "one").standing == ""
    assert item(made, "two").standing == "frozen until then: a storm"


def test_a_date_that_its_series_has_gone_on_from_is_not_called_published() -> None:
    over = replace(delivery("quote", NOW - 9 * DAY), over=True)
    made = scene([over], [entry(over, State.MISSED, reason="too late")])
    (found,) = made.items
    assert (found.status_words, found.needs_somebody) == ("missed", False)


def test_the_author_is_whom_the_ledger_names_then_whom_the_history_does() -> None:
    one, two = delivery("one", NOW - DAY), delivery("two", NOW + DAY)
    authors = {"content/one.md": "Later Editor", "content/two.md": "Ana"}
    made = replace(scene([one, two], [published(one)]), authors=authors)
    assert {item.key.post: item.author for item in made.items} == {"one": "Lena Vogt", "two": "Ana"}
