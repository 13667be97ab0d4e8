from __future__ import annotations

import io
import logging
import shutil
import subprocess
import traceback
from pathlib import Path

import pyrage
import pytest

from socialauto.core.errors import SocialautoError
from socialauto.credentials.credential import load
from socialauto.credentials.keys import new_key
from socialauto.credentials.vault import Vault, check_owner, path_of
from support.tokens import CANARY, IDENTITY, RECIPIENT, MemoryFiles, credential, kept, vault

PATH = "secrets/acme.age"


def test_what_was_put_is_what_everybody_gets() -> None:
    files = MemoryFiles()
    kept(files)

    assert vault(files).get("acme").credential == credential()
    assert list(files.files) == [PATH]


def test_a_file_is_text_that_shows_no_token() -> None:
    files = MemoryFiles()
    kept(files)

    assert files.files[PATH].startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert files.files[PATH].isascii()
    assert CANARY.encode() not in files.files[PATH]


def test_putting_needs_no_identity() -> None:
    files = MemoryFiles()

    assert Vault(files, [RECIPIENT]).put("acme", credential(), None)
    assert vault(files).get("acme").credential == credential()


def test_each_recipient_can_open_it() -> None:
    files, other = MemoryFiles(), pyrage.x25519.Identity.generate()
    Vault(files, [RECIPIENT, str(other.to_public())]).put("acme", credential(), None)

    assert Vault(files, (), [other]).get("acme").credential == credential()
    assert vault(files).get("acme").credential == credential()


def test_a_change_that_somebody_else_made_first_is_kept() -> None:
    files = MemoryFiles()
    before = kept(files)
    theirs = vault(files).put("acme", credential(token=f"{CANARY}-theirs"), before.sealed)
    assert theirs

    assert vault(files).put("acme", credential(token=f"{CANARY}-ours"), before.sealed) is None
    assert vault(files).put("acme", credential(token=f"{CANARY}-ours"), None) is None
    assert vault(files).get("acme").credential == theirs.credential


def refusal(wrong: Vault, name: str = "acme") -> SocialautoError:
    with pytest.raises(SocialautoError) as refused:
        wrong.get(name)
    return refused.value


def test_a_missing_file_is_named() -> None:
    assert str(refusal(vault(MemoryFiles()))) == (
        "secrets/acme.age is not on the ledger branch: no token of that name has been kept yet; "
        'bring one in with "socialauto accounts connect" or "socialauto accounts import"'
    )


def test_without_a_key_the_variable_is_named() -> None:
    files = MemoryFiles()
    kept(files)

    assert refusal(Vault(files, [RECIPIENT])).message == (
        "secrets/acme.age is encrypted, and neither SOCIALAUTO_KEY nor SOCIALAUTO_KEY_FILE is set"
    )


def test_with_a_wrong_key_the_cure_is_named() -> None:
    files = MemoryFiles()
    kept(files)

    wrong = refusal(Vault(files, [RECIPIENT], [pyrage.x25519.Identity.generate()]))

    assert wrong.message == (
        "the key at hand does not open secrets/acme.age: it was encrypted for others"
    )
    assert "rotate-key" in wrong.hint


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-60],
        lambda data: data[:100],
        lambda data: b"",
        lambda data: b"not age at all",
        lambda data: data.replace(b"\n", b"\n ", 2),
        # The last byte of the message itself.
        lambda data: data[:-40] + (b"B" if data[-40:-39] != b"B" else b"C") + data[-39:],
    ],
)
def test_a_damaged_file_is_named(damage: object) -> None:
    files = MemoryFiles()
    kept(files)
    assert callable(damage)
    files.files[PATH] = damage(files.files[PATH])

    assert refusal(vault(files)).message == "secrets/acme.age is damaged or has been tampered with"


def test_a_file_of_something_else_is_refused() -> None:
    files = MemoryFiles()
    files.files[PATH] = vault(files).seal(f'{{"token": "{CANARY}"}}'.encode())

    wrong = refusal(vault(files))

    assert wrong.message.startswith("secrets/acme.age is damaged at account: ")
    assert CANARY not in str(wrong)


def test_nothing_is_locked_for_nobody() -> None:
    with pytest.raises(SocialautoError, match=r"socialauto\.yaml names no recipients"):
        Vault(MemoryFiles(), []).put("acme", credential(), None)


@pytest.mark.parametrize("name", ["../acme", "a/b", "", "Acme", ".."])
def test_a_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a secret"):
        path_of(name)


def test_other_files_in_the_folder_are_left_alone() -> None:
    files = MemoryFiles({"secrets/README.md": b"", "secrets/old/acme.age": b"", PATH: b"x"})

    assert vault(files).sealed() == {"acme": b"x"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, ""),
        ({"id": "2"}, "secrets/acme.age is for id 2, and socialauto.yaml says 17841400000000001"),
        ({"platform": "x"}, "secrets/acme.age is for platform x, and socialauto.yaml says"),
        ({"login": "facebook"}, "secrets/acme.age is for login facebook, and socialauto.yaml says"),
    ],
)
def test_a_token_of_another_account_is_refused(fields: dict[str, str], sentence: str) -> None:
    expected = ("17841400000000001", "instagram", "instagram")
    if not sentence:
        check_owner(credential(), "acme", *expected)
        return
    with pytest.raises(SocialautoError) as refused:
        check_owner(credential(**fields), "acme", *expected)
    assert refused.value.message.startswith(sentence)


def test_no_token_is_in_a_trace_or_a_log() -> None:
    """Also where our own code fails while it holds one."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    files = MemoryFiles()
    opened = kept(files)

    def fail() -> None:
        raise RuntimeError(f"{opened!r} {vault(files)!r} {opened.credential}")

    files.before_change.append(fail)
    try:
        vault(files).put("acme", opened.credential, opened.sealed)
    except RuntimeError as error:
        shown = "".join(traceback.format_exception(error))
    finally:
        logging.getLogger().removeHandler(handler)

    assert "token=SecretStr" in shown
    assert CANARY not in shown + log.getvalue()
    assert str(IDENTITY) not in shown


needs_age = pytest.mark.skipif(not shutil.which("age"), reason="the tool age is not installed")


@needs_age
def test_the_tool_age_opens_our_files(tmp_path: Path) -> None:
    files = MemoryFiles()
    kept(files)
    (tmp_path / "key.txt").write_text(str(IDENTITY))

    opened = subprocess.run(
        ["age", "--decrypt", "-i", tmp_path / "key.txt"],
        input=files.files[PATH],
        capture_output=True,
        check=True,
    )

    assert load(opened.stdout) == credential()


@needs_age
def test_we_open_the_files_of_age(tmp_path: Path) -> None:
    """A person who has a token can lock it with the stock tool, armored or not."""
    files, key = MemoryFiles(), new_key()
    kept(files)
    clear = pyrage.decrypt(files.files[PATH], [IDENTITY])
    for armor in (["--armor"], []):
        locked = subprocess.run(
            ["age", "--encrypt", *armor, "-r", RECIPIENT, "-r", key.recipient],
            input=clear,
            capture_output=True,
            check=True,
        )
        files.files[PATH] = locked.stdout
        assert vault(files).get("acme").credential == credential()
