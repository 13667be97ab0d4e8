from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.media_facts import VideoFacts
from socialauto.media.boxes import boxes
from socialauto.media.edits import is_edited
from socialauto.media.probe import probe
from support import media_samples as make
from support.films import with_edit


def edited(data: bytes) -> bool:
    facts = probe(data)
    assert isinstance(facts, VideoFacts), facts
    return facts.edited


def test_what_encoders_write_is_no_edit() -> None:
    assert b"elst" in make.mp4()
    assert not edited(make.mp4())
    assert not edited(make.mp4(codec="hevc", container="mov"))


@pytest.mark.parametrize(
    ("start", "length", "noticed"),
    [(0.05, 2.95, False), (0.2, 2.8, True), (0, 2.95, False), (0, 2.5, True), (1, 1, True)],
)
def test_a_film_that_is_cut_by_its_edit_list_says_so(
    start: float, length: float, noticed: bool
) -> None:
    assert edited(with_edit(make.mp4(), start=start, length=length)) is noticed


def test_a_film_that_is_delayed_says_so() -> None:
    data = make.mp4()
    at = data.index(b"elst")
    pause = data[: at + 16] + b"\xff\xff\xff\xff" + data[at + 20 :]
    (moov,) = [box for box in boxes(pause) if box.kind == "moov"]
    assert not is_edited(pause, moov), "a track that is one pause is left to the player"
    rate = data[: at + 20] + b"\0\2\0\0" + data[at + 24 :]
    (moov,) = [box for box in boxes(rate) if box.kind == "moov"]
    assert is_edited(rate, moov)


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 2_500), byte=st.integers(0, 255))
def test_a_crafted_index_never_breaks_the_look_at_it(place: int, byte: int) -> None:
    data = bytearray(make.mp4())
    (moov,) = [box for box in boxes(bytes(data)) if box.kind == "moov"]
    data[moov.start + place % (moov.end - moov.start)] = byte
    assert is_edited(bytes(data), moov) in (True, False)
