"""Text with `{{ variables }}` becomes the text that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MARKS = ("{{", "{%", "{#")


class RenderError(Exception):
    """A text that cannot be rendered: `message` is one sentence without a full stop."""

    def __init__(self, message: str, line: int, code: str = "SA507", path: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.path = path
        """The file of the template in which it happened; empty when that is the text itself."""
        self.message = message
        self.line = line
        """Counted from 1 within the text."""


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip()


def render(text: str, variables: Mapping[str, Any]) -> str:
    """`text` with its variables filled in and the white space at line ends removed.

    Bounded in time and output; the same input gives the same text on every machine. Raises
    `RenderError`. Text without a template mark never pays for the template engine.
    """
    if any(mark in text for mark in _MARKS):
        from socialauto.core.template import fill

        text = fill(text, variables)
    return _tidy(text)
