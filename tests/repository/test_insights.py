"""The files of insights: named as their entries are, and one that is damaged spoils no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialauto.core.config import LedgerSettings
from socialauto.core.delivery import DeliveryKey
from socialauto.core.insights import History, Sample
from socialauto.repository.git import open_repository
from socialauto.repository.insights import (
    FOLDER,
    keep,
    parse,
    path_of,
    read_shelf,
    shelf_at,
    to_bytes,
)
from socialauto.repository.side_files import SideFiles
from support.ledger_team import NOW as BEGAN
from support.ledger_team import Team

NOW = datetime(2026, 12, 2, 9, tzinfo=UTC)
HISTORY = History(
    account="acme",
    post="2026/Launch",
    occurrence="2026-12-07T09:00",
    remote_id="180",
    kind="FEED",
    refused={"reposts": NOW},
    asked=NOW,
    samples=(Sample(at=NOW, metrics={"reach": 7, "reels_skip_rate": 41.5}),),
)
PATH = "insights/acme/2026/%4caunch@2026-12-07t0900.json"


def test_a_history_is_read_back_as_it_was_written() -> None:
    data = to_bytes(HISTORY)
    assert parse(data) == HISTORY
    assert b'"format": 1' in data
    assert b'"reach": 7' in data


def test_a_file_is_named_as_its_entry() -> None:
    assert path_of(HISTORY.key) == PATH
    assert path_of(DeliveryKey("ledger", "ledger/x")) == "insights/ledger/ledger/x.json"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"format": 2, "new": true}', "was written by a newer socialauto"),
        (b'{"account": "acme"}', "is damaged"),
        (b"\xff", "is damaged"),
        (b"[]", "is damaged"),
        (b'{"format": "new"}', "is damaged"),
        (to_bytes(HISTORY), "holds the numbers of 2026/Launch@2026-12-07T09:00 on acme"),
        (to_bytes(HISTORY).replace(b"180", b'180", "more": "x'), "is damaged"),
    ],
)
def test_one_that_cannot_be_read_spoils_no_other(data: bytes, words: str) -> None:
    shelf = read_shelf({"insights/acme/other.json": data, PATH: to_bytes(HISTORY)})
    assert shelf.histories == {HISTORY.key: HISTORY}
    assert list(shelf.unreadable) == ["insights/acme/other.json"]
    assert words in shelf.unreadable["insights/acme/other.json"]


def test_of_two_pulls_at_once_the_first_is_kept(file_team: Team) -> None:
    file_team.ledger().create(BEGAN)
    git = open_repository(file_team.clone("looker"))
    files = SideFiles(git, LedgerSettings())
    before = files.read(FOLDER)
    later = HISTORY.model_copy(update={"asked": BEGAN, "samples": ()})
    assert keep(files, before, [HISTORY]) == 1
    assert keep(files, before, [later]) == 0
    shelf = read_shelf(files.read(FOLDER))
    assert shelf.histories == {HISTORY.key: HISTORY}
    assert keep(files, files.read(FOLDER), [later]) == 1
    assert keep(files, {}, []) == 0
    tip = file_team.log("-1", "--format=%H")
    assert shelf_at(git, tip).histories == {later.key: later}
