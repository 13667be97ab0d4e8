"""Keeps secrets out of every text that a person or a file will see."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"

SHORTEST = 4
"""Shorter "secrets" would blot out ordinary words."""

_NAMED = re.compile(
    r"(?i)\b(access_token|appsecret_proof|client_secret|fb_exchange_token|input_token"
    r"|X-Amz-Credential|X-Amz-Security-Token|X-Amz-Signature)"
    r"(\"?\s*(?:=|:|%3D)\s*\"?)[^\s&\"'<>,;)}\]]+"
)
_BEARER = re.compile(r"(?i)\b(Bearer|OAuth)(\s+)[\w.~+/|=-]{8,}")


class Redactor:
    """Replaces the secrets it knows, in any of the forms they travel in, and what is named so."""

    __slots__ = ("_known",)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __repr__(self) -> str:
        return "Redactor()"

    def clean(self, text: str) -> str:
        """The text without secrets; never fails."""
        if self._known:
            text = self._known.sub(MASK, text)
        text = _NAMED.sub(rf"\1\2{MASK}", text)
        return _BEARER.sub(rf"\1\2{MASK}", text)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield secret[::-1]
    yield from _base64_forms(secret.encode())


def _base64_forms(secret: bytes) -> Iterator[str]:
    """As base64 shows it inside a longer text: its form depends on how many bytes stand before.

    The characters at either end mix with the neighbours, so they are left out.
    """
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret).decode().rstrip("=")
        cut_start = (0, 2, 3)[before]
        cut_end = 1 if (before + len(secret)) % 3 else 0
        inner = encoded[cut_start : len(encoded) - cut_end]
        if len(inner) >= SHORTEST:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")
