"""A ledger that is not whole is never taken for an empty one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Change, Entry
from socialauto.repository.layout import to_bytes
from support.ledger_team import BRANCH, NOW, Seed, Team, claim, intent, published
from support.repositories import git

PLACE = f"branch {BRANCH}"
ENTRY = "ledger/acme/launch.json"
HEADER = "ledger/ledger.json"


@pytest.fixture(scope="module")
def claimed(seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose ledger holds one entry, to be copied."""
    team = Team.alone(tmp_path_factory.mktemp("claimed"), seed)
    ledger = team.ledger()
    ledger.create(NOW)
    ledger.write([claim()], message="Claim")
    return team.bare


@pytest.fixture
def vandal(lone_team: Team, claimed: Path) -> Callable[[Callable[[Path], None]], None]:
    """Changes the files of a ledger with one entry, as a person with git would."""
    shutil.rmtree(lone_team.bare)
    shutil.copytree(claimed, lone_team.bare)

    def change(do: Callable[[Path], None]) -> None:
        root = lone_team.folder / "vandal"
        git(lone_team.bare, "worktree", "add", "--quiet", str(root), BRANCH)
        do(root)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", "Vandalise", "--allow-empty")
        git(lone_team.bare, "worktree", "remove", "--force", str(root))

    return change


Vandal = Callable[[Callable[[Path], None]], None]


def write(path: str, text: str | bytes) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode() if isinstance(text, str) else text)

    return do


def header(**changes: object) -> str:
    fields = {"format": 1, "lineage": "0123", "began": "2026-12-01T08:00:00Z"}
    return json.dumps({**fields, **changes})


def entry_of(post: str) -> bytes:
    return to_bytes(intent(post))


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda root: (root / HEADER).unlink(), f"{HEADER} on {PLACE} is missing"),
        (write(HEADER, "<<<<<<< HEAD"), f"{HEADER} on {PLACE} is damaged: Invalid JSON"),
        (write(HEADER, ""), f"{HEADER} on {PLACE} is damaged: Invalid JSON"),
        (
            write(HEADER, header(format=2, shards=16)),
            f"{HEADER} on {PLACE} has format 2, and this version knows formats up to 1",
        ),
        (write(HEADER, header(colour="red")), f"{HEADER} on {PLACE} is damaged: colour: Extra"),
        (write(ENTRY, "{}"), f"{ENTRY} on {PLACE} is damaged: account: Field required"),
        (write(ENTRY, b"\xff\xfe"), f"{ENTRY} on {PLACE} is damaged: Invalid JSON"),
        (write(ENTRY, entry_of("other")), f"{ENTRY} on {PLACE} holds the entry of other on acme"),
        (
            write("ledger/acme/Launch.json", entry_of("launch")),
            f"ledger/acme/Launch.json on {PLACE} holds the entry of launch on acme",
        ),
        (write("ledger/notes.txt", "hello"), f"ledger/notes.txt on {PLACE} is no ledger entry"),
        (
            lambda root: (root / "ledger/acme/link.json").symlink_to("launch.json"),
            f"ledger/acme/link.json on {PLACE} is no regular file",
        ),
    ],
)
def test_a_damaged_ledger_is_not_read(
    lone_team: Team, vandal: Vandal, do: Callable[[Path], None], message: str
) -> None:
    vandal(do)
    with pytest.raises(SocialautoError) as caught:
        lone_team.ledger().read()
    assert caught.value.message.startswith(message)
    assert caught.value.hint.startswith('restore it; "git log ')


def test_a_damaged_header_stops_a_write(lone_team: Team, vandal: Vandal) -> None:
    vandal(lambda root: (root / HEADER).unlink())
    with pytest.raises(SocialautoError, match=f"{HEADER} on {PLACE} is missing"):
        lone_team.ledger().write([claim("other")], message="Claim")


def test_a_damaged_entry_stops_its_own_update(lone_team: Team, vandal: Vandal) -> None:
    vandal(write(ENTRY, "{}"))
    change = Change(intent(), published(intent()))
    with pytest.raises(SocialautoError, match=f"{ENTRY} on {PLACE} is damaged"):
        lone_team.ledger().write([change], message="Publish")


def test_an_entry_that_was_only_laid_out_differently_is_still_the_same(
    lone_team: Team, vandal: Vandal
) -> None:
    vandal(write(ENTRY, json.dumps(json.loads(to_bytes(intent())), indent=None)))
    ledger = lone_team.ledger()
    assert ledger.read().entries[intent().key] == intent()
    ledger.write([Change(intent(), published(intent()))], message="Publish")
    assert ledger.read().entries[intent().key] == published(intent())


def test_a_handle_of_another_type_is_another_handle(lone_team: Team, vandal: Vandal) -> None:
    def with_handle(value: object) -> Entry:
        return intent().model_copy(update={"handle": {"n": value}})

    vandal(write(ENTRY, to_bytes(with_handle(1))))
    (result,) = lone_team.ledger().write(
        [Change(with_handle(True), published(intent()))], message="Publish"
    )
    assert result.current == with_handle(1)  # type: ignore[union-attr]  # it fails if applied


def test_files_beside_the_ledger_do_not_matter(lone_team: Team, vandal: Vandal) -> None:
    vandal(write("README.md", "This branch is written by socialauto."))
    assert set(lone_team.ledger().read().entries) == {intent().key}


def test_a_missing_branch_is_no_empty_ledger(team: Team) -> None:
    with pytest.raises(SocialautoError) as caught:
        team.ledger().read()
    place = f"{PLACE} of origin" if team.url else PLACE
    assert str(caught.value) == (
        f"there is no ledger: {place} does not exist; make it with "
        '"socialauto init", once; if there has been one, restore it first'
    )
    with pytest.raises(SocialautoError, match="there is no ledger"):
        team.ledger().write([claim()], message="Claim")


def test_a_branch_without_files_is_no_empty_ledger(lone_team: Team) -> None:
    empty = git(lone_team.bare, "mktree", data=b"")
    made = git(lone_team.bare, "commit-tree", empty, "-m", "Empty")
    git(lone_team.bare, "update-ref", f"refs/heads/{BRANCH}", made)
    with pytest.raises(SocialautoError, match=f"{HEADER} on {PLACE} is missing"):
        lone_team.ledger().read()


def test_a_deleted_branch_is_noticed_in_the_middle_of_a_run(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    git(file_team.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")
    with pytest.raises(SocialautoError, match="there is no ledger"):
        ledger.write([claim()], message="Claim")
    assert git(file_team.bare, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_the_ledger_that_the_configuration_names_is_read(lone_team: Team) -> None:
    lineage = lone_team.ledger().create(NOW).lineage
    assert lone_team.ledger(lineage=lineage).read().header.lineage == lineage


def test_a_foreign_ledger_is_neither_read_nor_written(lone_team: Team) -> None:
    lineage = lone_team.ledger().create(NOW).lineage
    ledger = lone_team.ledger(lineage="0123")
    with pytest.raises(SocialautoError) as caught:
        ledger.read()
    assert str(caught.value) == (
        f"{HEADER} on {PLACE} has lineage {lineage}, and socialauto.yaml names 0123: this is "
        "another ledger; restore the right branch; only if this one is right, "
        "correct ledger.lineage"
    )
    with pytest.raises(SocialautoError, match="another ledger"):
        ledger.write([claim()], message="Claim")


def test_the_rest_of_a_damaged_ledger_is_not_begun_anew(lone_team: Team, vandal: Vandal) -> None:
    vandal(lambda root: (root / HEADER).unlink())
    with pytest.raises(SocialautoError, match="as if a ledger had been damaged"):
        lone_team.ledger().create(NOW)
