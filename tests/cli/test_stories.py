"""A story's life, from the file to the ledger: it has no words and is gone after a day."""

from __future__ import annotations

import httpx
import pytest

from socialauto.sandbox.faults import Fault
from support.team import DUE, IG_ID, JUST_AFTER, TOKEN, Team, jpeg

STORY = f"""\
id: morning
account: acme
time: {DUE}
type: story
media: [{{path: one.jpg, tags: [{{user: bob}}]}}]
ai_generated: true
"""
ENTRY = "ledger/acme/morning.json"
IN_DOUBT = Fault(method="POST", path="/media_publish$", apply="yes", answer="drop")
NEVER_SENT = Fault(method="POST", path="/media_publish$", apply="no", answer="drop")


def story(acme: Team) -> None:
    """The only post of the team."""
    (acme.root / "content" / "hello.md").unlink()
    acme.write({"content/morning.yaml": STORY})


def tell_by_hand(acme: Team) -> None:
    """Somebody publishes a story in Instagram's own app."""
    acme.write({"content/other.jpg": jpeg("gold")})
    with httpx.Client(base_url=acme.url, headers={"Authorization": f"Bearer {TOKEN}"}) as api:
        media = {"media_type": "STORIES", "image_url": f"{acme.url}/files/content/other.jpg"}
        container = api.post(f"/{IG_ID}/media", data=media).json()["id"]
        api.post(f"/{IG_ID}/media_publish", data={"creation_id": container}).raise_for_status()


def test_a_due_story_goes_out_with_all_that_it_says(acme: Team) -> None:
    story(acme)
    said = acme.reconcile()

    assert said.code == 0, said
    (line,) = acme.world.log
    draft = acme.world.containers[line.container].draft
    assert (draft.shape, draft.caption) == ("story", "")
    assert draft.options["user_tags"] == [{"username": "bob"}]
    assert draft.options["is_ai_generated"] is True
    entry = acme.ledger(ENTRY)
    assert (entry["state"], entry["remote_id"]) == ("published", line.id)
    assert acme.reconcile(now="2026-12-03 09:00").code == 0
    assert len(acme.world.log) == 1


def test_a_story_whose_answer_was_lost_is_found_among_the_stories(acme: Team) -> None:
    story(acme)
    acme.world.faults.add(IN_DOUBT)
    assert "? in doubt morning on acme" in acme.reconcile().out
    later = acme.reconcile(now="2026-12-01 09:10")

    assert later.code == 0, later
    assert acme.ledger(ENTRY)["remote_id"] == acme.world.log[0].id
    assert len(acme.world.log) == 1


def test_a_story_that_is_looked_for_too_late_was_published_all_the_same(acme: Team) -> None:
    """Its id can be found nowhere any more; its container knows."""
    story(acme)
    acme.world.faults.add(IN_DOUBT)
    acme.reconcile()
    later = acme.reconcile(now="2026-12-03 09:00")

    assert later.code == 0, later
    entry = acme.ledger(ENTRY)
    assert (entry["state"], entry.get("remote_id")) == ("published", None)
    assert len(acme.world.log) == 1


def test_a_story_beside_somebody_elses_is_held_and_not_repeated(
    acme: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform says it was not published; what is there may be ours or not."""
    monkeypatch.setattr("socialauto.adapters.instagram.find.PAUSES", (0.0, 0.0))
    story(acme)
    acme.world.faults.add(NEVER_SENT)
    assert acme.reconcile(now=JUST_AFTER).code == 4
    tell_by_hand(acme)
    later = acme.reconcile(now="2026-12-01 09:10")

    assert later.code == 4, later
    entry = acme.ledger(ENTRY)
    assert entry["state"] == "held"
    assert "lists one that could be it" in entry["reason"]
    assert len(acme.world.log) == 1
