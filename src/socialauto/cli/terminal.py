"""What we print into: a terminal, a log, a pipe; in whatever characters it can show."""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

LOG_WIDTH = 120
"""Columns of what has no width of its own: a log, a file, a pipe."""
_ESCAPE = "socialauto-escape"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What a stream cannot show, as JSON writes it: that stays JSON, and people see what it was."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    units = (int.from_bytes(text[at : at + 2]) for at in range(0, len(text), 2))
    return "".join(f"\\u{unit:04x}" for unit in units), error.end


def show_everything() -> None:
    """No character ends a command: where a stream has no letter for it, its number is shown.

    Python stops at the first one otherwise, with `PYTHONIOENCODING=ascii`, on an old console of
    Windows, and everywhere at a half of a character, which a name of a file may hold.
    """
    codecs.register_error(_ESCAPE, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=_ESCAPE)


def console() -> Console:
    """Where tables and coloured lines go; colours only on a terminal, or where they are asked for.

    COLUMNS says how wide it is, when nothing else does.
    """
    from rich.console import Console

    made = Console(highlight=False)
    if made.is_terminal or os.environ.get("COLUMNS", "").isdigit():
        return made
    return Console(highlight=False, width=LOG_WIDTH)
