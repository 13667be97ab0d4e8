"""The encrypted credentials: `secrets/NAME.age` beside the ledger, readable by the tool age.

Anybody who may push can lock a file, because recipients are public, so what is opened is compared
with the configuration before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socialauto.core.config import CONFIG_FILE
from socialauto.core.errors import SocialautoError
from socialauto.core.values import NAME_PATTERN
from socialauto.credentials.credential import Credential, dump, load
from socialauto.credentials.end_note import soonest_end, written
from socialauto.credentials.keys import KEY, no_key
from socialauto.credentials.ports import Files, Readable

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

FOLDER = "secrets"


@dataclass(frozen=True, slots=True)
class Opened:
    """A credential and the encrypted bytes it was in."""

    credential: Credential
    sealed: bytes


class MissingError(SocialautoError):
    """Nobody has kept a token of that name yet."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{path_of(name)} is not on the ledger branch: no token of that name has been kept yet",
            'bring one in with "socialauto accounts connect" or "socialauto accounts import"',
        )


def path_of(name: str) -> str:
    """Where the secret of that name lies on the ledger branch."""
    if not re.fullmatch(NAME_PATTERN, name):
        raise ValueError(f"{name} is no name of a secret")
    return f"{FOLDER}/{name}.age"


def note_of(name: str) -> str:
    """Where its end is noted in clear."""
    return f"{path_of(name).removesuffix('.age')}.json"


class Sealed:
    """The credentials as they lie there, for looking only."""

    def __init__(self, files: Readable, identities: Sequence[Identity] = ()) -> None:
        self._files = files
        self._identities = tuple(identities)

    def sealed(self) -> dict[str, bytes]:
        """All secrets by name, as they lie there; also without a key."""
        return {
            path.removeprefix(f"{FOLDER}/").removesuffix(".age"): data
            for path, data in self._files.read(FOLDER).items()
            if path.endswith(".age") and path.count("/") == 1
        }

    def get(self, name: str) -> Opened:
        """The credential as everybody has it now. Raises `SocialautoError` that names its file."""
        sealed = self.sealed()
        if name not in sealed:
            raise MissingError(name)
        return Opened(self.open(name, sealed[name]), sealed[name])

    def open(self, name: str, sealed: bytes) -> Credential:
        """What is in these bytes. Raises `SocialautoError` for a wrong key or damaged bytes."""
        return load(_decrypted(sealed, path_of(name), self._identities), path_of(name))


class Vault(Sealed):
    """Opens and replaces credentials. One thread at a time."""

    def __init__(
        self, files: Files, recipients: Sequence[str], identities: Sequence[Identity] = ()
    ) -> None:
        """Locking needs `recipients` and no identity, opening the other way round."""
        super().__init__(files, identities)
        self._shared = files
        self._recipients = tuple(recipients)

    def put(self, name: str, credential: Credential, before: bytes | None) -> Opened | None:
        """Lock it and make it durable; None when somebody else changed it since `before`.

        `before` is what `sealed` or `get` gave; None: there is none yet. Raises `SocialautoError`
        when it is unknown whether it has been written, and writing it again is safe.
        """
        sealed = self.seal(dump(credential))
        message = f"Keep the token of {name}"
        won = self._shared.change(path_of(name), before, sealed, message)
        if won and credential.login == "facebook":
            self._note(name, credential)
        return Opened(credential, sealed) if won else None

    def _note(self, name: str, credential: Credential) -> None:
        """When it ends, in clear beside it. Only a review reads that, so it may be missing or old:
        the token is durable already, and nothing is worth an error here."""
        path, note = note_of(name), written(soonest_end(credential))
        try:
            before = self._files.read(FOLDER).get(path)
            if before != note:
                self._shared.change(path, before, note, f"Note when the token of {name} ends")
        except SocialautoError:
            return

    def seal(self, data: bytes) -> bytes:
        """Locked for all recipients, as text."""
        if not self._recipients:
            raise no_recipients()
        from pyrage import encrypt, x25519

        recipients = [x25519.Recipient.from_str(one) for one in self._recipients]
        sealed: bytes = encrypt(data, recipients, armored=True)
        return sealed


def no_recipients() -> SocialautoError:
    return SocialautoError(
        f"{CONFIG_FILE} names no recipients, so nothing can be encrypted",
        'make a key with "socialauto accounts new-key" and write its recipient there, '
        "as secrets: {recipients: [age1…]}",
    )


def _decrypted(sealed: bytes, place: str, identities: Sequence[Identity]) -> bytes:
    if not identities:
        raise no_key(place)
    from pyrage import DecryptError, decrypt

    try:
        data: bytes = decrypt(sealed, list(identities))
    except DecryptError as error:
        wrong_key = "No matching keys" in str(error)
    else:
        return data
    if wrong_key:
        raise SocialautoError(
            f"the key at hand does not open {place}: it was encrypted for others",
            f"use the right identity in {KEY}; whoever has it can add yours to the recipients and "
            'type "socialauto accounts rotate-key"',
        )
    raise SocialautoError(
        f"{place} is damaged or has been tampered with",
        "look at its history on the ledger branch and restore a good version, "
        "or connect the account again",
    )


def check_owner(
    credential: Credential, name: str, account_id: str, platform: str, login: str | None
) -> None:
    """A token of somebody else must not publish under this account's name."""
    for word, kept, wanted in (
        ("id", credential.id, account_id),
        ("platform", credential.platform, platform),
        ("login", credential.login, login or credential.login),
    ):
        if kept != wanted:
            raise SocialautoError(
                f"{path_of(name)} is for {word} {kept}, and {CONFIG_FILE} says {wanted}",
                f"correct {word}: there, or connect the account again",
            )
