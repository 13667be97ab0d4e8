"""`delete: true` in a team's life: review, plan, run, status, and what a person can do about it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from socialauto.core import record
from socialauto.core.config import LedgerSettings
from socialauto.core.delivery import DeliveryKey
from socialauto.core.ledger import Change
from socialauto.core.outcome import ErrorClass, Problem
from socialauto.core.record import RunInfo
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.faults import Fault
from support.repositories import git
from support.team import DUE, Team, post

LATER = "2026-12-02 09:00"
WISH = post("Hello, world", more="delete: true\n")
ENTRY = "ledger/acme/hello@delete.json"


@pytest.fixture
def public(acme: Team) -> Team:
    """A post that is out and whose file asks for its deletion."""
    assert acme.reconcile().code == 0
    acme.write({"content/hello.md": WISH})
    return acme


def is_gone(acme: Team) -> bool:
    (line,) = acme.world.log
    return acme.world.upkeep.is_gone(line.id, acme.clock.now())


def test_a_post_is_deleted_once(public: Team) -> None:
    plan = public.say("plan", "--now", LATER)
    assert "delete: true; this cannot be taken back" in " ".join(plan.out.split())
    said = public.reconcile(now=LATER)
    assert said.code == 0, said
    assert said.out == "✓ deleted hello@delete on acme\n1 deleted\n"
    assert is_gone(public)
    assert (public.ledger()["state"], public.ledger(ENTRY)["state"]) == ("deleted", "published")
    assert public.reconcile(now="2026-12-03 09:00").out == "nothing to do\n"


def test_the_receipt_and_its_post_are_one_commit(public: Team) -> None:
    public.reconcile(now=LATER)
    assert public.remote
    changed = git(public.remote, "show", "--name-only", "--format=", "socialauto/ledger").split()
    assert changed == ["ledger/acme/hello.json", "ledger/acme/hello@delete.json"]


def test_it_does_not_come_back(public: Team) -> None:
    public.reconcile(now=LATER)
    for text in (post("Hello, world"), post("Something new", time="2026-12-03 09:00")):
        public.write({"content/hello.md": text})
        assert public.reconcile(now="2026-12-03 09:00").out == "nothing to do\n"
    assert len(public.captions) == 1


def test_the_status_says_so(public: Team) -> None:
    public.reconcile(now=LATER)
    said = public.say("status", "--now", LATER)
    rows = [line.split()[0] for line in said.out.splitlines() if " acme " in line]
    assert rows == ["deleted", "deleted"]
    assert "deleted on the platform" in said.out
    found = public.say("status", "--now", LATER, "--format", "json").json["deliveries"]
    assert [one["ledger"]["state"] for one in found] == ["deleted", "published"]


def test_a_file_that_goes_away_deletes_nothing(public: Team) -> None:
    (public.root / "content" / "hello.md").unlink()
    public.write({})
    assert public.reconcile(now=LATER).out == "nothing to do\n"
    assert not is_gone(public)


def test_a_missing_permission_is_named_and_tried_again(public: Team) -> None:
    public.world.faults.add(Fault(method="DELETE", status=400, code=10))
    said = public.reconcile(now=LATER)
    assert said.code == 4
    assert "instagram_manage_contents" in said.out
    assert not is_gone(public)
    assert public.reconcile(now="2026-12-02 09:10").out.startswith("✓ deleted hello@delete")


def test_more_deletions_than_allowed_wait_for_a_person(public: Team) -> None:
    public.configure("ledger:", "guard: {max_deletes: 0}\nledger:")
    said = public.reconcile(now=LATER)
    assert said.code == 4
    assert "1 post would be deleted in one run, guard.max_deletes is 0" in said.out
    assert not is_gone(public)
    assert public.reconcile("--allow", "deletes", now=LATER).code == 0
    assert is_gone(public)


def held(public: Team) -> Team:
    """As after three runs that could not read what had become of it."""
    public.world.faults.add(Fault(method="DELETE", apply="yes", answer="drop"))
    public.reconcile(now=LATER)
    branch = LedgerBranch(Git(public.root), LedgerSettings(lineage=public.lineage))
    key = DeliveryKey("acme", "hello", part="delete")
    before = branch.read().entries[key]
    doubt = Problem(ErrorClass.TRANSIENT, "unreadable")
    run = RunInfo("r", timedelta(minutes=30), "c" * 40, "0")
    after = record.held(before, doubt, run=run, now=before.due)
    branch.write([Change(before, after)], message="Hold")
    return public


def test_what_nobody_could_look_up_is_settled_by_a_person(public: Team) -> None:
    held(public)
    assert public.say("settle", "hello@delete", "acme", "--published", "https://x.test").code == 2
    said = public.say("settle", "hello@delete", "acme", "--deleted")
    assert (said.code, said.out) == (0, "hello on acme: deleted\n")
    assert (public.ledger()["state"], public.ledger(ENTRY)["state"]) == ("deleted", "published")
    assert public.reconcile(now="2026-12-03 09:00").out == "nothing to do\n"


def test_a_deletion_that_did_not_happen_is_tried_again(public: Team) -> None:
    held(public)
    assert public.say("settle", "hello@delete", "acme", "--not-published").code == 0
    assert public.reconcile(now="2026-12-03 09:00").code == 4
    public.reconcile(now="2026-12-03 10:00")
    assert public.ledger()["state"] == "deleted"


def test_a_person_can_say_that_a_post_was_deleted_by_hand(acme: Team) -> None:
    acme.reconcile()
    assert acme.say("settle", "hello", "acme", "--deleted").code == 0
    assert acme.ledger()["state"] == "deleted"
    said = acme.say("settle", "hello", "acme", "--deleted")
    assert (said.code, "does not say that hello on acme is published" in said.err) == (1, True)


def test_a_failed_deletion_is_retried_by_its_name(public: Team) -> None:
    public.world.faults.add(Fault(method="DELETE", status=400, code=-1, subcode=2207073))
    assert public.reconcile(now=LATER).code == 4
    assert public.ledger(ENTRY)["state"] == "failed"
    assert public.say("retry", "hello@delete").out == "hello@delete on acme: goes out next\n"
    assert public.reconcile(now=LATER).code == 0
    assert is_gone(public)


def test_the_dashboard_shows_it(public: Team) -> None:
    public.reconcile(now=LATER)
    site = public.root.parent / "site"
    assert public.say("dashboard", "build", "--now", LATER, "--out", str(site)).code == 0
    (shown,) = json.loads((site / "data.json").read_text())["deliveries"]
    assert (shown["status"], [part["part"] for part in shown["parts"]]) == ("deleted", ["delete"])


def test_a_review_names_what_it_deletes(public: Team) -> None:
    git(public.root, "checkout", "-q", "-B", "base", "HEAD~1")
    git(public.root, "checkout", "-q", "main")
    said = public.say("validate", "--base", "base")
    assert "this change: 1 delete; deletes on the platform: 1; " in said.out + said.err
    shown = public.say("validate", "--base", "base", "--format", "json").json
    (finding,) = [one for one in shown["findings"] if one["code"] == "SA973"]
    assert (finding["severity"], finding["path"]) == ("warning", "content/hello.md")
    assert shown["review"]["changes"][0]["kinds"] == ["delete"]


def test_a_review_says_that_a_deleted_post_does_not_come_back(public: Team) -> None:
    public.reconcile(now=LATER)
    git(public.root, "branch", "base")
    public.write({"content/hello.md": post("Hello, world", time=DUE)})
    shown = public.say("validate", "--base", "base", "--format", "json").json
    (finding,) = [one for one in shown["findings"] if one["code"] == "SA973"]
    assert "does not go out again" in finding["message"]
