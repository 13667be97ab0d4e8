from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.media_facts import VideoFacts
from socialauto.media.boxes import boxes
from socialauto.media.index_first import index_first
from socialauto.media.making import NotMadeError
from socialauto.media.probe import probe
from support import media_samples as make
from support.films import frames_of, sound_of


def order(data: bytes) -> list[str]:
    return [box.kind for box in boxes(data) if box.kind in ("moov", "mdat")]


@pytest.mark.parametrize(
    "film",
    [
        lambda: make.mp4(moov_first=False),
        lambda: make.mp4(moov_first=False, container="mov"),
        lambda: make.mp4(moov_first=False, codec="hevc"),
        lambda: make.mp4(moov_first=False, audio=None),
    ],
    ids=["mp4", "mov", "hevc", "silent"],
)
def test_every_picture_and_every_sound_is_found_where_the_index_says(film: object) -> None:
    assert callable(film)
    data = film()
    moved = index_first(data)
    assert (order(data), order(moved)) == (["mdat", "moov"], ["moov", "mdat"])
    assert len(moved) == len(data)
    assert frames_of(moved) == frames_of(data)
    assert sound_of(moved) == sound_of(data)
    facts = probe(moved)
    assert isinstance(facts, VideoFacts)
    assert facts.moov_first


def test_a_film_whose_index_is_first_stays_as_it_is() -> None:
    assert index_first(make.mp4()) == make.mp4()


def test_boxes_between_and_behind_keep_their_bytes() -> None:
    data = make.mp4(moov_first=False)
    ftyp = next(boxes(data)).end
    padded = data[:ftyp] + make.box("free", b"before")
    shifted = _shifted(data, ftyp, len(make.box("free", b"before")))
    moved = index_first(padded + shifted[ftyp:] + make.box("udta", b"behind"))
    kinds = [box.kind for box in boxes(moved)]
    assert kinds.index("moov") < kinds.index("mdat") < kinds.index("udta")
    assert frames_of(moved) == frames_of(data)


def _shifted(data: bytes, behind: int, by: int) -> bytes:
    """As if `by` bytes had been put in at `behind`."""
    changed = bytearray(data)
    at = changed.find(b"stco")
    while at >= 0:
        (count,) = struct.unpack_from(">I", changed, at + 8)
        for number in range(count):
            (offset,) = struct.unpack_from(">I", changed, at + 12 + 4 * number)
            struct.pack_into(">I", changed, at + 12 + 4 * number, offset + by)
        at = changed.find(b"stco", at + 4)
    return bytes(changed)


def _wide(data: bytes) -> bytes:
    """The same film with 64-bit offsets, as cameras write them."""
    changed, grown = data, 0
    (moov,) = [box for box in boxes(data) if box.kind == "moov"]
    at = changed.find(b"stco", moov.start)
    while at >= 0:
        (count,) = struct.unpack_from(">I", changed, at + 8)
        offsets = struct.unpack_from(f">{count}I", changed, at + 12)
        table = struct.pack(f">4sII{count}Q", b"co64", 0, count, *offsets)
        changed = changed[:at] + table + changed[at + 12 + 4 * count :]
        changed = _grow(changed, at, 4 * count)
        grown += 4 * count
        at = changed.find(b"stco", at)
    return changed


def _grow(data: bytes, at: int, by: int) -> bytes:
    """Every box around `at` says that it is longer."""
    changed = bytearray(data)
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"co64"):
        place = data.rfind(kind, 0, at + 4) - 4
        (size,) = struct.unpack_from(">I", changed, place)
        struct.pack_into(">I", changed, place, size + by)
    return bytes(changed)


def test_offsets_of_64_bits_are_moved_too() -> None:
    data = make.mp4(moov_first=False)
    wide = _wide(data)
    assert b"co64" in wide
    assert frames_of(wide) == frames_of(data)
    assert frames_of(index_first(wide)) == frames_of(data)


def test_what_lies_before_the_pictures_does_not_move() -> None:
    data = bytearray(make.mp4(moov_first=False))
    at = data.index(b"stco") + 12
    struct.pack_into(">I", data, at, 8)
    moved = index_first(bytes(data))
    assert struct.unpack_from(">I", moved, moved.index(b"stco") + 12) == (8,)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "has no index"),
        (make.box("ftyp", b"isom") + make.box("mdat", b"x"), "has no index"),
        (make.mp4(moov_first=False)[:-9], "is cut off"),
        (make.mp4(moov_first=False) + make.box("moof", b""), "is in fragments"),
        (make.mp4(moov_first=False).replace(b"udta", b"cmov"), "of an unusual kind"),
        (make.mp4(moov_first=False).replace(b"stco\0\0\0\0\0", b"stco\0\0\0\0\x7f"), "is broken"),
    ],
)
def test_what_cannot_be_moved_is_left_alone(data: bytes, words: str) -> None:
    with pytest.raises(NotMadeError, match=words):
        index_first(data)


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 3_000), byte=st.integers(0, 255))
def test_a_crafted_index_never_breaks_anything(place: int, byte: int) -> None:
    data = bytearray(make.mp4(moov_first=False))
    data[len(data) - 1 - place] = byte
    try:
        moved = index_first(bytes(data))
    except NotMadeError:
        return
    assert len(moved) == len(data)
