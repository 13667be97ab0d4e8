"""`socialauto settle`: a person decides what nobody else can know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialauto.core import record
from socialauto.core.config import LedgerSettings
from socialauto.core.ledger import Change
from socialauto.core.outcome import ErrorClass, Problem
from socialauto.core.record import RunInfo
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.sandbox.faults import Fault
from support.team import Team


@pytest.fixture
def held(acme: Team) -> Team:
    """A post whose answer was lost, and whose platform could not say what it did."""
    acme.world.faults.add(Fault(method="POST", path="/media_publish$", apply="yes", answer="drop"))
    acme.reconcile()
    branch = LedgerBranch(Git(acme.root), LedgerSettings(lineage=acme.lineage))
    (entry,) = branch.read().entries.values()
    doubt = Problem(ErrorClass.UNKNOWN, "two posts match")
    run = RunInfo("r", timedelta(minutes=30), "c" * 40, "0")
    branch.write([Change(entry, record.held(entry, doubt, run=run, now=entry.due))], message="Hold")
    return acme


def test_held_ends_every_run_with_4_until_a_person_decides(held: Team) -> None:
    said = held.reconcile(now="2026-12-01 09:50")
    assert said.code == 4
    assert "! held hello on acme: nobody knows whether it went out" in said.out
    assert held.say("settle", "hello", "acme", "--published", "https://x.test/p/1").code == 0
    assert held.reconcile(now="2026-12-01 10:00").out == "nothing to do\n"
    assert (held.ledger()["state"], held.ledger()["url"]) == ("published", "https://x.test/p/1")
    assert len(held.captions) == 1


def test_not_published_sends_it_again(held: Team) -> None:
    assert held.say("settle", "hello", "acme", "--not-published").code == 0
    assert held.reconcile(now="2026-12-01 10:00").code == 0
    assert held.ledger()["state"] == "published"


def test_one_of_both_must_be_said(acme: Team) -> None:
    assert acme.say("settle", "hello", "acme").code == 2
    both = acme.say("settle", "hello", "acme", "--not-published", "--published", "https://x")
    assert both.code == 2


def test_only_what_is_open_can_be_settled(acme: Team) -> None:
    said = acme.say("settle", "hello", "acme", "--not-published")
    assert (said.code, "the ledger does not know hello on acme" in said.err) == (1, True)
    acme.reconcile()
    said = acme.say("settle", "hello", "acme", "--not-published")
    assert (said.code, "hello on acme is published" in said.err) == (1, True)
