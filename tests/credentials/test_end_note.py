from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.credentials.credential import Credential
from socialauto.credentials.end_note import read, soonest_end, written
from socialauto.credentials.refresh import Ending
from support.tokens import CANARY, START, MemoryFiles, credential, kept, vault

NOTE = "secrets/acme.json"
DAY = timedelta(days=1)
WHAT = "the app's access to the data"


def person(**fields: object) -> Credential:
    return credential(**{"login": "facebook", "expires": None, **fields})


@pytest.mark.parametrize(
    ("one", "ending"),
    [
        (credential(), None),  # every run renews it
        (credential(data_access_expires=START), None),
        (person(), None),
        (person(read_expires=START), None),
        (person(expires=START + DAY), Ending("the token", START + DAY)),
        (person(data_access_expires=START), Ending(WHAT, START)),
        (person(expires=START + DAY, data_access_expires=START), Ending(WHAT, START)),
        (person(expires=START, data_access_expires=START + DAY), Ending("the token", START)),
    ],
)
def test_what_no_run_can_move(one: Credential, ending: Ending | None) -> None:
    assert soonest_end(one) == ending
    assert read(written(ending)) == ending


def test_the_note_has_nothing_but_the_end() -> None:
    note = written(Ending("the token", datetime(2027, 1, 31, 9, 0, 7, tzinfo=UTC)))
    assert json.loads(note) == {"ends": "2027-01-31T09:00:07Z", "what": "the token"}


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"\xff", b'{"ends": "soon", "what": "the token"}',
        b'{"ends": "2027-01-31T09:00:00", "what": "the token"}',
        b'{"ends": "2027-01-31T09:00:00Z", "what": "\x1b[31mthe world"}',
        b'{"ends": "2027-01-31T09:00:00Z", "what": "the token", "x": "' + b"x" * 1_000 + b'"}',
    ],
)  # fmt: skip
def test_what_somebody_else_has_put_there_says_nothing(data: bytes) -> None:
    assert read(data) is None


def test_a_kept_token_is_noted_and_noted_anew() -> None:
    files = MemoryFiles()
    opened = kept(files, person(data_access_expires=START))
    assert read(files.files[NOTE]) == Ending(WHAT, START)
    assert CANARY.encode() not in files.files[NOTE]
    later = person(data_access_expires=START + 90 * DAY)
    again = vault(files).put("acme", later, opened.sealed)
    assert again is not None
    assert read(files.files[NOTE]) == Ending(WHAT, START + 90 * DAY)
    assert vault(files).put("acme", person(), again.sealed)
    assert read(files.files[NOTE]) is None


def test_a_token_that_runs_renew_is_not_noted() -> None:
    files = MemoryFiles()
    kept(files)
    assert sorted(files.files) == ["secrets/acme.age"]


def test_who_loses_the_race_notes_nothing() -> None:
    files = MemoryFiles()
    kept(files, person(data_access_expires=START))
    assert vault(files).put("acme", person(data_access_expires=START + DAY), b"older") is None
    assert read(files.files[NOTE]) == Ending(WHAT, START)


def test_a_note_that_cannot_be_written_costs_no_token() -> None:
    def fail() -> None:
        raise SocialautoError("the remote is away")

    files = MemoryFiles(before_change=[lambda: None, fail])
    opened = kept(files, person(data_access_expires=START))
    assert opened.credential.data_access_expires == START
    assert sorted(files.files) == ["secrets/acme.age"]
