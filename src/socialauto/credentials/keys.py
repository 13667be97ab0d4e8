"""The keys of encrypted secrets: age's own, so that the tool `age` opens the files, too.

The identity opens, the recipient belonging to it locks. Only the identity is secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

KEY = "SOCIALAUTO_KEY"
KEY_FILE = "SOCIALAUTO_KEY_FILE"

_WHERE = f"set {KEY} to the identity that begins with AGE-SECRET-KEY-1, or {KEY_FILE} to its file"


@dataclass(frozen=True, slots=True)
class NewKey:
    """An identity and its recipient, just made."""

    recipient: str
    file: str
    """What `age-keygen` writes: the identity, under the recipient as a comment."""

    def __repr__(self) -> str:
        return f"NewKey({self.recipient})"


def new_key() -> NewKey:
    from pyrage import x25519

    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    return NewKey(recipient, f"# public key: {recipient}\n{identity}\n")


def identities(
    environment: Mapping[str, str], read: Callable[[str], str] | None = None
) -> tuple[Identity, ...]:
    """The identities that the environment holds or names a file of; none when it has neither.

    Several may stand there, one a line, beside comments as `age-keygen` writes them. Raises
    `SocialautoError` that names the variable, and never its value.
    """
    if text := environment.get(KEY, "").strip():
        return _parsed(text, KEY)
    if path := environment.get(KEY_FILE, ""):
        return _parsed((read or _text)(path), path)
    return ()


def _text(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
    raise SocialautoError(f"{KEY_FILE} names {path}, which cannot be read: {why}", _WHERE)


def _parsed(text: str, place: str) -> tuple[Identity, ...]:
    from pyrage import IdentityError, x25519

    words = [
        word
        for line in text.splitlines()
        if not line.lstrip().startswith("#")
        for word in line.split()
    ]
    found = []
    for word in words:
        try:
            found.append(x25519.Identity.from_str(word))
        except IdentityError:
            break
    if not words or len(found) < len(words):
        raise SocialautoError(f"what stands in {place} is no age identity", _WHERE)
    return tuple(found)


def no_key(place: str) -> SocialautoError:
    """Somebody wants to open `place` without any identity."""
    return SocialautoError(
        f"{place} is encrypted, and neither {KEY} nor {KEY_FILE} is set",
        f"{_WHERE}; in CI, {KEY} is a secret that this step receives as env: {KEY}",
    )
