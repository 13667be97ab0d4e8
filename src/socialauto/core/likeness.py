"""Texts that say nearly the same: compared by runs of words, as a reader skims them."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from socialauto.core.message import Message

SAME_PICTURE = 0.6
OTHER_PICTURES = 0.8
"""How much of all runs of words two texts have in common, at least, to be nearly the same."""

_RUN = 3
"""Words. One word that is changed touches so many runs."""
_SHORTEST = 8
"""Words; shorter texts are alike by chance."""
_NEIGHBOURS = 50
"""A text is compared with so many before it, so that ten thousand in a week cost no minutes."""

_HASHTAG = re.compile(r"#\w+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader takes from one post; `place` says whose it is."""

    place: int
    due: datetime
    post: str
    runs: frozenset[tuple[str, ...]]
    pictures: frozenset[str]
    fingerprint: str


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Each run of three words, without case and hashtags; empty for a short text."""
    folded = unicodedata.normalize("NFKC", _HASHTAG.sub(" ", text)).casefold()
    words = _WORD.findall(folded)
    if len(words) < _SHORTEST:
        return frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """What two texts have in common of all that they have, 0 to 1."""
    shorter, longer = sorted((len(one), len(other)))
    if not shorter or shorter < SAME_PICTURE * longer:
        return 0.0
    common = len(one & other)
    return common / (shorter + longer - common)


def _nearly(one: Told, other: Told) -> bool:
    enough = SAME_PICTURE if one.pictures & other.pictures else OTHER_PICTURES
    return alike(one.runs, other.runs) >= enough


def near_pairs(
    lane: Sequence[tuple[datetime, str, Message]], within: timedelta, now: datetime
) -> Iterator[tuple[int, int, float]]:
    """Positions of two posts of an account that nearly say the same, the earlier one first, and how
    alike they are; only when the later one is still to come.

    `lane` has due time, id and message of each, by due time. Posts that say exactly the same are
    not among them, nor dates of one series. The nearest one before is named.
    """
    near: deque[Told] = deque(maxlen=_NEIGHBOURS)
    for place, (due, post, message) in enumerate(lane):
        if due < now - within:
            continue
        while near and due - near[0].due > within:
            near.popleft()
        told = Told(
            place,
            due,
            post,
            runs_of(message.text),
            frozenset(item.blob for item in message.media),
            message.fingerprint,
        )
        if due >= now:
            for other in reversed(near):
                same = other.post == post or other.fingerprint == told.fingerprint
                if not same and other.due < due and _nearly(told, other):
                    yield other.place, place, alike(told.runs, other.runs)
                    break
        if told.runs:
            near.append(told)
