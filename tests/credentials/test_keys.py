from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest

from socialauto.core.errors import SocialautoError
from socialauto.credentials.keys import identities, new_key, no_key


def identity_of(file: str) -> str:
    return file.splitlines()[-1]


def test_a_new_key_opens_what_its_recipient_locked() -> None:
    key = new_key()
    (identity,) = identities({"SOCIALAUTO_KEY": key.file})

    locked = pyrage.encrypt(b"hello", [pyrage.x25519.Recipient.from_str(key.recipient)])
    assert pyrage.decrypt(locked, [identity]) == b"hello"


def test_a_new_key_shows_only_its_recipient() -> None:
    key = new_key()

    assert identity_of(key.file) not in repr(key)
    assert key.recipient in repr(key)


def test_several_identities_stand_beside_comments_on_lines_of_their_own() -> None:
    one, two = new_key(), new_key()
    text = f"# created: today\n{one.file}\r\n  {identity_of(two.file)} \n"

    found = identities({"SOCIALAUTO_KEY": text})

    assert [str(identity.to_public()) for identity in found] == [one.recipient, two.recipient]


def test_the_key_may_be_in_a_file(tmp_path: Path) -> None:
    key = new_key()
    (tmp_path / "key.txt").write_text(key.file)

    (found,) = identities({"SOCIALAUTO_KEY_FILE": str(tmp_path / "key.txt")})

    assert str(found.to_public()) == key.recipient


@pytest.mark.parametrize("environment", [{}, {"SOCIALAUTO_KEY": "", "SOCIALAUTO_KEY_FILE": ""}])
def test_without_a_key_there_is_none(environment: dict[str, str]) -> None:
    """CI gives an empty value when no secret of that name exists."""
    assert identities(environment) == ()


@pytest.mark.parametrize("text", ["canary", "AGE-SECRET-KEY-1CANARY", "# canary only"])
def test_what_is_no_identity_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(SocialautoError) as refused:
        identities({"SOCIALAUTO_KEY": text})

    assert str(refused.value) == (
        "what stands in SOCIALAUTO_KEY is no age identity; set SOCIALAUTO_KEY to the identity that "
        "begins with AGE-SECRET-KEY-1, or SOCIALAUTO_KEY_FILE to its file"
    )


def test_one_broken_identity_is_not_left_out_in_silence() -> None:
    with pytest.raises(SocialautoError):
        identities({"SOCIALAUTO_KEY": f"{identity_of(new_key().file)} AGE-SECRET-KEY-1CANARY"})


def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SocialautoError, match=r"missing.txt, which cannot be read: No such file"):
        identities({"SOCIALAUTO_KEY_FILE": str(tmp_path / "missing.txt")})
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(SocialautoError, match=r"picture.jpg, which cannot be read: it is no text"):
        identities({"SOCIALAUTO_KEY_FILE": str(tmp_path / "picture.jpg")})


def test_a_missing_key_says_what_to_set() -> None:
    assert str(no_key("secrets/acme.age")) == (
        "secrets/acme.age is encrypted, and neither SOCIALAUTO_KEY nor SOCIALAUTO_KEY_FILE is set; "
        "set SOCIALAUTO_KEY to the identity that begins with AGE-SECRET-KEY-1, or "
        "SOCIALAUTO_KEY_FILE to its file; in CI, SOCIALAUTO_KEY is a secret that this step "
        "receives as env: SOCIALAUTO_KEY"
    )


@pytest.mark.skipif(not shutil.which("age-keygen"), reason="the tool age is not installed")
def test_age_knows_our_keys_and_we_know_those_of_age(tmp_path: Path) -> None:
    ours = new_key()
    (tmp_path / "ours.txt").write_text(ours.file)
    shown = subprocess.run(
        ["age-keygen", "-y", tmp_path / "ours.txt"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == ours.recipient

    theirs = tmp_path / "theirs.txt"
    subprocess.run(["age-keygen", "-o", theirs], capture_output=True, check=True)
    (found,) = identities({"SOCIALAUTO_KEY_FILE": str(theirs)})
    assert f"# public key: {found.to_public()}" in theirs.read_text()
