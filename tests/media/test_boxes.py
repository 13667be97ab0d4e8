from __future__ import annotations

import struct

import pytest

from socialauto.media.boxes import BrokenBoxes, boxes
from support.media_samples import box


def kinds(data: bytes) -> list[str]:
    return [found.kind for found in boxes(data)]


def large(kind: bytes, size: int, content: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, kind, size) + content


FILM = box("ftyp", b"isom") + box("moov", b"index") + box("mdat", b"pictures")


def test_boxes_come_in_their_order_with_their_content() -> None:
    found = list(boxes(FILM))
    assert [FILM[one.start : one.end] for one in found] == [b"isom", b"index", b"pictures"]
    assert [one.kind for one in found] == ["ftyp", "moov", "mdat"]


def test_a_box_may_say_its_size_in_64_bits() -> None:
    assert kinds(large(b"mdat", 20, b"1234") + box("moov", b"")) == ["mdat", "moov"]


def test_a_box_of_size_zero_goes_to_the_end() -> None:
    assert kinds(box("moov", b"") + struct.pack(">I4s", 0, b"mdat") + b"pictures") == [
        "moov",
        "mdat",
    ]


@pytest.mark.parametrize(
    "behind", [b"\0\0\0", b"\0" * 40, b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8 rest"]
)
def test_stray_bytes_behind_a_complete_film_are_ignored(behind: bytes) -> None:
    assert kinds(FILM + behind) == ["ftyp", "moov", "mdat"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (box("ftyp", b"isom") + b"\0\0", "is cut off after 14 bytes"),
        (FILM[:-1], "is cut off: its mdat box says 16 bytes and 15 are there"),
        (
            FILM + box("free", b"1234")[:-1],
            "is cut off: its free box says 12 bytes and 11 are there",
        ),
        (
            large(b"mdat", 20, b"1234")[:12],
            "is cut off: its mdat box says 16 bytes and 12 are there",
        ),
        (large(b"mdat", 15, b"1234"), "has something at byte 0 that is no box of a video"),
        (struct.pack(">I4s", 4, b"moov"), "has something at byte 0 that is no box of a video"),
        (
            b"\0\0\0\x10\x01\x02\x03\x04 12345678",
            "has something at byte 0 that is no box of a video",
        ),
        (box("free", b"") * 10_001, "is split into more than 10,000 boxes"),
        (
            large(b"mdat", 2**63, b""),
            f"is cut off: its mdat box says {2**63:,} bytes and 16 are there",
        ),
    ],
)
def test_what_is_no_row_of_boxes_is_broken(data: bytes, reason: str) -> None:
    with pytest.raises(BrokenBoxes) as caught:
        kinds(data)
    assert str(caught.value) == reason
