"""Instagram, by the content publishing API in both its variants."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from socialauto.adapters.instagram.complaints import check
from socialauto.adapters.instagram.rules import CAPABILITIES

if TYPE_CHECKING:
    from socialauto.adapters.protocol import Session, Tools
    from socialauto.core.config import Account

platform = "instagram"
capabilities = CAPABILITIES


def connect(account: Account, tools: Tools) -> AbstractAsyncContextManager[Session]:
    """Open a session; HTTP is imported here and not before, so that validation never pays."""
    from socialauto.adapters.instagram import session

    return session.connect(account, tools)


__all__ = ["capabilities", "check", "connect", "platform"]
