"""What can be done to media here: which host takes them, which libraries are installed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from socialauto.core.capability import Capabilities
from socialauto.core.config import Config
from socialauto.core.profile import Means


@cache
def _installed(module: str) -> bool:
    return find_spec(module) is not None


def _sends_videos(config: Config, account: str) -> bool:
    """As `adapters.instagram.upload` does it."""
    settings = config.accounts[account]
    facebook = settings.platform == "instagram" and settings.login in (None, "facebook")
    without = config.media_host is None and settings.upload is None
    return facebook and (settings.upload == "direct" or without)


def means_for(config: Config, account: str, capabilities: Capabilities) -> Means:
    """For posts on an account of a platform with these capabilities. One that is handed bytes
    needs no media host."""
    host = config.media_host
    takes_bytes = not capabilities.fetches_by_url or (host is not None and host.kind != "url")
    return Means(
        uploads=takes_bytes,
        sends_videos=_sends_videos(config, account),
        heic=_installed("pi_heif"),
        video=_installed("av"),
    )
