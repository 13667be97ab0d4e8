"""What imported posts are called, and where their files go: for the same row always the same."""

from __future__ import annotations

import re
import unicodedata

from socialauto.core.importing import Row

_WORDS = 5
_LONGEST = 60
_LONGEST_NAME = 80
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]+(\d\d):(\d\d))?.*", re.ASCII)
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def slug(text: str) -> str:
    """The first words, as a name: "Hello from the coast!" → hello-from-the-coast."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())[:_WORDS]
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        name = longer
    return name


def _first_file(row: Row) -> str:
    media = row.values.get("media")
    first = media[0] if isinstance(media, list) and media else ""
    path = first.get("path", "") if isinstance(first, dict) else first
    return slug(str(path).rpartition("/")[2].rpartition(".")[0])


def id_for(row: Row) -> str:
    """What the row says, else its time and its first words.

    With its number instead, a mended file would bring its posts a second time.
    """
    written = row.values.get("id")
    if isinstance(written, str) and written:
        return unicodedata.normalize("NFC", written)
    words = slug(str(row.values.get("text") or "")) or _first_file(row) or "post"
    if row.key:
        return f"{words}-{re.sub(r'[^a-z0-9]', '', row.key.lower())[-8:]}"
    match = _DAY.fullmatch(str(row.values.get("time") or ""))
    if match is None:
        return words
    clock = f"-{match[4]}{match[5]}" if match[4] else ""
    return f"{match[1]}-{match[2]}-{match[3]}{clock}-{words}"


def _file_name(id: str) -> str:
    """A name that every file system takes."""
    name = _UNSAFE.sub("-", unicodedata.normalize("NFC", id)).strip("-. ")[:_LONGEST_NAME]
    name = name.strip("-. ") or "post"
    return f"post-{name}" if _DEVICES.fullmatch(name) else name


def path_for(row: Row, id: str, folder: str) -> str:
    """`content/imported/2026/12/launch.md`; without a day there are no folders for one."""
    match = _DAY.fullmatch(str(row.values.get("time") or ""))
    month = f"{match[1]}/{match[2]}/" if match else ""
    return f"{folder}/{month}{_file_name(id)}.md"
