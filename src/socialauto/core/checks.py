"""Judges a message by what its platform takes, as the capabilities say it. Offline and pure."""

from __future__ import annotations

from collections.abc import Iterable

from socialauto.core.capability import Capabilities
from socialauto.core.finding import Complaint
from socialauto.core.message import Message


def check_message(message: Message, capabilities: Capabilities) -> Iterable[Complaint]:
    """Every rule that `message` breaks. Options are named as the post's fields; `cover_at` is in
    seconds."""
    return ()
