"""Text with `{{ variables }}` becomes the text that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MARKS = ("{{", "{%", "{#")


class RenderError(Exception):
    """A template that cannot be rendered: `message` is one sentence without a full stop."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        """Counted from 1 within the text."""


def render(text: str, variables: Mapping[str, Any]) -> str:
    """`text` with its variables filled in and white space at line ends removed.

    Raises `RenderError`. Text without a template mark never pays for the template engine.
    """
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip()
