"""Makes a text shorter where a reader expects it: behind a word, never inside a character."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

ELLIPSIS = "…"

_JOINER = "\u200d"
_LOOSE_ENDS = " \t\n,;:–—-(["
"""What nobody writes before an ellipsis."""


def _extends(char: str) -> bool:
    """Belongs to the character before it: accents, variation selectors, skin tones, flag tags."""
    if char < "\u0300":
        return False
    tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    tag = "\U000e0020" <= char <= "\U000e007f"
    return tone or tag or char == _JOINER or unicodedata.category(char) in ("Mn", "Me", "Mc")


def _is_flag_half(cluster: str) -> bool:
    return len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"


def clusters(text: str) -> Iterator[str]:
    """What people take for one character each, near enough to Unicode's own rules (UAX 29)."""
    current = ""
    for char in text:
        joined = current.endswith(_JOINER) and not char.isspace()
        flag = _is_flag_half(current) and _is_flag_half(char)
        if current and (_extends(char) or joined or flag):
            current += char
        else:
            if current:
                yield current
            current = char
    if current:
        yield current


def _at_a_word(head: str) -> str:
    """Without the word that was cut, unless it is most of the text; half an address is none."""
    at = max((head.rfind(space) for space in " \n\t"), default=-1)
    if at < 0:
        return "" if "://" in head else head
    if at >= len(head) // 2 or "://" in head[at:]:
        return head[:at]
    return head


def _one(cluster: str) -> int:
    return 1


def shortened(text: str, room: int, length: Callable[[str], int] = _one) -> str:
    """At most `room` long, with … at its end when something had to go.

    `length` says how long a piece is; without it every visible character counts as one.
    """
    pieces = list(clusters(text))
    sizes = list(map(length, pieces))
    if sum(sizes) <= room:
        return text
    left, kept = room - length(ELLIPSIS), 0
    while kept < len(pieces) and sizes[kept] <= left:
        left -= sizes[kept]
        kept += 1
    head = "".join(pieces[:kept])
    if not pieces[kept].isspace():
        head = _at_a_word(head)
    return head.rstrip(_LOOSE_ENDS) + ELLIPSIS if room >= length(ELLIPSIS) else ""
