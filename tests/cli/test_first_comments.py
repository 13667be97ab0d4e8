"""A first comment's life, from the file to below the post, and what can go wrong with it."""

from __future__ import annotations

from socialauto.sandbox.faults import Fault
from support.team import DUE, Team

POST = f"""\
---
account: acme
time: {DUE}
media: [{{path: one.jpg, alt: A square}}]
first_comment: "Link in bio: {{{{ vars.shop }}}}"
vars: {{shop: acme.example}}
---
Hello, world
"""
QUIET = POST.replace('first_comment: "Link in bio: {{ vars.shop }}"', "comments: false")
ENTRY = "ledger/acme/hello@comment.json"
WORDS = "Link in bio: acme.example"
COMMENTS = "/comments$"


def below(acme: Team) -> list[str]:
    (post,) = acme.world.log
    return [comment.text for comment in acme.world.comments(post.id)]


def test_a_first_comment_goes_out_right_after_its_post(acme: Team) -> None:
    acme.write({"content/hello.md": POST})
    said = acme.reconcile()

    assert said.code == 0, said
    assert "✓ published hello on acme" in said.out
    assert "✓ published hello@comment on acme" in said.out
    assert below(acme) == [WORDS]
    entry = acme.ledger(ENTRY)
    assert (entry["state"], entry["part"]) == ("published", "comment")
    assert acme.reconcile(now="2026-12-03 09:00").out == "nothing to do\n"
    assert below(acme) == [WORDS]


def test_a_comment_whose_answer_was_lost_is_looked_for_before_anything_is_repeated(
    acme: Team,
) -> None:
    acme.write({"content/hello.md": POST})
    acme.world.faults.add(Fault(method="POST", path=COMMENTS, apply="yes", answer="drop"))
    said = acme.reconcile()
    assert said.code == 4
    assert "? in doubt hello@comment on acme" in said.out
    later = acme.reconcile(now="2026-12-01 09:10")

    assert later.code == 0, later
    assert "✓ settled hello@comment on acme" in later.out
    assert below(acme) == [WORDS]


def test_a_refused_comment_is_tried_again_and_its_post_is_not(acme: Team) -> None:
    acme.write({"content/hello.md": POST})
    acme.world.faults.add(Fault(method="POST", path=COMMENTS, status=400, code=10))
    said = acme.reconcile()
    assert said.code == 4
    assert "instagram_manage_comments" in said.out
    later = acme.reconcile(now="2026-12-01 09:10")

    assert later.code == 0, later
    assert below(acme) == [WORDS]
    assert len(acme.world.log) == 1


def test_a_comment_that_nobody_can_know_about_is_settled_by_a_person(acme: Team) -> None:
    acme.write({"content/hello.md": POST})
    acme.world.faults.add(Fault(method="POST", path=COMMENTS, apply="yes", answer="drop"))
    acme.reconcile()
    acme.world.faults.add(Fault(method="GET", path=COMMENTS, answer="garbage", times=3))
    for minute in (10, 50, 59):
        acme.reconcile(now=f"2026-12-01 09:{minute}")
    held = acme.say("status")
    assert "hello@comment" in held.out
    assert "held" in held.out

    link = "https://www.instagram.com/p/x/c/1"
    settled = acme.say("settle", "hello@comment", "acme", "--published", link)
    assert settled.out == "hello@comment on acme: published\n"
    assert below(acme) == [WORDS]


def test_comments_are_switched_off_after_the_post(acme: Team) -> None:
    acme.write({"content/hello.md": QUIET})
    said = acme.reconcile()

    assert said.code == 0, said
    (post,) = acme.world.log
    assert not acme.world.upkeep.comments_enabled(post.id)
    assert acme.ledger("ledger/acme/hello@comments-off.json")["state"] == "published"


def test_a_comment_that_was_added_after_the_post_went_out_is_no_surprise(acme: Team) -> None:
    acme.reconcile()
    acme.write({"content/hello.md": POST})
    said = acme.reconcile(now="2026-12-01 10:00")

    assert below(acme) == []
    assert "comment" not in said.out


def test_the_plan_names_what_follows_a_public_post(acme: Team) -> None:
    acme.write({"content/hello.md": POST})
    acme.world.faults.add(Fault(method="POST", path=COMMENTS, status=400, code=10))
    acme.reconcile()
    planned = acme.say("plan", "--now", "2026-12-01 09:10")
    assert "hello@comment" in planned.out
