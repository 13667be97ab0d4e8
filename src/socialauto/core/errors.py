"""The one exception for problems of the world around us: no git, a dead token, a lost race."""

from __future__ import annotations


class SocialautoError(Exception):
    """Stops the run with one sentence and its cure; shown without a traceback.

    Problems in the author's files are `Finding` values instead; everything else is our bug.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class MediaHostError(Exception):
    """The media host cannot serve an item; `message` names the item, the URL and the cure."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.passing = passing
        """True when trying again later may help."""


class NoMediaHostError(MediaHostError):
    """There is no media host; a platform that takes the bytes themselves needs none."""
