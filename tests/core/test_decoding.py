from __future__ import annotations

import pytest

from socialauto.core.decoding import MAX_BYTES, decode
from socialauto.core.finding import Finding


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_are_evened_out(newline: str, mark: bytes) -> None:
    assert decode(mark + f"é{newline}b{newline}".encode(), "a.md") == "é\nb\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\r\nb\0", "a.md:2:2: SA103 there is an invisible U+0000 (control character)"),
        ("ab\u2028".encode(), "a.md:1:3: SA103 there is an invisible U+2028 (line separator)"),
        ("a\ufeff".encode(), "a.md:1:2: SA103 there is an invisible U+FEFF (zero width no-break"),
        ("a\x85".encode(), "a.md:1:2: SA103 there is an invisible U+0085"),
        (b"a\x7f", "a.md:1:2: SA103 there is an invisible U+007F"),
        ("ü\r\nü".encode() + b"\xff", "a.md:2:2: SA102 byte 0xFF is not UTF-8"),
        ("hi".encode("utf-16"), "a.md:1:1: SA102 the file is UTF-16, not UTF-8"),
        ("hi".encode("utf-32"), "a.md:1:1: SA102 the file is UTF-32, not UTF-8"),
        (b"\xef\xbb\xbf" + "aéü".encode() + b"\xe4x", "a.md:1:4: SA102 byte 0xE4 is not UTF-8"),
        (b"\xef\xbb\xef", "a.md:1:1: SA102 byte 0xEF is not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "a.md:1:1: SA104 the file has 262,145 bytes, at most 262,144"),
    ],
)
def test_what_people_cannot_have_meant_is_a_finding(data: bytes, expected: str) -> None:
    found = decode(data, "a.md")
    assert isinstance(found, Finding)
    assert str(found).startswith(expected)


def test_what_people_write_is_kept() -> None:
    text = "Grüße\t👩🏽‍🍳 שלום 日本 — “x”\n"
    assert decode(text.encode(), "a.md") == text


def test_a_file_of_the_largest_size_is_read() -> None:
    assert decode(b"x" * MAX_BYTES, "a.md") == "x" * MAX_BYTES
