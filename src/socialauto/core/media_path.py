"""Where a media path of a post leads: pure arithmetic, nothing is opened."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath

from socialauto.core.suggest import quoted
from socialauto.core.wrong_values import Words

_DRIVE = re.compile(r"[A-Za-z]:[\\/]|~[\\/]|\\\\")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def resolve(written: str, post_path: str) -> str | Words:
    """The path from the repository's root, or why there is none."""
    if not written.isprintable():
        return Words("SA405", f"{quoted(written)} has a line break in it", "write it in one line")
    if _ADDRESS.match(written):
        hint = "download the file, commit it and write its path"
        return Words("SA405", f"{quoted(written)} is an address, not a file of this repo", hint)
    if _DRIVE.match(written):
        hint = "copy the file into the repository and write its path from there"
        return Words("SA402", f"{quoted(written)} is outside the repository", hint)
    if "\\" in written:
        hint = f'write "{written.replace(chr(92), "/")}"'
        return Words("SA405", f"{quoted(written)} has backslashes", hint)
    base = "" if written.startswith("/") else dirname(post_path)
    path = normpath(join(base, written.lstrip("/")))
    if path == ".." or path.startswith("../"):
        hint = "copy the file into the repository"
        return Words("SA402", f"{quoted(written)} leads out of the repository", hint)
    return path


def same_style(written: str, name: str) -> str:
    """`written` with another file name at its end."""
    return f"{written.rpartition('/')[0]}/{name}" if "/" in written else name
