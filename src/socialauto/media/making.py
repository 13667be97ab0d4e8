"""What goes wrong when media are made from media."""

from __future__ import annotations


class NotMadeError(Exception):
    """The file cannot be prepared; the text is a clause that ends a sentence."""
