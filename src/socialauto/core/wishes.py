"""What a post wishes for when a media file does not have a platform's shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Fit = Literal["crop", "pad"]

WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Wishes:
    """Nothing that a reader would notice is done to a picture unless it is wished for."""

    fit: Fit | None = None
    """How a picture is brought into shape; None: not at all, its shape is a finding."""
    background: str = ""
    """`#rrggbb` below transparent pictures and beside padded ones; empty: white."""
    still: bool = False
    """An animated image goes out as its first picture."""

    @property
    def color(self) -> str:
        return self.background or WHITE

    def content(self) -> dict[str, Any]:
        """What of it is set, JSON-able, for digests."""
        values = {"fit": self.fit, "background": self.background, "still": self.still}
        return {name: value for name, value in values.items() if value}


NO_WISHES = Wishes()
