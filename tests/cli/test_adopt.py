"""Posts from before socialauto are recorded, and never sent."""

from __future__ import annotations

from support.team import Team, post

LINK = "https://www.instagram.com/p/abc/"
LATER = "2026-12-01 10:00"


def test_a_post_that_went_out_by_hand_is_never_sent(acme: Team) -> None:
    said = acme.say("adopt", "hello", "--account", "acme", "--published", LINK)
    assert (said.code, said.out) == (0, "hello on acme: published\n")
    entry = acme.ledger()
    assert (entry["state"], entry["url"]) == ("published", LINK)
    assert acme.reconcile(now=LATER).out == "nothing to do\n"
    assert acme.captions == []


def test_its_edit_is_drift(acme: Team) -> None:
    acme.say("adopt", "hello", "--account", "acme", "--published", LINK)
    acme.write({"content/hello.md": post("Hello again")})
    assert "drift" in acme.say("plan", "--now", LATER).out
    assert acme.reconcile(now=LATER).out == "nothing to do\n"


def test_all_history_is_recorded_as_skipped(acme: Team) -> None:
    acme.write({"content/old.md": post("Long ago", time="2026-10-01 09:00")})
    said = acme.say("adopt", "--history")
    assert (said.code, said.out) == (0, "old on acme: skipped\n")
    assert acme.ledger("ledger/acme/old.json")["state"] == "skipped"
    assert acme.say("adopt", "--history").out.startswith("nothing was due before")
    assert acme.reconcile(now=LATER).code == 0
    assert acme.captions == ["Hello, world"]


def test_what_is_skipped_goes_out_at_a_new_time(acme: Team) -> None:
    acme.say("adopt", "hello")
    assert acme.reconcile(now=LATER).out == "nothing to do\n"
    acme.write({"content/hello.md": post("Hello, world", time="2026-12-01 11:00")})
    assert acme.reconcile(now="2026-12-01 11:00:05").code == 0
    assert acme.captions == ["Hello, world"]


def test_what_the_ledger_knows_is_not_adopted(acme: Team) -> None:
    acme.reconcile()
    said = acme.say("adopt", "hello", "--account", "acme", "--published", LINK)
    assert said.code == 1
    assert "the ledger knows hello on acme already: published" in said.err


def test_a_post_that_does_not_exist_is_named(acme: Team) -> None:
    assert "there is no post helo" in acme.say("adopt", "helo").err


def test_it_is_said_what_is_meant(acme: Team) -> None:
    assert acme.say("adopt").code == 2
    assert acme.say("adopt", "hello", "--history").code == 2
    assert acme.say("adopt", "hello", "--published", LINK).code == 2
