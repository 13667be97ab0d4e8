"""What the dialog sends back: a code or a no, by the browser or pasted by a person."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from socialauto.core.errors import SocialautoError

_QUERY = re.compile(r"(^|[?&])(code|error|state)=")
_BARE = re.compile(r"[A-Za-z0-9._~|%=-]{8,2048}")
_LEFT_BEHIND = re.compile(r"#_?(=_)?$")
"""Instagram leaves `#_` behind the code, Facebook `#_=_`; neither is part of it."""


@dataclass(frozen=True, slots=True)
class Code:
    """Good for one exchange, for an hour."""

    text: str = field(repr=False)


class StrangeAnswerError(Exception):
    """The answer does not belong to the dialog that we opened."""


class MispastedError(SocialautoError):
    """What was pasted is something else; the person may paste again."""


def read_query(query: Mapping[str, str], state: str) -> Code:
    """The code in an answer's parameters.

    Raises `StrangeAnswerError` unless the state is ours, and `SocialautoError` for a no.
    """
    if not hmac.compare_digest(query.get("state", "").encode(), state.encode()):
        raise StrangeAnswerError
    if "error" in query:
        raise refused(query)
    code = _LEFT_BEHIND.sub("", query.get("code", ""))
    if not code:
        raise SocialautoError("the dialog's answer holds no code", "start again")
    return Code(code)


def refused(query: Mapping[str, str]) -> SocialautoError:
    """What to tell a person who, or whose platform, said no."""
    if query.get("error") == "access_denied":
        return SocialautoError(
            "the dialog was cancelled, so nothing has changed and nothing was stored",
            "start again when you like, and choose Allow",
        )
    words = query.get("error_description") or query.get("error_reason") or query["error"]
    said = " ".join(words.split())[:200]
    return SocialautoError(f'the dialog ended with "{said}"; nothing was stored', "start again")


def read_pasted(text: str, state: str) -> Code:
    """The code in what a person copied: the whole address, its query, or the code alone.

    A bare code carries no state; that the person fetched it by hand stands in for it. Raises
    `MispastedError` that says what to copy, and `SocialautoError` for a no.
    """
    pasted = _LEFT_BEHIND.sub("", "".join(text.split()))
    if not _QUERY.search(pasted):
        if not _BARE.fullmatch(pasted):
            raise _unreadable()
        return Code(unquote(pasted))
    query = urlsplit(pasted).query if "?" in pasted else pasted
    try:
        return read_query(dict(parse_qsl(query)), state)
    except StrangeAnswerError:
        raise MispastedError(
            "this address does not belong to the dialog that was just opened",
            "open the address printed above, and copy the one that the browser ends at",
        ) from None


def _unreadable() -> MispastedError:
    return MispastedError(
        "there is no code in this",
        "copy all of the browser's address bar, from https:// on, after you chose Allow",
    )
