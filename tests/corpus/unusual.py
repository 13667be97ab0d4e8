"""Broken files that no text editor keeps as they are: the bytes are written here."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

GOOD = """---
account: acme
time: 2026-12-01 09:00
media:
  - {path: media/one.jpg, alt: A red door}
---
Hello from the bakery.
"""


def _post(root: Path, data: bytes, name: str = "post.md") -> None:
    (root / "content" / name).write_bytes(data)


def _windows(text: str) -> bytes:
    return codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode()


def bom_and_crlf(root: Path) -> None:
    """The place of another fault must be right in spite of them."""
    _post(root, _windows(GOOD.replace("acme", "acmee")))


def carriage_returns_alone(root: Path) -> None:
    _post(root, GOOD.replace("acme", "acmee").replace("\n", "\r").encode())


def utf_16(root: Path) -> None:
    _post(root, GOOD.encode("utf-16"))


def latin_1(root: Path) -> None:
    _post(root, GOOD.replace("Hello", "Grüße").encode("latin-1"))


def latin_1_with_crlf_before(root: Path) -> None:
    _post(root, GOOD.replace("red", "grün").replace("\n", "\r\n").encode("latin-1"))


def latin_1_after_a_byte_order_mark(root: Path) -> None:
    _post(root, codecs.BOM_UTF8 + GOOD.replace("red", "grün").encode("latin-1"))


def nul_character(root: Path) -> None:
    _post(root, GOOD.replace("Hello", "Hel\0lo").encode())


def line_separator(root: Path) -> None:
    _post(root, GOOD.replace("from", "\u2028from").encode())


def empty_file(root: Path) -> None:
    _post(root, b"")


def empty_yaml_file(root: Path) -> None:
    _post(root, b" \n", "post.yaml")


def a_hundred_thousand_brackets(root: Path) -> None:
    _post(root, b"account: acme\nvars: " + b"[" * 100_000, "post.yaml")


def a_hundred_thousand_brackets_in_front_matter(root: Path) -> None:
    _post(root, b"---\nvars: " + b"[" * 100_000 + b"\n---\nHello.\n")


def too_large(root: Path) -> None:
    _post(root, b"x" * 300_000)


def too_many_documents(root: Path) -> None:
    _post(root, b"---\nid: a\n" * 501, "post.yaml")


def more_faults_than_anybody_reads(root: Path) -> None:
    _post(root, b"a: 1\n" * 30, "post.yaml")


def post_is_a_link(root: Path) -> None:
    (root / "content" / "post.md").symlink_to("/etc/hostname")


def content_is_a_link(root: Path) -> None:
    (root / "content").rename(root / "elsewhere")
    (root / "content").symlink_to("elsewhere")


def content_is_a_file(root: Path) -> None:
    (root / "content").rename(root / "elsewhere")
    (root / "content").write_text(GOOD)


def config_is_a_link(root: Path) -> None:
    (root / "socialauto.yaml").rename(root / "other.yaml")
    (root / "socialauto.yaml").symlink_to("other.yaml")


def config_missing(root: Path) -> None:
    (root / "socialauto.yaml").unlink()
    _post(root, GOOD.encode())


def config_missing_and_post_broken(root: Path) -> None:
    (root / "socialauto.yaml").unlink()
    _post(root, GOOD.replace("time:", "tme:").encode())


def config_not_utf_8(root: Path) -> None:
    (root / "socialauto.yaml").write_bytes("vars: {shop: Bäcker}\n".encode("latin-1"))


def schedule_not_utf_8(root: Path) -> None:
    (root / "schedules").mkdir()
    (root / "schedules" / "weekly.yaml").write_bytes(b"# \xff\n")


def schedule_is_a_link(root: Path) -> None:
    (root / "schedules").mkdir()
    (root / "schedules" / "weekly.yaml").symlink_to("../socialauto.yaml")


def media_too_large_to_look_at(root: Path) -> None:
    with (root / "content" / "media" / "giant.mp4").open("wb") as file:
        file.truncate(1024**3 + 1)  # sparse: it takes no room
    _post(root, GOOD.replace("one.jpg", "giant.mp4").encode())


UNUSUAL: dict[str, Callable[[Path], None]] = {
    make.__name__: make
    for make in (
        bom_and_crlf,
        carriage_returns_alone,
        utf_16,
        latin_1,
        latin_1_with_crlf_before,
        latin_1_after_a_byte_order_mark,
        nul_character,
        line_separator,
        empty_file,
        empty_yaml_file,
        a_hundred_thousand_brackets,
        a_hundred_thousand_brackets_in_front_matter,
        too_large,
        too_many_documents,
        more_faults_than_anybody_reads,
        post_is_a_link,
        content_is_a_link,
        content_is_a_file,
        config_is_a_link,
        config_missing,
        config_missing_and_post_broken,
        config_not_utf_8,
        schedule_not_utf_8,
        schedule_is_a_link,
        media_too_large_to_look_at,
    )
}
